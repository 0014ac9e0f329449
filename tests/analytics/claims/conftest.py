"""An invented brand with two claims, and a way to say things about it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from analytics.claims.updating import update_claims
from analytics.registration import register
from analytics.sentiment import scorer_version
from analytics.store import Store, new_run_id
from analytics.store.saving import Listener, save_arrival
from analytics.trust import update_weekly_numbers
from brands.brand_file import Brand, load
from tests.posts import START, arrival, covered, posts

BRAND = """name = "Acme"
query = "acme"
[[claims]]
id = "trains"
says = "trains AI on our calls"
query = "train* AND calls"
denied_by = '"not" NEAR/2 train*'
document = "Terms"
clause = "train* AND model*"
[[claims]]
id = "sells"
says = "sells data"
query = "sells AND data"
document = "Terms"
clause = "sell AND data"
[[events]]
id = "e"
title = "E"
noticed = 2023-01-18
claims = ["trains"]
[report]
scorer = "vader"
also_scored = []
"""
TRAINS, DENIES, SELLS, OTHER = (
    "acme will train AI on our calls", "acme does not train AI on calls", "Acme sells our data", "acme is down",
)  # fmt: skip
Say = Callable[..., None]


@pytest.fixture
def brand_path(tmp_path: Path) -> Path:
    path = tmp_path / "acme.toml"
    path.write_text(BRAND, encoding="utf-8")
    return path


@pytest.fixture
def brand(brand_path: Path) -> Brand:
    return load(brand_path)


@pytest.fixture
def store(tmp_path: Path, brand: Brand) -> Store:
    made = Store(tmp_path / "a.duckdb")
    register(made, brand)
    return made


@pytest.fixture
def say(store: Store, brand: Brand) -> Say:
    """Store scored posts given as (author, day, text) with their coverage; a practices post begins with "privacy"."""
    listener = Listener("acme", brand.query.hash, "all")
    said = [0]

    def add(*spoken: tuple[str | None, int, str], coverage: list[dict[str, Any]] | None = None) -> None:
        first = said[0]
        said[0] += len(spoken)
        batch = posts(
            [
                {
                    "post_id": f"p{first + n}",
                    "author_key": author,
                    "created_at": START + timedelta(days=day),
                    "text": text,
                }
                for n, (author, day, text) in enumerate(spoken)
            ]
        )
        windows = [covered(START, 28)] if coverage is None else coverage
        save_arrival(store, arrival(batch, listeners=[listener], coverage=windows))
        version = scorer_version("vader", brand.names)
        with store.writer() as connection:
            (taxonomy,) = connection.execute("SELECT taxonomy_version FROM brands").fetchall()[0]
            for n, (_, _, text) in enumerate(spoken):
                key = ["forum", f"p{first + n}"]
                connection.execute("INSERT INTO scores VALUES (?, ?, 'vader', ?, 0, 1, 0, 0.1)", [*key, version])
                if text.startswith("privacy"):
                    connection.execute("INSERT INTO post_themes VALUES (?, ?, ?, 'consent', '')", [*key, taxonomy])

    return add


@pytest.fixture
def update(store: Store, brand_path: Path) -> Callable[[], int]:
    """What a run does after reading posts: register, count weeks, bring claims up to date."""

    def run() -> int:
        brand = load(brand_path)
        register(store, brand)
        update_weekly_numbers(store, ["acme"], new_run_id())
        return update_claims(store, brand)

    return run
