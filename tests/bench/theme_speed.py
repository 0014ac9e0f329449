"""How many posts a second are tagged with themes, on one core, in CPU time?

Run as `python -m tests.bench.theme_speed`. Reading the taxonomy comes once a process and is shown apart.
"""

from __future__ import annotations

import time

import pandas as pd

from analytics.themes import tag, tag_with_evidence
from tests.bench.real_posts import find


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
    print(f"taxonomy read in {time.process_time() - start:.2f} s")
    print(f"{'set':<18}{'posts':>8}{'characters':>12}{'µs a post':>11}{'posts/s':>10}{'themes':>8}")
    for name, texts in read_sets().items():
        start = time.process_time()
        found = tag_with_evidence(texts).num_rows
        each = (time.process_time() - start) / len(texts)
        length = sum(map(len, texts)) / len(texts)
        print(f"{name:<18}{len(texts):>8}{length:>12.0f}{each * 1e6:>11.1f}{1 / each:>10.0f}{found:>8}")


if __name__ == "__main__":
    main()
