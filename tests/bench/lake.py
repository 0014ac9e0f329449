"""What does a team's store cost: the same run into a file and into a lake, and the same questions to both.

Run as `python -m tests.bench.lake [--posts N] [--json FILE]`. The run is that of `whole_path`, each in a process of its
own, one after the other on the same posts. The lake has its PostgreSQL and its folder on this machine: a network adds
its own time to every commit, and a shared disk to every file. Memory is that of our process, not of PostgreSQL.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from analytics.store import Store, read
from tests.bench.made_posts import write_ndjson
from tests.bench.measurement import median_seconds, run
from tests.bench.tables import Table, note
from tests.bench.whole_path import MEGABYTE, USUAL, start_into
from tests.lakes import running_lakes, why_no_lake

POSTS = 100_000
TIMES = 5


def write_a_little(store: Store) -> None:
    """The shortest transaction there is."""
    with store.transaction() as connection:
        connection.execute("UPDATE store_settings SET value = value WHERE name = 'store_id'")


def main(*arguments: str) -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.lake")
    parser.add_argument("--posts", type=int, default=POSTS)
    posts = parser.parse_args(arguments).posts
    if missing := why_no_lake():
        note(f"left out: {missing}")
        return
    with tempfile.TemporaryDirectory() as name, running_lakes(Path(name), durable=True) as lakes:
        folder = Path(name)
        posts_file = folder / "posts.ndjson"
        write_ndjson(posts_file, posts)
        note(f"{posts:,} posts, {os.cpu_count()} cores; load before {os.getloadavg()[0]:.1f}")
        stores = {"file": str(folder / "brandtrust.duckdb"), "lake": lakes.url(lakes.new_database())}
        columns = {"store": "<8", "wall s": ",.1f", "CPU s": ",.1f", "peak MB": ",.0f", "collecting s": ".1f"}
        table = Table("The whole path", {**columns, "scoring s": ".1f", "on disk MB": ",.0f", "published MB": ",.1f"})
        numbers = []
        for kind, url in stores.items():
            found = start_into(url, USUAL, posts_file, posts)
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


if __name__ == "__main__":
    run(main)
