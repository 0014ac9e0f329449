"""Why an hour was not judged is told by the reason that held."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from analytics.alerts.hours import DAY, BrandHours
from analytics.alerts.looks import look_at_hours
from analytics.alerts.season import FEWEST_HOURS
from analytics.alerts.unjudged import Reason, count_reasons
from brands.schema import AlertKind
from tests.bench.alert_worlds import FIRST, PAST, Quiet, simulate

SINCE = PAST + 3 * DAY


def reasons(hours: BrandHours, kind: AlertKind, since: int = SINCE, size: int = 3 * DAY) -> dict[Reason, int]:
    looks = look_at_hours(hours, [kind], 1.0, FIRST + since, FIRST + since + size)[kind]
    found = count_reasons(hours, kind, looks)
    assert sum(found.values()) == sum(not look.judged for look in looks)
    return found


def world(posts: float = 500, **changed: object) -> BrandHours:
    hours = simulate(Quiet(posts, days=14), np.random.default_rng(5))
    [source] = hours.sources.values()
    return replace(hours, sources={"forum": replace(source, _distinct={}, **changed)})  # type: ignore[arg-type]


def with_gap(hours: BrandHours, begin: int, size: int) -> BrandHours:
    [source] = hours.sources.values()
    covered = source.covered.copy()
    covered[begin : begin + size] = False
    return replace(hours, sources={"forum": replace(source, _distinct={}, covered=covered)})


@pytest.mark.parametrize("kind", ["volume_surge", "volume_drop", "trust_fall"])
def test_a_loud_brand_that_was_collected_is_judged(kind: AlertKind) -> None:
    """So that each of the next tests can fail."""
    assert reasons(world(2_000), kind) == {}


@pytest.mark.parametrize(("kind", "hours"), [("volume_surge", 5), ("volume_drop", 28), ("trust_fall", 28)])
def test_a_gap_is_told_as_one(kind: AlertKind, hours: int) -> None:
    """The hours of it, and where days are looked at those up to a day after it too."""
    assert reasons(with_gap(world(200), SINCE + 10, 5), kind) == {"not_collected": hours}


@pytest.mark.parametrize("kind", ["volume_surge", "volume_drop", "trust_fall"])
def test_a_new_source_has_too_short_a_past(kind: AlertKind) -> None:
    """Whether it is new, or behind a source break; days before a break are of another kind, and no gap."""
    new = with_gap(world(), 0, SINCE - FEWEST_HOURS + 2 * DAY)
    assert reasons(new, kind) == {"short_past": 2 * DAY}
    assert reasons(world(usable_from=FIRST + SINCE + DAY), kind) == {"short_past": 3 * DAY}


def test_a_small_brand_has_too_few_voices_for_trust_only() -> None:
    """Fifteen posts a day: its volume is judged, its trust never."""
    assert reasons(world(15), "trust_fall") == {"few_voices": 3 * DAY}
    assert reasons(world(15), "volume_surge") == {}


def test_sources_whose_counts_say_nothing_are_told_so() -> None:
    """Of a constant quota, or too sparse to tell silence from missing collection; such a gap stays a gap."""
    assert reasons(world(counts_volume=False), "volume_surge") == {"counts_say_nothing": 3 * DAY}
    hours = world()
    covered = np.ones(hours.size, dtype=bool)
    covered[SINCE : SINCE + 5] = False
    sparse = replace(hours, sources={}, sparse=[covered])
    assert reasons(sparse, "volume_surge") == {"counts_say_nothing": 3 * DAY - 5, "not_collected": 5}
