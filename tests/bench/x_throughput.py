"""100,000 posts of X: memory above start, our own cost for each post, and what tweepy's objects would cost beside it.

Run: python -m tests.bench.x_throughput [POSTS]
"""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import resource
from collections.abc import Iterator
from datetime import datetime, timedelta
from multiprocessing.connection import Connection
from time import perf_counter, process_time
from typing import Any

import tweepy

from brands.brand_file import Source
from brands.query import parse
from connectors.batch import Window
from connectors.items import Reader
from connectors.registry import open_source
from connectors.x_items import read_post
from tests.bench.measurement import run
from tests.bench.tables import Table
from tests.servers.x import TOKEN, XServer, post

NOW = datetime(2023, 9, 1, 12)
WINDOW = Window(datetime(2023, 8, 1), datetime(2023, 9, 1))
PAGE = 500


class Clock:
    """Real work, but waits that nobody waits for."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


def make_posts(count: int) -> Iterator[dict[str, Any]]:
    assert WINDOW.since is not None
    for n in range(count):
        text = f"Zoom &amp; its new terms, number {n}: do they train on our calls? https://t.co/{n:010} #privacy"
        created = WINDOW.since + timedelta(seconds=n * 2_600_000 / count)
        counts = {"retweet_count": n % 7, "reply_count": n % 3, "like_count": n % 90, "quote_count": 0}
        references = [{"type": "replied_to", "id": str(10**18 + n - 1)}] if n % 3 else []
        more = {"referenced_tweets": references} if references else {}
        yield post(10**18 + n, created, text, author_id=str(10**9 + n % 20_000), public_metrics=counts, **more)


def serve(count: int, pipe: Connection) -> None:
    """The server, in a process of its own."""
    clock = Clock()
    clock.now = NOW + timedelta(days=1)
    with XServer(make_posts(count), clock=clock) as server:
        server.limits = dict.fromkeys(server.limits, 10**9)
        pipe.send(server.address)
        pipe.recv()


def author_key(source: str, handle: str) -> str:
    return hashlib.sha256(f"{source}|{handle}".encode()).hexdigest()


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def collect(address: str) -> tuple[int, int]:
    """Posts and batches of the whole window, through the server."""
    clock = Clock()
    source = Source(connector="x", name="x", url=address, full_archive=True)
    connector = open_source(
        source,
        author_key=author_key,
        collected_at=NOW,
        credentials={"X_BEARER_TOKEN": TOKEN},
        clock=clock,
        sleep=clock.sleep,
    )
    posts = batches = 0
    for batch in connector.batches(parse("zoom"), WINDOW, None):
        posts, batches = posts + batch.posts.num_rows, batches + 1
    return posts, batches


def main(posts_wanted: str = "100000") -> None:
    """Print the tables."""
    count = int(posts_wanted)
    ours, theirs = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=serve, args=(count, theirs))
    server.start()
    address = ours.recv()
    collect_nothing = Reader("x", author_key, NOW, parse("zoom"))
    collect_nothing.batch([read_post(one) for one in make_posts(10)], WINDOW)  # what is made once
    start_mb, began, cpu = peak_mb(), perf_counter(), process_time()
    posts, batches = collect(address)
    seconds, cpu = perf_counter() - began, process_time() - cpu
    columns = {"posts": ",", "batches": ",", "wall s": ".1f", "CPU s": ".1f", "MB above start": ".0f"}
    Table("Through the server", columns).add(posts, batches, seconds, cpu, peak_mb() - start_mb)
    ours.send("end")
    server.join()

    pages = [json.dumps(list(make_posts(PAGE))) for _ in range(20)]
    loaded = [json.loads(page) for page in pages]
    timed = sum(map(len, loaded))
    reader = Reader("x", author_key, NOW, parse("zoom"))
    began = process_time()
    for page in loaded:
        reader.seen.clear()
        reader.batch(map(read_post, page), WINDOW)
    own = (process_time() - began) / timed
    began = process_time()
    for page in loaded:
        for one in page:
            tweepy.Tweet(one)
    library = (process_time() - began) / timed
    began = process_time()
    for text in pages:
        json.loads(text)
    decoding = (process_time() - began) / timed
    table = Table("Outside the network, in CPU time", {"part": "<62", "µs a post": ".0f", "posts/s": ",.0f"})
    for part, seconds in (
        ("our own: from X's JSON to a record batch, query matched", own),
        ("tweepy's objects, which are not made", library),
        ("decoding JSON", decoding),
    ):
        table.add(part, seconds * 1e6, 1 / seconds)


if __name__ == "__main__":
    run(main)
