"""A platform that wants a written approval is not asked before a person has said that it is there."""

from __future__ import annotations

from pathlib import Path

import pytest

from analytics.store import Store
from analytics.store.approvals import recorded_approval
from connectors import registry
from flows import approvals
from tests.flows.acme import write_acme
from tests.flows.bulletin import Board
from tests.flows.conftest import BrandTrust

REDDIT = '\n[[sources]]\nconnector = "reddit"\nname = "reddit"\n'


@pytest.fixture
def place(workplace: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A brand file with a source of reddit, for which another connector stands in, and an archive."""
    monkeypatch.setitem(registry.CONNECTORS, "reddit", "tests.flows.bulletin:Bulletin")
    write_acme(workplace, more=REDDIT)
    return workplace


def posts_by_source() -> dict[str, int]:
    with Store().writer() as connection:
        return dict(connection.execute("SELECT source, count(*) FROM posts GROUP BY source").fetchall())


def test_without_approval_the_source_fails_and_the_others_go_on(place: Path, brandtrust: BrandTrust) -> None:
    """Exit 1, one line that names the command; nothing of the platform is stored."""
    told = brandtrust("collect", "acme.toml")
    assert told.exit_code == 1
    (line,) = (line for line in told.stderr.splitlines() if line.startswith("brandtrust: source failed: reddit (acme)"))
    assert "Developer Terms" in line
    assert "brandtrust approve reddit --reference" in line
    assert list(posts_by_source()) == ["forum"]


def test_an_approval_is_recorded_once_and_stays(place: Path, brandtrust: BrandTrust) -> None:
    """Who, when and where it is to be found; then the source is collected, now and later."""
    told = brandtrust("approve", "reddit", "--reference", " mail of\n2 January ")
    assert told.exit_code == 0, told.stderr
    made = recorded_approval(Store(), "reddit")
    assert made is not None
    assert (made.platform, made.reference) == ("reddit", "mail of 2 January")
    assert made.recorded_by
    assert "mail of 2 January" in told.stdout
    for _ in range(2):
        assert brandtrust("collect", "acme.toml").exit_code == 0
    assert posts_by_source()["reddit"] == Board().posts


def test_what_cannot_be_recorded_is_told(workplace: Path, brandtrust: BrandTrust) -> None:
    """A platform that wants none and an empty reference are told; no store is made for them."""
    for arguments, words in (
        (("x", "--reference", "a"), "those that do: reddit"),
        (("reddit", "--reference", " "), "is empty"),
    ):
        told = brandtrust("approve", *arguments)
        assert told.exit_code == 2
        assert words in told.stderr
    assert brandtrust("approve", "reddit").exit_code == 2
    assert not Path("brandtrust.duckdb").exists()
    assert recorded_approval(Store(), "reddit") is None


@pytest.mark.parametrize("answer", [True, False])
def test_on_a_terminal_it_is_asked_for_once(
    place: Path, brandtrust: BrandTrust, monkeypatch: pytest.MonkeyPatch, answer: bool
) -> None:
    """Yes is recorded with its reference and never asked again; no is asked again, and the source fails."""
    asked = []
    monkeypatch.setattr(approvals, "on_terminal", lambda: True)
    monkeypatch.setattr("typer.confirm", lambda question: asked.append(question) or answer)
    monkeypatch.setattr("typer.prompt", lambda _: "contract 7")
    for _ in range(2):
        assert brandtrust("collect", "acme.toml").exit_code == (0 if answer else 1)
    assert len(asked) == (1 if answer else 2)
    made = recorded_approval(Store(), "reddit")
    assert (made.reference if made else None) == ("contract 7" if answer else None)


def test_brands_without_such_a_source_are_asked_nothing(
    workplace: Path, brandtrust: BrandTrust, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No question, and no line of approval anywhere."""
    monkeypatch.setattr(approvals, "on_terminal", lambda: True)
    monkeypatch.setattr("typer.confirm", lambda _: pytest.fail("asked"))
    assert brandtrust("collect", write_acme(workplace)).exit_code == 0
