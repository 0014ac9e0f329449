"""Belief against text, who speaks, and share of voice: the same numbers in the store and in words."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from analytics.report import Report, build_report
from analytics.report.belief import write_claims, write_speakers, write_voice_shares
from analytics.report.model import SpeakerCount, VoiceShare
from analytics.report.pdf import compile_pdf
from analytics.store import Store


def in_plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def demo_report(demo_store: Store, week: date | None = None) -> Report:
    with demo_store.reader() as connection:
        return build_report(connection, "lumio", week=week)


def test_a_claim_stands_beside_the_terms_and_a_persons_word(demo_store: Store) -> None:
    """How many voiced it in the weeks of the event and now, who checked the terms, and the clause that stood then."""
    (row, *_) = write_claims(demo_report(demo_store))
    assert row["says"] == "“Lumio trains AI on our calls”"
    assert in_plain(row["found"]).startswith("they said so until 15 September 2023 (the authors of the demo")
    assert row["clause"] == "Terms of Service: no sentence speaks of it"
    assert row["quotation"].startswith("Recorded before 10\u00a0September 2023: ")
    then, now = (float(re.match(r"[\d.]+", row[period])[0]) for period in ("event", "now"))  # type: ignore[index]
    assert then > 10 > now


def test_before_the_clause_nobody_is_quoted_from_the_future(demo_store: Store) -> None:
    """A report on an old week holds the claim against the terms of that week."""
    (row, *_) = write_claims(demo_report(demo_store, date(2022, 10, 3)))
    assert row["found"].startswith("the terms do not say so")
    assert row["quotation"] == ""
    assert row["event"] == "–"


def test_the_shares_are_those_of_the_view(demo_store: Store) -> None:
    """The four weeks pooled, each week's voices once."""
    report = demo_report(demo_store)
    sql = (
        "SELECT sum(authors), sum(authors_all) FROM claims_weekly WHERE brand = 'lumio' AND claim = ?"
        " AND week BETWEEN ?::DATE - 21 AND ?"
    )
    with demo_store.reader() as connection:
        for claim in report.claims:
            counted = connection.execute(sql, [claim.claim, report.week, report.week]).fetchone()
            assert claim.now is not None
            assert counted == (claim.now.authors, claim.now.authors_all)
            assert claim.now.low is not None
            assert claim.now.high is not None
            assert claim.now.low <= claim.now.share <= claim.now.high


def test_those_who_do_not_say_stand_last(demo_store: Store) -> None:
    """Unknown is always shown, and never first, however many they are."""
    report = demo_report(demo_store)
    assert report.speakers[-1].speaker == "unknown"
    assert (report.speakers[-1].event or 0) > sum(count.event or 0 for count in report.speakers[:-1])
    assert write_speakers(report)[-1]["speaker"] == "Do not say who they are"


def test_a_time_without_voices_is_no_zero(full_report: Report) -> None:
    """A dash, as everywhere."""
    report = replace(full_report, speakers=(SpeakerCount("customer", 3, None),))
    assert write_speakers(report) == [{"speaker": "Say that they are customers", "event": "–", "now": "3"}]


def test_share_of_voice_is_told_or_why_not(demo_store: Store, full_report: Report) -> None:
    """Of a count that says nothing no share is told."""
    said = in_plain(write_voice_shares(demo_report(demo_store)))
    assert said.startswith("Of ")
    assert sum(int(share) for share in re.findall(r"(\d+) %", said)) in range(98, 103)
    quota = (VoiceShare("zoom", "Zoom", None, 3, 9, "a source is a constant quota"),)
    assert "a source is a constant quota" in write_voice_shares(replace(full_report, voice_shares=quota))
    assert write_voice_shares(replace(full_report, voice_shares=())) == ""


def test_a_report_of_before_is_rendered_without_them(full_report: Report) -> None:
    """What was not asked then has no empty table now."""
    before = replace(full_report, claims=(), speakers=(), voice_shares=(), advised=None)
    assert compile_pdf(before, "a4").pages <= compile_pdf(full_report, "a4").pages
