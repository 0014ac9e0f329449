"""An invented brand with a peer and forty weeks of posts: enough for every stage, small enough for every test."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path

FIRST_DAY = date(2023, 1, 2)
WEEKS = 40
TEXTS = (
    "Acme is great, I love it",
    "Acme trains AI on our data without consent, terrible",
    "Bolt is fine",
    "Acme and Bolt are bad, awful",
    "It rained all day",
)
HEADER = ("id", "who", "when", "what")
SOURCE = """
[[sources]]
connector = "archive"
name = "forum"
path = "posts.csv"

[sources.columns]
id = "id"
author = "who"
created_at = "when"
text = "what"
"""
BRAND_FILE = (
    """
name = "Acme"
query = "acme"

[[peers]]
name = "Bolt"
query = "bolt"

[[events]]
id = "2023-terms"
title = "Terms allow training"
themes = ["ai_training"]
noticed = 2023-07-02
"""
    + SOURCE
)


def posts() -> list[tuple[str, str, str, str]]:
    """Ten posts a week, each text twice, by seven people in turn."""
    return [
        (
            f"p{week}-{number}",
            f"user{number % 7}",
            (FIRST_DAY + timedelta(days=7 * week + number % 7)).isoformat(),
            TEXTS[number % len(TEXTS)],
        )
        for week in range(WEEKS)
        for number in range(10)
    ]


def write_posts(path: Path, rows: list[tuple[str, str, str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        writer.writerows(rows)


def live_source(url: str) -> str:
    """A Hacker News source at an address of ours."""
    return f"""
[[sources]]
connector = "hackernews"
name = "hackernews"
url = "{url}"
"""


def write_acme(folder: Path, *, more: str = "") -> Path:
    """The posts and the brand file; `more` goes to the end of it."""
    write_posts(folder / "posts.csv", posts())
    path = folder / "acme.toml"
    path.write_text(BRAND_FILE + more, encoding="utf-8")
    return path
