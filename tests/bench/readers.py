"""Do readers get whole and quick answers while one writer works at full load?

Run as `python -m tests.bench.readers [SECONDS] [READERS] [POSTS] [COPIES] [--json FILE]` (120 seconds, 20 readers and
20,000 posts at the start unless told otherwise, whose rows are stored COPIES times, or once). One process collects
1,000 new posts, scores them and publishes both, again and again. Each reader is a process of its own that asks the
published copy once a second: a weekly trend by `analytics.store.read`, which is timed from opening the copy to the
frame, and what must hold of any copy:

- what the weeks of the trend count together is what the posts count;
- the newest run is over, and after a run of scoring no post is left unscored;
- nothing that was there the last time is gone.

These three are asked of each copy once by two processes beside the readers, at the low priority of a run, for they read
all posts: the same bytes give the same answer. Readers look at the trend alone, whose posts may not become fewer.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from multiprocessing.synchronize import Event
from pathlib import Path

import numpy as np

from analytics.store import Store, read
from analytics.store.gathering import gather
from brands.brand_file import load
from flows import stages
from flows.runs import make_way
from tests.bench.large_store import grow
from tests.bench.made_posts import BRAND, write_ndjson
from tests.bench.measurement import run
from tests.bench.tables import Table, note
from tests.bench.whole_path import BRAND_FILE

SECONDS, READERS, POSTS = 120, 20, 20_000
CHECKERS = 2  # processes that look at whole copies
AT_ONCE = 1_000  # new posts a round of the writer
PATIENCE = 120  # seconds: for a process that should have ended
SLUG = BRAND.lower()
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["tests.bench.whole_path", "flows.stages", "analytics.event_study", "analytics.trust"])
FACTS = f"""
SELECT (SELECT sum(posts) FROM trust_weekly WHERE brand = '{SLUG}' AND scope = 'all') AS by_weeks,
    count(*) FILTER (why_not_counted IS NULL) AS counted,
    count(*) FILTER (why_not_scored = 'not scored yet') AS unscored,
    count(*) AS posts,
    (SELECT max_by((command, status), run_id) FROM runs) AS newest_run
