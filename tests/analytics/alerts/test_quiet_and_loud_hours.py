"""What is judged of simulated hours: quiet weeks stay silent, surges are told, gaps and new sources are neither."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import pytest

from analytics.alerts.hours import DAY, BrandHours, SourceHours, mark_covered, name_hour, number_hour
from analytics.alerts.looks import look_at_hours
from analytics.alerts.scatter import measure_scatter
from analytics.alerts.season import fit_week, hour_of_week
from brands.schema import AlertKind
from tests.bench.alert_error_rates import Told, find_incidents, gaps, planted_surges, poisson_interval, quiet_incidents
from tests.bench.alert_worlds import FIRST, PAST, Quiet, Surge, simulate

BUSY = Quiet(500, days=14)
MIDDAY = PAST + 3 * DAY + 12


def alarms(hours: BrandHours, kind: AlertKind = "volume_surge", since: int = PAST) -> list[int]:
    """The alarming hours, counted from the first."""
    looks = look_at_hours(hours, [kind], 1 / 3, FIRST + since, hours.end)
    return [look.hour - FIRST for look in looks[kind] if look.alarm]


def busy(*surges: Surge, seed: int = 1) -> BrandHours:
    return simulate(BUSY, np.random.default_rng(seed), surges)


def with_source(hours: BrandHours, **changed: object) -> BrandHours:
    """The same hours with their one source changed."""
    [source] = hours.sources.values()
    return replace(hours, sources={"forum": replace(source, _distinct={}, **changed)})  # type: ignore[arg-type]


def test_a_quiet_year_brings_few_incidents() -> None:
    """52 weeks, on a seed fixed beforehand: at most two false incidents."""
    assert sum(quiet_incidents(Quiet(60), 1, seed=11).values()) <= 2


@pytest.mark.long
@pytest.mark.parametrize("volume", [5, 15, 60, 500, 2_000])
def test_many_quiet_years_bring_few_incidents(volume: float) -> None:
    """The same over enough years that a rate of two is told from one of three."""
    found = sum(quiet_incidents(Quiet(volume), 20, seed=12).values())
    assert poisson_interval(found, 20)[0] < 2
    assert found <= 2 * 20


def test_a_loud_surge_is_told_within_the_hour() -> None:
    """Five times as many at midday, of a brand with 500 posts a day, and nothing in the days before."""
    found = alarms(busy(Surge(MIDDAY, 5.0)))
    assert found[0] == MIDDAY


def test_a_loud_brand_is_told_at_once_and_a_thin_one_needs_longer() -> None:
    """Three times as many: with 2,000 posts a day most are told within the hour, with 15 none is.

    Held to the usual of the week alone, without the news of the hours before, a third of the loud ones would be.
    """
    thin = planted_surges(Quiet(15), 3.0, 1, seed=5)
    loud = planted_surges(Quiet(2_000), 3.0, 2, seed=5)
    assert thin.share(1) == 0
    assert loud.share(1) >= 0.6
    assert loud.share(6) >= 0.9


def test_a_daily_run_tells_what_came_before_it() -> None:
    """A surge of the late evening that takes four hours is not told by the run at midnight, one of the morning is."""
    told = Told((22, 8, 8), (4.0, 4.0, math.inf))
    assert told.share(4) == 2 / 3
    assert told.share_by_next_day() == 1 / 3


@pytest.mark.parametrize(("voices", "told"), [(9, False), (12, True)])
def test_a_handful_of_voices_is_no_surge(voices: int, told: bool) -> None:
    """With 5 posts a day a thread of nine people is far more than usual, yet under ten voices nothing is a surge."""
    hours = simulate(Quiet(5, days=14), np.random.default_rng(1))
    [source] = hours.sources.values()
    calm = source.hour // DAY != (FIRST + MIDDAY) // DAY  # nobody else speaks on that day
    thread = with_source(
        hours,
        hour=np.concatenate([source.hour[calm], np.full(voices, FIRST + MIDDAY)]),
        voice=np.concatenate([source.voice[calm], 10**6 + np.arange(voices)]),
        compound=np.concatenate([source.compound[calm], np.zeros(voices)]),
    )
    assert (MIDDAY in alarms(thread)) is told


def test_a_stop_of_collection_is_no_drop_and_no_surge() -> None:
    """Thirty hours every ten days without a post, told as not collected: no more incidents than without."""
    quiet = Quiet(60, days=42)
    assert gaps(quiet, 1, seed=7) <= quiet_incidents(quiet, 1, seed=7)


def test_silence_that_was_collected_is_a_drop() -> None:
    """The same silence with collection going on is one, so the test before can fail."""
    hours = busy()
    [source] = hours.sources.values()
    kept = (source.hour - FIRST < MIDDAY) | (source.hour - FIRST >= MIDDAY + 40)
    silent = with_source(hours, hour=source.hour[kept], voice=source.voice[kept], compound=source.compound[kept])
    assert alarms(silent, "volume_drop")
    covered = source.covered.copy()
    covered[MIDDAY : MIDDAY + 40] = False
    assert not alarms(with_source(silent, covered=covered), "volume_drop")


def test_a_new_source_is_no_surge() -> None:
    """As many posts again from a source that was never collected before; judged once it has three weeks of past."""
    hours, other = busy(), simulate(BUSY, np.random.default_rng(2))
    [added] = other.sources.values()
    late = added.hour - FIRST >= MIDDAY
    new = replace(
        added, covered=np.arange(hours.size) >= MIDDAY, hour=added.hour[late], voice=added.voice[late],
        compound=added.compound[late], _distinct={},
    )  # fmt: skip
    both = replace(hours, sources={**hours.sources, "new": new})
    assert not alarms(both)
    mixed = with_source(
        hours,
        hour=np.concatenate([hours.sources["forum"].hour, new.hour]),
        voice=np.concatenate([hours.sources["forum"].voice, new.voice + 10**6]),
        compound=np.concatenate([hours.sources["forum"].compound, new.compound]),
    )
    assert alarms(mixed)  # the same posts from the old source are one


def test_after_a_source_break_nothing_is_judged_for_three_weeks() -> None:
    """A form that changed: more posts from that day on are no surge, declared as a break; undeclared they are."""
    changed = busy(Surge(MIDDAY // DAY * DAY, 3.0, 11 * DAY))
    assert alarms(changed)
    assert not alarms(with_source(changed, usable_from=FIRST + MIDDAY // DAY * DAY))


def test_a_sample_of_constant_size_says_nothing_of_volume() -> None:
    """Its counts are not judged at all; its trust still is."""
    hours = with_source(busy(Surge(MIDDAY, 5.0)), counts_volume=False)
    looks = look_at_hours(hours, ["volume_surge", "trust_fall"], 1.0, FIRST + PAST, hours.end)
    assert not any(look.judged for look in looks["volume_surge"])
    assert any(look.judged for look in looks["trust_fall"])


def test_a_fall_of_trust_is_told_and_few_voices_are_not_judged() -> None:
    """A day on which everyone is against it; with 15 posts a day there are too few voices to say anything."""
    hours = busy()
    [source] = hours.sources.values()
    bad = (source.hour - FIRST >= MIDDAY) & (source.hour - FIRST < MIDDAY + DAY)
    fallen = with_source(hours, compound=np.where(bad, -0.5, source.compound))
    assert alarms(fallen, "trust_fall")
    assert not alarms(fallen, "trust_rise")
    thin = simulate(Quiet(15, days=14), np.random.default_rng(1))
    looks = look_at_hours(thin, ["trust_fall"], 1.0, FIRST + PAST, thin.end)
    assert not any(look.judged for look in looks["trust_fall"])


@pytest.mark.parametrize("kind", ["volume_surge", "trust_fall"])
def test_an_hour_is_judged_alike_whenever_the_look_begins(kind: AlertKind) -> None:
    """Hourly runs begin at any hour of a day, and say of each hour the same."""
    hours = busy(Surge(MIDDAY, 5.0))
    whole = look_at_hours(hours, [kind], 1 / 3, FIRST + PAST, hours.end)[kind]
    part = look_at_hours(hours, [kind], 1 / 3, FIRST + MIDDAY - 7, FIRST + MIDDAY + 60)[kind]
    start = MIDDAY - 7 - PAST
    assert part == whole[start : start + 67]


def test_one_surge_of_many_hours_is_one_incident() -> None:
    """Two days of five times as many: one incident, which closes by itself afterwards."""
    hours = busy(Surge(MIDDAY, 5.0, 48))
    [found] = find_incidents(hours, ["volume_surge"])
    assert found.first_hour == name_hour(FIRST + MIDDAY)
    assert found.closed_by == "itself"
    assert found.closed_at is not None
    assert found.closed_at - found.last_hour >= timedelta(hours=12)


def test_an_earlier_surge_hardly_moves_the_usual() -> None:
    """Three days of ten times as many leave the week's pattern within a fifth, and the scatter far from theirs."""
    counts = np.random.default_rng(3).poisson(10.0, PAST).astype(float)
    covered = np.ones(PAST, dtype=bool)
    plain = fit_week(counts, covered, FIRST)
    counts[500:572] *= 10
    moved = fit_week(counts, covered, FIRST)
    assert plain is not None
    assert moved is not None
    assert np.abs(moved.mean() / plain.mean() - 1) < 0.2
    assert measure_scatter(counts, np.full(PAST, 10.0)).news < 0.1


