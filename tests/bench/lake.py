"""What does a team's store cost: the same run into a file and into a lake, and the same questions to both.

Run as `python -m tests.bench.lake [--posts N] [--writers N] [--brought N] [--json FILE]`. The run is that of
`whole_path`, each in a process of its own, one after the other on the same posts. The lake has its PostgreSQL and its
folder on this machine: a network adds its own time to every commit, and a shared disk to every file. Memory is that of
our process, not of PostgreSQL.

Then several processes bring posts into another lake at once, half of them the same in all and at the same time. Each
post must be there once.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analytics.store import Store, read
from analytics.store.saving import save_arrival
from tests.bench.made_posts import write_ndjson
from tests.bench.measurement import LeftOut, median_seconds, run
from tests.bench.tables import Table, note, promise
from tests.bench.whole_path import MEGABYTE, USUAL, start_into
from tests.lakes import running_lakes, why_no_lake
from tests.posts import arrival, posts

POSTS = 100_000
WRITERS, BROUGHT = 4, 250_000
BATCHES = 10  # of each writer; every other one is that of all
PATIENCE = 600  # seconds: for writers that make their posts
TIMES = 5


@dataclass(frozen=True, slots=True)
class Brought:
    """What became of posts that were brought at once: how many there are to be, rows missing, rows too many."""

    due: int
    lost: int
    doubled: int
    seconds: float  # until all had brought theirs


def write_a_little(store: Store) -> None:
    """The shortest transaction there is."""
    with store.transaction() as connection:
        connection.execute("UPDATE store_settings SET value = value WHERE name = 'store_id'")


def bring(url: str, writer: int, batch: int, all_ready: Any) -> None:
    """What one writer does; the others wait until its posts are made."""
    store, batches = Store(url), []
    for number in range(BATCHES):
        whose = f"writer {writer}" if number % 2 else "everybody"
        batches.append(posts({"post_id": f"{whose} {number} {at}"} for at in range(batch)))
    all_ready.wait(PATIENCE)
    for each in batches:
        save_arrival(store, arrival(each))


def bring_at_once(url: str, writers: int, brought: int) -> Brought:
    """Have so many processes bring so many posts each. Raises RuntimeError where one fails."""
    context, batch = multiprocessing.get_context("spawn"), brought // BATCHES
    all_ready = context.Barrier(writers + 1)
    processes = [
        context.Process(target=bring, args=(url, number, batch, all_ready), daemon=True) for number in range(writers)
    ]
    for process in processes:
        process.start()
    all_ready.wait(PATIENCE)
    began = time.perf_counter()
    for process in processes:
        process.join()
    seconds = time.perf_counter() - began
    if any(process.exitcode for process in processes):
        raise RuntimeError(f"writers ended with {', '.join(str(process.exitcode) for process in processes)}")
    due = batch * (BATCHES - BATCHES // 2 + writers * (BATCHES // 2))
    return Brought(due, *count_faults(Store(url), due), seconds)


def count_faults(store: Store, due: int) -> tuple[int, int]:
    """Rows of posts and mentions that are missing, and those that are there another time."""
    lost = doubled = 0
    with store.writer() as connection:
        for table in ("posts", "mentions"):
            sql = f"SELECT count(DISTINCT post_id), count(*) FROM {table}"
            [(distinct, rows)] = connection.execute(sql).fetchall()
            lost += due - distinct
            doubled += rows - distinct
    return lost, doubled


def main(*arguments: str) -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.lake")
    parser.add_argument("--posts", type=int, default=POSTS)
    parser.add_argument("--writers", type=int, default=WRITERS)
    parser.add_argument("--brought", type=int, default=BROUGHT, metavar="N", help="posts of each writer")
    options = parser.parse_args(arguments)
    if missing := why_no_lake():
        raise LeftOut(missing)
    with tempfile.TemporaryDirectory() as name, running_lakes(Path(name), durable=True) as lakes:
        folder = Path(name)
        posts_file = folder / "posts.ndjson"
        write_ndjson(posts_file, options.posts)
        note(f"{options.posts:,} posts, {os.cpu_count()} cores; load before {os.getloadavg()[0]:.1f}")
        stores = {"file": str(folder / "brandtrust.duckdb"), "lake": lakes.url(lakes.new_database())}
        columns = {"store": "<8", "wall s": ",.1f", "CPU s": ",.1f", "peak MB": ",.0f", "collecting s": ".1f"}
        table = Table("The whole path", {**columns, "scoring s": ".1f", "on disk MB": ",.0f", "published MB": ",.1f"})
        numbers = []
        for kind, url in stores.items():
            found = start_into(url, USUAL, posts_file, options.posts)
            store = Store(url)
            sizes = store.size / MEGABYTE, store.read_path.stat().st_size / MEGABYTE
            parts = found.numbers["collecting"], found.numbers["scoring"]
            table.add(kind, found.wall, found.cpu, found.peak / MEGABYTE, *parts, *sizes)
            numbers.append({key: found.numbers[key] for key in ("new", "scored", "tagged", "weeks", "counted")})
        note("the same numbers" if numbers[0] == numbers[1] else f"not the same numbers: {numbers}")
        asked = Table(
            f"Afterwards, in one process, the median of {TIMES}, in seconds",
            {"what": "<44", **dict.fromkeys(stores, ".3f")},
        )
        works: dict[str, Callable[[Store], object]] = {
            "a transaction that writes one row": write_a_little,
            "publishing when nothing is new": Store.publish,
            'read("trust_weekly")': lambda store: read("trust_weekly", store=store.url),
            'read("brand_posts"), one week of it': lambda store: read(
                "brand_posts", since="2022-06-06", until="2022-06-13", store=store.url
            ),
        }
        opened = [Store(url) for url in stores.values()]
        for what, work in works.items():
            asked.add(what, *(median_seconds(lambda work=work, each=each: work(each), TIMES) for each in opened))  # type: ignore[misc]
        brought = bring_at_once(lakes.new_store(), options.writers, options.brought)
        what = f"of {brought.due:,} posts that {options.writers} writers brought at once"
        note(f"{options.writers} writers brought {options.brought:,} posts each in {brought.seconds:.1f} s")
        promise(f"rows lost {what}", brought.lost, at_most=0)
        promise(f"rows doubled {what}", brought.doubled, at_most=0)


if __name__ == "__main__":
    run(main)
