"""100,000 articles and 100,000 reviews through the local servers: memory above start, and posts a second.

    python -m tests.bench.feeds_throughput

The server runs in a process of its own, so that what is measured is ours: HTTP, parsing, matching, batches.
"""

from __future__ import annotations

import concurrent.futures
import logging
import multiprocessing
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from brands.query import parse
from brands.schema import Source
from connectors.batch import Window
from connectors.feed_documents import read_document
from connectors.feed_entries import read_entry
from connectors.registry import open_source
from tests.bench.measurement import run
from tests.bench.tables import Table
from tests.servers.app_store import AppStoreServer, Review
from tests.servers.feeds import Article, Feed, FeedsServer
from tests.servers.platform import Request, Response

POSTS = 100_000
MOST_MEGABYTES = 150
START = datetime(2023, 1, 1)
NOW = datetime(2023, 9, 1)
FORMS = ("rss", "atom", "json", "rdf")
HTML = "<h2>Terms</h2><p>Zoom &amp; co say that <b>data</b> may be used.</p><ul><li>calls</li><li>files</li></ul>" * 3


def serve_feeds(ready: Connection) -> None:
    """100 feeds of 1,000 articles, written once."""

    class Written(FeedsServer):
        def respond(self, request: Request) -> Response:
            return self.pages[request.path]

    with Written() as server:
        for number in range(100):
            first = number * 1_000
            articles = [
                Article(f"tag:{n}", START + timedelta(minutes=3 * n % 300_000), f"Zoom {n}", HTML, f"author{n % 997}")
                for n in range(first, first + 1_000)
            ]
            feed = Feed(articles, FORMS[number % 4], shows=1_000)
            server.pages[f"/{number}"] = Response(200, feed.write(), {}, "application/xml")
        ready.send([f"{server.address}/{number}" for number in range(100)])
        ready.recv()


def serve_reviews(ready: Connection) -> None:
    """500 reviews in each of 200 countries, the most that the feed gives."""
    letters = "abcdefghijklmnopqrstuvwxyz"
    countries = [one + other for one in letters for other in letters][: POSTS // 500]
    reviews = {
        country: [
            Review(at * 500 + n, START + timedelta(hours=10 * n), "zoom is fine, " * 20, author=f"author{n}")
            for n in range(500)
        ]
        for at, country in enumerate(countries)
    }
    with AppStoreServer(reviews) as server:
        ready.send([server.address, *countries])
        ready.recv()


def memory() -> float:
    """Resident now, in megabytes."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e6


def feeds_source(told: list[str]) -> Source:
    """All the feeds that are served."""
    return Source(connector="feeds", name="feeds", feeds=tuple(told))


def reviews_source(told: list[str]) -> Source:
    """The app in all countries that are served."""
    countries = tuple(told[1:])
    return Source(connector="app_store", name="app_store", app_id="546505307", url=told[0], countries=countries)


@dataclass(frozen=True, slots=True)
class Collected:
    """What collecting everything took: seconds on the clock and of computing here, megabytes above start."""

    source: str
    posts: int
    wall: float
    cpu: float
    megabytes: float


Serve = Callable[[Connection], None]
SourceOf = Callable[[Any], Source]


def measure(serve: Serve, source_of: SourceOf) -> Collected:
    """Collect everything that is served."""
    logging.disable(logging.WARNING)  # each feed says that it shows nothing older
    ours, theirs = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=serve, args=(theirs,))
    server.start()
    source = source_of(ours.recv())
    start, peak, posts = memory(), 0.0, 0
    began, own_began = time.perf_counter(), time.process_time()
    connector = open_source(
        source, author_key=lambda source, handle: f"{hash((source, handle)):064x}", collected_at=NOW
    )
    for batch in connector.batches(parse("zoom NOT lens"), Window(START, NOW), None):
        posts += batch.posts.num_rows
        peak = max(peak, memory())
    seconds, own = time.perf_counter() - began, time.process_time() - own_began
    ours.send("enough")
    server.join()
    return Collected(source.name, posts, seconds, own, peak - start)


def measure_alone(serve: Serve, source_of: SourceOf) -> Collected:
    """The same in a process of its own, which does not begin with the memory of another measurement."""
    with concurrent.futures.ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as process:
        return process.submit(measure, serve, source_of).result()


def show_collecting(*served: tuple[Serve, SourceOf]) -> None:
    """Print the figures; end with an error where posts are missing or the memory is not flat."""
    numbers = {"posts": ",", "wall s": ".1f", "CPU s": ".1f", "posts/s of CPU": ",.0f", "MB above start": ".0f"}
    table = Table("Collecting from a local server", {"source": "<12", **numbers})
    good = True
    for serve, source_of in served:
        of = measure_alone(serve, source_of)
        table.add(of.source, of.posts, of.wall, of.cpu, of.posts / of.cpu, of.megabytes)
        good &= of.posts == POSTS and of.megabytes < MOST_MEGABYTES
    if not good:
        sys.exit("posts are missing, or the memory is not flat")


def measure_parts() -> None:
    """What the parser costs, and what entries cost after it."""
    table = Table("CPU of a feed's entry", {"form": "<12", "µs parsing": ".0f", "µs as a post": ".0f"})
    for form in FORMS:
        articles = [Article(f"tag:{n}", START + timedelta(minutes=n), f"Zoom {n}", HTML) for n in range(1_000)]
        body = Feed(articles, form, shows=1_000).write()
        began = time.perf_counter()
        document = read_document(body, "utf-8", "https://site.example.org/feed")
        parsed = time.perf_counter()
        items = [read_entry(entry, "https://site.example.org/feed", "en") for entry in document.entries]
        done = time.perf_counter()
        micros = 1e6 / len(items)
        table.add(form, (parsed - began) * micros, (done - parsed) * micros)


def main() -> None:
    """Print the tables; end with an error where posts are missing or the memory is not flat."""
    measure_parts()
    show_collecting((serve_feeds, feeds_source), (serve_reviews, reviews_source))


if __name__ == "__main__":
    run(main)