def test_hours_of_the_week_differ_only_where_it_is_more_than_chance() -> None:
    """Each of the 168 hours has few voices: alike they stay alike, and one that is loud every week is kept apart."""
    hours = np.arange(FIRST, FIRST + PAST)
    covered = np.ones(PAST, dtype=bool)
    counts = np.random.default_rng(2).poisson(10.0, PAST).astype(float)
    flat = fit_week(counts, covered, FIRST)
    assert flat is not None
    assert np.log(flat).std() < 0.06
    apart = hour_of_week(hours) == 30
    counts[apart] = np.random.default_rng(3).poisson(30.0, apart.sum())
    weekly = fit_week(counts, covered, FIRST)
    assert weekly is not None
    assert weekly[30] > 1.5 * np.delete(weekly, 30).max()


def test_too_short_a_past_has_no_usual() -> None:
    """Under three weeks of collected hours."""
    assert fit_week(np.ones(PAST), np.arange(PAST) < 503, FIRST) is None


def test_voices_count_once_in_a_window() -> None:
    """One voice in three of four hours is one voice of each window that holds any of them."""
    source = SourceHours(0, np.ones(8, dtype=bool), np.array([1, 2, 4]), np.zeros(3, dtype=int), np.zeros(3))
    assert source.voices(1).tolist() == [0, 1, 1, 0, 1, 0, 0, 0]
    assert source.voices(3).tolist() == [0, 1, 1, 1, 1, 1, 1, 0]


def test_an_hour_is_covered_only_as_a_whole() -> None:
    """Spans that touch are one; half an hour is none."""
    start = datetime(2023, 1, 2)
    minutes = [(0, 90), (90, 200), (250, 300)]
    spans = [(start + timedelta(minutes=since), start + timedelta(minutes=until)) for since, until in minutes]
    covered = mark_covered(number_hour(start), 6, spans)
    assert covered.tolist() == [True, True, True, False, False, False]
    assert hour_of_week(np.array([number_hour(start)])) == 0
