"""The Sources and Methods Transparency Table: filled in by the run, and plain about what is not known."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from pypdf import PdfReader

from analytics.report import Report, listening_of, render_pdf
from analytics.report.html import compile_html
from analytics.report.text import BREAK
from analytics.report.transparency import write_transparency
from brands.brand_file import load

FILE = """
name = "Acme"
query = "acme NEAR/3 (app OR cloud)"
exclude = "refund desk"
not_phrases = ["acme corner"]
language = "en"
[[sources]]
connector = "app_store"
name = "stars"
app_id = "12"
countries = ["us", "de"]
[[sources]]
connector = "hackernews"
name = "forum"
"""


def answers(report: Report) -> dict[str, str]:
    """The table by what is asked, its spaces plain."""
    return {asked: answered.replace("\u00a0", " ") for asked, answered in write_transparency(report)}


def with_file(report: Report, folder: Path) -> Report:
    """The report as its brand file asked for it."""
    path = folder / "acme.toml"
    path.write_text(FILE, "utf-8")
    return replace(report, listening=listening_of(load(path)))


def test_the_brand_file_answers_what_was_asked_where(full_report: Report, tmp_path: Path) -> None:
    """The whole query, what is left out, the tools, the countries and the language."""
    told = answers(with_file(full_report, tmp_path))
    assert told["Search parameters"].startswith("acme NEAR/3 (app OR cloud) — phrases that are no mention: acme corner")
    assert "left out, by hand: refund desk" in told["Spam and bots"]
    assert told["Content sources and sourcing tools"].startswith("app_store: stars; hackernews: forum.")
    assert told["Geography"].startswith("stars: de, us. Elsewhere where authors live is not known")
    assert told["Search languages"].startswith("en: one query")


def test_what_is_not_known_is_said_to_be(full_report: Report) -> None:
    """Without the brand file, labels or a source that tells of its readers."""
    told = answers(full_report)
    for asked in (
        "Research lead",
        "Content sources and sourcing tools",
        "Geography",
        "Search languages",
        "Tested accuracy, and who coded by hand",
        "Spam and bots",
        "Reach and influence",
        "Search parameters",
    ):
        assert told[asked].startswith("Not known"), asked


def test_the_run_answers_the_rest(full_report: Report) -> None:
    """Time, channels with their kinds, languages, depth, scorer and copies, each number a published figure."""
    told = answers(full_report)
    assert told["Timeframe analysed"].startswith("13 September 2021 – 10 September 2023, by week")
    figures = {figure.figure_id: figure.value for figure in full_report.figures}
    forum = figures[f"stored/zoom/{full_report.week}/kinds/forum/post"]
    assert f"forum (post {forum:,.0f})" in told["Channels analysed"]
    assert told["Source languages"].startswith("not read yet ")
    assert "scorer vader_domain" in told["Sentiment coding"]
    assert "none is drawn" in told["Sampling and depth of analysis"]
    quota = replace(full_report.sources[0], constant_quota="150 a month")
    told = answers(replace(full_report, sources=(quota, *full_report.sources[1:])))
    assert f"except that {quota.source} gave a constant number a month" in told["Sampling and depth of analysis"]


def test_both_views_hold_every_row(full_report: Report, tmp_path: Path) -> None:
    """In the same order."""
    report = with_file(full_report, tmp_path)
    pdf = PdfReader(render_pdf(report, tmp_path / "a.pdf").path)
    words = " ".join(" ".join(page.extract_text().replace(BREAK, "").split()) for page in pdf.pages)
    page = compile_html(report).decode()
    for asked in answers(report):
        assert asked in words
        assert asked in page
    assert "acme NEAR/3 (app OR cloud)" in words


def test_a_query_of_many_words_is_cut_and_says_where_it_stands_whole(full_report: Report, tmp_path: Path) -> None:
    """The same of what is excluded and of phrases; a query of thousands of characters makes no pages of its own."""
    report = with_file(full_report, tmp_path)
    assert report.listening is not None
    asked = replace(report.listening, query="acme OR " * 625, exclude="x" * 700, not_phrases=("acme corner",) * 400)
    told = answers(replace(report, listening=asked))
    cut = "acme OR… (5,000 characters; `brandtrust check` prints it whole) — phrases that are no mention: acme corner,"
    assert cut in told["Search parameters"]
    assert "acme corner… (5,198 characters; `brandtrust check` prints it whole) (fing" in told["Search parameters"]
    assert f"{'x' * 600}… (700 characters;" in told["Spam and bots"]
    assert len(told["Search parameters"]) < 1_500
