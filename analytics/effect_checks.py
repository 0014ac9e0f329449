"""The same effect asked again: of other voices, of each peer, and at the days of the response and the reversal.

None of these claims anything: they say whether the answer hangs on who is counted or on whom it is compared with. Each
is `event_effect` with the windows, the level and the known dates of the effect that it stands beside.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from analytics.effect_measures import measure_effect
from analytics.effects import Effect
from analytics.effects.bins import DAYS_A_BIN
from analytics.effects.wording import AFTER_SUCH_A_DAY, DATED_FROM_POSTS, simulated
from brands.wording import write_count

if TYPE_CHECKING:
    from analytics.event_bins import EventBins
    from brands.brand_file import Brand, Event

EXPLORATORY = "exploratory"
AS_MEASURED, SOURCE_WEIGHTS = "as_measured", "source_weights"
WITHOUT_COPIES, CUSTOMERS = "without_copies_and_officials", "customers"
WITHOUT_MOVED_PEERS = "without_peers_that_moved"
LATER_DATES = ("responded", "reversed")
EVENT_DATES = ("effective", "noticed", *LATER_DATES)
MOVED = ("fell", "rose")
FEWEST_BEFORE = 4  # bins: what an effect has at least where nothing stands in the way


@dataclass(frozen=True, slots=True)
class Check:
    """One further effect. `effect` is None where the question does not apply, and `reason` says why.

    `sentence` may be repeated by anybody. `not_separable_from`: other dates too near for this one to be told apart.
    """

    name: str
    role: str
    event_date: date
    effect: Effect | None
    sentence: str
    reason: str
    not_separable_from: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked of one measure of one event, and the effect that was found."""

    measure: str
    role: str
    event_date: date
    effect: Effect
    known_dates: tuple[date, ...]
    barred: str  # why nothing is tested there; empty where it may be
    same_day: tuple[str, ...] = ()  # what else is declared for that day


def why_barred(event: Event) -> str:
    """Why nothing may be tested at the day of notice; empty where it may be."""
    return DATED_FROM_POSTS if event.noticed is not None and event.noticed_basis == "same_posts" else ""


def list_known_dates(brand: Brand, event: Event, tested: date, day: date) -> list[date]:
    """Dates on which something else happened than on `day`: of this event (all but the quiet appearance) and others."""
    dates = {tested, event.effective, event.responded, event.reversed}
    for other in brand.file.events:
        if other.id != event.id:
            dates |= {other.noticed, other.effective, other.responded, other.reversed}
    return sorted(each for each in dates if each is not None and each != day)


def list_same_day(brand: Brand, event: Event, day: date, own: Collection[str] = EVENT_DATES) -> tuple[str, ...]:
    """What else the brand file declares for that day: event and date; `own` are dates of this event that are meant."""
    dates = [(each.id, name) for each in brand.file.events for name in EVENT_DATES if getattr(each, name) == day]
    return tuple(f"{name} ({which})" for name, which in dates if name != event.id or which not in own)


def say_rank(effect: Effect) -> str:
    """How unusual the change is, in one sentence for anybody: among windows, or simulated series."""
    if effect.estimate is None or effect.p_value is None or not effect.placebos:
        return "The change cannot be compared with earlier windows."
    if effect.standardised:
        return simulated(effect.p_value, effect.smallest_p)
    as_large = sum(abs(change) >= abs(effect.estimate) for change in effect.placebo_estimates)
    separate = effect.independent_windows
    return (
        f"Of {write_count(effect.placebos, 'comparable window')} ({separate} that "
        f"{'does' if separate == 1 else 'do'} not overlap), {as_large or 'none'} moved as much."
    )


def check_voices(
    asked: Asked, bins: pd.DataFrame, peers: pd.DataFrame | None, counted: pd.DataFrame
) -> Iterator[Check]:
    """The effect with source weights held, without copies and officials, and of customers.

    `bins` and `peers` are those of the effect, `counted` comes from `list_other_bins`. The peers stay as
    they are.
    """
    yield _found(AS_MEASURED, asked, asked.effect, role=asked.role)
    by_source = counted[counted["kind"] == "by_source"]
    if by_source["source"].nunique() < 2:
        yield _unanswered(SOURCE_WEIGHTS, asked, "There is one source: its weight cannot change.")
    else:
        held = hold_source_weights(by_source, asked.measure, before=asked.effect.before)
        if held.empty:
            yield _unanswered(SOURCE_WEIGHTS, asked, "Nobody spoke before the event: there are no weights to hold.")
        else:
            yield _found(SOURCE_WEIGHTS, asked, _measure_on(asked, bins, peers, held))
    for name in (WITHOUT_COPIES, CUSTOMERS):
        some = counted[counted["kind"] == name]
        if some.empty:
            yield _unanswered(name, asked, "No post is left that could be counted.")
        else:
            told = "Of posts on practices that say so; nearly all do not." if name == CUSTOMERS else ""
            yield _found(name, asked, _measure_on(asked, bins, peers, some), told)


def check_peers(asked: Asked, bins: pd.DataFrame, peers: pd.DataFrame | None) -> Iterator[Check]:
    """Each peer's own change on the event's day, and the effect without peers that moved."""
    if peers is None:
        return
    moved = []
    for name, own in peers.groupby("brand", sort=True):
        effect = _measure(asked, own, None)
        if effect.verdict in MOVED:
            moved.append(str(name))
        yield _found(f"peer:{name}", asked, effect)
    if used := [name for name in moved if name in asked.effect.peers_used]:
        others = peers[~peers["brand"].isin(used)]
        effect = _measure(asked, bins, None if others.empty else others)
        yield _found(WITHOUT_MOVED_PEERS, asked, effect, f"Left out, since they moved: {', '.join(used)}.")


