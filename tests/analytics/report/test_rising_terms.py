"""Words that rise: more voices this week than in the eight weeks before, by a statistic that anyone can repeat."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from pypdf import PdfReader

from analytics.report import Report, build_report, render_pdf
from analytics.report.figures import ask
from analytics.report.html import compile_html
from analytics.report.rising_terms import RisingTerm, function_words, read_rising_terms
from analytics.report.rising_terms_words import write_rising_terms
from analytics.report.text import BREAK
from analytics.store import Store

WEEK = date(2024, 3, 4)
Said = tuple[int, str, str]  # weeks before the reported one, voice, text


@pytest.fixture
def rising(tmp_path: Path) -> Callable[..., dict[str, RisingTerm]]:
    """The terms that rise in these posts."""

    def find(said: list[Said], **columns: str) -> dict[str, RisingTerm]:
        with Store(tmp_path / "terms.duckdb").transaction() as connection:
            connection.execute(
                "INSERT INTO brands VALUES ('acme', 'Acme', 'acme', 'q', 'vader_domain', '1', [], ['Acme Cloud',"
                " 'acmeapp'], 't1', [], 'UTC', 'f', NULL)"
            )
            for at, (before, voice, text) in enumerate(said):
                day = WEEK - timedelta(weeks=before)
                connection.execute(
                    "INSERT INTO posts VALUES ('forum', ?, ?, ?, ?, 'post', ?, NULL, 'en', NULL, NULL, NULL, NULL,"
                    " false)",
                    [f"p{at}", voice, day, day, text],
                )
                connection.execute("INSERT INTO mentions VALUES ('acme', 'forum', ?, 'q')", [f"p{at}"])
                connection.execute(
                    "INSERT INTO scores VALUES ('forum', ?, 'vader_domain', '1', 0, 1, 0, 0)", [f"p{at}"]
                )
            rows = ask(
                connection,
                "find_rising_terms",
                {"brand": "acme", "week": WEEK, "function_words": function_words()},
            )[1]
        return {row.term: row for row in read_rising_terms(rows)}

    return find


def usual(weeks: int = 8, voices: int = 60) -> list[Said]:
    """What is said every week, this one too, by people of their own."""
    texts = ("The sound was fine on my laptop", "My meeting froze and the sound was gone", "It works well at school")
    return [
        (week, f"usual-{week}-{at}", f"{texts[at % 3]} number{week}x{at}")
        for week in range(weeks + 1)
        for at in range(voices)
    ]


def test_a_new_word_of_many_voices_rises(rising: Callable[..., dict[str, RisingTerm]]) -> None:
    """And is told with the pair that it stands in, its voices, their share, and none before."""
    new = [(0, f"new-{at}", f"Why did they add a hidden transcript robot, my boss{at} asks") for at in range(12)]
    found = rising(usual() + new)
    assert set(found) == {"hidden transcript", "transcript robot", "asks", "add"}
    row = found["transcript robot"]
    assert (row.voices, row.voices_all, row.share_before) == (12, 72, 0.0)
    assert row.share_now == pytest.approx(100 * 12 / 72)
    assert "sound" not in found


def test_the_statistic_is_the_published_one(rising: Callable[..., dict[str, RisingTerm]]) -> None:
    """z of the log-odds ratio with a Dirichlet prior in proportion to both periods, as heavy as the week."""
    said = [(0, f"n{at}", "kraken" if at < 20 else "meeting") for at in range(40)]
    said += [(1, f"b{at}", "kraken" if at < 4 else "meeting") for at in range(80)]
    row = rising(said)["kraken"]
    prior = 40 * 24 / 120
    odds_now = math.log((20 + prior) / (40 + 40 - 20 - prior))
    odds_before = math.log((4 + prior) / (80 + 40 - 4 - prior))
    assert row.z == pytest.approx((odds_now - odds_before) / math.sqrt(1 / (20 + prior) + 1 / (4 + prior)))


def test_who_says_it_often_counts_once(rising: Callable[..., dict[str, RisingTerm]]) -> None:
    """Forty posts of four people are four voices: too few, whatever they say."""
    few = [(0, f"new-{at % 4}", f"Boycott because of the kraken, reason {at}") for at in range(40)]
    assert rising(usual() + few) == {}


def test_a_copied_text_is_one_voice(rising: Callable[..., dict[str, RisingTerm]]) -> None:
    """However many pass it on, word for word, it is no word that rises."""
    copies = [
        (0, f"new-{at}", "Sign the petition against the kraken before it is too late for us all") for at in range(30)
    ]
    assert rising(usual() + copies) == {}


def test_names_links_handles_and_function_words_do_not_rise(rising: Callable[..., dict[str, RisingTerm]]) -> None:
    """Neither alone nor in a pair; and words with a full stop between them are no pair."""
    text = "Acme and the acmeapp of Acme Cloud: kraken. Beware @kraken_fan see https://kraken.invalid/tentacle"
    found = rising(usual() + [(0, f"new-{at}", f"{text} {at}") for at in range(15)])
    assert set(found) == {"beware", "kraken", "cloud"}


def test_weeks_alike_have_no_word_that_rises(rising: Callable[..., dict[str, RisingTerm]]) -> None:
    """Chance alone is no news."""
    assert rising(usual()) == {}


def test_both_views_tell_them_as_published(full_report: Report, tmp_path: Path) -> None:
    """Each number is a figure; a term that nobody used before is new."""
    terms = (RisingTerm("robot <b>", 12, 72, 16.7, 0.0, 4.25), RisingTerm("consent", 9, 72, 12.5, 2.04, 3.1))
    report = replace(full_report, rising_terms=terms)
    assert write_rising_terms(report).rows[0] == ("robot <b>", "12", "17\u00a0%", "new", "+4.2")
    pdf = PdfReader(render_pdf(report, tmp_path / "a.pdf").path)
    words = " ".join(" ".join(page.extract_text().replace(BREAK, "").split()) for page in pdf.pages)
    assert "robot <b> 12 17 % new +4.2" in words
    assert "robot &lt;b&gt;" in compile_html(report).decode()


def test_the_numbers_of_a_term_are_published(full_store: Store) -> None:
    """In the week of the notice terms rise in the invented store, each with three figures."""
    with full_store.reader() as connection:
        report = build_report(connection, "zoom", week=date(2023, 8, 7))
    figures = {figure.figure_id: figure for figure in report.figures}
    assert {"terms", "consent"} < {row.term for row in report.rising_terms}
    for row in report.rising_terms:
        of = f"rising_terms/zoom/2023-08-07/{row.term}"
        assert (figures[f"{of}/z"].value, figures[f"{of}/z"].n) == (row.z, row.voices)
        assert (figures[f"{of}/share_now"].value, figures[f"{of}/share_before"].value) == (
            row.share_now,
            row.share_before,
        )


def test_without_any_one_line_says_so(report_on: Callable[..., Report]) -> None:
    """As in a week like the others."""
    written = write_rising_terms(report_on(weeks=12, with_event=False, peers=()))
    assert written.rows == ()
    assert written.none
