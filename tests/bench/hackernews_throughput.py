"""100,000 comments through the local Hacker News search: memory above start, and posts a second.

python -m tests.bench.hackernews_throughput
"""

from __future__ import annotations

from datetime import UTC
from multiprocessing.connection import Connection

from brands.schema import Source
from tests.bench.feeds_throughput import POSTS, START, show_collecting
from tests.bench.measurement import run
from tests.servers.algolia import AlgoliaServer, comment


def serve(ready: Connection) -> None:
    """One comment every three minutes or so."""
    first = int(START.replace(tzinfo=UTC).timestamp())
    html = "<p>zoom &amp; its <i>terms</i>" + "<p>we read them, and then again" * 8
    comments = (comment(n, first + n * 172, html, author=f"author{n % 997}") for n in range(1, POSTS + 1))
    with AlgoliaServer(comments) as server:
        ready.send(server.url)
        ready.recv()


def source_of(address: str) -> Source:
    """The search that is served."""
    return Source(connector="hackernews", name="hackernews", url=address)


def main() -> None:
    """Print the figures; end with an error where posts are missing or the memory is not flat."""
    show_collecting((serve, source_of))


if __name__ == "__main__":
    run(main)
