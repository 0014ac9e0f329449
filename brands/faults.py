"""What is wrong with a brand file: keys that do not exist, values that cannot be, parts that do not fit together."""

from __future__ import annotations

import codecs
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from difflib import get_close_matches
from functools import cache
from typing import Any, NamedTuple, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ValidationError
from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from brands.display_names import LONGEST_NAME
from brands.fault_words import ADDRESS_OF_TARGET, say_in_own_words
from brands.query import QueryError, parse
from brands.schedules import OFF, find_schedule_faults
from brands.schema import BrandFile, Event, Peer, ReportSettings, Signal, Source, Terms, slugify
from brands.toml_lines import Place
from brands.withheld_addresses import ADDRESS_IN_QUERY, holds_address

KEYS_OF = {
    "archive": {
        *("path", "format", "encoding", "day_first", "timezone", "columns", "brand_values", "gaps"),
    },
    "hackernews": set(),
    "bluesky": set(),
    "reddit": {"subreddits", "comments"},
    "x": {"full_archive", "usd_per_post", "usd_per_count", "max_usd_per_run", "max_usd_per_month"},
    "mastodon": {"instances", "hashtags"},
    "feeds": {"feeds"},
    "app_store": {"app_id", "countries"},
}
"Keys of [[sources]] that mean something to one connector only."

NEEDED_KEYS = {"mastodon": ("instances",), "feeds": ("feeds",), "app_store": ("app_id",)}

KEYS_OF_SIGNAL = {
    "pageviews": {"articles", "project", "contact"},
    "csv": {"path", "columns", "day_first", "encoding"},
    "x_counts": {"query", "full_archive", "usd_per_count", "max_usd_per_run", "max_usd_per_month"},
}
"Keys of [[signals]] that mean something to one connector only."

NEEDED_KEYS_OF_SIGNAL = {"pageviews": ("articles",), "csv": ("path",)}

TRAINED_SCORER = "linear"


class Fault(NamedTuple):
    """One thing to mend: the key it concerns and what to do, in one line."""

    place: Place
    problem: str


def explain(error: ValidationError) -> Iterator[Fault]:
    """The faults that pydantic found, in the words of the brand file."""
    details = error.errors(include_url=False)
    unknown: dict[Place, list[str]] = {}
    with_faults_inside = {detail["loc"][:-1] for detail in details}
    for detail in details:
        if detail["type"] == "extra_forbidden":
            unknown.setdefault(detail["loc"][:-1], []).append(str(detail["loc"][-1]))
    for detail in details:
        place: Place = detail["loc"]
        key = str(place[-1]) if place else ""
        inside = tuple(part for part in place[:-1] if isinstance(part, str))
        table = ".".join(inside)
        if detail["type"] == "extra_forbidden":
            told = _suggest_key(key, inside)
            if inside == ("delivery",) and holds_address(key):
                told = f"targets {ADDRESS_OF_TARGET}"
            yield Fault(place, f'unknown key "{key}"{f" in {table}" if table else ""}; {told}')
        elif detail["type"] == "too_short" and place in with_faults_inside:
            continue  # it is short by those that are told already
        elif detail["type"] == "missing":
            if not _is_misspelt(key, tuple(unknown.get(place[:-1], ()))):  # otherwise it is one slip, told already
                yield Fault(place, f'{table or "the brand file"} needs the key "{key}"')
        else:
            name = ".".join(part for part in place if isinstance(part, str))
            yield Fault(place, f"{name} {say_in_own_words(detail)}")


