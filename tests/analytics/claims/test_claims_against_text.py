"""The gap: the newest complete week against the eight before it, the clause now and at the event, a person's word."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analytics.claims.gaps import Gap, read_gaps, say_gap
from analytics.intervals import share_interval
from analytics.store import Store
from analytics.store.saving import save_arrival
from tests.posts import START, arrival, covered, posts

Counts = Sequence[tuple[int, int]]


@pytest.fixture(scope="module")
def connection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """A brand with one claim, and twelve weeks of coverage of which the fifth was not collected."""
    made = Store(tmp_path_factory.mktemp("gap") / "a.duckdb")
    windows = [covered(START, 28), covered(START + timedelta(days=28), 7, failed=True)]
    save_arrival(made, arrival(posts([]), coverage=[*windows, covered(START + timedelta(days=35), 49)]))
    with made.writer() as connection:
        connection.execute(
            "INSERT INTO brands VALUES ('acme', 'Acme', 'acme', 'q1', 'vader', '1', [], [], 't1', [], 'UTC', 'f', NULL)"
        )
        connection.execute(
            "INSERT INTO claims VALUES ('acme', 'trains', 0, 'trains AI', 'h', 'Terms', 'c', 'unconfirmed', NULL, "
            "NULL, '', NULL, '')"
        )
        connection.execute(
            "INSERT INTO policy_events VALUES ('acme', 'old', 'Old', [], true, NULL, '2023-01-03', NULL, 'declared', "
            "NULL, NULL, ['trains']), ('acme', 'new', 'New', [], true, NULL, NULL, '2023-02-11', 'declared', NULL, "
            "NULL, ['trains', 'other'])"
        )
        connection.execute(
            "INSERT INTO clause_states VALUES ('acme', 'trains', '2023-01-05', 'in_text', ['We train.']), "
            "('acme', 'trains', '2023-02-11 09:00:00', 'not_found', []), ('acme', 'trains', '2023-03-01', 'in_text', "
            "['We never train.'])"
        )
        yield connection


def gap_of(connection: duckdb.DuckDBPyConnection, weeks: Counts) -> Gap:
    """The gap with (authors, authors in all) in each week from the first on."""
    connection.execute("DELETE FROM claim_weeks")
    rows = ", ".join(
        f"('acme', '{START.date() + timedelta(days=7 * number)}', 'trains', 'h', {authors}, {authors}, 0, 0, 0, "
        f"{everybody}, 0, 'r')"
        for number, (authors, everybody) in enumerate(weeks)
    )
    if rows:
        connection.execute(f"INSERT INTO claim_weeks VALUES {rows}")
    (gap,) = read_gaps(connection, "acme")
    return gap


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15)
@given(
    st.lists(st.integers(0, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), min_size=12, max_size=12)
)
def test_the_change_is_that_of_two_shares_by_newcombes_interval(
    connection: duckdb.DuckDBPyConnection, weeks: Counts
) -> None:
    """The newest complete week against the votes of the eight before it, of which the uncollected one is left out."""
    gap = gap_of(connection, weeks)
    newest, before = weeks[11], [sum(column) for column in zip(*(weeks[3], *weeks[5:11]), strict=True)]

    assert (gap.week, gap.authors, gap.authors_all, gap.weeks_before) == (date(2023, 3, 20), *newest, 7)
    if newest[1] < 10 or before[1] < 10:
        assert gap.change_low is gap.change_high is None
        return
    shares = [100 * newest[0] / newest[1], 100 * before[0] / before[1]]
    (low, usual_low), (high, usual_high) = (
        100 * ends for ends in share_interval([newest[0], before[0]], [newest[1], before[1]])
    )
    change = shares[0] - shares[1]
    assert gap.change == pytest.approx(change)
    assert gap.low == pytest.approx(low, abs=1e-4)
    assert gap.change_low == pytest.approx(
        change - ((shares[0] - low) ** 2 + (usual_high - shares[1]) ** 2) ** 0.5, abs=1e-4
    )
    assert gap.change_high == pytest.approx(
        change + ((high - shares[0]) ** 2 + (shares[1] - usual_low) ** 2) ** 0.5, abs=1e-4
    )


def test_a_week_that_was_not_collected_is_in_no_comparison(connection: duckdb.DuckDBPyConnection) -> None:
    """It is neither the newest week nor one of those before it; weeks voiced count all the same."""
    gap = gap_of(connection, [(0, 20), (5, 20), (9, 9), (0, 0), (9, 9)])
    assert (gap.week, gap.weeks_before) == (date(2023, 3, 20), 7)  # complete and silent
    assert gap.share is gap.change is None
    assert (gap.first_week, gap.last_week) == (date(2023, 1, 9), date(2023, 1, 30))


def test_the_peak_is_the_largest_share_of_a_week_with_enough_authors(connection: duckdb.DuckDBPyConnection) -> None:
    """Not one of a few authors, nor of a week that was not collected in full; of equal ones the first."""
    gap = gap_of(connection, [(9, 9), (3, 10), (1, 10), (30, 100), (9, 10)])
    assert (gap.peak_week, gap.peak_share, gap.peak_authors_all) == (date(2023, 1, 9), 30.0, 10)
    assert gap_of(connection, [(0, 50)]).peak_week is None


def test_the_clause_is_given_for_now_and_for_the_newest_event(connection: duckdb.DuckDBPyConnection) -> None:
    """A version recorded on the event's own day was not yet what people had read."""
    gap = gap_of(connection, [])
    assert (gap.event_date, gap.clause_at_event) == (date(2023, 2, 11), "in_text")
    assert gap.quotations_at_event == ["We train."]
    assert (gap.clause_now, gap.clause_since, gap.quotations) == ("in_text", date(2023, 3, 1), ["We never train."])