FROM brand_posts_without_text WHERE brand = '{SLUG}'
"""


@dataclass(slots=True)
class Answers:
    """What one reader was told: milliseconds of each trend, and in words what was wrong."""

    milliseconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    inconsistent: list[str] = field(default_factory=list)
    posts: int = 0  # when it last looked
    copy: tuple[int, int] = (0, 0)  # that it last looked at: number of the file, time
    copies: int = 0  # that it looked at


def write_posts(room: Path, copies: int, begun: Event, over: Event, told: Connection) -> None:
    """What the writer does until `over`; it tells how many copies were published since readers were let in."""
    brand, store = load(room / "brand.toml"), Store(room / "a.duckdb")
    file, published = room / "posts.ndjson", 0
    stages.collect(brand, store)
    stages.score(brand, store)
    if copies > 1:
        with store.transaction() as connection:
            gather(connection)  # as a weekly run does: what is gathered is what grows
        grow(store.path, copies)
        stages.score(brand, store)
    begun.set()
    for lines in new_posts(room):
        if over.is_set():
            break
        draft = file.with_suffix(".next")
        draft.write_text(lines, "utf-8")
        draft.replace(file)
        if stages.collect(brand, store).new != AT_ONCE:
            raise RuntimeError("not all of the new posts are new")
        stages.score(brand, store)
        published += 2
    told.send(published)


def new_posts(room: Path) -> Iterator[str]:
    """Posts that the store does not have yet, so many at once as lines of a file."""
    for lap in count(1):
        file = room / "more.ndjson"
        write_ndjson(file, 20_000, seed=lap)
        records = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
        for start in range(0, len(records), AT_ONCE):
            some = records[start : start + AT_ONCE]
            yield "".join(json.dumps({**each, "id": f"{lap}-{each['id']}"}) + "\n" for each in some)


def ask(path: Path, answers: Answers, *, thorough: bool = True) -> None:
    """Ask once; whatever goes wrong is written down."""
    try:
        began = time.perf_counter()
        trend = read("trust_weekly", SLUG, store=path)
        answers.milliseconds.append((time.perf_counter() - began) * 1000)
        if not thorough:
            counted = int(trend.loc[trend["scope"] == "all", "posts"].sum())
            if counted < answers.posts or trend.empty:
                answers.inconsistent.append(f"{counted} posts in the trend after {answers.posts}")
            answers.posts = counted
            return
        file = Store(path).read_path.stat()
        if (copy := (file.st_ino, file.st_mtime_ns)) == answers.copy:
            return  # its bytes are those that were looked at
        with Store(path).reader() as connection:
            [(by_weeks, counted, unscored, posts, newest)] = connection.execute(FACTS).fetchall()
    except Exception as problem:  # a reader must meet none, whatever it is
        answers.errors.append(f"{type(problem).__name__}: {' '.join(str(problem).split())[:200]}")
        return
    command, status = newest.values() if isinstance(newest, dict) else newest
    told = {
        f"weeks count {by_weeks} posts and posts {counted}": by_weeks != counted,
        f"the newest run ({command}) is {status}": status != "done",
        f"{unscored} posts are unscored after {command}": command == "score" and unscored,
        f"{posts} posts after {answers.posts}": posts < answers.posts,
        "the trend has no week": trend.empty,
    }
    answers.inconsistent += [words for words, wrong in told.items() if wrong]
    answers.posts, answers.copy = posts, copy
    answers.copies += 1


def keep_asking(path: Path, thorough: bool, place: float, over: Event, told: Connection) -> None:
    """What a reader or a checker does: once a second, begun a `place` (0 to 1) of a second late, until `over`."""
    if thorough:
        make_way()
    answers, start = Answers(), time.monotonic() + place
    ask(path, Answers(), thorough=False)  # the first question of a process waits for imports
    while not over.wait(max(0.0, start - time.monotonic())):
        ask(path, answers, thorough=thorough)
        start += max(1.0, float(np.ceil(time.monotonic() - start)))
    told.send(answers)


def start(name: str, target: object, *given: object) -> tuple[BaseProcess, Connection]:
    """A process, and where it tells what came of it."""
    answers, told = PROCESSES.Pipe(duplex=False)
    process = PROCESSES.Process(target=target, args=(*given, told), name=name, daemon=True)  # type: ignore[arg-type]
    process.start()
    told.close()
    return process, answers


def receive(process: BaseProcess, answers: Connection) -> object:
    """What a process tells at its end. Raises RuntimeError where it ended without a word."""
    try:
        if answers.poll(PATIENCE):
            told = answers.recv()
            process.join(PATIENCE)
            return told
    except EOFError:
        pass
    raise RuntimeError(f"{process.name} did not tell anything within {PATIENCE} s, or failed")


def measure(seconds: float, readers: int, posts: int, copies: int = 1) -> tuple[list[Answers], list[Answers], int]:
    """What each reader and each who looks at whole copies was told in that time, and how many copies were published."""
    with tempfile.TemporaryDirectory() as name:
        room, begun, over = Path(name), PROCESSES.Event(), PROCESSES.Event()
        write_ndjson(room / "posts.ndjson", posts)
        settings = {"brand": BRAND, "query": SLUG, "path": room / "posts.ndjson", "match": "all"}
        (room / "brand.toml").write_text(BRAND_FILE.format(**settings, scorer="vader", also="[]"), "utf-8")
        writer = start("the writer", write_posts, room, copies, begun, over)
        while not begun.wait(1):
            if not writer[0].is_alive():
                raise RuntimeError("the writer failed before there was anything to read")
        path = room / "a.duckdb"
        asking = [
            *(start(f"reader {at}", keep_asking, path, False, at / readers, over) for at in range(readers)),
            *(start(f"checker {at}", keep_asking, path, True, at / CHECKERS, over) for at in range(CHECKERS)),
        ]
        writer[0].join(seconds)
        over.set()
        published = receive(*writer)
        answers = [each for each in map(receive, *zip(*asking, strict=True)) if isinstance(each, Answers)]
    return answers[:readers], answers[readers:], int(str(published))


def main(seconds: str = str(SECONDS), readers: str = str(READERS), posts: str = str(POSTS), copies: str = "1") -> None:
    """Print what all readers were told. Ends with an error where one met an error or an inconsistent copy."""
    load_before = os.getloadavg()[0]
    answers, checked, published = measure(float(seconds), int(readers), int(posts), int(copies))
    columns = {"readers": ",", "answers": ",", "errors": ",", "inconsistent": ",", "p50 ms": ",.0f", "p95 ms": ",.0f"}
    table = Table(
        "A weekly trend under a writer", columns | {"max ms": ",.0f", "published": ",", "looked at": ",", "posts": ","}
    )
    times = [each for answer in answers for each in answer.milliseconds]
    errors = [each for answer in (*answers, *checked) for each in answer.errors]
    inconsistent = [each for answer in (*answers, *checked) for each in answer.inconsistent]
    if not times:
        sys.exit(f"no reader got an answer: {'; '.join(errors[:1])}")
    p50, p95, most = np.percentile(times, [50, 95, 100])
    looked = sum(answer.copies for answer in checked)
    stored = max(answer.posts for answer in checked)
    table.add(len(answers), len(times), len(errors), len(inconsistent), p50, p95, most, published, looked, stored)
    note(f"{seconds} s on {os.cpu_count()} processors, load before {load_before:.1f}")
    for told in sorted({*errors, *inconsistent})[:10]:
        note(told)
    if errors or inconsistent:
        sys.exit(f"{len(errors)} errors and {len(inconsistent)} inconsistent answers")


if __name__ == "__main__":
    run(main)
