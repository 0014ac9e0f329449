"""How many posts a second are tagged with themes, on one core, in CPU time?

Run as `python -m tests.bench.theme_speed`. Reading the taxonomy comes once a process and is shown apart.
"""

from __future__ import annotations

import time

import pandas as pd

from analytics.themes import tag, tag_with_evidence
from tests.bench.measurement import run
from tests.bench.real_posts import find
from tests.bench.tables import Table, note


def read_sets() -> dict[str, list[str]]:
    """Real posts by set."""
    [tweets] = find("semeval_train/tweets.csv.gz")
    [threads] = find("threads_reviews/*.csv")
    forum = [pd.read_parquet(path)["text"] for path in find("browser_forum/*.parquet")]
    return {
        "semeval_train": pd.read_csv(tweets)["text"].dropna().tolist(),
        "threads_reviews": pd.read_csv(threads)["review_description"].dropna().tolist(),
        "browser_forum": pd.concat(forum).dropna().sample(20_000, random_state=0).tolist(),
    }


def main() -> None:
    start = time.process_time()
    tag([""])
    note(f"taxonomy read in {time.process_time() - start:.2f} s")
    columns = {"set": "<18", "posts": ",", "characters": ".0f", "µs a post": ".1f", "posts/s": ",.0f", "themes": ","}
    table = Table("Tagging with themes, in CPU time", columns)
    for name, texts in read_sets().items():
        start = time.process_time()
        found = tag_with_evidence(texts).num_rows
        each = (time.process_time() - start) / len(texts)
        length = sum(map(len, texts)) / len(texts)
        table.add(name, len(texts), length, each * 1e6, 1 / each, found)


if __name__ == "__main__":
    run(main)
