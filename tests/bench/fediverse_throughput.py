"""100,000 posts through Bluesky's and Mastodon's local servers: memory above start, and what a post costs.

Run as `python -m tests.bench.fediverse_throughput`. The server runs in another process. Costs are CPU time of this
process; "fetched" is the same run with the connector's own reading left out: the library, HTTP and JSON.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pyarrow as pa

from brands.brand_file import Source
from brands.query import parse
from connectors import bluesky, mastodon
from connectors.batch import Connector, Window
from connectors.items import Item
from connectors.registry import open_source
from tests.bench.measurement import run
from tests.bench.tables import Table
from tests.servers.bluesky import BlueskyServer, post
from tests.servers.mastodon import MastodonServer, status

POSTS = 100_000
START = datetime(2023, 8, 1)
WINDOW = Window(START, START + timedelta(days=30))
STEP = (WINDOW.until - START) / POSTS  # type: ignore[operator]
TEXT = "I read Zoom’s new terms twice & still do not know what they train on, post {n} of a long month"
SECRETS = {"BLUESKY_HANDLE": "brand.bsky.social", "BLUESKY_APP_PASSWORD": "abcd-efgh-ijkl-mnop"}


class Ticking:
    """A clock on which each look takes a second, so that no allowance is ever used up."""

    def __init__(self) -> None:
        self.now = datetime(2023, 9, 1)

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


def serve(name: str) -> None:
    """Be the server until the parent closes our input."""
    server: BlueskyServer | MastodonServer
    if name == "bluesky":
        server = BlueskyServer(clock=lambda: datetime(2023, 9, 1))
        server.index.add(*(post(n, START + n * STEP, TEXT.format(n=n)) for n in range(POSTS)))
        server.tokens = Endless()
        server.used = Forgetful()
    else:
        server = MastodonServer(clock=Ticking())
        server.add(*(status(server.address, n, START + n * STEP, TEXT.format(n=n), "zoom") for n in range(POSTS)))
    server.log = Forgetful()
    with server:
        print(server.address, flush=True)
        sys.stdin.read()


class Forgetful(list):  # type: ignore[type-arg]
    """A list that stays empty."""

    def append(self, item: object) -> None:
        """Forget it."""


class Endless(dict):  # type: ignore[type-arg]
    """Sessions that do not end."""

    def __getitem__(self, token: str) -> tuple[str, datetime]:
        return super().__getitem__(token)[0], datetime.max


@contextmanager
def running(name: str) -> Iterator[str]:
    """The address of a server in another process."""
    command = [sys.executable, "-c", f"from tests.bench.fediverse_throughput import serve; serve({name!r})"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin
        assert process.stdout
        yield process.stdout.readline().strip()
        process.stdin.close()


def resident() -> float:
    """MB that this process holds now."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * resource.getpagesize() / 1e6


def connect(name: str, address: str) -> Connector:
    source = Source(connector=name, name=name, url=address, instances=(address,))
    now = datetime(2023, 9, 1)
    return open_source(source, author_key=lambda *_: "k" * 64, collected_at=now, credentials=SECRETS, clock=lambda: now)


def collect(name: str, address: str) -> tuple[int, float, float, float]:
    """Posts, MB above start at the most, wall and CPU seconds."""
    connector = connect(name, address)
    first, most = resident(), 0.0
    wall, cpu = time.perf_counter(), time.process_time()
    posts = 0
    for batch in connector.batches(parse("zoom"), WINDOW, None):
        posts += batch.posts.num_rows
        most = max(most, resident() - first)
    return posts, most, time.perf_counter() - wall, time.process_time() - cpu


def fetch(name: str, address: str) -> float:
    """CPU seconds of the same requests without reading what they bring."""
    module, reader = (bluesky, "read_post") if name == "bluesky" else (mastodon, "read_statuses")
    kept = getattr(module, reader)
    nothing = Item("0", START, "")
    ignore: Callable[..., object] = (lambda view: nothing) if name == "bluesky" else (lambda views, numbered: [nothing])
    setattr(module, reader, ignore)
    try:
        return collect(name, address)[3]
    finally:
        setattr(module, reader, kept)


def main() -> None:
    """Print the table."""
    numbers = {"posts": ",", "MB above start": ".0f", "posts/s": ",.0f", "µs CPU a post": ".0f", "fetched": ".0f"}
    table = Table(
        "What a post costs, and what of it is fetching and our own", {"source": "<10", **numbers, "own": ".0f"}
    )
    for name in ("bluesky", "mastodon"):
        with running(name) as address:
            pa.default_memory_pool().release_unused()
            posts, most, wall, cpu = collect(name, address)
            fetched = fetch(name, address) / posts * 1e6
        each = cpu / posts * 1e6
        table.add(name, posts, most, posts / wall, each, fetched, each - fetched)


if __name__ == "__main__":
    run(main)
