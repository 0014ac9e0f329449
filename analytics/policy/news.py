"""What new versions of watched terms bring: the changes that somebody should read before they become an event."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, cast

from analytics.policy.listing import compare, find_change, list_versions

if TYPE_CHECKING:
    from analytics.policy import Direction
    from analytics.store import Store


@dataclass(frozen=True, slots=True)
class NewChange:
    """A change of watched terms that speaks of data and AI practices. `moment` tells it from others of its document.

    Themes: of sentences that only came (`gains`), that only went (`loses`), and the others of the change (`edits`).
    """

    document: str
    recorded_at: datetime
    moment: str
    direction: Direction
    gains: tuple[str, ...]
    loses: tuple[str, ...]
    edits: tuple[str, ...]


def find_news(store: Store, brand: str, fresh: Collection[tuple[str, datetime]]) -> Iterator[NewChange]:
    """Those of the `fresh` versions (document, recorded_at) whose change speaks of data and AI practices."""
    versions = list_versions(store, brand) if fresh else []
    for each in versions:
        if (each.document, each.recorded_at) not in fresh or each.first or each.noise or not each.themes:
            continue
        change = find_change(store, each.document, each.recorded_at.isoformat(), brand)
        sentences = compare(store, change).sentences
        came = {theme for one in sentences if not one.before for theme in one.themes}
        went = {theme for one in sentences if not one.after for theme in one.themes}
        recorded = [other.recorded_at.isoformat() for other in versions if other.document == each.document]
        gains, loses = sorted(came - went), sorted(went - came)
        yield NewChange(
            each.document,
            each.recorded_at,
            _shortest(each.recorded_at, recorded),
            cast("Direction", each.direction),
            tuple(gains),
            tuple(loses),
            tuple(theme for theme in each.themes if theme not in (*gains, *loses)),
        )


def _shortest(moment: datetime, recorded: Collection[str]) -> str:
    """The day, where that is enough to tell a version from the others of its document; else the time too."""
    told = (moment.date().isoformat(), moment.isoformat(timespec="seconds"))
    alone = (each for each in told if sum(other.startswith(each) for other in recorded) == 1)
    return next(alone, moment.isoformat())