def check_later_dates(asked: Asked, brand: Brand, event: Event, counted: EventBins, scorer: str) -> Iterator[Check]:
    """The same effect at the response and the reversal; the bins before do not reach back before the notice."""
    for name in LATER_DATES:
        day: date | None = getattr(event, name)
        if day is None:
            continue
        known = list_known_dates(brand, event, asked.event_date, day)
        near = {other for other in known if 0 <= (day - other).days < DAYS_A_BIN * asked.effect.after}
        room = (day - asked.event_date).days // DAYS_A_BIN
        same_day = list_same_day(brand, event, day, (name,))
        # Weeks before that lie in the wake of a day that was picked for its burst were picked with it.
        wake = asked.barred and room < asked.effect.before + asked.effect.after
        barred = AFTER_SUCH_A_DAY if wake else ""
        at_day = replace(asked, event_date=day, known_dates=tuple(known), barred=barred, same_day=same_day)
        if room < 1:
            said = f"No whole week lies between {asked.event_date} and {day}: what followed the one followed the other."
            yield replace(_unanswered(name, at_day, said), not_separable_from=tuple(sorted(near | {asked.event_date})))
            continue
        before = min(asked.effect.before, room)
        bins, peers = counted.on_grid_of(day, scorer)
        if bins.empty:
            yield _unanswered(name, at_day, f"There is no data around {day}.")
            continue
        effect = _measure(at_day, bins, peers, before=before)
        told = ""
        if before < asked.effect.before:
            short = "too short to show much: " if before < FEWEST_BEFORE else ""
            told = f"Compared with {short}{write_count(before, 'week')}, not to reach back before {asked.event_date}."
        found = _found(name, at_day, effect, told)
        yield replace(found, not_separable_from=tuple(sorted({*near, *found.not_separable_from})))


def hold_source_weights(by_source: pd.DataFrame, measure: str, *, before: int) -> pd.DataFrame:
    """Each bin's mean as if sources had the shares of voices that they had in the `before` bins before the event.

    `by_source` has a row a source and bin with the measure, `<measure>_variance` and its authors (direct
    standardisation: Kitagawa 1955, Journal of the American Statistical Association 50(272)). Sources that are silent in
    a bin leave their weight to the others; those that were silent before the event have none. Empty where all were.
    """
    voices = "rating_authors" if measure == "rating" else "authors"
    told = by_source[by_source[measure].notna()]
    weights = told[told["bin"].between(-before, -1)].groupby("source")[voices].sum()
    told = told.assign(weight=told["source"].map(weights).fillna(0.0))
    told = told[told["weight"] > 0]
    told["weight"] /= told.groupby("bin")["weight"].transform("sum")
    variance = f"{measure}_variance"
    # One voice has no variance of its own: it takes that of a voice anywhere.
    of_a_voice = (told[variance] * told[voices]).mean()
    filled = told[variance].fillna(of_a_voice / told[voices])
    parts = told.assign(**{measure: told["weight"] * told[measure], variance: told["weight"] ** 2 * filled})
    held: pd.DataFrame = parts.groupby("bin", as_index=False)[[measure, variance, "authors", "rating_authors"]].sum()
    return held


def _measure_on(asked: Asked, bins: pd.DataFrame, peers: pd.DataFrame | None, counted: pd.DataFrame) -> Effect:
    return _measure(asked, count_others(bins, counted, asked.measure), peers)


def count_others(bins: pd.DataFrame, counted: pd.DataFrame, measure: str) -> pd.DataFrame:
    """The bins with the measure and its authors from `counted`; collection and breaks stay those of `bins`."""
    columns = [measure, f"{measure}_variance", "authors", "rating_authors"]
    values = counted.set_index("bin")[columns].reindex(bins["bin"])
    values.index = bins.index
    collected = bins[measure].notna()
    values[columns[:2]] = values[columns[:2]].where(collected)
    values[["authors", "rating_authors"]] = values[["authors", "rating_authors"]].fillna(0)
    return bins.assign(**{name: values[name] for name in columns})


def _measure(asked: Asked, bins: pd.DataFrame, peers: pd.DataFrame | None, before: int | None = None) -> Effect:
    return measure_effect(
        asked.measure,
        bins,
        peers,
        asked.event_date,
        known_dates=asked.known_dates,
        barred=asked.barred,
        alpha=asked.effect.alpha,
        after=asked.effect.after,
        before=before or asked.effect.before,
    )


def _found(name: str, asked: Asked, effect: Effect, told: str = "", *, role: str = EXPLORATORY) -> Check:
    if asked.same_day:
        told = f"Not separable from what is declared for the same day: {', '.join(asked.same_day)}. {told}".rstrip()
    near = {*effect.not_separable_from, *([asked.event_date] if asked.same_day else [])}
    reason = f"{told} {effect.reason}".strip()
    said = asked.barred if asked.barred and effect.verdict == "descriptive_only" else say_rank(effect)
    return Check(name, role, asked.event_date, effect, said, reason, tuple(sorted(near)))


def _unanswered(name: str, asked: Asked, reason: str) -> Check:
    return Check(name, EXPLORATORY, asked.event_date, None, reason, reason)