PLAIN = Gap(
    claim="trains", says="trains AI on our calls", status="was", since=date(2023, 4, 1), until=date(2023, 8, 11),
    checked_by="N. N.", checked_on=date(2023, 8, 14), document="Terms", clause_now="in_text",
    clause_since=date(2023, 8, 11), quotations=["We do not train.", "Never."], event_date=date(2023, 8, 6),
    clause_at_event="in_text", quotations_at_event=["We train."],
    first_week=None, last_week=None, peak_week=date(2023, 8, 7),
    peak_authors_all=143, peak_share=20.98, peak_low=15.1, peak_high=28.3,
    week=date(2023, 8, 7), authors=30, authors_all=143, share=20.98, low=15.1,
    high=28.3, weeks_before=8, change=19.2, change_low=13.4, change_high=26.1,
)  # fmt: skip


def plain_spaces(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


def test_a_gap_is_said_in_sentences_to_repeat() -> None:
    """Who said it, how sure, since when it is more; what a person confirmed; what the text has."""
    assert plain_spaces(say_gap(PLAIN, "Acme")) == (
        "In the week of 7 August 2023, 21 % of 143 authors (15–28 %) said of Acme: “trains AI on our calls”. "
        "That is +19.2 points (+13.4 to +26.1) on the 8 weeks before. "
        "It stood in the Terms from 1 April 2023 until 11 August 2023, and no longer does "
        "(confirmed by N. N. on 14 August 2023). "
        "On 6 August 2023 the recorded text had: “We train.” "
        "The text recorded since 11 August 2023 has: “We do not train.” and 1 more sentence on it."
    )


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"status": "unconfirmed"}, "Nobody has confirmed yet whether it stands in the Terms."),
        ({"status": "never"}, "It never stood in the Terms (confirmed by N. N. on 14 August 2023)."),
        ({"status": "in_text"}, "It stands in the Terms since 1 April 2023 (confirmed by"),
        ({"status": "in_text", "since": None}, "It stands in the Terms (confirmed by"),
        ({"clause_now": "not_found", "quotations": []}, "since 11 August 2023 has no sentence on it."),
        ({"clause_now": "no_text", "clause_since": None, "quotations": []}, "No text of the Terms is recorded."),
        ({"clause_at_event": "not_found", "quotations_at_event": []}, "On 6 August 2023 the recorded text had no sent"),
        ({"clause_at_event": "no_text", "quotations_at_event": []}, "no text of the Terms was recorded yet."),
        ({"low": None, "authors": 3, "authors_all": 8}, "3 of 8 authors said of Acme"),
        ({"authors_all": 0, "share": None}, "nobody spoke of Acme"),
        ({"week": None}, "How many say of Acme: “trains AI on our calls” is not counted yet."),
        ({"low": 0.21, "high": 12.44, "share": 0.3}, "0.3 % of 143 authors (0.2–12.4 %)"),
        (
            {"peak_week": date(2023, 7, 31), "peak_share": 33.0, "peak_low": 27.0, "peak_high": 40.0},
            "Most did in the week of 31 July 2023: 33 % of 143 authors (27–40 %).",
        ),
    ],
)
def test_what_is_not_known_is_said_too(changes: dict[str, object], says: str) -> None:
    """No interval under ten authors, no share where nobody spoke, no claim about a text that nobody recorded."""
    assert says in plain_spaces(say_gap(replace(PLAIN, **changes), "Acme"))  # type: ignore[arg-type]
