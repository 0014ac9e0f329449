"""From a file of posts to weekly numbers: how fast and in how much memory, against what an analyst would write?

Run as `python -m tests.bench.whole_path [--posts N] [--flat N …] [--real] [--json FILE]`. Ours are the stages of
`brandtrust collect` and `brandtrust score`: read, match, keep, score, tag, count weeks, publish the copy. The naive way
is `naive_pipeline`: it scores by stock VADER and does no more. Each runs in a process of its own, its start included,
one after the other on the same file. Peak memory is that of all its processes together.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.bench.made_posts import BRAND, write_ndjson
from tests.bench.measurement import run
from tests.bench.real_posts import FOLDER
from tests.bench.tables import Table, note

ROOT = Path(__file__).resolve().parents[2]
POSTS = 1_000_000
FLAT = (10_000, 100_000, 1_000_000, 3_000_000)
FEW = 1_000  # posts of the run that shows what a run costs however few there are: it loads every model
LOOK_SECONDS = 0.25  # to look more often would take time from what is measured
MEGABYTE = 1 << 20

BRAND_FILE = """
name = "{brand}"
query = "{query}"
[[sources]]
connector = "archive"
name = "export"
path = "{path}"
match = "{match}"
[sources.columns]
id = "id"
author = "user"
created_at = "created_at"
text = "text"
lang = "lang"
likes = "likes"
[report]
scorer = "{scorer}"
also_scored = {also}
"""
VARIANTS = {
    "brandtrust, scored by vader": {"match": "all", "scorer": "vader", "also": "[]"},
    "the same, vader_domain and vader": {"match": "all", "scorer": "vader_domain", "also": '["vader"]'},
    "the same, 30 % match the query": {"match": "query", "scorer": "vader_domain", "also": '["vader"]'},
}
FIRST, USUAL, *_ = VARIANTS


@dataclass(frozen=True, slots=True)
class Measured:
    """What one run took, all its processes together; `posts` of the file, `numbers` as the run itself tells them."""

    name: str
    posts: int
    wall: float  # seconds
    cpu: float  # seconds
    peak: float  # bytes
    numbers: dict[str, Any]

    @property
    def each(self) -> float:
        """Microseconds a post, the start of the process included."""
        return self.wall / self.posts * 1e6


def measure(name: str, posts: int, command: list[str]) -> Measured:
    """Run `command`, which prints one JSON object, and watch its processes. Ends the program where it fails."""
    os.sync()  # else it waits for what the run before it has written
    start = time.perf_counter()
    process = subprocess.Popen([sys.executable, *command], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    seen = 0
    while True:
        seen = max(seen, sum(map(resident, family(process.pid))))
        pid, status, used = os.wait4(process.pid, os.WNOHANG)
        if pid:
            break
        time.sleep(LOOK_SECONDS)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{name} failed")
    # What one process held at most is known exactly, what several held together by looking now and then.
    peak = max(seen, used.ru_maxrss * 1024)
    return Measured(name, posts, wall, used.ru_utime + used.ru_stime, peak, json.loads(process.stdout.read()))


def family(pid: int) -> Iterator[int]:
    """A process and all that it started, as Linux tells them."""
    yield pid
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        children = [child for task in tasks for child in (task / "children").read_text().split()]
    except OSError:  # gone meanwhile
        return
    for child in children:
        yield from family(int(child))


def resident(pid: int) -> int:
    """Bytes of a process in memory, what it shares with others divided among them (Linux: PSS)."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:  # gone meanwhile
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))


def run_ours(brand_file: Path, url: str) -> dict[str, Any]:
    """Both stages into a new store; what came of it, and how long each took."""
    from analytics.store import Store, first_row
    from brands.brand_file import load
    from flows import stages

    store, brand = Store(url), load(brand_file)
    start = time.perf_counter()
    collected = stages.collect(brand, store)
    between = time.perf_counter()
    scored = stages.score(brand, store)
    end = time.perf_counter()
    if collected.failures:
        sys.exit(collected.failures[0].failure)
    sql = "SELECT (SELECT avg(compound) FROM scores WHERE scorer = 'vader'), count(*), sum(posts) "
    sql += "FROM trust_weekly WHERE scope = 'all'"
    with store.reader() as connection:
        row = first_row(connection, sql) or ()
    return {
        "new": collected.new,
        "scored": scored.scored,
        "tagged": scored.tagged,
        "compound": row[0],
        "weeks": row[1],
        "counted": int(row[2] or 0),
        "collecting": between - start,
        "scoring": end - between,
    }


def run_naive(posts_file: Path, folder: Path) -> dict[str, Any]:
    from tests.bench import naive_pipeline

    weeks = naive_pipeline.run(posts_file, folder / "naive.sqlite")
    posts = weeks["posts"]
    return {
        "weeks": len(weeks),
        "counted": int(posts.sum()),
        "compound": float((weeks["compound"] * posts).sum() / posts.sum()),
    }


def start_ours(name: str, posts_file: Path, posts: int) -> Measured:
    with tempfile.TemporaryDirectory(dir=posts_file.parent) as folder:
        return start_into(str(Path(folder) / "brandtrust.duckdb"), name, posts_file, posts)