def find_faults(brand_file: BrandFile) -> Iterator[Fault]:
    """What the types alone cannot tell, in no particular order."""
    yield from _check_slug((), brand_file.slug, brand_file.name)
    yield from _check_query((), brand_file.query, brand_file.not_phrases)
    if brand_file.exclude is not None:
        yield from _check_query((), brand_file.exclude, (), key="exclude")
        if _ask_alike(brand_file.query, brand_file.exclude):
            yield Fault(("exclude",), "exclude leaves out all that the query finds; name what is not about the brand")
    yield from _check_zone(("timezone",), brand_file.timezone)
    if not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]+)*", brand_file.language):
        yield Fault(("language",), f'language "{brand_file.language}" should be a code such as "en" or "pt-BR"')
    for number, peer in enumerate(brand_file.peers):
        yield from _check_peer(("peers", number), peer)
    yield from _check_unique("sources", "name", [source.name for source in brand_file.sources])
    for number, source in enumerate(brand_file.sources):
        yield from _check_source(("sources", number), source)
    yield from _check_unique("signals", "name", [signal.name for signal in brand_file.signals])
    for number, signal in enumerate(brand_file.signals):
        yield from _check_signal(("signals", number), signal)
    yield from _check_unique("terms", "document", [terms.document for terms in brand_file.terms])
    for number, terms in enumerate(brand_file.terms):
        yield from _check_terms(("terms", number), terms)
    yield from _check_unique("events", "id", [event.id for event in brand_file.events])
    for number, event in enumerate(brand_file.events):
        yield from _check_event(("events", number), event)
    yield from _check_schedules(brand_file)
    yield from _check_model(brand_file.report)
    yield from _check_alerts(brand_file)


def find_loose_ends(brand_file: BrandFile, slugs: list[str], source_names: Iterable[str]) -> Iterator[Fault]:
    """What shows only once peers' own files are read: `slugs` of the brand and then its peers, names of all sources."""
    seen = set(slugs[:1])
    for number, slug in enumerate(slugs[1:]):
        if slug in seen:
            yield Fault(("peers", number), f'a second brand has the slug "{slug}"; give this one its own slug')
        seen.add(slug)
    for number, source in enumerate(brand_file.sources):
        for value, slug in source.brand_values.items():
            if slug not in slugs:
                problem = f'no brand has the slug "{slug}"; {suggest(slug, slugs)}'
                yield Fault(("sources", number, "brand_values", value), problem)
    known = sorted(set(source_names))
    for number, broken in enumerate(brand_file.source_breaks):
        if broken.source not in known:
            problem = f'there is no source "{broken.source}"; {suggest(broken.source, known)}'
            yield Fault(("source_breaks", number, "source"), problem)


def _check_slug(place: Place, slug: str, name: str | None) -> Iterator[Fault]:
    """A slug, or a `name` that gives one; None: the slug may come from elsewhere."""
    if slug and not re.fullmatch(r"[a-z0-9]+(_[a-z0-9]+)*", slug):
        suggestion = (not holds_address(slug) and slugify(slug)) or "brand"
        yield Fault((*place, "slug"), f'slug "{slug}" should be lower-case letters and digits; try "{suggestion}"')
    if len(slug) > LONGEST_NAME:
        yield Fault((*place, "slug"), f"slug has {len(slug):,} characters; there is room for {LONGEST_NAME}")
    if name is not None and not slug and not slugify(name):
        yield Fault((*place, "name"), f'name "{name}" makes no slug; add one in plain letters: slug = "brand"')


def _ask_alike(query: str, other: str) -> bool:
    try:
        return parse(query).hash == parse(other).hash
    except QueryError:
        return False


def _check_query(place: Place, query: str, not_phrases: tuple[str, ...], key: str = "query") -> Iterator[Fault]:
    try:
        parse(query)
    except QueryError as error:
        problem = ADDRESS_IN_QUERY if holds_address(query) else error.problem
        yield Fault((*place, key), f"{key}, character {error.position}: {problem}")
        return
    try:
        parse(query, not_phrases)
    except QueryError as error:
        yield Fault((*place, "not_phrases"), error.problem)


def _check_zone(place: Place, zone: str) -> Iterator[Fault]:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        yield Fault(place, f'there is no time zone "{zone}"; write one such as "Europe/Berlin" or "UTC"')


def _check_peer(place: Place, peer: Peer) -> Iterator[Fault]:
    yield from _check_slug(place, peer.slug, peer.name if peer.file is None else None)
    if (peer.query is None) == (peer.file is None):
        yield Fault(place, f'peer "{peer.name}" needs either a query or a file of its own')
    elif peer.query is not None:
        yield from _check_query(place, peer.query, peer.not_phrases)
    elif peer.not_phrases:
        yield Fault((*place, "not_phrases"), f'the not_phrases of peer "{peer.name}" belong into its own file')


