"""Recorded terms of real companies: what is found in them, against what was read in them by hand.

The table names documents, themes and directions; no sentence of them stands here.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

import pytest

from analytics.policy import Direction, PolicyChange, Version, find_changes

TERMS, PRIVACY = "Zoom/Terms of Service", "Zoom/Privacy Policy"


class Judged(NamedTuple):
    """What a reader says of a pair: the date that the later text states, what it speaks of and what it does not."""

    direction: Direction
    stated: date
    themes: set[str]
    other_themes: set[str]


PAIRS = {
    # Public texts now train all "AI models", no longer only models of language, and serve more products.
    "google_privacy_2023-07-01_public_data_ai": Judged(
        "widens", date(2023, 7, 1), {"ai_training", "data_collection"}, {"data_sharing", "retention", "opt_out"}
    ),
    # New duties of the people, one of them about training with what the company's AI made; its own rights stay.
    "google_tos_2024-05-22_ai": Judged(
        "unclear", date(2024, 5, 22), {"ai_training"}, {"data_sharing", "data_collection", "surveillance", "opt_out"}
    ),
    # A programme with payments: identity papers are collected, and shared with those who pay and check.
    "reddit_privacy_2024-02-16": Judged(
        "widens", date(2024, 2, 15), {"data_collection", "data_sharing", "opt_out"}, {"ai_training"}
    ),
    # The licence is said to include training.
    "reddit_tos_2024-08-16_ai": Judged(
        "widens", date(2024, 9, 16), {"ai_training"}, {"data_sharing", "data_collection", "retention", "surveillance"}
    ),
    # An addendum: a perpetual licence to what people type, and outside providers who may not train on it.
    "stackoverflow_tos_2025-11-13_ai": Judged(
        "mixed", date(2025, 11, 13), {"ai_training", "legal"}, {"data_collection", "opt_out", "retention"}
    ),
    # Written anew: promises of the parent's restraint go, sharing with it is spelled out, uses are bounded by purpose.
    "whatsapp_privacy_2021_update": Judged(
        "mixed",
        date(2021, 1, 4),
        {"data_sharing", "data_collection", "retention", "consent", "opt_out"},
        {"ai_training"},
    ),
    "zoom_2023-03-31_ai_clause_first_appears": Judged("widens", date(2023, 3, 31), {"ai_training", "legal"}, set()),
    "zoom_2023-07-27_revision": Judged(
        "widens", date(2023, 7, 27), {"data_sharing"}, {"ai_training", "data_collection", "retention", "opt_out"}
    ),
    "zoom_2023-08-07_consent_sentence": Judged(
        "narrows", date(2023, 8, 7), {"ai_training", "consent"}, {"data_sharing", "retention", "opt_out"}
    ),
    "zoom_2023-08-11_clause_removed": Judged(
        "narrows", date(2023, 8, 11), {"ai_training", "legal"}, {"data_sharing", "opt_out"}
    ),
}


@pytest.mark.parametrize(("name", "judged"), PAIRS.items(), ids=PAIRS)
def test_a_pair_is_read_as_a_reader_read_it(shared_data: Path, name: str, judged: Judged) -> None:
    """Direction, stated date, themes that are there and themes that are not."""
    before, after = (shared_data / "terms_history" / f"{name}.{side}.md" for side in ("before", "after"))
    (change,) = find_changes(
        Version(datetime(2024, month, 1), path.read_text(encoding="utf-8")) for month, path in ((1, before), (2, after))
    )
    assert (change.noise, change.direction, change.stated_effective) == ("", judged.direction, judged.stated)
    assert judged.themes <= set(change.themes)
    assert judged.other_themes.isdisjoint(change.themes)


@pytest.fixture(scope="module")
def history(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> list[PolicyChange]:
    """Every change of both of Zoom's documents, 2021 to 2026."""
    clone = tmp_path_factory.mktemp("terms") / "zoom"
    bundle = shared_data / "terms_history" / "zoom.bundle"
    subprocess.run(["git", "clone", "-q", "--bare", "-b", "main", bundle, clone], check=True)
    return find_changes(read_versions(clone))


