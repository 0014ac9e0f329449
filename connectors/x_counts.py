"""How many posts there are, asked before they are paid for: what a run will cost, and where to cut time into slices."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from math import ceil

from connectors.batch import Asked
from connectors.errors import BadPayload
from connectors.politeness import utc_now
from connectors.times import ceil_to_day, floor_to_day, from_iso
from connectors.x_client import Answer, XClient
from connectors.x_pages import read_token
from connectors.x_spending import Meter

DAY = timedelta(days=1)
CHUNK = timedelta(days=31)  # what one request for counts tells
FINEST_SLICE = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Bucket:
    """Posts created in start ≤ t < end. UTC without a zone."""

    start: datetime
    end: datetime
    posts: int


class Counts:
    """Asks for counts, each once.

    A row of the ledger is yielded for each request as soon as it is paid for, before the next one is sent: whoever
    takes the rows has them all, wherever a run ends.
    """

    def __init__(self, client: XClient, meter: Meter, usd_per_count: float) -> None:
        self.client = client
        self.meter = meter
        self.usd_per_count = usd_per_count
        self._known: dict[tuple[str, datetime, datetime, str], list[Bucket]] = {}

    def is_known(self, search: str, start: datetime, until: datetime) -> bool:
        """Whether the hours of this time were asked for already."""
        return (search, start, until, "hour") in self._known

    def ask(
        self, search: str, start: datetime, until: datetime, granularity: str = "hour"
    ) -> Generator[Asked, None, list[Bucket]]:
        """Yields the rows of the ledger; returns what X counts for `search`, oldest first."""
        key = (search, start, until, granularity)
        if key not in self._known:
            buckets: list[Bucket] = []
            token: str | None = None
            tokens: set[str] = set()
            while True:
                self.meter.check(self.usd_per_count)
                answer = self.client.count(search, start, until, granularity, token)
                self.meter.add(self.usd_per_count)
                yield Asked(utc_now(), f"counts: {search}", start, until, 0, cost_usd=self.usd_per_count)
                buckets += read_buckets(self.client.source, answer)
                token = read_token(self.client.source, answer, tokens)
                if token is None:
                    break
            self._known[key] = sorted(buckets, key=lambda bucket: bucket.start)
        return self._known[key]

    def count_days(
        self, searches: Sequence[str], start: datetime, until: datetime
    ) -> Generator[Asked, None, list[tuple[date, int]]]:
        """Yields the rows of the ledger; returns posts of all searches on each whole UTC day in start ≤ t < until."""
        start, until = ceil_to_day(start - timedelta(microseconds=1)), floor_to_day(until)
        days = {first.date(): 0 for first, _ in cut_evenly(start, until, DAY)}
        for first, last in cut_evenly(start, until, CHUNK):
            for search in searches:
                buckets = yield from self.ask(search, first, last, "day")
                for bucket in buckets:
                    days[bucket.start.date()] = days.get(bucket.start.date(), 0) + bucket.posts
        return sorted(days.items())


def read_buckets(source: str, answer: Answer) -> list[Bucket]:
    """The counts in an answer."""
    rows = answer.get("data", [])
    if not isinstance(answer.get("meta"), dict) or not isinstance(rows, list):
        raise BadPayload(source, "counts", "the answer holds no counts")
    buckets = []
    for row in rows:
        values = row if isinstance(row, dict) else {}
        start, end, posts = from_iso(values.get("start")), from_iso(values.get("end")), values.get("tweet_count")
        if start is None or end is None or not isinstance(posts, int):
            raise BadPayload(source, "counts", "the answer holds a count without time or number")
        buckets.append(Bucket(start, end, posts))
    return buckets


def cut_evenly(start: datetime, until: datetime, length: timedelta) -> Iterator[tuple[datetime, datetime]]:
    """Neighbouring spans from start to until, each of `length` but the last."""
    while start < until:
        yield start, min(until, start + length)
        start += length


def cut_by_posts(
    buckets: Sequence[Bucket], start: datetime, until: datetime, most: int
) -> list[tuple[datetime, datetime]]:
    """Neighbouring spans from start to until with about `most` posts each; a crowded hour is cut into equal parts."""
    together: dict[datetime, Bucket] = {}
    for bucket in buckets:
        before = together.get(bucket.start)
        together[bucket.start] = Bucket(bucket.start, bucket.end, bucket.posts + (before.posts if before else 0))
    bounds, held = [start], 0
    for bucket in sorted(together.values(), key=lambda bucket: bucket.start):
        parts = -(-bucket.posts // most)
        if held and held + bucket.posts > most:
            bounds.append(bucket.start)
            held = 0
        if parts > 1:
            seconds = ceil((bucket.end - bucket.start).total_seconds() / parts)
            length = max(timedelta(seconds=seconds), FINEST_SLICE)
            bounds += [last for _, last in cut_evenly(bucket.start, bucket.end, length)]
        else:
            held += bucket.posts
    return list(pairwise([*sorted({bound for bound in bounds if start <= bound < until}), until]))
