"""Which sentence of a change is shown first."""

from __future__ import annotations

from datetime import datetime

from analytics.policy import Version, find_changes

BEFORE = "# Terms\n\nYou keep what you make. Be kind to others who use the service every day."
GRANT = "We may use your content to train artificial intelligence models."
SAFE = "We keep your account data for two years after you leave the service."


def telling(before: str, after: str) -> str:
    [change] = find_changes([Version(datetime(2023, 3, 1), before, "T"), Version(datetime(2023, 4, 1), after, "T")])
    return change.telling


def test_the_sentence_to_read_first_goes_the_way_of_the_change() -> None:
    """Of several that came it is the one with the foremost theme, wherever it stands, and whichever way time goes."""
    after = f"{BEFORE} {SAFE} {GRANT} Our office is in another building now than it was."
    assert telling(BEFORE, after) == GRANT
    assert telling(after, BEFORE) == GRANT


def test_without_a_sentence_that_changed_there_is_none_to_read() -> None:
    """The same text again has nothing to tell."""
    assert telling(BEFORE, BEFORE) == ""
