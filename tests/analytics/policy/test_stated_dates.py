"""The date that a text gives itself is read, and never guessed."""

from __future__ import annotations

from datetime import date

import pytest

from analytics.policy.stated_dates import read_stated_date, states_only_a_date

READ = {
    "Effective Date: March 31, 2023": date(2023, 3, 31),
    "Effective July 31, 2023.": date(2023, 7, 31),
    "Last updated: November 8 , 2022": date(2022, 11, 8),
    "Last modified: 2024-02-29": date(2024, 2, 29),
    "These terms are effective as of 1 July 2023.": date(2023, 7, 1),
    "This policy takes effect on the 1st of September, 2024.": date(2024, 9, 1),
    "Updated: 25/12/2023": date(2023, 12, 25),
    "Last revised 12/25/2023": date(2023, 12, 25),
    "Effective Sept. 3, 2024": date(2024, 9, 3),
    "Effective 05.05.2024": date(2024, 5, 5),
}
NOT_READ = [
    "Effective 03/04/2023",
    "Effective March 2023",
    "Last updated: February 30, 2023",
    "The Data Act of May 5, 2018 applies to what people in the Union upload, and we name there whom they may write to.",
    "You may use the service from the effective date.",
    "© 2023 Acme",
]


@pytest.mark.parametrize(("sentence", "stated"), READ.items())
def test_a_labelled_date_is_read(sentence: str, stated: date) -> None:
    """English month names on either side of the day, ISO, and figures in which only one order is possible."""
    assert read_stated_date(["Acme Terms", sentence, "You agree."]) == stated


@pytest.mark.parametrize("sentence", NOT_READ)
def test_what_could_be_another_date_is_not_read(sentence: str) -> None:
    """An ambiguous, incomplete or impossible date, a law's, and a copyright line give none."""
    assert read_stated_date([sentence]) is None


def test_the_day_of_effect_goes_before_the_day_of_change() -> None:
    """A text that states both says when it applies."""
    assert read_stated_date(["Last updated June 1, 2024", "Effective July 1, 2024"]) == date(2024, 7, 1)


def test_a_line_of_date_is_told_from_a_sentence_with_a_date() -> None:
    """Only the former may change without the text changing."""
    assert states_only_a_date("Last updated: 1 July 2023")
    assert not states_only_a_date("These terms, which replace all that we agreed on, are effective as of 1 July 2023.")
