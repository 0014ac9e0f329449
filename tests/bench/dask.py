"""From how many posts does it pay to have Dask read them, on this machine and on how many others?

Run as `python -m tests.bench.dask [--posts N …] [--json FILE]`. The same stored posts are read by one process, by two
(what brandtrust does by itself) and by Dask with two workers through Prefect's task runner, each in a process of its
own that starts what it needs. All tables are compared: whoever reads, they are to be the same to the last bit. Then
the parts are measured alone, and what more workers would do is told by arithmetic from them.
"""

from __future__ import annotations

import argparse
import json
import os
import pickle
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.bench.made_posts import BRAND, write_ndjson
from tests.bench.measurement import run
from tests.bench.tables import Table, note, promise
from tests.bench.whole_path import BRAND_FILE, MEGABYTE, USUAL, VARIANTS, measure

SIZES = (30_000, 300_000, 3_000_000)
WAYS = {"one process": (None, 10**12), "two processes": (None, 0), "Dask, 2 workers": ("2", 0)}
ONE, TWO, DASK = WAYS
ALONE = 5  # times each part is measured
OF_THE_RUN = ("runs", "store_settings")


@dataclass(frozen=True, slots=True)
class Parts:
    """Seconds of one partition: to read it alone, all that Dask and Prefect add, and to fetch and keep it."""

    reading: float
    handing: float
    committing: float


def digest(path: Path) -> dict[str, tuple[int, int]]:
    """Of every table its rows and a hash of all of them in any order, without what tells which run wrote them."""
    import duckdb

    with duckdb.connect(str(path), read_only=True) as connection:
        found = connection.execute(
            "SELECT table_name, list(column_name ORDER BY column_index) FROM duckdb_columns() WHERE NOT internal "
            "AND table_name IN (SELECT table_name FROM duckdb_tables()) GROUP BY table_name"
        ).fetchall()
        rows = {}
        for table, columns in found:
            named = ", ".join(f'"{each}"' for each in columns if each != "run_id")
            if table not in OF_THE_RUN:
                sql = f"SELECT count(*), coalesce(bit_xor(hash({named})), 0) FROM {table}"
                [row] = connection.execute(sql).fetchall()
                rows[table] = row
    return rows


def score_store(brand_file: Path, store_path: Path) -> dict[str, Any]:
    """Score what is stored; how long reading took, and of that fetching and keeping."""
    from analytics import new_posts
    from analytics.store import Store
    from brands.brand_file import load
    from flows import stages

    spent = {"reading": 0.0, "committing": 0.0, "partitions": 0.0}
    exchange, divide = new_posts._exchange, new_posts._divide

    def timed(*arguments: Any) -> Any:
        start = time.perf_counter()
        try:
            return exchange(*arguments)
        finally:
            spent["committing"] += time.perf_counter() - start

    def counted(*arguments: Any) -> Any:
        jobs = divide(*arguments)
        spent["partitions"] += len(jobs)
        return jobs

    def step(name: str, work: Callable[[Any], Any], *others: Any, **more: Any) -> Any:
        start = time.perf_counter()
        done = work(lambda _: None)
        if name == "read posts":
            spent["reading"] += time.perf_counter() - start
        return done

    new_posts._exchange, new_posts._divide = timed, counted
    outcome = stages.score(load(brand_file), Store(store_path), step=step)
    return {**spent, "scored": outcome.scored, "tagged": outcome.tagged}


def read_one_way(way: str, brand_file: Path, store_path: Path) -> dict[str, Any]:
    from analytics import readers
    from flows.dask_setting import NAME

    workers, worth = WAYS[way]
    readers.WORTH_A_PROCESS = worth
    os.environ.pop(NAME, None)
    if workers:
        from flows.settings import prepare_environment

        prepare_environment(quiet=True)  # before Prefect is imported
        from flows import reading_by_dask

        os.environ[NAME] = workers
        reading_by_dask.WORTH_DASK = 0
    return score_store(brand_file, store_path)


def collect(folder: Path, posts: int) -> tuple[Path, Path]:
    """A brand file, and a store of posts that nobody has read."""
    from analytics.store import Store
    from brands.brand_file import load
    from flows import stages

    write_ndjson(folder / "posts.ndjson", posts)
    brand_file = folder / "brand.toml"
    text = BRAND_FILE.format(brand=BRAND, query=BRAND.lower(), path=folder / "posts.ndjson", **VARIANTS[USUAL])
    brand_file.write_text(text)
    stages.collect(load(brand_file), Store(folder / "base.duckdb"))
    (folder / "posts.ndjson").write_text("")  # its room is needed
    return brand_file, folder / "base.duckdb"


def compare(table: Table, folder: Path, posts: int) -> dict[str, dict[str, Any]]:
    """Each way on the same stored posts, one row each."""
    brand_file, base = collect(folder, posts)
    numbers: dict[str, dict[str, Any]] = {}
    digests = {}
    for way in WAYS:
        store = folder / "run.duckdb"
        for ending in (".duckdb", ".key"):
            shutil.copy(base.with_suffix(ending), store.with_suffix(ending))
        load_before = os.getloadavg()[0]
        found = measure(way, posts, ["-m", "tests.bench.dask", "--way", way, str(brand_file), str(store)])
        numbers[way], digests[way] = found.numbers, digest(store)
        reading = found.numbers["reading"]
        table.add(
            *(posts, way, found.numbers["partitions"], reading, reading / posts * 1e6, found.numbers["committing"]),
            *(found.wall, found.cpu, found.peak / MEGABYTE, load_before),
        )
        store.unlink()
    differing = {name for way in WAYS for name in digests[ONE] if digests[way].get(name) != digests[ONE][name]}
    told = f"differing: {', '.join(sorted(differing))}" if differing else "identical whoever reads"
    note(f"{posts:,} posts: {len(digests[ONE])} tables, {told}")
    promise(f"tables that differ by who reads {posts:,} posts", len(differing), at_most=0)
    return numbers


