"""What always stands beside an effect: what it is made of, the same effect asked again, and whether it has gone back.

By the configured scorer only. Everything is computed and saved in the transaction of the effects.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pandas as pd

from analytics.effect_checks import (
    Asked,
    Check,
    check_later_dates,
    check_peers,
    check_voices,
    list_known_dates,
    list_same_day,
    why_barred,
)
from analytics.effects.decomposition import Decomposition, decompose_change
from analytics.effects.recovery import Recovery, find_recovery
from analytics.kept_splits import SplitAsked, find_split, keep_split
from analytics.store import first_row
from analytics.store.catalogue import statement
from analytics.voice_bins import BinsAsked, list_other_bins

if TYPE_CHECKING:
    import duckdb

    from analytics.event_bins import EventBins
    from analytics.event_study import EventEffect
    from brands.brand_file import Brand, Event

TABLES = ("event_parts", "event_checks", "event_recoveries")
RAW_CHANGE, NOT_ANSWERED = "raw_change", "not_answered"


@dataclass(frozen=True, slots=True)
class EffectContext:
    """What stands beside one effect."""

    decomposition: Decomposition
    checks: tuple[Check, ...]
    recovery: Recovery


def add_context(
    connection: duckdb.DuckDBPyConnection,
    brand: Brand,
    found: Sequence[EventEffect],
    as_of: date,
    run_id: str,
    counted: Mapping[str, EventBins],
) -> list[EventEffect]:
    """The effects in their order, each with what stands beside it, which is saved in place of what was saved before.

    `counted` has the bins of each event, by its id. Effects by other scorers than the configured one come back as they
    are.
    """
    for table in TABLES:
        connection.execute(f"DELETE FROM {table} WHERE brand = ?", [brand.slug])
    row = first_row(connection, "SELECT scorer, scorer_version FROM brands WHERE brand = ?", [brand.slug])
    if row is None:
        return list(found)
    scorer, version = row
    results: list[EventEffect] = list(found)
    for event in brand.file.events:
        places = [at for at, each in enumerate(found) if each.event_id == event.id and each.scorer == scorer]
        if not places:
            continue
        values = {"as_of": as_of, "themes": list(event.themes), "scorer": scorer, "version": version}
        described = _describe_event(connection, brand, event, [found[at] for at in places], counted[event.id], values)
        for at, context in zip(places, described, strict=True):
            results[at] = replace(found[at], context=context)
            _save(connection, brand.slug, results[at], context, run_id)
    return results


def _describe_event(
    connection: duckdb.DuckDBPyConnection,
    brand: Brand,
    event: Event,
    found: Sequence[EventEffect],
    counted: EventBins,
    values: dict[str, Any],
) -> list[EffectContext]:
    """The context of each measure of one event."""
    tested = found[0].event_date
    bins, peers = counted.on_grid_of(tested, found[0].scorer)
    values = {**values, "brand": brand.slug, "event_date": tested}
    of_others = list_other_bins(
        connection,
        BinsAsked(brand.slug, values["scorer"], values["version"], tuple(values["themes"]), tested, values["as_of"]),
    )
    windows = {
        "first_bin": -max(each.effect.before for each in found),
        "last_bin": max(each.effect.after for each in found) - 1,
    }
    voices: pd.DataFrame | None = None
    known = tuple(list_known_dates(brand, event, tested, tested))
    same_day = list_same_day(brand, event, tested)
    margins, barred = brand.file.report.recovery_margin, why_barred(event)
    contexts = []
    for each in found:
        asked = Asked(each.measure, each.role, tested, each.effect, known, barred, same_day)
        checks = (
            *check_voices(asked, bins, peers, of_others),
            *check_peers(asked, bins, peers),
            *check_later_dates(asked, brand, event, counted, each.scorer),
        )
        margin = getattr(margins, each.measure)
        recovery = (
            Recovery("cannot_be_told", barred, margin)
            if barred
            else find_recovery(
                bins, tested, each.effect, margin=margin, value=each.measure, peers=peers, known_events=known
            )
        )
        seed = zlib.crc32(f"{brand.slug}/{event.id}/{each.measure}".encode())
        incomparable = each.effect.reason if each.effect.verdict == "not_comparable" else None
        inside = _bins_inside(bins, each)
        told = (seed, incomparable, *(values[name] for name in ("scorer", "version", "themes")))
        asked_split = SplitAsked(brand.slug, event.id, each.measure, tested, inside, told)
        split = find_split(connection, asked_split)
        if split is None:
            if voices is None:  # they are many
                voices = connection.execute(statement("list_voices_of_bins"), {**values, **windows}).df()
            split = _split(_voices_of_windows(voices, inside, each.measure), incomparable, seed)
            keep_split(connection, asked_split, split)
        contexts.append(EffectContext(split, checks, recovery))
    return contexts


def _bins_inside(bins: pd.DataFrame, found: EventEffect) -> tuple[int, ...]:
    """The bins that the effect compares."""
    inside = bins["bin"].between(-found.effect.before, found.effect.after - 1) & bins[found.measure].notna()
    return tuple(bins.loc[inside, "bin"].tolist())


def _voices_of_windows(voices: pd.DataFrame, inside: Sequence[int], measure: str) -> pd.DataFrame:
    """Voices of these bins. Bins count alike in a window, and voices alike in a bin."""
    said = voices[voices["bin"].isin(inside) & voices[measure].notna()]
    weight = 1.0 / said.groupby("bin")["voice"].transform("size")
    window = (said["bin"] >= 0).map({False: "before", True: "after"})
    return said.assign(window=window, value=said[measure], weight=weight)


def _split(said: pd.DataFrame, incomparable: str | None, seed: int) -> Decomposition:
    if incomparable is None:
        return decompose_change(said, seed=seed)
    # Then neither is the raw change.
    return replace(decompose_change(said[:0]), reason=f"Not split, since it is not comparable. {incomparable}")


def _save(
    connection: duckdb.DuckDBPyConnection, brand: str, found: EventEffect, context: EffectContext, run_id: str
) -> None:
    of = {
        "brand": brand,
        "event_id": found.event_id,
        "measure": found.measure,
        "scorer": found.scorer,
        "run_id": run_id,
    }
    split, recovery = context.decomposition, context.recovery
    raw = (
        RAW_CHANGE,
        split.raw_change,
        split.low,
        split.high,
        split.voices_before + split.voices_after - split.returning,
    )
    parts = [raw, *((part.name, part.change, part.low, part.high, part.voices) for part in split.parts)]
    for name, change, low, high, count in parts:
        row: dict[str, Any] = {"part": name, "change": change, "low": low, "high": high, "voices": count}
        row |= {"answered": split.answered, "reason": split.reason}
        connection.execute(statement("insert_event_part"), {**of, **row})
    for check in context.checks:
        effect = check.effect
        numbers = ("estimate", "low", "high", "p_value", "smallest_p", "smallest_visible")
        row = {
            **{name: None if effect is None else getattr(effect, name) for name in numbers},
            "check_name": check.name,
            "role": check.role,
            "check_date": check.event_date,
            "placebos": effect.placebos if effect else 0,
            "independent_windows": effect.independent_windows if effect else 0,
            "verdict": effect.verdict if effect else NOT_ANSWERED,
            "before_bins": effect and effect.before,
            "after_bins": effect and effect.after,
            "before_authors": effect.authors_before if effect else 0,
            "after_authors": effect.authors_after if effect else 0,
            "peers": list(effect.peers_used) if effect else [],
            "dates_not_separable": [day.isoformat() for day in check.not_separable_from],
            "sentence": check.sentence,
            "reason": check.reason,
        }
        connection.execute(statement("insert_event_check"), {**of, **row})
    row = {
        "state": recovery.state,
        "recovered_on": recovery.recovered_on,
        "looked_until": recovery.as_of,
        "margin": recovery.margin,
        "gap": recovery.gap,
        "low": recovery.low,
        "high": recovery.high,
        "smallest_margin": recovery.smallest_margin,
        "placebos": recovery.placebos,
        "authors": recovery.authors,
        "reason": recovery.reason,
    }
    connection.execute(statement("insert_event_recovery"), {**of, **row})
