"""The time an archive speaks for: from its first to its last post, less the gaps its owner declared."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import numpy as np

from brands.brand_file import Gap
from connectors.batch import Coverage, Window
from connectors.times import Times, ceil_to_day, floor_to_day, without_zone


class Span:
    """Gathers, batch by batch, what coverage says of a file in the end."""

    def __init__(self, gaps: Sequence[Gap], window: Window) -> None:
        self.since = without_zone(window.since) if window.since else datetime.min  # noqa: DTZ901
        self.until = without_zone(window.until) if window.until else datetime.max  # noqa: DTZ901
        self.edges = _edges(gaps, self.since, self.until)
        self.counts = np.zeros(len(self.edges) + 1, "int64")
        self.first: datetime | None = None
        self.last: datetime | None = None

    def look(self, times: Times) -> None:
        """Take note of all posts of the file, asked for or not: a week without posts inside its span is silence."""
        if len(times):
            first, last = times.min().item(), times.max().item()
            self.first = min(self.first or first, first)
            self.last = max(self.last or last, last)

    def count(self, times: Times) -> None:
        """Count the posts that are handed on."""
        edges = np.array(self.edges, "datetime64[us]")
        self.counts += np.bincount(np.searchsorted(edges, times, side="right"), minlength=len(self.counts))

    def coverage(self) -> list[Coverage]:
        """Rows in order of time: whole UTC days from first to last post, complete; each gap, failed."""
        rows = []
        for at, returned in enumerate(self.counts.tolist()):
            start = self.edges[at - 1] if at > 0 else self.since
            end = self.edges[at] if at < len(self.edges) else self.until
            failed = at % 2 == 1  # edges are starts and ends of gaps in turn
            if not failed:
                if self.first is None or self.last is None:
                    continue
                start, end = max(start, floor_to_day(self.first)), min(end, ceil_to_day(self.last))
            if start < end:
                rows.append(Coverage(start, end, returned, failed=failed))
        return rows


def _edges(gaps: Sequence[Gap], since: datetime, until: datetime) -> list[datetime]:
    """Start and end of each gap within the window in order of time, overlapping gaps as one."""
    edges: list[datetime] = []
    for start, end in sorted((without_zone(gap.since), without_zone(gap.until)) for gap in gaps):
        start, end = max(start, since), min(end, until)
        if start >= end:
            continue
        if edges and start <= edges[-1]:
            edges[-1] = max(edges[-1], end)
        else:
            edges += [start, end]
    return edges
