"""What is no change says so, and why."""

from __future__ import annotations

from datetime import timedelta

import pytest

from analytics.policy import find_changes
from tests.analytics.policy.texts import TERMS, change_between, versions

GRANT = "We may use your photos to train our machine learning models."
WITH_GRANT = TERMS.replace("Your photos remain yours.", f"Your photos remain yours. {GRANT}")
LONG = "\n\n".join(f"{TERMS}\n\nClause {number} is about matter {number}." for number in range(10))
SAME = {
    "no difference": TERMS,
    "tokens inside links": TERMS.replace("/guide)", "/guide?visitor=8c1f#top)"),
    "link targets": TERMS.replace("acme.example/guide", "help.acme.example/en/guide"),
    "markup only": TERMS.replace("**1.1 Your account**", "_1.1 Your account_")
    .replace("“", '"')
    .replace("\n* ", "\n- "),
    "punctuation or case": TERMS.replace("USE", "Use").replace("affiliates; and", "affiliates, and"),
    "numbering": TERMS.replace("2.1", "4.1").replace("2.2", "4.2").replace("2\\.", "4\\."),
    "stated date only": TERMS.replace("March 31, 2023", "April 2, 2023"),
}


@pytest.mark.parametrize(("reason", "after"), SAME.items())
def test_a_text_that_says_the_same_is_noise_with_a_reason(reason: str, after: str) -> None:
    """Links, markup, numbers of clauses, punctuation and the date alone are no change of substance."""
    change = change_between(TERMS, after)
    assert (change.noise, change.added, change.removed, change.themes) == (reason, (), (), ())


def test_a_moved_paragraph_is_no_change() -> None:
    """Order is not compared: the paragraphs of a text may change places."""
    paragraphs = TERMS.split("\n\n")
    paragraphs[6:8], paragraphs[10:11] = [], paragraphs[6:8]
    change = change_between(TERMS, "\n\n".join(paragraphs))
    assert (change.noise, change.added, change.removed) == ("moved text", (), ())


def test_a_number_that_is_no_number_of_a_clause_is_a_change() -> None:
    """One year and two years differ, though a clause's number does not count."""
    change = change_between(TERMS, TERMS.replace("one year", "2 years"))
    assert (change.noise, len(change.added), len(change.removed)) == ("", 1, 1)


BROKEN = {
    "empty": "",
    "page of log-in": "# Welcome back\n\nPlease sign in to go on.",
    "tenth": LONG[: len(LONG) // 12],
}


@pytest.mark.parametrize("capture", BROKEN.values(), ids=BROKEN)
def test_a_broken_capture_is_no_change_and_neither_is_the_way_back(capture: str) -> None:
    """Neither the empty page nor the return from it says anything of the terms."""
    changes = find_changes(versions(LONG, capture, LONG))
    assert [change.noise for change in changes] == ["broken capture", "broken capture"]
    assert not any(change.added or change.removed for change in changes)


def test_what_changed_behind_a_broken_capture_is_found_when_the_text_is_back() -> None:
    """The next sound version is compared with the last one before the capture broke."""
    changed = LONG.replace("Your photos remain yours.", GRANT, 1)
    away, back = find_changes(versions(LONG, "", changed))
    assert (away.noise, back.noise, back.direction) == ("broken capture", "", "widens")
    assert GRANT in back.added


def test_a_short_text_that_stays_is_the_new_text() -> None:
    """Four short versions at the end are no broken captures: the document has been cut."""
    short = f"{TERMS[:120]}\n\nEverything else stands in our privacy policy."
    changes = find_changes(versions(LONG, *[short] * 4))
    assert (changes[0].noise, changes[0].length_jump) == ("", True)


@pytest.mark.parametrize(
    ("apart", "noises"),
    [(timedelta(hours=6), ["taken back within a day", "returned to an earlier text"]), (timedelta(days=90), ["", ""])],
)
def test_a_flip_between_two_captures_is_noise_and_a_late_return_is_a_change(
    apart: timedelta, noises: list[str]
) -> None:
    """The same text to the letter within hours is another copy of the page; after months it is a decision."""
    changes = find_changes(versions(TERMS, WITH_GRANT, TERMS, apart=apart))
    assert [change.noise for change in changes] == noises
    assert [change.direction for change in changes] == ["widens", "narrows"]
    assert changes[1].restores == versions(TERMS)[0].recorded_at


def test_a_length_that_more_than_doubles_is_flagged() -> None:
    """The new length over the old, less one, and a flag beyond twice or half."""
    change = change_between(TERMS, TERMS + "\n\n" + " ".join(f"Word {n} stands here." for n in range(100)))
    assert change.length_jump
    assert change.length_change > 1
