"""100,000 comments through the local Hacker News search: memory above start, and posts a second.

python -m tests.bench.hackernews_throughput
"""

from __future__ import annotations

import logging
import multiprocessing
import time
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection

from brands.query import parse
from brands.schema import Source
from connectors.batch import Window
from connectors.registry import open_source
from tests.bench.feeds_throughput import memory
from tests.servers.algolia import AlgoliaServer, comment

POSTS = 100_000
START = datetime(2023, 1, 1)
END = START + timedelta(days=200)


def serve(ready: Connection) -> None:
    """One comment every three minutes or so."""
    first = int(START.replace(tzinfo=UTC).timestamp())
    html = "<p>zoom &amp; its <i>terms</i>" + "<p>we read them, and then again" * 8
    with AlgoliaServer(
        comment(n, first + n * 172, html, author=f"author{n % 997}") for n in range(1, POSTS + 1)
    ) as server:
        ready.send(server.url)
        ready.recv()


def main() -> None:
    """Print the figures."""
    logging.disable(logging.WARNING)
    ours, theirs = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=serve, args=(theirs,))
    server.start()
    source = Source(connector="hackernews", name="hackernews", url=ours.recv())
    connector = open_source(
        source, author_key=lambda source, handle: f"{hash((source, handle)):064x}", collected_at=END
    )
    start, peak, posts = memory(), 0.0, 0
    began, own_began = time.perf_counter(), time.process_time()
    for batch in connector.batches(parse("zoom"), Window(START, END), None):
        posts += batch.posts.num_rows
        peak = max(peak, memory())
    seconds, own = time.perf_counter() - began, time.process_time() - own_began
    ours.send("enough")
    server.join()
    print(
        f"hackernews: {posts:,} posts in {seconds:.1f} s ({own:.1f} s of it computing here: {posts / own:,.0f} "
        f"posts/s); memory {peak - start:.0f} MB above start"
    )


if __name__ == "__main__":
    main()
