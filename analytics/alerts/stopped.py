"""Sources that no look reaches any more while sources of the brand are asked: for a person. It decides nothing.

What counts is whether a look succeeded, never what came: a source in which nobody speaks is well.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from analytics.store.catalogue import statement

if TYPE_CHECKING:
    import duckdb

SOON = timedelta(hours=24)  # the next look may well succeed
LATE = 3  # times the usual time between two looks that succeed
OFTEN = 2  # looks in vain, after which nobody waits for the usual time to pass


@dataclass(frozen=True, slots=True)
class StoppedSource:
    """`given_until`: up to when a look succeeded, None where none ever did; `in_vain`: how many did not since then.

    `asked_since`: where none ever succeeded, the first of them.
    """

    source: str
    given_until: datetime | None
    in_vain: int
    asked_since: datetime

    @property
    def since(self) -> datetime:
        """Since when nothing can have come."""
        return self.given_until or self.asked_since


def find_stopped(
    connection: duckdb.DuckDBPyConnection, brand: str, sources: Collection[str], until: datetime
) -> list[StoppedSource]:
    """Which of these live sources of a brand no look has reached for long, by name.

    For three times as long as is usual of the source and a day at least; where two looks were in vain, for a day. Both
    are held to the last look at any of them, so that none is named where nobody has asked at all.
    """
    rows = connection.execute(statement("list_source_looks"), {"brand": brand, "until": until}).fetchall()
    looks = [row for row in rows if row[0] in sources]
    newest = max((asked_until for _, _, asked_until, *_ in looks), default=until)
    found = []
    for source, given_until, asked_until, usual_seconds, in_vain, in_vain_since in looks:
        stopped = StoppedSource(source, given_until, in_vain, in_vain_since or asked_until)
        usual = timedelta(seconds=usual_seconds or 0)
        if newest - stopped.since >= (SOON if in_vain >= OFTEN else max(SOON, LATE * usual)):
            found.append(stopped)
    return found
