"""Language, speaker and copies: posts a second, agreement with locales, and which near-copies are found.

Run as `python -m tests.bench.who_speaks`. Speeds are of one run on this machine, in wall and CPU time. The forum's
locale is the menu that somebody chose, not the language that they wrote in: of 100 posts under another menu that the
detector called English, 90 were.
"""

from __future__ import annotations

import random
import re
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

import duckdb
import pandas as pd
import pyarrow as pa

from analytics.copies import FEWEST_CHARACTERS, save_signatures, sign, sign_rows
from analytics.copies.grouping import find_groups
from analytics.language import UNDETERMINED, detect
from analytics.language.clear_cases import find_clear_cases
from analytics.speakers import find_speakers
from analytics.store import Store
from tests.bench.measurement import run
from tests.bench.real_posts import find
from tests.bench.tables import Table, note
from tests.labelled.labelled_files import read_rows

BATCH = 50_000
T = TypeVar("T")


def timed(name: str, posts: int, work: Callable[[], T]) -> T:
    """Run `work` and tell how many posts a second it read."""
    wall, cpu = time.perf_counter(), time.process_time()
    result = work()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    note(f"{name}: {posts / wall:,.0f} posts/s wall, {posts / cpu:,.0f} posts/s CPU")
    return result


def in_batches(work: Callable[[pa.Array], Sequence[T]], texts: pa.Array) -> list[T]:
    """What the pipeline does: batch by batch."""
    return [each for start in range(0, len(texts), BATCH) for each in work(texts.slice(start, BATCH))]


def show_languages(texts: pa.Array, locales: Sequence[str]) -> None:
    """Agreement with the menu's language, and what becomes of each side."""
    found = timed("language", len(texts), lambda: in_batches(detect, texts))
    pairs = Counter((locale[:2], language) for locale, language in zip(locales, found, strict=True))
    told = sum(count for (_, language), count in pairs.items() if language != UNDETERMINED)
    agree = sum(count for (locale, language), count in pairs.items() if locale == language)
    note(f"told {told:,} of {len(texts):,}; of these {agree / told:.3f} as the menu's language")
    columns = {"menu": "<14", "English": ",", "another": ",", UNDETERMINED: ","}
    table = Table("Languages read, by the language of the menu", columns)
    for side, name in ((True, "English"), (False, "another")):
        here = Counter[str]()
        for (locale, language), count in pairs.items():
            if (locale == "en") is side:
                here["English" if language == "en" else language if language == UNDETERMINED else "another"] += count
        table.add(name, here["English"], here["another"], here[UNDETERMINED])


def change(text: str, share: float, rng: random.Random) -> str:
    """The text with about `share` of its words replaced by words of the same length that nobody writes."""
    return re.sub(r"\w+", lambda word: "q" * len(word[0]) if rng.random() < share else word[0], text)


def show_near_copies(texts: Sequence[str]) -> None:
    """How many of texts with some words replaced are grouped with what they were made of."""
    rng = random.Random(1)
    shown = [text for text in texts if len(text) >= 60][:400]
    columns = {"words replaced": ".0%", "grouped": ".2f"}
    table = Table(f"Near-copies found, texts of {FEWEST_CHARACTERS} characters or more", columns)
    for share in (0.0, 0.02, 0.05, 0.1, 0.2, 0.4):
        hits = 0
        _, bands = sign([each for text in shown for each in (text, change(text, share, rng))])
        groups = find_groups(bands, {})
        for place in range(len(shown)):
            first = groups.get(2 * place)
            hits += first is not None and first == groups.get(2 * place + 1)
        table.add(share, hits / len(shown))


def save(store: Store, posts: pa.Table) -> None:
    for start in range(0, len(posts), BATCH):
        some = posts.slice(start, BATCH)
        signatures = some.select(["source", "post_id"]).append_column("bands", sign_rows(some["text"].combine_chunks()))
        with store.transaction() as connection:
            save_signatures(connection, signatures)


def measure_store(texts: pa.Array) -> None:
    """Signing and grouping in a store, and a second run with 1,000 new posts."""
    with TemporaryDirectory() as folder:
        store = Store(Path(folder) / "bench.duckdb")
        numbers = [str(number) for number in range(len(texts))]
        posts = pa.table({"source": ["s"] * len(texts), "post_id": numbers, "text": texts})
        with store.writer() as connection:
            connection.register("texts", posts)
            connection.execute(
                "INSERT INTO posts (source, post_id, created_at, collected_at, kind, text, truncated) "
                "SELECT source, post_id, TIMESTAMP '2024-01-01', TIMESTAMP '2024-01-01', 'post', text, false FROM texts"
            )
        timed("copies, in a store", len(texts) - 1000, lambda: save(store, posts.slice(1000)))
        wall = time.perf_counter()
        save(store, posts.slice(0, 1000))
        note(f"1,000 new posts beside {len(texts) - 1000:,}: {time.perf_counter() - wall:.2f} s")
        with store.writer() as connection:
            [(posts, groups)] = connection.execute(
                "SELECT count(*), count(DISTINCT copy_group) FROM copy_signatures WHERE copy_group IS NOT NULL"
            ).fetchall()
        note(f"{posts:,} posts in {groups:,} groups")


def main() -> None:
    """Print the tables."""
    rows = read_rows("languages.csv", ["id", "text", "language", "half"])
    found = detect([row["text"] for row in rows])
    right = sum(row["language"] == language for row, language in zip(rows, found, strict=True))
    note(f"labelled languages: {right} of {len(rows)} right")
    [path] = find("browser_forum/firefox*.parquet")
    with duckdb.connect() as connection:
        forum = connection.execute(
            "SELECT left(concat_ws(chr(10), title, text), 2000) AS text, locale FROM read_parquet(?)", [str(path)]
        ).to_arrow_table()
    texts, locales = forum["text"].combine_chunks(), forum["locale"].to_pylist()
    note(f"forum: {len(texts):,} questions, {sum(map(len, texts.to_pylist())) / len(texts):.0f} characters each")
    timed("language, clear cases alone", len(texts), lambda: find_clear_cases(texts))
    show_languages(texts, locales)
    [path] = find("chatgpt_tweets/*.csv*")
    tweets = pd.read_csv(path)["Tweet"].dropna().tolist()
    spoken = Counter(timed("language of tweets", len(tweets), lambda: detect(tweets)))
    note(f"tweets on ChatGPT: {len(tweets):,}, {spoken.most_common(5)}")
    speakers = timed("speakers", len(texts), lambda: in_batches(find_speakers, texts))
    note(", ".join(f"{name} {count:,}" for name, count in Counter(speakers).most_common()))
    timed("signatures of copies", len(texts), lambda: in_batches(lambda batch: sign(batch)[0], texts))
    show_near_copies(
        [row["text"] for row in read_rows("domain_posts.csv", ["id", "text", "label", "form", "company", "half"])]
    )
    measure_store(texts)


if __name__ == "__main__":
    run(main)
