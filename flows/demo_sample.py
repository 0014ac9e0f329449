"""The synthetic sample behind `brandtrust demo`: five invented brands on three invented platforms.

The story, with all its dates in `demo_lumio.toml`: a clause appears and nobody minds; 18 weeks later it is noticed,
talk of AI training, consent and opting out jumps and net trust falls for about four weeks; the company answers and
gives way; most of the trust comes back. Before that a retention rule changes without any effect, and for three weeks
nothing was collected.
"""

from __future__ import annotations

import csv
import gzip
import json
import shutil
import tomllib
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from brands.brand_file import BrandFile
from flows.demo_posts import SOURCES, Post, Story, everyday_posts, planted_posts
from flows.demo_terms import write_terms
from flows.demo_texts import Writer

TEMPLATE = Path(__file__).with_name("demo_lumio.toml")
LAST_DAY = date(2024, 4, 21)  # fixed in the past, so that the sample never depends on the day it is made
FEWEST_WEEKS = 52  # with fewer the first date of the event falls before the sample


def write_sample(folder: Path, *, seed: int = 2023, weeks: int = 120) -> Path:
    """Write archives, terms and the brand file `lumio.toml` into `folder` (made if need be); return the latter's path.

    The sample ends on 2024-04-21 and reaches `weeks` whole weeks back; 120 weeks are about 28,000 posts. The same seed
    gives the same bytes under the same locked packages. Raises ValueError for fewer than 52 weeks.
    """
    if weeks < FEWEST_WEEKS:
        raise ValueError(f"the demo needs at least {FEWEST_WEEKS} weeks, not {weeks}")
    brand_file = BrandFile.model_validate(tomllib.loads(TEMPLATE.read_text(encoding="utf-8")))
    story = Story(brand_file, LAST_DAY - timedelta(days=7 * weeks - 1), 7 * weeks)
    random = np.random.default_rng(seed)
    writer = Writer(random)
    posts = [*everyday_posts(story, random, writer), *planted_posts(story, random, writer)]
    posts.sort(key=lambda post: post.moment)  # stable: equal moments stay in the order they were made
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)  # the store and its key come to lie here
    by_source = {source: [post for post in posts if post.source == source] for source in SOURCES}
    _write_forum(folder / "forum.csv", by_source["forum"], story, writer)
    _write_reviews(folder / "app_reviews.ndjson.gz", by_source["app_reviews"], story)
    _write_microblog(folder / "microblog.parquet", by_source["microblog"], random)
    write_terms(folder)
    return Path(shutil.copyfile(TEMPLATE, folder / "lumio.toml"))


def _write_forum(path: Path, posts: list[Post], story: Story, writer: Writer) -> None:
    """CSV with day-first times to the minute and fields of several lines; an answer names its question."""
    questions: dict[int, int] = {}  # brand → its newest question
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\r\n")
        rows.writerow(
            ["post_no", "posted", "member", "subject", "body", "kind", "thread", "reply_to", "language", "link"]
        )
        for number, post in enumerate(posts, start=41_001):
            question = questions.get(post.brand)
            asks = question is None or writer.chance(0.6)
            if asks:
                questions[post.brand] = number
            name = story.names[max(post.brand, 0)]
            topic = post.topic if post.topic not in ("elsewhere", "spam", "hostile") else "product"
            subject = writer.title(topic, name, story.names[-2]) if asks and post.brand >= 0 else ""
            thread = number if asks else question
            rows.writerow(
                [
                    number,
                    f"{post.moment:%d-%m-%Y %H:%M}",
                    post.author,
                    subject,
                    post.text,
                    "question" if asks else "answer",
                    thread,
                    "" if asks else question,
                    post.lang,
                    f"https://forum.example/t/{thread}#{number}",
                ]
            )


def _write_reviews(path: Path, posts: list[Post], story: Story) -> None:
    """NDJSON, gzipped, without ids and authors, times with an offset; the product is named in a column."""
    products = list(
        next(source for source in story.brand_file.sources if source.name == path.name.split(".")[0]).brand_values
    )
    zone = timedelta(hours=2)
    lines = [
        json.dumps(
            {
                "product": products[post.brand] if post.brand >= 0 else "Desk Lamp Remote",
                "reviewed_at": f"{post.moment + zone:%Y-%m-%dT%H:%M:%S}+02:00",
                "stars": post.stars,
                "review": post.text,
                "language": post.lang,
            },
            ensure_ascii=False,
        )
        for post in posts
    ]
    # mtime and no name: the header of a gzip file would otherwise hold the hour and the path.
    with path.open("wb") as raw, gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0) as file:
        file.write(("\n".join(lines) + "\n").encode())


def _write_microblog(path: Path, posts: list[Post], random: np.random.Generator) -> None:
    """Parquet with time-zone-aware times and what the readers did with a post."""
    likes = random.poisson(np.exp([post.loudness for post in posts]))
    columns: dict[str, Any] = {
        "id": [str((int(post.moment.timestamp()) << 20) + i) for i, post in enumerate(posts)],
        "author": [post.author for post in posts],
        "posted_at": pa.array([post.moment for post in posts], pa.timestamp("us", tz="UTC")),
        "body": [post.text for post in posts],
        "lang": [post.lang for post in posts],
        "likes": likes,
        "replies": random.binomial(likes, 0.15),
        "shares": random.binomial(likes, 0.25),
    }
    columns["link"] = [
        f"https://microblog.example/{post.author}/{i}" for post, i in zip(posts, columns["id"], strict=True)
    ]
    pq.write_table(pa.table(columns), path, compression="zstd")