def start_into(url: str, name: str, posts_file: Path, posts: int) -> Measured:
    """The same into a store of any kind, which is kept."""
    brand_file = posts_file.with_name("brand.toml")
    brand_file.write_text(BRAND_FILE.format(brand=BRAND, query=BRAND.lower(), path=posts_file, **VARIANTS[name]))
    return measure(name, posts, ["-m", "tests.bench.whole_path", "--ours", str(brand_file), url])


def start_naive(posts_file: Path, posts: int) -> Measured:
    with tempfile.TemporaryDirectory(dir=posts_file.parent) as folder:
        return measure(
            "pandas, VADER, SQLite", posts, ["-m", "tests.bench.whole_path", "--naive", str(posts_file), folder]
        )


def compare(title: str, posts_file: Path, posts: int) -> None:
    """The naive run and ours, and their ratios."""
    note(
        f"{posts:,} posts, {posts_file.stat().st_size / MEGABYTE:,.0f} MB, {os.cpu_count()} cores; "
        f"load before {os.getloadavg()[0]:.1f}"
    )
    columns = {"way": "<34", "wall s": ",.1f", "CPU s": ",.1f", "peak MB": ",.0f", "µs a post": ".1f"}
    table = Table(title, {**columns, "times as fast": ".1f", "of its memory": ".2f"})
    naive, ours = start_naive(posts_file, posts), None
    show(table, naive, naive)
    for name in VARIANTS:
        found = start_ours(name, posts_file, posts)
        ours = ours or found
        show(table, found, naive)
    assert ours is not None
    note(
        f"posts counted {naive.numbers['counted']:,} and {ours.numbers['counted']:,}, "
        f"weeks {naive.numbers['weeks']} and {ours.numbers['weeks']}, "
        f"mean compound {naive.numbers['compound']:.6f} and {ours.numbers['compound']:.6f}"
    )


def show(table: Table, found: Measured, naive: Measured) -> None:
    ratios = naive.wall / found.wall, found.peak / naive.peak
    table.add(found.name, found.wall, found.cpu, found.peak / MEGABYTE, found.each, *ratios)


def compare_sizes(folder: Path, sizes: list[int]) -> None:
    """What a further post costs in files of several sizes: what a run takes more than the one of the size before."""
    columns = {"posts": ",", "wall s": ",.1f", "CPU s": ",.1f", "peak MB": ",.0f"}
    columns |= dict.fromkeys(("µs a further post", "collecting", "scoring"), ".1f")
    table = Table("By size, scored by vader_domain and vader", columns)
    before: Measured | None = None
    for posts in (FEW, *sizes):
        posts_file = folder / f"{posts}.ndjson"
        write_ndjson(posts_file, posts)
        found = start_ours(USUAL, posts_file, posts)
        posts_file.unlink()
        micros: list[float | None] = [None] * 3
        if before:
            further = (posts - before.posts) / 1e6
            micros = [(found.wall - before.wall) / further]
            micros += [(found.numbers[part] - before.numbers[part]) / further for part in ("collecting", "scoring")]
        table.add(posts, found.wall, found.cpu, found.peak / MEGABYTE, *micros)
        before = found


def real_texts_file(folder: Path, posts: int) -> Path:
    """The real texts again and again, each with a word of its own, in a file as the made-up one."""
    import random

    from tests.analytics.sentiment.vader_texts import real_texts

    texts = [text for _, some in real_texts(FOLDER) for text in some]
    chance = random.Random(0)
    path = folder / "real.ndjson"
    with path.open("w", encoding="utf-8") as file:
        for number in range(posts):
            moment = f"2023-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}T{chance.randint(0, 23):02}:00:00Z"
            text = f"{texts[number % len(texts)]} x{number}"
            record = {
                "id": str(number),
                "user": f"u{chance.randint(0, 400_000)}",
                "created_at": moment,
                "text": text,
                "lang": "en",
                "likes": 1,
            }
            file.write(json.dumps(record) + "\n")
    return path


def main(*arguments: str) -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.whole_path")
    parser.add_argument("--posts", type=int, default=POSTS)
    parser.add_argument(
        "--flat", type=int, nargs="*", default=list(FLAT), metavar="N", help="sizes of the second table"
    )
    parser.add_argument("--real", action="store_true", help="the first table again, on real texts")
    parser.add_argument("--ours", nargs=2, help=argparse.SUPPRESS)
    parser.add_argument("--naive", nargs=2, type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.ours or options.naive:
        print(
            json.dumps(run_ours(Path(options.ours[0]), options.ours[1]) if options.ours else run_naive(*options.naive))
        )
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        posts_file = folder / "posts.ndjson"
        write_ndjson(posts_file, options.posts)
        compare("The whole path", posts_file, options.posts)
        posts_file.unlink()
        if options.real and FOLDER.is_dir():
            compare("On real texts, each with a word of its own", real_texts_file(folder, options.posts), options.posts)
        if options.flat:
            compare_sizes(folder, options.flat)


if __name__ == "__main__":
    run(main)
