"""The newest event beside earlier ones, in words: what the curves show, and what every one of them stands on."""

from __future__ import annotations

from dataclasses import dataclass

from analytics.report.episodes import Episode, Episodes, EpisodeWeek
from analytics.report.formatting import (
    NO_BREAK,
    upper_first,
    write_count,
    write_day,
    write_number,
    write_share,
    write_small,
)
from analytics.report.model import Report

HEADS = ("Event", "Noticed", "Week before", "Highest of four weeks", "When", "Last week shown")


@dataclass(frozen=True, slots=True)
class EpisodesWords:
    """What is said of it; `rows` are those of a table with HEADS, empty where there is nothing to compare with."""

    said: str
    note: str
    rows: tuple[tuple[str, ...], ...]


def write_episodes(report: Report) -> EpisodesWords | None:
    """How much was spoken of the newest event beside earlier ones; None without an event."""
    event, found = report.event, report.episodes
    if event is None:
        return None
    if event.noticed is None:
        return EpisodesWords("The day on which it was noticed is not known: no curve can begin there.", "", ())
    if found is None:
        peers = " or of its peers" if report.peers else ""
        return EpisodesWords(
            f"The store holds no earlier confirmed event of {report.name}{peers} that was collected on a source of this"
            " one: there is nothing to hold it against.",
            "",
            (),
        )
    return EpisodesWords(write_finding(found), _note(found), tuple(_row(episode) for episode in found.all))


def write_finding(found: Episodes) -> str:
    """Where this event stands among the others, in a sentence: described, not tested."""
    own = found.own.peak
    beside = max((episode for episode in found.earlier), key=lambda episode: episode.peak.share or 0.0)
    many = len(found.earlier)
    if (own.share or 0.0) > (beside.peak.share or 0.0):
        shown = "the earlier event shown" if many == 1 else f"any of the {write_small(many)} earlier events shown"
        rank = f"more than at {shown}"
    else:
        rank = "no more than at an earlier one"
    counts = (f"n{NO_BREAK}{write_number(week.authors)}" for week in (own, beside.peak))
    return (
        f"Of the authors on {found.source} {write_share(own.share)} spoke of this event’s themes in {write_week(own)}"
        f" ({next(counts)}), {rank}: {name_episode(beside)}, had {write_share(beside.peak.share)}"
        f" in {write_week(beside.peak)} ({next(counts)})."
    )


def write_alt(found: Episodes) -> str:
    """What the curves show, for those who cannot see them."""
    last = found.own.told[-1]
    gaps = [name_episode(episode) for episode in found.all if len(episode.told) < len(episode.weeks)]
    blank = f" Weeks of {', '.join(gaps)} are left blank." if gaps else ""
    return (
        f"{write_finding(found)} In the last week shown, {write_week(last)}, it is {write_share(last.share)}"
        f" (n{NO_BREAK}{write_number(last.authors)}).{blank}"
    )


def name_episode(episode: Episode) -> str:
    """An event where there is little room: its brand and month."""
    return f"{episode.name}, {episode.noticed:%b %Y}"


def write_week(week: EpisodeWeek) -> str:
    """Which seven days it is, counted from the notice."""
    if week.week < 0:
        return "the week before the notice" if week.week == -1 else f"the {_ordinal(-week.week)} week before the notice"
    return f"the {_ordinal(week.week + 1)} week"


def write_share_of(week: EpisodeWeek | None) -> str:
    """A week's share with its interval and what it stands on; a dash where there is none."""
    if week is None or week.share is None:
        return "–"
    interval = ""
    if week.low is not None and week.high is not None:
        low, high = (write_number(end, 0 if end >= 9.95 or end < 0.05 else 1) for end in (week.low, week.high))
        interval = f"{low} to {high}; "
    return f"{write_share(week.share)} ({interval}n{NO_BREAK}{write_number(week.authors)})"


def _row(episode: Episode) -> tuple[str, ...]:
    before = next((week for week in episode.weeks if week.week == -1), None)
    return (
        f"{episode.name}: {episode.title}",
        write_day(episode.noticed),
        write_share_of(before),
        write_share_of(episode.peak),
        upper_first(write_week(episode.peak).removeprefix("the ")),
        f"{write_share_of(episode.told[-1])}, {write_week(episode.told[-1]).removeprefix('the ')}",
    )


def _note(found: Episodes) -> str:
    left = found.others - len(found.earlier)
    only = f" {upper_first(write_count(left, 'older event is', 'older events are'))} left out." if left > 0 else ""
    return (
        f"Share of the authors on {found.source} who speak of the event’s own themes, by seven days from its notice,"
        " with the 95 % interval of sampling. Highest: of the first four weeks. All are of the same"
        " source, since sources differ. Weeks that were not collected, or with under 10 authors, are left blank; so is"
        " what comes after the next event of the same brand."
        f" Described, not tested: events differ in their themes.{only}"
    )


def _ordinal(number: int) -> str:
    words = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
    return words[number - 1] if 0 < number <= len(words) else f"{number}th"
