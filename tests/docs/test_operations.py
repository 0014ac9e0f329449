"""Every question of docs/operations.md is one that the store answers."""

from __future__ import annotations

import re

import pytest

from analytics.store import Store
from tests.conftest import ROOT

QUESTIONS = re.findall(r"`(SELECT [^`]+)`", (ROOT / "docs" / "operations.md").read_text("utf-8"))


def test_there_are_questions() -> None:
    """Else the next one would hold nothing."""
    assert len(QUESTIONS) >= 9


@pytest.mark.parametrize("question", QUESTIONS)
def test_it_can_be_asked_of_the_published_copy(question: str, demo_store: Store) -> None:
    """As `brandtrust sql` does."""
    with demo_store.reader() as connection:
        connection.execute(question).fetchall()
