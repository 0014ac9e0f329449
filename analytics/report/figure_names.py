"""Figures in words: what a reader of the report would call the number behind an id."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from analytics.report.formatting import write_day

COUNTED = {
    "posts": "posts",
    "truncated": "posts read only to their first part",
    "unscored": "posts that were not scored",
    "other_language": "posts in another language",
    "without_author": "posts without an author",
    "official": "posts of the brand itself",
    "copies": "repeated posts",
    "quarantined": "records set aside",
}
MEASURED = {
    "net_trust": "net trust expression",
    "attention": "attention",
    "usual_net_trust": "usual net trust expression",
    "usual_attention": "usual attention",
    "usual_posts": "usual posts a week",
    "usual_authors": "usual authors a week",
    "net_trust_without_copies": "net trust expression without copies",
    "practices_share": "attention to data and AI practices",
    "practices_share_without_copies": "attention to data and AI practices without copies",
    "copies": "copies",
}
RECEPTION = {
    "everybody": "authors after the response",
    "speaking": "authors who speak of the response",
    "share": "share that speaks of the response",
    "accepts": "of those who speak of the response, share that accepts it",
    "rejects": "of those who speak of the response, share that rejects it",
    "neither": "of those who speak of the response, share that does neither",
}
RISING = {
    "z": "how far it rose (z)",
    "share_now": "share of voices",
    "share_before": "share of voices in the eight weeks before",
}
PARTS = {
    "now": "net trust expression this week",
    "usual": "net trust expression in the usual weeks together",
    "part": "part of the week’s distance from the usual",
    "mix": "part of the week’s distance that is the sources’ mix",
    "distance": "the week’s distance from the usual weeks together",
    "as_far": "usual weeks as far from their median",
}
PERIODS = {"now": "last four weeks", "usual": "usual", "event": "four weeks of the event", "week": "in the week"}


def name_figure(figure_id: str, brand: str, week: date | None, names: Mapping[str, str]) -> str:
    """The figure in a few words; `names` are those of the brands. An id of another form stands for itself."""
    of, when = names.get(brand, brand), "" if week is None else f", week of {write_day(week)}"
    match figure_id.split("/"):
        case ["trust_weekly", _, _, _, measure] | ["copies_weekly", _, _, _, measure]:
            return f"{MEASURED.get(measure, _plain(measure))}, {of}{when}"
        case ["attention_weekly", _, _, scope, _]:
            return f"attention to {_scope(scope)}, {of}{when}"
        case ["usual", _, _, scope, measure]:
            on = f" to {_scope(scope)}" if measure == "usual_attention" else ""
            return f"{MEASURED.get(measure, _plain(measure))}{on}, {of}"
        case ["count_week", _, _, _, measure]:
            return f"{_plain(measure)} that week, {of}{when}"
        case ["themes", _, _, theme, period]:
            return f"share that speaks of {_scope(theme)}, {PERIODS.get(period, _plain(period))}, {of}"
        case ["source_weekly", _, _, source, measure]:
            return f"{_plain(measure)} of {source}, {of}{when}"
        case ["week_parts", _, _, source, part]:
            return f"{PARTS.get(part, _plain(part))}, {source or 'all sources'}, {of}{when}"
        case ["week_movers", *_, place]:
            return f"reach of post {place} of those that went with the week, {of}{when}"
        case ["volume_spikes", _, _, source, "usual"]:
            return f"usual posts a week of {source} before it, {of}{when}"
        case ["volume_spikes", _, _, source, carrier]:
            return f"share of the posts of {source}: {_plain(carrier)}, {of}{when}"
        case ["spread", _, event, *days, measure]:
            within = f", {_plain(days[0])}" if days else ""
            return f"from posts to the press after {event}: {_plain(measure)}{within}, {of}"
        case ["reception", _, event, measure]:
            return f"{RECEPTION.get(measure, _plain(measure))} to {event}, {of}"
        case ["episodes", _, event, source, _, episode, at]:
            since = f"week {at.removeprefix('week_')} from its notice"
            return f"attention to {episode} on {source}, {since}, beside {event}, {of}"
        case ["rising_terms", _, _, term, measure]:
            return f"“{term}”: {RISING.get(measure, measure)}, {of}{when}"
        case ["stored", _, _, "languages", language]:
            return f"posts stored over the time shown in the language {language}, {of}"
        case ["stored", _, _, "kinds", source, kind]:
            return f"posts stored over the time shown from {source} of the kind {_plain(kind)}, {of}"
        case ["claims", _, _, claim, period]:
            return f"share that voices {claim}, {PERIODS.get(period, _plain(period))}, {of}"
        case ["speakers", _, _, speaker, period]:
            return f"voices on practices: {speaker}, {PERIODS.get(period, _plain(period))}, {of}"
        case ["voice", _, _, compared, _]:
            return f"share of voice of {names.get(compared, compared)} in the last four weeks"
        case ["top_posts", _, _, period, place]:
            return f"reach of post {place} by reach, {'after the event' if period == 'event' else 'in the week'}, {of}"
        case ["sources", _, _, source, measure]:
            return f"{source}: {_plain(measure)}, {of}"
        case ["left_out", _, _, _, "erased"]:
            return f"posts erased since they were collected, {of}"
        case ["left_out", _, _, _, measure]:
            return f"{COUNTED.get(measure, _plain(measure))} over the time shown, {of}"
        case ["effect", _, event, measure, "estimate"]:
            return f"effect on {MEASURED.get(measure, _plain(measure))} of {event}, {of}"
        case ["effect", _, event, measure, name]:
            return f"effect on {MEASURED.get(measure, _plain(measure))} of {event}: {_plain(name)}, {of}"
        case ["effect_parts", _, event, measure, part]:
            return f"change in {MEASURED.get(measure, _plain(measure))} after {event}: {_plain(part)}, {of}"
        case ["effect_checks", _, event, measure, check]:
            return f"effect on {MEASURED.get(measure, _plain(measure))} of {event}, {_plain(check)}, {of}"
        case ["effect_recovery", _, event, measure, number]:
            return f"going back of {MEASURED.get(measure, _plain(measure))} after {event}: {_plain(number)}, {of}"
        case ["notice", _, *signal]:
            return f"{'/'.join(signal)} on its first unusual day, {of}"
    return figure_id


def _scope(scope: str) -> str:
    if scope == "practices":
        return "data and AI practices"
    return f"the themes of {scope.removeprefix('event:')}" if scope.startswith("event:") else _plain(scope)


def _plain(name: str) -> str:
    return name.replace("_", " ")
