"""What a run costs that brings a thousand posts into a large store, beside the same run into an empty one.

Run as `python -m tests.bench.large_store [POSTS] [COPIES]`: so many made-up posts are read as a run does (200,000
unless told otherwise), and their rows are then stored that many times (5), each time with other ids and authors, which
takes minutes where reading takes hours. They are stored week after week, as a store that grew lies; one that was filled
by backfills in any order costs more, since a question about some weeks reads it all. Then runs bring in a thousand
posts of the last day each: the first one counts all weeks anew, the medians of five others are what is measured. A run
is `brandtrust run`, from its start to its end, Prefect and its server included. What its stages cost is taken apart in
five more, which run them in a process of their own without Prefect. Each store has its turn before any has the next.

The empty store knows no week but the last: its run measures no effect over two years, and draws no weeks of them. So
there is a third store, of 10,000 posts over the same two years: what its run costs more than the one into the empty
store is years, and what the large one costs more than that is posts.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from datetime import timedelta
from pathlib import Path
from statistics import median
from time import perf_counter

import duckdb

from analytics.store.gathering import put_definition_in_force
from analytics.store.kept_weeks import forget_counts
from tests.bench.made_posts import BRAND, DAYS, FIRST_DAY, write_ndjson
from tests.bench.measurement import ROOT, run
from tests.bench.report_seconds import MADE
from tests.bench.tables import Table, note, promise

NEW = 1_000
FEW = 10_000
ROUNDS = 5
WHOLE = "brandtrust run"
LAST_DAY = FIRST_DAY + timedelta(days=DAYS - 1)
GROWING = (
    *("posts", "mentions", "scores", "post_themes", "tagged_posts", "post_languages", "post_speakers"),
    *("copy_signatures", "post_metrics", "gathered_posts"),
)
GROUPS = "UPDATE copy_signatures SET copy_group = bands[1] WHERE copy_group IS NULL AND len(bands) > 0"
GATHERED_GROUPS = (
    "UPDATE gathered_posts AS g SET copy_group = s.copy_group FROM copy_signatures AS s "
    "WHERE s.source = g.source AND s.post_id = g.post_id AND s.copy_group IS NOT NULL"
)
ONE = """
import json, sys
from pathlib import Path
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage
from time import perf_counter
from analytics.store import Store
from brands.brand_file import load
from flows.stages import weekly

def cpu():
    return sum(used.ru_utime + used.ru_stime for used in map(getrusage, (RUSAGE_SELF, RUSAGE_CHILDREN)))

def step(name, work, counting="posts", *, makes=None):
    began = perf_counter(), cpu()
    found = work(lambda _: None)
    steps.append((name.partition(" (")[0], perf_counter() - began[0], cpu() - began[1]))
    return found

steps, began = [], (perf_counter(), cpu())
weekly(load(Path(sys.argv[1])), Store(sys.argv[2]), out=Path(sys.argv[3]), step=step)
steps.append(("all stages", perf_counter() - began[0], cpu() - began[1]))
print(json.dumps(steps))
"""


def run_command(folder: Path) -> tuple[float, float]:
    """Seconds of wall and of processors of `brandtrust run` on the folder's brand file and store."""
    given = (str(folder / "brand.toml"), "--store", str(folder / "store.duckdb"), "--out", str(folder / "reports"))
    command = [sys.executable, "-m", "flows.command_line", "run", *given]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    began = perf_counter()
    assert process.stderr is not None
    told = process.stderr.read()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(told)
    return perf_counter() - began, used.ru_utime + used.ru_stime


def run_stages(folder: Path) -> dict[str, tuple[float, float]]:
    """Seconds of wall and of processors by stage of a weekly run on the folder's brand file and store."""
    given = (str(folder / "brand.toml"), str(folder / "store.duckdb"), str(folder / "reports"))
    done = subprocess.run(
        [sys.executable, "-c", ONE, *given], cwd=ROOT, capture_output=True, text=True, check=True, timeout=7_200
    )
    return {name: (wall, cpu) for name, wall, cpu in json.loads(done.stdout.splitlines()[-1])}


def write_new(folder: Path, number: int) -> None:
    """A thousand posts of the last day, unlike those of any other number."""
    write_ndjson(folder / "made.ndjson", NEW, seed=number)
    with (folder / "made.ndjson").open() as made, (folder / "posts.ndjson").open("w") as new:
        for at, line in enumerate(made):
            post = json.loads(line)
            post |= {"id": f"9{number:03d}{at:015d}", "created_at": f"{LAST_DAY:%Y-%m-%d}{post['created_at'][10:]}"}
            new.write(json.dumps(post) + "\n")


