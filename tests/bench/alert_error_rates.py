"""False incidents of quiet brands, and how soon a surge is told: `python -m tests.bench.alert_error_rates [YEARS]`.

Quiet brands of 5 to 10,000 posts a day (`alert_worlds`), 52 weeks each after twelve weeks of past, looked at every hour
with the settings that a brand file has by default. Every incident there is false. Into others a surge of two days is
planted now and then, told by the first hourly run that finds it, or by the next of daily ones; in more, collection
stops for a day and more. What could be reached at all is measured by `alert_ceiling`.
The last table has real stretches, where the folder of real posts is here: what would have been told, false or not.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.stats import chi2

from analytics.alerts.false_rate import share_out
from analytics.alerts.hours import DAY, BrandHours
from analytics.alerts.incidents import Incident, follow
from analytics.alerts.looks import look_at_hours
from brands.schema import AlertKind, AlertSettings
from tests.bench.alert_worlds import FIRST, PAST, Quiet, Surge, simulate
from tests.bench.measurement import LeftOut, run
from tests.bench.tables import Table, note

VOLUMES = (5, 15, 60, 500, 2_000)
LOUD = (5_000, 10_000)
SEED = 20261501
EVERY = 60 * DAY + 7  # hours between planted surges, so that each meets another hour of the week
LASTS = 48
SURGE_YEARS = 20
GAP_EVERY, GAP_LASTS = 10 * DAY + 7, 30
WITHIN = (1, 3, 6, 12, 24, 48)
DEFAULTS = AlertSettings()


@dataclass(frozen=True)
class Told:
    """Planted surges: the hour of the day with which each began, and after how many hours it was told, 1 at the least.

    Infinite where it never was.
    """

    begun: tuple[int, ...]
    after_hours: tuple[float, ...]

    def share(self, within: int) -> float:
        return sum(hours <= within for hours in self.after_hours) / len(self.after_hours)

    def share_by_next_day(self) -> float:
        """Of those told by the first run after they began, where one runs at midnight only."""
        told = (hours <= DAY - begun for begun, hours in zip(self.begun, self.after_hours, strict=True))
        return sum(told) / len(self.begun)


def find_incidents(hours: BrandHours, kinds: Sequence[AlertKind] = DEFAULTS.kinds) -> list[Incident]:
    """What hourly runs over all hours after the past would have opened; fewer kinds keep the share they have of all."""
    shares = share_out(DEFAULTS.kinds, DEFAULTS.false_incidents_a_year)
    allowed = sum(shares[kind] for kind in kinds)
    looks = look_at_hours(hours, kinds, allowed, FIRST + PAST, hours.end)
    return [each for kind in kinds for each in follow("world", kind, [], looks[kind], DEFAULTS.closes_after_hours)]


def quiet_incidents(quiet: Quiet, years: int, seed: int) -> Counter[str]:
    """False incidents by kind, over so many brand-years."""
    random, found = np.random.default_rng(seed), Counter[str]()
    for _ in range(years):
        found.update(each.kind for each in find_incidents(simulate(quiet, random)))
    return found


def planted_surges(quiet: Quiet, times: float, years: int, seed: int) -> Told:
    """How soon the surges of so many brand-years are told."""
    random = np.random.default_rng(seed)
    begun, after = [], []
    # Of the kinds only this one is looked at, with the share that it has among all of them.
    share = share_out(DEFAULTS.kinds, DEFAULTS.false_incidents_a_year)["volume_surge"]
    for year in range(years):
        starts = range(PAST + DAY + year * (2 * DAY + 5), PAST + quiet.days * DAY - LASTS, EVERY)
        hours = simulate(quiet, random, tuple(Surge(begins, times, LASTS) for begins in starts))
        for begins in starts:
            since = FIRST + begins
            looks = look_at_hours(hours, ["volume_surge"], share, since, since + LASTS)["volume_surge"]
            late = [look.hour - since + 1 for look in looks if look.alarm]
            begun.append(begins % DAY)
            after.append(float(late[0]) if late else math.inf)
    return Told(tuple(begun), tuple(after))


def gaps(quiet: Quiet, years: int, seed: int) -> Counter[str]:
    """Incidents of quiet brands whose collection stops for `GAP_LASTS` hours every ten days and loses what is said."""
    random, found = np.random.default_rng(seed), Counter[str]()
    for _ in range(years):
        hours = simulate(quiet, random)
        [source] = hours.sources.values()
        covered = source.covered.copy()
        for begins in range(PAST, hours.size, GAP_EVERY):
            covered[begins : begins + GAP_LASTS] = False
        kept = covered[source.hour - FIRST]
        missing = replace(
            source, covered=covered, hour=source.hour[kept], voice=source.voice[kept], compound=source.compound[kept],
            _distinct={},
        )  # fmt: skip
        found.update(each.kind for each in find_incidents(replace(hours, sources={"forum": missing})))
    return found


def poisson_interval(count: int, years: float, level: float = 0.99) -> tuple[float, float]:
    """The exact interval of a rate a year (Garwood 1936, Biometrika 28(3–4))."""
    low = chi2.ppf((1 - level) / 2, 2 * count) / 2 / years if count else 0.0
    return float(low), float(chi2.ppf((1 + level) / 2, 2 * count + 2) / 2 / years)


def tell_rates(title: str, rows: Iterable[tuple[str, Counter[str]]], years: int) -> None:
    columns = {"brand": "<30", **dict.fromkeys(("incidents a year", "low", "high"), ".2f")}
    table = Table(title, columns | dict.fromkeys(DEFAULTS.kinds, ".2f"))
    for name, found in rows:
        total = sum(found.values())
        by_kind = (found[kind] / years for kind in DEFAULTS.kinds)
        table.add(name, total / years, *poisson_interval(total, years), *by_kind)


def main(years: str = "20") -> None:
    many = int(years)
    few = max(many // 10, 1)
    allowed = DEFAULTS.false_incidents_a_year
    note(f"{many} brand-years a row, 99 % intervals; asked for: {allowed:g} false incidents a year; seed {SEED}")
    kinds = [(f"{volume:,} posts a day", Quiet(volume)) for volume in VOLUMES]
    kinds += [
        ("60, doubles in a year", Quiet(60, growth=0.7)),
        ("60, threads draw half a post", Quiet(60, drawn=0.5)),
        ("60, news that lasts", Quiet(60, memory=0.85)),
        ("500, threads draw half a post", Quiet(500, drawn=0.5)),
        *((f"{volume:,} posts a day", Quiet(volume)) for volume in LOUD),
    ]
    rows = ((name, quiet_incidents(quiet, many, SEED + at)) for at, (name, quiet) in enumerate(kinds))
    tell_rates("Quiet brands", rows, many)
    rows = ((f"{volume} posts a day", gaps(Quiet(volume), few, SEED + volume)) for volume in VOLUMES)
    tell_rates(f"Quiet brands whose collection stops for {GAP_LASTS} hours every ten days", rows, few)
    table = Table(
        f"Planted surges of {LASTS} hours, by the hours until they are told",
        {"posts a day": ",", "times": ".0f", "surges": ",", **{f"{hours} h": ".0%" for hours in WITHIN}}
        | {"daily run": ".0%"},
    )
    for volume in (*VOLUMES, *LOUD):
        for times in (2.0, 3.0, 5.0):
            told = planted_surges(Quiet(volume), times, SURGE_YEARS, SEED + 100 + volume)
            shares = (told.share(within) for within in WITHIN)
            table.add(volume, times, len(told.begun), *shares, told.share_by_next_day())
    try:
        tell_real_stretches()
    except LeftOut as reason:
        note(f"left out: {reason}")


def tell_real_stretches() -> None:
    """What would have been told of real brands, year by year."""
    from tests.bench.alert_real_stretches import read_stretches

    table = Table(
        "Real brands: incidents that would have been told",
        {"brand": "<24", "since": "<10", "days": ",", "posts a day": ".0f", **dict.fromkeys(DEFAULTS.kinds, ",")},
    )
    for stretch in read_stretches():
        looks = look_at_hours(
            stretch.hours, DEFAULTS.kinds, DEFAULTS.false_incidents_a_year, stretch.since, stretch.hours.end
        )
        opened = {
            kind: follow(stretch.name, kind, [], looks[kind], DEFAULTS.closes_after_hours) for kind in DEFAULTS.kinds
        }
        days = (stretch.hours.end - stretch.since) // DAY
        table.add(
            stretch.name, stretch.first_day, days, stretch.posts_a_day, *(len(opened[kind]) for kind in DEFAULTS.kinds)
        )
        for kind, incidents in opened.items():
            for each in incidents:
                what = f"{each.peak.observed:,.0f} where {each.peak.expected:,.0f} is usual"
                note(f"{stretch.name}: {kind}, {each.first_hour:%Y-%m-%d}, {what} in {each.peak.length} h")


if __name__ == "__main__":
    run(main)
