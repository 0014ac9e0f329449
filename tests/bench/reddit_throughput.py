"""What does Reddit cost? 100,000 things over HTTP, and a post outside the network: our part and praw's.

Run as `python -m tests.bench.reddit_throughput`. The local Reddit runs in a process of its own, so that its memory and
its time are not counted; what is printed as CPU time is this process's alone.
"""

from __future__ import annotations

import copy
import hashlib
import logging
import multiprocessing
import resource
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from typing import Any

import praw
from praw.models import Comment, Submission

from brands.brand_file import Source
from brands.query import parse
from connectors.batch import Window
from connectors.items import Reader
from connectors.reddit import Reddit
from connectors.reddit_items import read_thing
from tests.bench.measurement import run
from tests.bench.tables import Table
from tests.servers.reddit import SECRETS, RedditServer, comment, submission
from tests.servers.reddit_things import Thing

SUBREDDITS, EACH, THREADS = 50, 1_000, 10
PAGE = 100
START = datetime(2023, 8, 1)
NOW = datetime(2023, 9, 1)
QUERY = parse('zoom AND (terms OR privacy OR "data sharing") NOT lens')
TEXT = "I have used zoom for three years, and I do not like what the new terms say about my data. " * 4


def author_key(source: str, handle: str) -> str:
    return hashlib.sha256(f"{source}|{handle}".encode()).hexdigest()


def make_things(number: int) -> list[Thing]:
    """The posts and comments of one subreddit, as many of each; a few threads hold all comments."""
    name, first = f"place{number}", number * 10 * EACH + 1
    second = int(START.replace(tzinfo=UTC).timestamp())
    posts = [submission(first + n, second + n * 60, f"Zoom, {n}", TEXT, name) for n in range(EACH)]
    late = second + EACH * 60
    return posts + [comment(first + EACH + n, late + n, TEXT, posts[n % THREADS]) for n in range(EACH)]


def serve(pipe: Connection) -> None:
    with RedditServer() as server:
        for number in range(SUBREDDITS):
            server.add(*make_things(number))
        server.allowance = 1 << 60
        pipe.send(server.address)
        pipe.recv()


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def connect(address: str, subreddits: range) -> Reddit:
    names = tuple(f"place{number}" for number in subreddits)
    source = Source(connector="reddit", name="reddit", url=address, subreddits=names)
    return Reddit(source, author_key, NOW, credentials=SECRETS)


def collect(reddit: Reddit) -> int:
    window = Window(START, START + timedelta(days=30))
    return sum(batch.posts.num_rows for batch in reddit.batches(QUERY, window, None))


def over_http() -> None:
    ours, theirs = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=serve, args=(theirs,))
    server.start()
    try:
        address = ours.recv()
        before, began, cpu = peak_mb(), time.perf_counter(), time.process_time()
        posts = collect(connect(address, range(SUBREDDITS)))
        seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
        columns = {"things": ",", "wall s": ".0f", "CPU s": ".0f", "most MB above start": ".0f"}
        Table("Over HTTP", columns).add(posts, seconds, cpu, peak_mb() - before)
    finally:
        ours.send("enough")
        server.join()


def outside_the_network(rounds: int = 10) -> None:
    reddit = praw.Reddit(client_id="x", client_secret="x", user_agent="a measurement", check_for_updates=False)
    data = [thing["data"] for thing in make_things(0)]
    classes: list[type[Any]] = [Submission if "title" in each else Comment for each in data]

    def build() -> list[Any]:
        return [kind(reddit, _data=each) for kind, each in zip(classes, copied, strict=True)]

    def read() -> int:
        reader = Reader("reddit", author_key, NOW, QUERY)
        window = Window(START, NOW)
        pages = (things[first : first + PAGE] for first in range(0, len(things), PAGE))
        return sum(reader.batch(map(read_thing, page), window).posts.num_rows for page in pages)

    library = own = 0.0
    for _ in range(rounds):
        copied = copy.deepcopy(data)
        things, spent = timed(build)
        kept, own_spent = timed(read)
        assert kept == len(data)
        library, own = library + spent, own + own_spent
    count = rounds * len(data)
    table = Table("Outside the network, in CPU time", {"part": "<48", "things/s": ",.0f", "µs each": ".0f"})
    table.add("ours: from praw's objects to a batch of posts", count / own, own / count * 1e6)
    table.add("praw: from JSON to its objects", count / library, library / count * 1e6)


def timed(work: Callable[[], Any]) -> tuple[Any, float]:
    began = time.process_time()
    result = work()
    return result, time.process_time() - began


def main() -> None:
    logging.disable(logging.WARNING)  # every listing here is full, and says so
    over_http()  # first, while this process has never needed more memory
    outside_the_network()


if __name__ == "__main__":
    run(main)