def grow(store: Path, copies: int, *, texts: bool = True) -> int:
    """Store the rows of all posts so many times, week after week, and have all weeks counted anew.

    Returns how many posts there are. Copies of a post on practices are of one group, as they are once they are read.

    Without `texts` those of the copies are empty.
    """
    numbered = {
        "post_id": "CASE copy WHEN 0 THEN post_id ELSE (40 + copy)::VARCHAR || post_id END AS post_id",
        "author_key": "author_key || CASE copy WHEN 0 THEN '' ELSE lpad(copy::VARCHAR, 2, '0') END AS author_key",
    }
    if not texts:
        numbered["text"] = "CASE copy WHEN 0 THEN text ELSE '' END AS text"
    with duckdb.connect(str(store)) as connection:
        put_definition_in_force(connection)
        forget_counts(connection)
        connection.execute(GROUPS)
        connection.execute(GATHERED_GROUPS)
        connection.execute(
            "CREATE TEMP TABLE times AS SELECT source, post_id, date_trunc('week', created_at) AS time FROM posts"
        )
        times = connection.execute("SELECT DISTINCT time FROM times ORDER BY time").fetchall()
        for table in GROWING:
            columns = [str(row[0]) for row in connection.execute(f"DESCRIBE {table}").fetchall()]
            wanted = ", ".join(numbered.get(column, column) for column in columns)
            connection.execute(
                "CREATE OR REPLACE TEMP TABLE once AS "
                f"SELECT t.*, w.time FROM {table} AS t JOIN times AS w USING (source, post_id)"
            )
            connection.execute(f"DELETE FROM {table}")
            for (time,) in times:
                connection.execute(
                    f"INSERT INTO {table} SELECT {wanted} FROM once, range(?) AS c(copy) WHERE time = ?", [copies, time]
                )
        for table in ("voice_bins", "counted_bins"):
            connection.execute(f"DELETE FROM {table}")
        connection.execute(
            "INSERT INTO stale_weeks SELECT DISTINCT brand, date_trunc('week', created_at)::DATE FROM gathered_posts"
        )
        [(posts,)] = connection.execute("SELECT count(*) FROM posts").fetchall()
    return int(posts)


def _halve(runs: list[dict[str, tuple[float, float]]]) -> dict[str, tuple[float, float]]:
    """The medians of each step's seconds."""
    return {name: (median(run[name][0] for run in runs), median(run[name][1] for run in runs)) for name in runs[0]}


def main(posts: str = "200000", copies: str = "5") -> None:
    """Print the steps of the runs, and what the large store costs more."""
    with tempfile.TemporaryDirectory() as room:
        large, few, empty = (Path(room) / name for name in ("large", "few", "empty"))
        for folder in (large, few, empty):
            folder.mkdir()
            (folder / "brand.toml").write_text(MADE.format(brand=BRAND))
        write_ndjson(few / "posts.ndjson", FEW)
        run_stages(few)
        write_ndjson(large / "posts.ndjson", int(posts))
        run_stages(large)
        stored = grow(large / "store.duckdb", int(copies))
        for folder in (large, few):
            write_new(folder, 1)
        again = run_stages(large)["all stages"]
        run_stages(few)
        note(f"{stored:,} posts stored; the run after they came took {again[0]:.0f} s ({again[1]:.0f} s of CPU)")
        runs: dict[Path, list[dict[str, tuple[float, float]]]] = {large: [], few: [], empty: []}
        for number in range(2, 2 + 2 * ROUNDS, 2):
            for folder, done in runs.items():
                whole = run_command(_prepared(folder, number, anew=folder == empty))
                stages = run_stages(_prepared(folder, number + 1, anew=folder == empty))
                done.append({**stages, WHOLE: whole})
    into_large, into_few, into_empty = map(_halve, runs.values())
    table = Table(
        f"{NEW:,} new posts into {stored:,}, beside the same into {FEW:,} of as many weeks and into none",
        {
            **{"": "<20", "large s": ".1f", "large CPU s": ".1f", "few s": ".1f", "few CPU s": ".1f"},
            **{"empty s": ".1f", "empty CPU s": ".1f", "s, times empty": ".2f", "CPU s, times empty": ".2f"},
        },
    )
    for name, taken in into_large.items():
        one, other = into_few.get(name, (0.0, 0.0)), into_empty.get(name, (0.0, 0.0))
        table.add(name, *taken, *one, *other, *(mine / max(its, 0.05) for mine, its in zip(taken, other, strict=True)))
    for kind, mine, its in zip(("seconds", "of processors"), into_large[WHOLE], into_empty[WHOLE], strict=True):
        promise(f"{NEW:,} posts into {stored:,}, a whole run, {kind}", mine / its, at_most=1.5, unit="× into none")


def _prepared(folder: Path, number: int, *, anew: bool) -> Path:
    """The folder with posts that are new to it, without its store where it is to begin `anew`."""
    if anew:
        for left in folder.glob("store.*"):
            left.unlink()
    write_new(folder, number)
    return folder


if __name__ == "__main__":
    run(main)