def _check_source(place: Place, source: Source) -> Iterator[Fault]:
    if source.connector == "archive":
        for key in ("path", "columns"):
            if getattr(source, key) is None:
                yield Fault(place, f'source "{source.name}" is an archive and needs the key "{key}"')
    yield from _check_keys(place, source, KEYS_OF)
    for key in NEEDED_KEYS.get(source.connector, ()):
        if not getattr(source, key):
            yield Fault(place, f'source "{source.name}" is of {source.connector} and needs the key "{key}"')
    if not source.name.strip():
        yield Fault((*place, "name"), "a source needs a name, such as google_play")
    names_brands = source.columns is not None and source.columns.brand is not None
    if source.match == "column" and not names_brands:
        yield Fault((*place, "match"), 'match = "column" needs the column that names the brand: columns.brand')
    yield from _check_zone((*place, "timezone"), source.timezone)
    yield from _check_encoding((*place, "encoding"), source.encoding)
    for number, gap in enumerate(source.gaps):
        if gap.since >= gap.until:
            yield Fault((*place, "gaps", number), "a gap should end after it began: since before until")


def _check_signal(place: Place, signal: Signal) -> Iterator[Fault]:
    yield from _check_keys(place, signal, KEYS_OF_SIGNAL)
    for key in NEEDED_KEYS_OF_SIGNAL.get(signal.connector, ()):
        if not getattr(signal, key):
            yield Fault(place, f'signal "{signal.name}" is of {signal.connector} and needs the key "{key}"')
    if not signal.name.strip():
        yield Fault((*place, "name"), "a signal needs a name, such as wikipedia or churn")
    if signal.query is not None:
        yield from _check_query(place, signal.query, ())
    yield from _check_encoding((*place, "encoding"), signal.encoding)


def _check_terms(place: Place, terms: Terms) -> Iterator[Fault]:
    if not terms.document.strip():
        yield Fault((*place, "document"), "terms need the name of their document, such as Terms of Service")
    if not re.match(r"https?://[^\s/?#@]+([/?#]|$)", terms.url):
        yield Fault((*place, "url"), "the url of terms should be https://host/path, without a password")
    if terms.selector is not None:
        try:
            LexborHTMLParser("").css(terms.selector)
        except SelectolaxError:
            problem = f'"{terms.selector}" is no CSS selector; write one such as "main" or "#terms"'
            yield Fault((*place, "selector"), problem)


def _check_keys(place: Place, table: Source | Signal, keys_of: Mapping[str, set[str]]) -> Iterator[Fault]:
    """Keys that mean something to another connector only."""
    if table.connector not in keys_of:
        return  # of a connector that there is not, its name is what has to be mended
    mine = keys_of[table.connector]
    for connector, keys in keys_of.items():
        for key in sorted((keys - mine) & table.model_fields_set):
            problem = f'the key "{key}" belongs to the connector {connector}, not to {table.connector}'
            yield Fault((*place, key), problem)


def _check_encoding(place: Place, encoding: str) -> Iterator[Fault]:
    try:
        codecs.lookup(encoding)
    except (LookupError, ValueError):
        yield Fault(place, f'there is no encoding "{encoding}"; write one such as "utf-8"')


def _check_event(place: Place, event: Event) -> Iterator[Fault]:
    for key in ("themes", "claims"):
        if not all(text.strip() for text in getattr(event, key)):
            yield Fault((*place, key), f'event "{event.id}" has an empty text in {key}')


def _check_unique(table: str, key: str, values: list[str]) -> Iterator[Fault]:
    seen: set[str] = set()
    for number, value in enumerate(values):
        if value in seen:
            yield Fault((table, number, key), f'a second entry of {table} has the {key} "{value}"; give it another')
        seen.add(value)