def measure_parts(folder: Path) -> Parts:
    """One partition again and again: read here, and through Prefect and one worker of Dask that has read before."""
    from flows.settings import prepare_environment

    prepare_environment(quiet=True)  # before Prefect is imported
    import dask
    from prefect import Flow

    from analytics import new_posts
    from analytics.post_reading import read_posts
    from analytics.store import Store
    from brands.brand_file import load
    from flows import reading_by_dask
    from flows.dask_setting import DaskSetting
    from flows.prefect_server import prefect_server
    from flows.stages import _register

    brand_file, base = collect(folder, new_posts.JOB_POSTS)
    store, brand = Store(base), load(brand_file)
    brands = _register(brand, store)
    plan = new_posts._make_plan(store, brands, new_posts._scorers_in_force(store, brands))
    posts, _ = new_posts._exchange(store, plan, None, plan.places)
    [job] = new_posts._divide(plan, posts)
    reading = [_seconds(lambda: read_posts(job)) for _ in range(ALONE + 1)][1:]
    note(f"one partition of {len(posts):,} posts: {len(pickle.dumps(job)) / MEGABYTE:.1f} MB to a worker")
    through: list[float] = []

    def work() -> None:
        workers = reading_by_dask.ReadersByDask(1)
        through.extend([_seconds(lambda: workers.submit(job).result()) for _ in range(ALONE + 1)][1:])
        if workers.problem:
            sys.exit(workers.problem)

    with prefect_server() as await_server:
        await_server()
        runner = reading_by_dask._runner(DaskSetting(workers=1))
        token = reading_by_dask._work.set(work)  # type: ignore[arg-type]
        flow: Flow[Any, Any] = reading_by_dask.FLOW.with_options(task_runner=runner)
        with dask.config.set(reading_by_dask.DASK):
            flow()
        reading_by_dask._work.reset(token)
    batch = read_posts(job)
    start = time.perf_counter()
    new_posts._exchange(store, plan, batch, plan.places)
    committing = time.perf_counter() - start
    alone = statistics.median(reading)
    return Parts(alone, max(statistics.median(through) - alone, 0.0), committing)


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def conclude(found: dict[int, dict[str, dict[str, Any]]], parts: Parts) -> None:
    """From how many posts it pays here, and what more workers would do."""
    from analytics.new_posts import JOB_POSTS

    best = {posts: min(ways[ONE]["reading"], ways[TWO]["reading"]) for posts, ways in found.items()}
    paying = [posts for posts, ways in sorted(found.items()) if ways[DASK]["reading"] < best[posts]]
    if paying:
        note(f"on this machine, with {os.cpu_count()} cores, Dask with 2 workers pays from {paying[0]:,} posts on")
    else:
        note(
            f"Dask with 2 workers pays at no volume up to {max(found):,} posts on this machine ({os.cpu_count()} cores)"
        )
    small, large = min(found), max(found)
    further = max((large - small) / JOB_POSTS, 1e-9)
    each = (best[large] - best[small]) / further  # seconds of a further partition by what brandtrust does by itself
    start = max(found[small][DASK]["reading"] - small / JOB_POSTS * (parts.reading + parts.handing) / 2, 0.0)
    table = Table(
        "By arithmetic: workers on cores of their own, against two processes here",
        {"workers": ",", "s a partition": ".2f", "times as fast": ".2f", "pays from posts": ",.0f"},
    )
    for workers in (2, 3, 4, 6, 8, 16, 32):
        a_partition = max(parts.committing, (parts.reading + parts.handing) / workers)
        gained = each - a_partition
        table.add(workers, a_partition, each / a_partition, start / gained * JOB_POSTS if gained > 0 else None)
    note(
        f"a partition of {JOB_POSTS:,} posts: {parts.reading:.2f} s to read, {parts.handing:.2f} s that Prefect and "
        f"Dask add, {parts.committing:.2f} s to fetch and keep, which one committer does alone: no number of workers "
        f"goes below that. Starting takes {start:.0f} s; by itself brandtrust takes {each:.2f} s a further partition"
    )


def main(*arguments: str) -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.dask")
    parser.add_argument("--posts", type=int, nargs="+", default=list(SIZES), metavar="N")
    parser.add_argument("--way", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.way:
        way, brand_file, store = options.way
        print(json.dumps(read_one_way(way, Path(brand_file), Path(store))))
        return
    columns = {"posts": ",", "read by": "<16", "partitions": ",.0f", "reading s": ",.1f", "µs a post": ",.1f"}
    columns |= {"of that kept s": ",.1f", "wall s": ",.1f", "CPU s": ",.1f", "peak MB": ",.0f", "load before": ".1f"}
    table = Table(f"Reading stored posts, {os.cpu_count()} cores", columns)
    found = {}
    for posts in options.posts:
        with tempfile.TemporaryDirectory() as folder:
            found[posts] = compare(table, Path(folder), posts)
    with tempfile.TemporaryDirectory() as folder:
        conclude(found, measure_parts(Path(folder)))


if __name__ == "__main__":
    run(main)
