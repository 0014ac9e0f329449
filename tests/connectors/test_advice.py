"""Every message that a connector can raise says what to do, found in the source itself so that none is missed."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

import connectors
from connectors.errors import AuthError, BadPayload, NotFound, RateLimited, Unavailable
from tests.connectors.suite import ADVICE, check_advice

FOLDER = Path(connectors.__file__).parent
WITHOUT_USUAL_ADVICE = {"AuthError", "BadInput", "SpendLimit", "FileError", "NotAFeed", "Closed", "_fault"}
WITH_USUAL_ADVICE = {"BadPayload", "NotFound", "Unavailable"}


def find_messages() -> Iterator[tuple[str, str]]:
    """Place and words of each message that is written where it is raised and gets no advice from its kind."""
    for path in sorted(FOLDER.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            advice = [keyword.value for keyword in node.keywords if keyword.arg == "advice"]
            said_by_the_message = any(isinstance(each, ast.Constant) and not each.value for each in advice)
            if (name in WITHOUT_USUAL_ADVICE and not advice) or (name in WITH_USUAL_ADVICE and said_by_the_message):
                texts = [_words(argument) for argument in node.args]
                longest = max(texts, key=len, default="")
                if longest:
                    yield f"{path.relative_to(FOLDER)}:{node.lineno}", longest


def _words(node: ast.expr) -> str:
    """What a string says, with … for each value; nothing for what is no string here."""
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in node.values)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def is_a_place(words: str) -> bool:
    """A message that stands in a variable leaves only the place of the fault to be seen."""
    places = ("[[", "environment", "saved", "subreddits in", "compliance")
    return words.startswith(places) or not re.sub(r"HTTP|403|[…: /]", "", words)


@pytest.mark.parametrize(("place", "words"), list(find_messages()))
def test_a_message_says_what_to_do(place: str, words: str) -> None:
    """An imperative at the beginning of a clause."""
    assert is_a_place(words) or ADVICE.search(f": {words}"), f"{place} says nothing to do: {words}"


@pytest.mark.parametrize(
    "error",
    [
        Unavailable("s", "w", "HTTP 500"),
        BadPayload("s", "w", "no JSON"),
        NotFound("s", "w", "HTTP 404"),
        RateLimited("s", "w", "HTTP 429"),
        RateLimited("s", "w", "HTTP 429", datetime(2023, 9, 1, 12)),
    ],
)
def test_what_any_source_may_do_has_an_advice_of_its_kind(error: Exception) -> None:
    """Also where whoever raises it has thought of none."""
    check_advice(str(error))


def test_a_limit_that_ends_is_told_with_its_end() -> None:
    """In UTC, as all times here."""
    assert "run again after 2023-09-01 12:00 UTC (w)" in str(RateLimited("s", "w", "x", datetime(2023, 9, 1, 12)))


def test_a_line_without_advice_is_found() -> None:
    """The check can fail."""
    with pytest.raises(AssertionError, match="says nothing to do"):
        check_advice(str(AuthError("mastodon", "https://host", "HTTP 503")))
