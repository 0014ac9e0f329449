"""Asking for one effect in any way: its bins with other scorers, voices and themes, against other peers and weeks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from analytics.effect_checks import (
    AS_MEASURED,
    SOURCE_WEIGHTS,
    WITHOUT_COPIES,
    count_others,
    hold_source_weights,
    list_known_dates,
)
from analytics.effect_measures import WEIGHED, measure_effect, take_measure
from analytics.effects import Effect, event_effect
from analytics.plan.specifications import (
    AFTER_BINS,
    ALL,
    BEFORE_BINS,
    BY_PRECISION,
    EVENT,
    NONE,
    PRACTICES,
    RANKED,
    WITHOUT,
    Choices,
    Specification,
)
from analytics.sentiment import can_score, scorer_version
from analytics.store import first_row
from analytics.themes import read_taxonomy
from analytics.voice_bins import BinsAsked, list_attention_bins, list_other_bins

if TYPE_CHECKING:
    import duckdb

    from analytics.event_bins import CountedBins, EventBins
    from analytics.event_study import EventEffect
    from brands.brand_file import Brand, Event


class Asker:
    """Asks for one effect in any way; what several ways share is counted once."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        brand: Brand,
        event: Event,
        found: EventEffect,
        bins: EventBins,
        as_of: date,
    ) -> None:
        self._connection, self._brand, self._event, self._bins = connection, brand, event, bins
        self._found, self._measure, self._day, self._as_of = found, found.measure, found.event_date, as_of
        self._known = list_known_dates(brand, event, self._day, self._day)
        self._counted: dict[tuple[str, str, str], CountedBins] = {}
        self._others: dict[str, pd.DataFrame] = {}
        self._attention: pd.DataFrame | None = None
        effect = found.effect
        self.declared = Specification(
            found.scorer,
            BY_PRECISION if found.measure in WEIGHED else RANKED,
            effect.before,
            effect.after,
            ALL if effect.peers_used else NONE,
            EVENT if found.measure == "attention" else "",
            AS_MEASURED,
        )

    def list_choices(self) -> Choices:
        """What there is to choose from; a choice that would change nothing is none."""
        effect, peers = self._found.effect, self._found.effect.peers_used
        left_out = [f"{WITHOUT}{peer}" for peer in peers] if len(peers) > 1 else []
        before = sorted({*BEFORE_BINS, effect.before})
        after = sorted({*AFTER_BINS, effect.after})
        windows = tuple((b, a) for b in before for a in after if self._is_judged(b, a))
        scorers = [self.declared.scorer]
        if self._measure == "net_trust":
            also = dict.fromkeys(self._brand.file.report.also_scored)
            scorers += [scorer for scorer in also if scorer not in scorers and self._has_data(scorer)]
        return Choices(
            scorers=tuple(scorers),
            windows=windows,
            peers=(ALL, NONE, *left_out) if peers else (NONE,),
            themes=tuple(self._themes()) if self._measure == "attention" else ("",),
            voices=(AS_MEASURED, *filter(self._changes_anything, (WITHOUT_COPIES, SOURCE_WEIGHTS))),
        )

    def ask(self, each: Specification) -> Effect:
        """The effect in one way; the declared one as it was measured."""
        if each == self.declared:
            return self._found.effect
        bins, peers = self._count(each.scorer, each.themes, each.voices)
        if peers is not None and each.peers != ALL:
            others = peers[peers["brand"] != each.peers.removeprefix(WITHOUT)]
            peers = None if each.peers == NONE or others.empty else others
        alpha = self._found.effect.alpha
        if each.method == BY_PRECISION:
            return measure_effect(
                self._measure,
                bins,
                peers,
                self._day,
                known_dates=self._known,
                barred="",  # where nothing may be tested there is no verdict, and no curve
                alpha=alpha,
                after=each.after,
                before=each.before,
            )
        return event_effect(
            self._without_variance(bins),
            self._day,
            value=self._measure,
            before=each.before,
            after=each.after,
            peers=None if peers is None else self._without_variance(peers),
            known_events=self._known,
            alpha=alpha,
        )

    def _without_variance(self, bins: pd.DataFrame) -> pd.DataFrame:
        return take_measure(bins, self._measure).drop(columns="variance", errors="ignore")

    def _is_judged(self, before: int, after: int) -> bool:
        declared = self.declared
        if (before, after) == (declared.before, declared.after):
            return True
        way = Specification(declared.scorer, RANKED, before, after, declared.peers, declared.themes, declared.voices)
        return self.ask(way).low is not None

    def _has_data(self, scorer: str) -> bool:
        bins, _ = self._bins.on_grid_of(self._day, scorer)
        return not bins.empty and bool(bins[self._measure].notna().any())

    def _changes_anything(self, voices: str) -> bool:
        """Whether these voices are others than those measured; one source has its whole weight anyway."""
        others = self._count_others(self.declared.scorer)
        if voices == SOURCE_WEIGHTS and others.loc[others["kind"] == "by_source", "source"].nunique() < 2:
            return False
        bins, _ = self._count(*self._measured)
        counted, _ = self._count(self.declared.scorer, self.declared.themes, voices)
        columns = [self._measure, "authors"]
        return bool(counted[self._measure].notna().any()) and not counted[columns].round(9).equals(
            bins[columns].round(9)
        )

    @property
    def _measured(self) -> tuple[str, str, str]:
        return self.declared.scorer, self.declared.themes, AS_MEASURED

    def _themes(self) -> Iterator[str]:
        """Choices of themes, the event's own first."""
        yield EVENT
        own = set(self._event.themes)
        if own != set(_practices()):
            yield PRACTICES
        if len(own) > 1:
            yield from (f"{WITHOUT}{theme}" for theme in sorted(own))

    def _count(self, scorer: str, themes: str, voices: str) -> CountedBins:
        key = scorer, themes, voices
        if key not in self._counted:
            bins, peers = self._bins.on_grid_of(self._day, scorer)
            if themes not in ("", EVENT):
                bins = self._with_attention(bins, self._brand.slug, themes)
                if peers is not None:
                    each = [self._with_attention(own, str(slug), themes) for slug, own in peers.groupby("brand")]
                    peers = pd.concat(each, ignore_index=True)
            if voices != AS_MEASURED:
                bins = self._with_voices(bins, scorer, voices)
            self._counted[key] = bins, peers
        return self._counted[key]

    def _with_voices(self, bins: pd.DataFrame, scorer: str, voices: str) -> pd.DataFrame:
        """The brand's bins of other voices; the peers stay as they are."""
        others = self._count_others(scorer)
        if voices == SOURCE_WEIGHTS:
            by_source = others[others["kind"] == "by_source"]
            counted = hold_source_weights(by_source, self._measure, before=self._found.effect.before)
        else:
            counted = others[others["kind"] == voices]
        return count_others(bins, counted, self._measure)

    def _count_others(self, scorer: str) -> pd.DataFrame:
        if scorer not in self._others:
            slug, themes = self._brand.slug, tuple(self._event.themes)
            asked = BinsAsked(slug, scorer, self._version(slug, scorer) or "", themes, self._day, self._as_of)
            self._others[scorer] = list_other_bins(self._connection, asked)
        return self._others[scorer]

    def _with_attention(self, bins: pd.DataFrame, slug: str, themes: str) -> pd.DataFrame:
        """The bins of one brand with attention to other themes; where nothing was collected there is none."""
        if self._attention is None:
            self._attention = self._count_attention()
        counted = self._attention[(self._attention["brand"] == slug) & (self._attention["choice"] == themes)]
        values = counted.set_index("bin")["attention"].reindex(bins["bin"])
        values.index = bins.index
        return bins.assign(attention=values.where(bins["attention"].notna()))

    def _count_attention(self) -> pd.DataFrame:
        scorer, own = self.declared.scorer, set(self._event.themes)
        choices = {
            choice: _practices() if choice == PRACTICES else sorted(own - {choice.removeprefix(WITHOUT)})
            for choice in self._themes()
            if choice != EVENT
        }
        counted = []
        for slug in (self._brand.slug, *(peer.slug for peer in self._brand.peers)):
            version = self._version(slug, scorer)
            if version is not None:
                asked = BinsAsked(slug, scorer, version, (), self._day, self._as_of)
                counted.append(list_attention_bins(self._connection, asked, choices).assign(brand=slug))
        return pd.concat(counted, ignore_index=True)

    def _version(self, slug: str, scorer: str) -> str | None:
        row = first_row(self._connection, "SELECT masked_names, model FROM brands WHERE brand = ?", [slug])
        return None if row is None or not can_score(scorer, row[1]) else scorer_version(scorer, *row)


def _practices() -> list[str]:
    return sorted(theme.name for theme in read_taxonomy().themes.values() if theme.practices)
