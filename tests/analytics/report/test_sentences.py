"""The wording claims no more than the verdict, and its numbers are the figures'."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from analytics.report import Report, build_report, write_wording
from analytics.report.captions import write_key_numbers
from analytics.report.formatting import join_themes, write_interval
from analytics.report.phrases import write_rank, write_volume
from analytics.report.sentences import Wording
from analytics.report.words import write_words
from analytics.store import Store

CAUSAL = re.compile(r"\b(because|caused?|due to|led to|driven|thanks to|impact|result(ed)? (of|in))\b", re.IGNORECASE)
VERDICTS = ("fell", "rose", "no_change_shown", "descriptive_only", "not_comparable")
NOTHING = {
    "estimate": None,
    "low": None,
    "high": None,
    "p_value": None,
    "smallest_visible": None,
    "moved_as_much": None,
}


def judged(report: Report, primary: str, second: str, **columns: object) -> Report:
    """The same report with other verdicts for its two declared measures."""
    verdicts = {"primary": primary, "second": second}
    rows = []
    for row in report.effects:
        verdict = verdicts.get(row.role, row.verdict)
        without = NOTHING if verdict == "not_comparable" else {}
        rows.append(replace(row, verdict=verdict, **{**without, **columns}))  # type: ignore[arg-type]
    return replace(report, effects=tuple(rows))


def everything(wording: Wording) -> str:
    """All words of page one."""
    return " ".join([wording.headline, *wording.paragraph, *wording.can_say, *wording.uncertain]).replace("\u00a0", " ")


def test_the_headline_prints_the_figures(full_report: Report) -> None:
    """Each number in the headline is a published one, as the table of effects prints it."""
    headline = write_wording(full_report).headline.replace("\u00a0", " ")
    assert (
        headline == "Attention to AI training, consent and opt-out rose by 24.3 points after 6 August 2023; "
        "net trust expression (mean of scores) fell by 14.1 points."
    )
    figures = {figure.figure_id: figure.value for figure in full_report.figures}
    printed = re.findall(r"by (\d+\.\d) points", headline)
    published = [figures[f"effect/zoom/2023-ai-terms/{measure}/estimate"] for measure in ("attention", "net_trust")]
    assert printed == [f"{abs(value):.1f}" for value in published]


def test_the_three_numbers_are_figures(full_report: Report) -> None:
    """The large numbers of page one are those of the store, rounded."""
    figures = {figure.figure_id: figure.value for figure in full_report.figures}
    week = full_report.week
    trust, practices, voices = write_key_numbers(full_report)
    assert float(trust.value.replace("−", "-")) == round(figures[f"trust_weekly/zoom/{week}/all/net_trust"])
    share = figures[f"attention_weekly/zoom/{week}/practices/attention"]
    assert float(practices.value.removesuffix("\u00a0%")) == pytest.approx(share, abs=0.5)
    assert float(voices.value) == figures[f"count_week/zoom/{week}/all/authors"]


@pytest.mark.parametrize("primary", VERDICTS)
@pytest.mark.parametrize("second", [*VERDICTS, "exploratory"])
def test_no_verdict_sounds_causal_or_speaks_of_trust_alone(full_report: Report, primary: str, second: str) -> None:
    """Whatever the verdicts, a change comes after a date, and trust is always trust expression."""
    wording = write_wording(judged(full_report, primary, second))
    said = everything(wording).replace("“because of”", "").replace("“customers trust us less”", "")
    assert not CAUSAL.search(said)
    assert len(re.findall(r"\btrust\b", said)) == len(re.findall(r"\bnet trust expression\b", said, re.IGNORECASE))
    assert "6 August 2023" in said


@pytest.mark.parametrize("primary", ["no_change_shown", "descriptive_only", "not_comparable"])
def test_the_second_measure_claims_nothing_where_the_first_was_not_shown(full_report: Report, primary: str) -> None:
    """The declared order holds in words too, even if the table says that the second one fell."""
    wording = write_wording(judged(full_report, primary, "fell"))
    assert "fell" not in wording.headline
    assert "fell" not in " ".join(wording.can_say)
    assert wording.can_say[0].startswith("No change may be claimed")


def test_a_second_measure_that_was_withheld_is_described(full_report: Report) -> None:
    """Net trust stays on page one where the first measure was not shown, as a description that says why."""
    rows = tuple(replace(row, role="exploratory") if row.role == "second" else row for row in full_report.effects)
    wording = write_wording(judged(replace(full_report, effects=rows), "no_change_shown", "fell"))
    assert wording.headline.endswith("for net trust expression no claim is made.")
    assert "described, not claimed: attention, which is judged first, was not shown to change" in everything(wording)


def test_an_event_without_a_day_of_notice_says_what_stands_in(full_store: Store) -> None:
    """Reaction follows notice: where only the terms are dated, the reader is told."""
    with full_store.reader() as connection:
        report = build_report(connection, "zoom")
    assert report.event is not None
    unnoticed = replace(report.event, noticed=None)
    assert unnoticed.tested == date(2023, 7, 27)
    assert "No day of notice is declared" in everything(write_wording(replace(report, event=unnoticed)))


def test_many_themes_are_named_by_the_first_two() -> None:
    """A headline has room for three names; the page of method lists them all."""
    assert join_themes(["AI training", "Consent", "Opting out"]) == "AI training, consent and opting out"
    assert join_themes(["AI training", "Consent", "Opting out", "Data sharing"]) == (
        "AI training, consent and two related themes"
    )


def test_no_change_says_what_could_not_have_been_seen(full_report: Report) -> None:
    """An absent change is given with the size up to which it would have been missed."""
    wording = write_wording(judged(full_report, "no_change_shown", "no_change_shown", smallest_visible=3.04))
    assert wording.headline.startswith("No change in attention to AI training")
    assert "a change of up to 3.0 points would not have been seen" in everything(wording)


def test_too_few_windows_are_described_only(full_report: Report) -> None:
    """Under the attainable level nothing is ranked and the sentence says so."""
    few = judged(
        full_report, "descriptive_only", "descriptive_only", smallest_p=1 / 13, placebos=12, low=None, high=None
    )
    wording = write_wording(few)
    assert "descriptive only" in wording.headline
    assert "Too few earlier windows to judge (12 windows): descriptive only." in everything(wording)
    assert "moved as much" not in everything(wording)


def test_not_comparable_says_why(full_report: Report) -> None:
    """The reason is printed with its days as they are written elsewhere, and once for both measures."""
    reason = "Coverage differs or a source changed in the compared windows: 2023-08-13. Less the change of one peer."
    said = everything(write_wording(judged(full_report, "not_comparable", "not_comparable", reason=reason)))
    assert "coverage differs or a source changed in the compared windows: 13 August 2023." in said
    assert said.count("coverage differs") == 1
    assert "The same holds for net trust expression." in said


def test_the_rank_can_be_repeated_by_anyone(full_report: Report) -> None:
    """How many windows, how many of them apart, and how many moved as much."""
    row = replace(full_report.effects[0], placebos=61, independent_windows=7, moved_as_much=1)
    assert (
        write_rank(row).replace("\u00a0", " ")
        == "Of 61 comparable earlier windows (7 that do not overlap), one moved as much."
    )
    alone = replace(row, placebos=1, independent_windows=1, moved_as_much=0)
    assert (
        write_rank(alone).replace("\u00a0", " ")
        == "Of 1 comparable earlier window (1 that does not overlap), none moved as much."
    )


def test_a_weighed_measure_says_what_its_p_rests_on(full_report: Report) -> None:
    """Not a rank among windows, beside which a p above .05 would read as a contradiction: simulated series."""
    row = replace(full_report.effects[0], weighed=True, moved_as_much=None, p_value=0.062, smallest_p=1 / 62)
    assert write_rank(row) == (
        "Among 1,000 simulated series without a change, as restless as this one, 62 seem to move as much."
    )
    at_least = replace(row, p_value=1 / 62)
    assert "at most 16 seem to move as much" in write_rank(at_least)
    said = everything(write_wording(full_report))
    assert full_report.second is not None
    assert full_report.second.weighed
    assert "of 1,000 simulated series without a change move as much" in said
    assert len(re.findall("earlier windows? .*moved as much", said)) == 1


def test_dates_in_the_same_weeks_are_named(full_report: Report) -> None:
    """The reader learns which dates cannot be told apart, and what they were."""
    said = everything(write_wording(full_report))
    assert "27 July (in effect), 7 August (response) and 11 August (reversed) fall into the same weeks" in said


def test_a_constant_quota_bars_every_word_on_volume(report_on: Callable[..., Report]) -> None:
    """With a source that gives the same count each month the page says so and compares no count."""
    report = report_on(quota=True, weeks=60, with_event=False)
    assert not report.this_week.volume_comparable
    assert "constant number a month" in write_volume(report)
    said = everything(write_wording(report)) + " ".join(number.note for number in write_key_numbers(report))
    assert "×" not in said
    assert "times" not in said
    assert "no statement on volume is made" in said


def test_volume_is_compared_where_it_may_be(full_report: Report) -> None:
    """Without a flag and with a full week the posts stand against the usual number."""
    assert re.fullmatch(r"\d+\.\d\u00a0× the usual number of posts", write_volume(full_report))


def test_a_brand_without_events_tells_its_week(report_on: Callable[..., Report]) -> None:
    """The week against the usual, and that no event is declared."""
    headline = write_wording(report_on(with_event=False, posts_a_week=30, weeks=40)).headline
    assert re.fullmatch(
        r"Net trust expression this week: [+−]?\d+, usual [+−]?\d+; no policy event is declared\.", headline
    )


def test_an_empty_week_says_whether_it_was_silence(full_store: Store) -> None:
    """Nothing collected is not the same as nobody posting."""
    with full_store.reader() as connection:
        missing = build_report(connection, "zoom", week=date(2022, 6, 27))
    wording = write_wording(missing)
    assert wording.headline.replace("\u00a0", " ") == "Nothing was collected on Zoom in the week of 27 June 2022."
    assert "silence says nothing here" in everything(wording)
    assert "in full" not in everything(wording)
    assert "There is no number of this week to quote." in everything(wording)
    silent = replace(missing, this_week=replace(missing.this_week, coverage="complete"))
    assert write_wording(silent).headline.startswith("Nobody posted on Zoom")
    assert "that is silence" in everything(write_wording(silent))


def test_a_brand_too_sparse_in_a_shared_file_gets_no_trend(full_report: Report) -> None:
    """Silence and missing collection cannot be told apart there, and the headline is that."""
    sparse = tuple(replace(row, sparse="4 posts, median 1,400") for row in full_report.sources)
    assert write_wording(replace(full_report, sources=sparse)).headline.startswith("No trend can be given for Zoom")


def test_months_later_the_headline_says_where_the_week_stands(full_report: Report) -> None:
    """As a description: the week against the usual, with the count of authors where they are few, and said once."""
    assert "stands at" not in write_wording(full_report).headline
    long_ago = tuple(replace(row, event_date=date(2023, 5, 7)) for row in full_report.effects)
    later = replace(full_report, effects=long_ago)
    wording = write_wording(later)
    assert re.search(
        r"points\. Counted in votes it stands at [+−]?\d+ this week \(usual\s[+−]?\d+\)\.$", wording.headline
    )
    assert "stands at" not in " ".join(wording.paragraph)
    little = [replace(row, verdict="descriptive_only") if row.role == "primary" else row for row in long_ago]
    assert "This week net trust expression stands at" in write_wording(replace(later, effects=tuple(little))).headline
    thin = replace(later, this_week=replace(later.this_week, authors=18))
    assert "(18 authors; usual" in write_wording(thin).headline.replace("\u00a0", " ")


def test_an_interval_without_width_is_not_printed(full_report: Report) -> None:
    """Where earlier windows hardly moved, the size stands without an interval and the sentence says so."""
    flat = judged(full_report, "rose", "fell", low=24.31, high=24.31, smallest_visible=0.0)
    said = everything(write_wording(flat))
    assert "% interval" not in said.split("This week")[0]
    assert "how uncertain this size is cannot be given" in said
    assert write_interval(1.5, 1.5, "attention") == ""
    assert write_interval(1.52, 1.54, "attention") == "+1.52 to +1.54"


def test_a_report_that_looks_back_says_so(full_report: Report) -> None:
    """Where the weeks compared reach past the reported one, page one says up to when, before any number of them."""
    assert not any("Looked back" in sentence for sentence in write_wording(full_report).paragraph)
    early = replace(full_report, week=date(2023, 8, 7))
    first, second, *_ = write_wording(early).paragraph
    assert first.replace("\u00a0", " ") == (
        "Looked back: this week was over before the weeks compared were, which reach to 2 September 2023; what follows"
        " of the event was known only then."
    )
    assert "24.3" in second


@pytest.mark.parametrize(("week", "said"), [(date(2023, 8, 7), "One week"), (date(2023, 8, 14), "Two weeks")])
def test_as_many_weeks_stand_beside_the_last_four_as_there_were(full_report: Report, week: date, said: str) -> None:
    """In the first weeks after an event fewer than four are its own."""
    assert (
        write_words(replace(full_report, week=week))["four_weeks"].replace("\u00a0", " ")
        == f"{said} from 7 August 2023"
    )
    assert write_words(full_report)["four_weeks"].replace("\u00a0", " ") == "Four weeks from 7 August 2023"
