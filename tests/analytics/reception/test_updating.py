"""Posts of the days after a response are read once, by the rules in force, and go with what is erased."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from analytics.reception import updating
from analytics.reception.updating import update_reception
from analytics.registration import register
from analytics.store import Store, read
from analytics.store.purging import purge_posts
from analytics.store.saving import Listener, save_arrival
from brands.brand_file import load
from tests.posts import START, arrival, covered, posts

BRAND = """name = "Acme"
query = "acme"
language = "{language}"
[[events]]
id = "e"
title = "E"
themes = ["consent"]
noticed = 2023-01-08
responded = 2023-01-09
[report]
scorer = "vader"
"""
SPEAKS, SILENT = "acme says nothing new, their blog post explains nothing about the terms", "acme is down"


class Desk:
    """A store, its brand file and what was said on which day."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "acme.toml"
        self.store = Store(folder / "a.duckdb")
        self.write()

    def write(self, language: str = "en", more: str = "") -> None:
        self.path.write_text(more + BRAND.replace("{language}", language), "utf-8")
        self.brand = load(self.path)
        register(self.store, self.brand)

    def say(self, *spoken: tuple[int, str], first: int = 0) -> None:
        batch = posts(
            [
                {"post_id": f"p{first + n}", "created_at": START + timedelta(days=day, hours=1), "text": text}
                for n, (day, text) in enumerate(spoken)
            ]
        )
        listener = Listener("acme", self.brand.query.hash, "all")
        save_arrival(self.store, arrival(batch, listeners=[listener], coverage=[covered(START, 70)]))

    def update(self) -> int:
        return update_reception(self.store, self.brand)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        with self.store.writer() as connection:
            return connection.execute(sql).fetchall()


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_only_the_28_days_from_the_response_are_read(desk: Desk) -> None:
    """The day of the response is the first of them; a silent post is kept as read."""
    desk.say((6, SPEAKS), (7, SPEAKS), (34, SILENT), (35, SPEAKS))
    assert desk.update() == 2
    assert desk.rows("SELECT post_id, stance, evidence FROM post_reception ORDER BY ALL") == [
        ("p1", "rejects", "blog post"),
        ("p2", "silent", ""),
    ]


def test_a_post_is_read_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A later run reads what is new and nothing else."""
    desk.say((7, SPEAKS))
    desk.update()
    desk.say((8, SILENT), first=1)
    asked: list[int] = []
    whole = updating.read_stances
    monkeypatch.setattr(updating, "read_stances", lambda texts, names: asked.append(len(texts)) or whole(texts, names))
    assert (desk.update(), desk.update()) == (1, 0)
    assert asked == [1]


def test_other_names_have_all_posts_read_anew(desk: Desk) -> None:
    """The rules are filled with them, and what was read by the former ones goes."""
    desk.say((7, "acme is down, and one hears that Zapf responded"))
    desk.update()
    assert desk.rows("SELECT stance FROM post_reception") == [("silent",)]
    desk.write(more='aliases = ["Zapf"]\n')
    assert desk.update() == 1
    assert desk.rows("SELECT stance FROM post_reception") == [("neither",)]


def test_a_brand_of_another_language_is_not_read(desk: Desk) -> None:
    """The rules know English only: better no answer than a low one."""
    desk.say((7, SPEAKS))
    desk.update()
    desk.write(language="de-CH")
    assert desk.update() == 0
    assert desk.rows("SELECT * FROM post_reception") == []


def test_what_is_erased_leaves_nothing(desk: Desk) -> None:
    """The words that were found in a post go with it."""
    desk.say((7, SPEAKS), (7, SILENT))
    desk.update()
    purge_posts(desk.store, "forum", {"p0": "deleted"}, "run2")
    assert desk.rows("SELECT post_id FROM post_reception") == [("p1",)]


def test_the_view_shows_each_post_with_its_event(desk: Desk) -> None:
    """One that two events' days hold stands there for both, and an event without response has none."""
    desk.say((7, SPEAKS))
    desk.update()
    desk.store.publish()
    found = read("response_posts", brand="acme", store=desk.store.path)
    assert found[["event_id", "post_id", "stance"]].values.tolist() == [["e", "p0", "rejects"]]
