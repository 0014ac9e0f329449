"""What the verdict on an event depends on, as named parts of a plan; one hash over all of them.

Of the calendar only the past belongs to a plan. Dates of events, source breaks and gaps in collection that lie on the
day of freezing or later are facts that come afterwards, the notice first of all: entering them changes no plan.
Entering or moving one that lay before does.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, TypeAlias

from analytics.effects.method import METHOD
from analytics.effects.placebo_in_time import BINS_FOR_LONG, FEWEST_AUTHORS, LONG_BEFORE, SHORT_BEFORE
from analytics.event_study import AFTER_BINS, ALPHA
from analytics.sentiment import scorer_version
from analytics.sentiment.names import normalise
from analytics.themes import read_taxonomy, taxonomy_version
from brands.query import parse
from brands.syntax_tree import fold_words, write_canonical

if TYPE_CHECKING:
    from brands.brand_file import Brand, Event, PeerBrand, Source, SourceBreak
    from brands.query import Query

Parts: TypeAlias = dict[str, Any]
"""Parts of a plan by name, of what JSON has."""

FORMAT = 1
"""Of plans: raised when parts come to mean something else."""

OWN_DATES = ("clause_first_seen", "effective", "noticed", "responded", "reversed")
DATES_OF_OTHERS = OWN_DATES[1:]  # that a clause appeared quietly bars no earlier window
NOT_ASKED_FOR = {
    # where a file lies and who serves it, what it costs, and how long posts are kept; gaps go with the source breaks
    *("path", "url", "gaps", "retention_days", "usd_per_post", "usd_per_count", "max_usd_per_run"),
    *("max_usd_per_month",),
}


def collect_parts(brand: Brand, event: Event, freezing: date) -> Parts:
    """The plan of one event as it stood, or would have stood, on the day of `freezing`.

    What is put in another order, spelled in another way or laid out differently gives the same parts.
    """
    settings = brand.file.report
    scorer, model = settings.scorer, brand.model
    pieces = scorer_version(scorer, (), model).split("+")
    is_lexicon = [piece.startswith("lex:") for piece in pieces]
    return {
        "format": FORMAT,
        "brand": brand.slug,
        "event": event.id,
        "language": brand.file.language.partition("-")[0],
        "query": _name_query(brand.query),
        "not_phrases": _name_phrases(brand.query),
        "exclude": _name_excluded(brand.query),
        "themes": sorted(set(event.themes)),
        "taxonomy": _name_taxonomy(event),
        "scorer": [scorer, *(piece for piece, lexicon in zip(pieces, is_lexicon, strict=True) if not lexicon)],
        "lexicon": [piece for piece, lexicon in zip(pieces, is_lexicon, strict=True) if lexicon],
        "masked_names": [] if scorer == "vader" else sorted(normalise(brand.names)),
        "peers": {peer.slug: _name_peer(peer, freezing) for peer in brand.peers},
        "sources": _name_sources(brand.sources),
        "source_breaks": _name_breaks(brand.file.source_breaks, brand.sources, freezing),
        "date_tested": "noticed, else effective, else clause_first_seen",
        "known_dates": _name_dates(brand, event, freezing),
        "windows": {
            "before": f"{LONG_BEFORE} weeks, or {SHORT_BEFORE} with fewer than {BINS_FOR_LONG} before the event",
            "after": dict(AFTER_BINS),
        },
        "primary_measure": settings.primary_measure,
        "measures": list(dict.fromkeys((settings.primary_measure, "net_trust"))),
        "alpha": ALPHA,
        "fewest_authors": FEWEST_AUTHORS,
        "recovery_margin": settings.recovery_margin.model_dump(),
        "method": METHOD,
    }


def write_plan(parts: Mapping[str, Any]) -> str:
    """The one spelling of a plan as JSON: keys in order, no spaces."""
    return json.dumps(parts, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def hash_plan(plan: str) -> str:
    """SHA-256 of a written plan, 64 hexadecimal digits."""
    return hashlib.sha256(plan.encode()).hexdigest()


def name_differences(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[str]:
    """The parts in which two plans differ, as people say them, in the order of `other`."""
    names = dict.fromkeys((*other, *one))
    return [name.replace("_", " ") for name in names if one.get(name) != other.get(name)]


def _name_query(query: Query) -> dict[str, str]:
    """In words, and by the hash, which knows of all that decides what matches; `exclude` is a part of its own."""
    return {"expression": write_canonical(query.root), "hash": parse(query.expression, query.not_phrases).hash}


def _name_phrases(query: Query) -> list[str]:
    return sorted({" ".join(fold_words(phrase)) for phrase in query.not_phrases})


def _name_taxonomy(event: Event) -> dict[str, Any]:
    themes = read_taxonomy().themes
    rules = {name: sorted(map(write_canonical, themes[name].rules)) for name in event.themes if name in themes}
    return {"version": taxonomy_version(), "rules": rules}


def _name_peer(peer: PeerBrand, freezing: date) -> dict[str, Any]:
    return {
        "query": _name_query(peer.query),
        "not_phrases": _name_phrases(peer.query),
        "exclude": _name_excluded(peer.query),
        "sources": _name_sources(peer.sources),
        "source_breaks": _name_breaks(peer.source_breaks, peer.sources, freezing),
    }


def _name_excluded(query: Query) -> dict[str, str]:
    return {} if query.excluded is None else _name_query(query.excluded)


def _name_sources(sources: Iterable[Source]) -> list[Any]:
    """What is asked of each source, without what it is by default: a setting that a release adds changes no plan."""
    named = []
    for source in sources:
        told = source.model_dump(mode="json", exclude=NOT_ASKED_FOR, exclude_defaults=True)
        # The order of subreddits, feeds or countries asks for nothing else.
        told = {key: sorted(value) if isinstance(value, list) else value for key, value in told.items()}
        named.append({**told, "match": source.match})
    return sorted(named, key=write_plan)


def _name_breaks(breaks: Iterable[SourceBreak], sources: Iterable[Source], freezing: date) -> list[str]:
    before = {f"{each.source} {each.date}" for each in breaks if each.date < freezing}
    return sorted(before | _name_gaps(sources, freezing))


def _name_gaps(sources: Iterable[Source], freezing: date) -> set[str]:
    gaps = {(source.name, gap.since, gap.until) for source in sources for gap in source.gaps}
    return {f"{name} {since} – {until}" for name, since, until in gaps if until.date() < freezing}


def _name_dates(brand: Brand, event: Event, freezing: date) -> dict[str, dict[str, str]]:
    """The dates before the day of freezing, of this event and of others, whose weeks are no usual ones."""
    dates: dict[str, dict[str, str]] = {}
    for each in brand.events:
        for name in OWN_DATES if each.id == event.id else DATES_OF_OTHERS:
            day: date | None = getattr(each, name)
            if day is not None and day < freezing:
                dates.setdefault(each.id, {})[name] = day.isoformat()
    return dates
