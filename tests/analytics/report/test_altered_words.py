"""Words that differ are found where they stand, and the figures behind them named."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from analytics.report import Report
from analytics.report.altered_words import Number, find_altered
from analytics.report.figure_names import name_figure

NUMBERS = (Number("effect", 24.31), Number("usual", -3.0), Number("authors", 1234.0), Number("share", 24.26))


def test_a_number_is_named_by_what_is_printed_there() -> None:
    """By its rounded value, with sign, thousands and what stands around it; the page and some words on either side."""
    written = ["attention", "rose", "by", "24.3", "points", "among", "(−3.0)", "of", "1,234", "authors", "that", "week"]
    (found,) = find_altered([[], [*written[:3], "42.3", *written[4:]]], [[], written], NUMBERS)
    assert (found.page, found.figures) == (2, ("effect", "share"))
    assert found.in_file == "attention rose by 42.3 points among (−3.0) of"
    assert found.written == "attention rose by 24.3 points among (−3.0) of"
    (found,) = find_altered([[*written[:6], "(+3.0)", *written[7:]]], [written], NUMBERS)
    assert found.figures == ("usual",)
    (found,) = find_altered([[*written[:8], "9,234", *written[9:]]], [written], NUMBERS)
    assert found.figures == ("authors",)


def test_words_come_after_numbers_and_a_page_may_be_missing() -> None:
    """What was taken out or put in is a passage too."""
    found = find_altered([["it", "rose", "by", "2"], ["more"]], [["it", "fell", "by", "3"]], ())
    assert [(each.page, each.in_file, each.written) for each in found] == [
        (1, "it rose by 2", "it fell by 3"),
        (1, "it rose by 2", "it fell by 3"),
        (2, "more", ""),
    ]


def test_a_number_that_many_figures_share_names_none() -> None:
    """A guess among many would be worse than the place alone."""
    many = [Number(f"week {at}", 5.0) for at in range(9)]
    assert find_altered([["6"]], [["5"]], many)[0].figures == ()


@given(pages=st.lists(st.lists(st.text(max_size=4), max_size=6), max_size=3))
def test_the_same_pages_differ_nowhere(pages: list[list[str]]) -> None:
    """Whatever stands on them."""
    assert find_altered(pages, pages, NUMBERS) == []


def test_every_figure_of_a_report_has_a_name_of_its_own(full_report: Report) -> None:
    """In words, with the brand as people write it; none is told by its id, and no two alike."""
    names = {full_report.brand: full_report.name, **{peer.brand: peer.name for peer in full_report.peers}}
    words = {each.figure_id: name_figure(each.figure_id, each.brand, each.week, names) for each in full_report.figures}
    assert not [said for figure_id, said in words.items() if figure_id == said or "/" in said or "_" in said]
    assert len(set(words.values())) == len(words)