def _check_model(report: ReportSettings) -> Iterator[Fault]:
    """A model and the scorer that reads it come together."""
    for key, scorers in (("scorer", (report.scorer,)), ("also_scored", report.also_scored)):
        if TRAINED_SCORER in scorers and report.model is None:
            problem = f'the scorer "{TRAINED_SCORER}" needs a model: model = "PATH", which `brandtrust train` writes'
            yield Fault(("report", key), problem)
    if report.model is not None and TRAINED_SCORER not in (report.scorer, *report.also_scored):
        yield Fault(("report", "model"), f'only the scorer "{TRAINED_SCORER}" reads a model; name it, or take this out')


def _check_schedules(brand_file: BrandFile) -> Iterator[Fault]:
    for place, problem in find_schedule_faults(brand_file.schedules, brand_file.report.cron):
        yield Fault(place, problem)
    needs = {"alerts": ("a table [alerts]", brand_file.alerts), "policy_watch": ("[[terms]]", brand_file.terms)}
    for key, (needed, there) in needs.items():
        if (
            key in brand_file.schedules.model_fields_set
            and there in (None, ())
            and getattr(brand_file.schedules, key) != OFF
        ):
            yield Fault(("schedules", key), f'schedules.{key} needs {needed} in this file; add it, or write "{OFF}"')


def _check_alerts(brand_file: BrandFile) -> Iterator[Fault]:
    alerts, delivery = brand_file.alerts, brand_file.delivery
    if alerts is not None and len(set(alerts.kinds)) < len(alerts.kinds):
        yield Fault(("alerts", "kinds"), "alerts.kinds names one twice; name each once")
    if alerts is not None and alerts.quiet_hours and alerts.quiet_hours.begin == alerts.quiet_hours.end:
        yield Fault(("alerts", "quiet_hours"), "alerts.quiet_hours end when they begin; mend one, or leave them out")
    if delivery is not None and len(set(delivery.targets)) < len(delivery.targets):
        yield Fault(("delivery", "targets"), "delivery.targets names one twice; name each once")


class Known(NamedTuple):
    """Names that other rooms give meaning to. A brand file that uses one they do not have would find nothing."""

    connectors: Collection[str]
    themes: Collection[str]
    scorers: Collection[str]
    signals: Collection[str] | None = None  # None: not checked


def find_unknown_names(brand_file: BrandFile, known: Known) -> Iterator[Fault]:
    """Connectors, themes and scorers that are named and that there are not."""
    report = brand_file.report
    named: list[tuple[Place, str, str, Collection[str]]] = []
    for number, source in enumerate(brand_file.sources):
        named.append((("sources", number, "connector"), "connector", source.connector, known.connectors))
    if known.signals is not None:
        for number, signal in enumerate(brand_file.signals):
            named.append((("signals", number, "connector"), "signal", signal.connector, known.signals))
    for number, event in enumerate(brand_file.events):
        named += [(("events", number, "themes"), "theme", theme, known.themes) for theme in event.themes]
    named.append((("report", "scorer"), "scorer", report.scorer, known.scorers))
    named += [(("report", "also_scored"), "scorer", scorer, known.scorers) for scorer in report.also_scored]
    for place, kind, name, there_are in named:
        if name not in there_are:
            yield Fault(place, f'there is no {kind} "{name}"; {suggest(name, there_are)}')


def suggest(word: str, known: Iterable[str]) -> str:
    """What to say of a name that is not among the known ones."""
    known = list(known)
    close = get_close_matches(word, known, n=1)
    return f'did you mean "{close[0]}"?' if close else f"there are: {', '.join(known) or 'none'}"


@cache
def _suggest_key(key: str, table: tuple[str, ...]) -> str:
    """What to say of a key that the table does not have; cached, since a slip is often made in every entry."""
    return suggest(key, _known_keys(table))


@cache
def _is_misspelt(key: str, unknown: tuple[str, ...]) -> bool:
    return bool(get_close_matches(key, unknown))


def _known_keys(table: tuple[str, ...]) -> list[str]:
    """The keys of the table, found along the types of the models."""
    model: type[BaseModel] = BrandFile
    for part in table:
        inner = _find_model(model.model_fields[part].annotation)
        if inner is None:
            return []
        model = inner
    return list(model.model_fields)


def _find_model(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((model for part in get_args(annotation) if (model := _find_model(part)) is not None), None)