def read_versions(clone: Path) -> Iterator[Version]:
    def git(*arguments: str, given: str | None = None) -> bytes:
        text = given.encode() if given is not None else None
        return subprocess.run(["git", "-C", clone, *arguments], input=text, check=True, capture_output=True).stdout

    records = git("log", "--format=%x01%H %ct", "--name-only").decode().split("\x01")[1:]
    recorded = []
    for commit, *paths in (record.strip().split("\n") for record in records):
        name, _, seconds = commit.partition(" ")
        recorded += [(f"{name}:{path}", int(seconds), path) for path in paths if path.endswith(".md")]
    contents = BytesIO(git("cat-file", "--batch", given="".join(f"{name}\n" for name, _, _ in recorded)))
    for _, seconds, path in recorded:
        size = int(contents.readline().split()[-1])
        text = contents.read(size + 1)[:size].decode()
        yield Version(datetime.utcfromtimestamp(seconds), text, path.removesuffix(".md"))


def recorded_on(history: list[PolicyChange], document: str, day: date) -> PolicyChange:
    (change,) = (one for one in history if one.document == document and one.recorded_at.date() == day)
    return change


@pytest.mark.long
def test_the_clause_came_four_months_before_the_outcry(history: list[PolicyChange]) -> None:
    """It is dated to the spring, when the text doubled; the revision that reporters read changed nothing of it."""
    march, july = recorded_on(history, TERMS, date(2023, 4, 1)), recorded_on(history, TERMS, date(2023, 7, 28))
    assert ("ai_training" in march.themes, march.direction, march.stated_effective) == (
        True,
        "widens",
        date(2023, 3, 31),
    )
    assert march.length_jump
    assert {"customer_content", "service_generated"} <= set(march.data_classes)
    assert ("ai_training" in july.themes, july.noise, july.stated_effective) == (False, "", date(2023, 7, 27))
    assert not any(sentence.clause_after.startswith("10.") for sentence in july.sentences)


@pytest.mark.long
@pytest.mark.parametrize("day", [date(2023, 8, 7), date(2023, 8, 11)])
def test_the_company_s_two_answers_take_back(history: list[PolicyChange], day: date) -> None:
    """First a sentence on consent, then the clause itself."""
    change = recorded_on(history, TERMS, day)
    assert ("ai_training" in change.themes, change.direction, change.noise) == (True, "narrows", "")


@pytest.mark.long
def test_a_year_of_tokens_in_links_is_noise(history: list[PolicyChange]) -> None:
    """Of 481 versions recorded in eleven months one is a change: the company's new name."""
    within = [
        change
        for change in history
        if change.document == TERMS and datetime(2024, 11, 1) <= change.recorded_at < datetime(2025, 10, 1)
    ]
    assert len(within) == 481
    assert [change.recorded_at.date() for change in within if not change.noise] == [date(2024, 11, 26)]


@pytest.mark.long
def test_an_old_copy_that_was_captured_for_a_quarter_of_an_hour_is_noise(history: list[PolicyChange]) -> None:
    """Both documents fell back to December and returned."""
    flips = [change for change in history if change.recorded_at.date() == date(2023, 1, 19)]
    assert sorted(change.noise for change in flips) == [
        *["returned to an earlier text"] * 2,
        *["taken back within a day"] * 2,
    ]
    assert all(change.restores for change in flips)


@pytest.mark.long
def test_menus_that_a_capture_took_along_are_noise(history: list[PolicyChange]) -> None:
    """In 2026 the page's menu came and went with every version, and no clause."""
    assert {change.noise for change in history if change.recorded_at.year == 2026} == {"page furniture"}


@pytest.mark.long
def test_every_consecutive_pair_has_its_change(history: list[PolicyChange]) -> None:
    """545 versions of two documents: 543 changes, most of them noise."""
    assert len(history) == 543
    assert sum(not change.noise for change in history) == 39
    assert {change.document for change in history} == {TERMS, PRIVACY}
