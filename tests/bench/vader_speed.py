"""How many times faster than its library is our VADER? Both in one process and one run, in CPU time.

Run as `python -m tests.bench.vader_speed`. Ours is the public `score`, table and all. The texts differ from one another
and are unseen by either: each is scored once. The library takes a seeded sample of them, since all would take minutes;
its cost a text is what is compared. Every text of the sample is compared in all four fields, to the last bit.
"""

from __future__ import annotations

import random
import time
from collections import defaultdict
from collections.abc import Callable, Iterator

from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from analytics.sentiment import score
from analytics.sentiment.compiled.rules import RULES
from tests.analytics.sentiment.vader_texts import differences, made_up_posts, real_texts
from tests.bench.airline_correlation import NAMES
from tests.bench.measurement import run
from tests.bench.real_posts import FOLDER
from tests.bench.tables import Table, note

KINDS = {
    "airline_tweets": "tweets",
    "semeval_train": "tweets",
    "browser_forum": "forum posts",
    "app_store_reviews": "reviews",
    "threads_reviews": "reviews",
    "goemotions": "comments",
}
LIBRARY_SAMPLE = 4_000
ROUNDS = 5  # ours and the library's turns alternate, so that a busy machine slows both
MADE_UP = 20_000


def read_sets() -> Iterator[tuple[str, list[str]]]:
    """Sets by name, each of different texts in a seeded order."""
    sets: dict[str, list[str]] = defaultdict(list)
    if FOLDER.is_dir():
        for folder, texts in real_texts(FOLDER):
            if folder in KINDS:
                sets[f"{KINDS[folder]}: {folder}"] += texts
    else:
        note(f"no real texts in {FOLDER}: set BRANDTRUST_SHARED_DATA to their folder")
    sets["made up, dense in rules"] = list(made_up_posts(MADE_UP, seed=0))
    for name, texts in sets.items():
        different = list(dict.fromkeys(texts))
        random.Random(0).shuffle(different)
        yield name, different


def cpu_seconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def main() -> None:
    table = Table("Before many texts", {"step": "<34", "ms": ",.1f"})
    table.add("compiling and loading the rules", cpu_seconds(lambda: RULES.load(compile_missing=True)) * 1e3)
    table.add("the first text", cpu_seconds(lambda: score(["first"])) * 1e3)
    table.add("another one", cpu_seconds(lambda: score(["second"])) * 1e3)
    score(["first"], "vader_domain", NAMES)
    library = SentimentIntensityAnalyzer()
    sets = dict(read_sets())
    numbers = {"texts": ",", "library µs": ".1f", "vader µs": ".2f", "ratio": ".1f", "domain µs": ".2f"}
    columns = {"set": "<32", **numbers, "compared": ",", "different": ","}
    table = Table("CPU time of a text, the library's and ours", columns)
    for name, texts in sets.items():
        table.add(name, *measure(library, texts))


def measure(library: SentimentIntensityAnalyzer, texts: list[str]) -> tuple[float, ...]:
    """Texts, µs a text of the library and of `vader`, their ratio, µs of `vader_domain`, texts compared, different."""
    ours = domain = theirs = 0.0
    sample: list[str] = []
    for turn in range(ROUNDS):
        batch = texts[turn::ROUNDS]
        chosen = batch[: LIBRARY_SAMPLE // ROUNDS]
        ours += cpu_seconds(lambda batch=batch: score(batch))
        theirs += cpu_seconds(lambda chosen=chosen: [library.polarity_scores(text) for text in chosen])
        domain += cpu_seconds(lambda batch=batch: score(batch, "vader_domain", NAMES))
        sample += chosen
    different = differences(sample, score(sample).to_numpy(copy=True), library)
    ours, domain, theirs = ours / len(texts) * 1e6, domain / len(texts) * 1e6, theirs / len(sample) * 1e6
    return len(texts), theirs, ours, theirs / ours, domain, len(sample), len(different)


if __name__ == "__main__":
    run(main)
