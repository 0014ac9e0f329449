"""Do readers get whole, new and quick answers while one writer works at full load?

Run as `python -m tests.bench.readers [SECONDS] [READERS] [POSTS] [COPIES] [--json FILE]` (120 seconds, 20 readers and
20,000 posts at the start unless told otherwise, whose rows are stored COPIES times, or once). One process collects
1,000 new posts, scores them and publishes both, again and again. Each reader is a process of its own that asks the
published copy for a weekly trend once a second, which is timed to the frame. All readers ask for SECONDS in the one
way, and then in the other: each question opens the copy anew (`analytics.store.read`), or the process keeps it open
(`analytics.store.Reader`). And what must hold of any copy:

- what the weeks of the trend count together is what the posts count;
- the newest run is over, and after a run of scoring no post is left unscored;
- nothing that was there the last time is gone.

These three are asked of each copy once by two processes beside the readers, at the low priority of a run, for they read
all posts: the same bytes give the same answer. Readers look at the trend alone, whose posts may not become fewer.

Nor may an answer be old. Each round brings posts, so what a trend counts tells how new it is: where it is asked for a
second or more after a copy was published, it counts what the trend of that copy does, or more. That is judged
afterwards, of the copies that were looked at: by the answers alone, and not by what a reader takes its copy for.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import count
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from multiprocessing.synchronize import Event
from pathlib import Path

import numpy as np

from analytics.store import Reader, Store, read
from analytics.store.gathering import gather
from brands.brand_file import load
from flows import stages
from flows.runs import make_way
from tests.bench.large_store import grow
from tests.bench.made_posts import BRAND, write_ndjson
from tests.bench.measurement import run
from tests.bench.tables import Table, note, promise
from tests.bench.whole_path import BRAND_FILE

SECONDS, READERS, POSTS = 120, 20, 20_000
CHECKERS = 2  # processes that look at whole copies
AT_ONCE = 1_000  # new posts a round of the writer
PATIENCE = 120  # seconds: for a process that should have ended
SOON = 1.0  # seconds, in which an answer may be older: files' times are coarse, and an answer takes none of it
QUICK = 100  # milliseconds, in which 95 of 100 trends of a `Reader` are promised
ANEW, KEPT = "opens anew", "keeps it open"  # how a reader asks
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
    counted: list[tuple[float, int]] = field(default_factory=list)  # of each trend: when it was asked for, its posts
    published: list[tuple[float, int]] = field(default_factory=list)  # of each copy: when, the posts of its trend


@dataclass(slots=True)
class Round:
    """What came of one way of asking."""

    way: str
    answers: list[Answers]  # of each reader
    checked: list[Answers]  # of each who looks at whole copies
    published: int  # copies meanwhile


def write_posts(room: Path, copies: int, begun: Event, over: Event, told: Connection) -> None:
    """What the writer does until `over`; it tells when each copy was published since readers were let in."""
    brand, store = load(room / "brand.toml"), Store(room / "a.duckdb")
    file, published = room / "posts.ndjson", list[float]()
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
        published.append(time.time())
        stages.score(brand, store)
        published.append(time.time())
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


def ask(path: Path, answers: Answers, *, thorough: bool = True, reader: Reader | None = None) -> None:
    """Ask once, by a reader where one is given; whatever goes wrong is written down."""
    try:
        asked, began = time.time(), time.perf_counter()
        trend = reader.read("trust_weekly", SLUG) if reader else read("trust_weekly", SLUG, store=path)
        answers.milliseconds.append((time.perf_counter() - began) * 1000)
        if not thorough:
            counted = int(trend.loc[trend["scope"] == "all", "posts"].sum())
            if counted < answers.posts or trend.empty:
                answers.inconsistent.append(f"{counted} posts in the trend after {answers.posts}")
            answers.posts = counted
            answers.counted.append((asked, counted))
            return
        published = Store(path).read_path
        if (copy := identify(file := published.stat())) == answers.copy:
            return  # its bytes are those that were looked at
        with Store(path).reader() as connection:
            is_this = identify(published.stat()) == copy  # and none that came meanwhile
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
    if is_this and by_weeks is not None:
        answers.published.append((file.st_ctime, by_weeks))  # its last change: that it was renamed into place


def identify(file: os.stat_result) -> tuple[int, int]:
    """By which a copy is told from others."""
    return file.st_ino, file.st_mtime_ns


def find_old(answers: Sequence[Answers], checked: Sequence[Answers]) -> list[str]:
    """In words, each answer that was older than a copy published well before it was asked for."""
    copies = [copy for each in checked for copy in each.published]
    found = []
    for answer in answers:
        for asked, counted in answer.counted:
            due = max((posts for published, posts in copies if published + SOON <= asked), default=0)
            if counted < due:
                found.append(f"{counted} posts in the trend, and {due} in that of a copy published before")
    return found


def keep_asking(path: Path, way: str, thorough: bool, place: float, over: Event, told: Connection) -> None:
    """What a reader or a checker does: once a second, begun a `place` (0 to 1) of a second late, until `over`."""
    if thorough:
        make_way()
    answers, start = Answers(), time.monotonic() + place
    with ExitStack() as stack:
        reader = stack.enter_context(Reader(path)) if way == KEPT else None
        ask(path, Answers(), thorough=False, reader=reader)  # the first question of a process waits for imports
        while not over.wait(max(0.0, start - time.monotonic())):
            ask(path, answers, thorough=thorough, reader=reader)
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


def measure(seconds: float, readers: int, posts: int, copies: int = 1) -> list[Round]:
    """What readers, and those who look at whole copies, were told in that time in each way of asking, in turn."""
    with tempfile.TemporaryDirectory() as name:
        room, begun, over = Path(name), PROCESSES.Event(), PROCESSES.Event()
        write_ndjson(room / "posts.ndjson", posts)
        settings = {"brand": BRAND, "query": SLUG, "path": room / "posts.ndjson", "match": "all"}
        (room / "brand.toml").write_text(BRAND_FILE.format(**settings, scorer="vader", also="[]"), "utf-8")
        writer = start("the writer", write_posts, room, copies, begun, over)
        while not begun.wait(1):
            if not writer[0].is_alive():
                raise RuntimeError("the writer failed before there was anything to read")
        rounds, spans = [], []
        for way in (ANEW, KEPT):
            since = time.time()
            answers = ask_all(room / "a.duckdb", way, readers, seconds, writer[0])
            spans.append((since, time.time()))
            rounds.append(Round(way, answers[:readers], answers[readers:], 0))
        over.set()
        published = receive(*writer)
        if isinstance(published, list):
            for each, (since, until) in zip(rounds, spans, strict=True):
                each.published = sum(since <= moment < until for moment in published)
    return rounds


def ask_all(path: Path, way: str, readers: int, seconds: float, writer: BaseProcess) -> list[Answers]:
    """What each reader was told in that time, and then each of those who look at whole copies."""
    over = PROCESSES.Event()
    asking = [
        *(start(f"reader {at}", keep_asking, path, way, False, at / readers, over) for at in range(readers)),
        *(start(f"checker {at}", keep_asking, path, ANEW, True, at / CHECKERS, over) for at in range(CHECKERS)),
    ]
    writer.join(seconds)
    over.set()
    return [each for each in map(receive, *zip(*asking, strict=True)) if isinstance(each, Answers)]


def main(seconds: str = str(SECONDS), readers: str = str(READERS), posts: str = str(POSTS), copies: str = "1") -> None:
    """Print what all readers were told. Ends with an error where one met an error, or an inconsistent or old copy."""
    load_before = os.getloadavg()[0]
    rounds = measure(float(seconds), int(readers), int(posts), int(copies))
    columns = {"the reader": "<13", "readers": ",", "answers": ",", "errors": ",", "inconsistent": ",", "old": ","}
    columns |= {"p50 ms": ",.0f", "p95 ms": ",.0f", "max ms": ",.0f"}
    table = Table("A weekly trend under a writer", columns | {"published": ",", "looked at": ",", "posts": ","})
    nearly_all: dict[str, float] = {}
    wrong: dict[str, list[str]] = {"errors": [], "inconsistent answers": [], "old answers": []}
    for each in rounds:
        asked = (*each.answers, *each.checked)
        times = [taken for answer in each.answers for taken in answer.milliseconds]
        errors = [told for answer in asked for told in answer.errors]
        inconsistent = [told for answer in asked for told in answer.inconsistent]
        old = find_old(each.answers, each.checked)
        if not times:
            sys.exit(f"no reader got an answer: {'; '.join(errors[:1])}")
        looked = sum(answer.copies for answer in each.checked)
        stored = max(answer.posts for answer in each.checked)
        counts = (len(each.answers), len(times), len(errors), len(inconsistent), len(old))
        usual, nearly_all[each.way], longest = np.percentile(times, [50, 95, 100])
        table.add(each.way, *counts, usual, nearly_all[each.way], longest, each.published, looked, stored)
        for kind, found in zip(wrong, (errors, inconsistent, old), strict=True):
            wrong[kind] += found
    note(f"{seconds} s each way on {os.cpu_count()} processors, load before {load_before:.1f}")
    for told in sorted(set().union(*wrong.values()))[:10]:
        note(told)
    of = f"{int(readers):,} readers beside a writer, {stored:,} posts"
    for kind, found in wrong.items():
        promise(f"{kind}, {of}", len(found), at_most=0)
    promise(f"p95 of a weekly trend by `Reader`, {of}", nearly_all[KEPT], at_most=QUICK, unit="ms")
    if any(wrong.values()):
        sys.exit(", ".join(f"{len(found)} {kind}" for kind, found in wrong.items()))


if __name__ == "__main__":
    run(main)
