"""Posts that wait: written down as they come, taken away when done, and never a post forgotten."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from analytics import new_posts
from analytics.new_posts import read_new_posts
from analytics.registration import register
from analytics.store import Store, waiting
from analytics.store.gathering import gather
from analytics.store.purging import purge_posts
from analytics.store.saving import Listener, save_arrival
from analytics.store.waiting import last_arrival, needs_all
from brands.brand_file import load
from tests.posts import START, arrival, posts

BRAND = """name = "Acme"
query = "{query}"
[[sources]]
connector = "archive"
name = "forum"
path = "a.csv"
columns = {{ created_at = "at", text = "t" }}
[report]
scorer = "{scorer}"
also_scored = []
"""


class Made:
    """A store, and the posts that come to it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.store, self.number = folder, Store(folder / "a.duckdb"), 0
        self.register("vader")

    def register(self, scorer: str, query: str = "acme") -> None:
        (self.folder / "acme.toml").write_text(BRAND.format(scorer=scorer, query=query))
        brand = load(self.folder / "acme.toml")
        register(self.store, brand)
        self.listener = Listener(brand.slug, brand.query.hash, "all")

    def collect(self, count: int) -> None:
        batch = posts(
            {"post_id": f"p{self.number + at:05d}", "text": f"great {at}", "created_at": START + timedelta(days=at)}
            for at in range(count)
        )
        self.number += count
        save_arrival(self.store, arrival(batch, listeners=[self.listener]))

    def read(self) -> int:
        return read_new_posts(self.store, ["acme"]).scored

    def ask(self, sql: str) -> list[tuple[object, ...]]:
        with self.store.writer() as connection:
            return connection.execute(sql).fetchall()

    def waiting(self, consumer: str) -> int:
        [(count,)] = self.ask(f"SELECT count(*) FROM waiting_posts WHERE consumer = '{consumer}'")
        return int(str(count))


@pytest.fixture
def made(tmp_path: Path) -> Made:
    """A store whose first posts were read and gathered."""
    found = Made(tmp_path)
    found.collect(5)
    assert found.read() == 5
    with found.store.transaction() as connection:
        gather(connection)
    return found


def test_each_consumer_takes_away_what_it_has_done(made: Made) -> None:
    """What is read still waits for being gathered, and the other way round."""
    assert (made.waiting("reading"), made.waiting("gathering")) == (0, 0)
    made.collect(3)
    assert (made.waiting("reading"), made.waiting("gathering")) == (3, 3)
    assert made.read() == 3
    assert (made.waiting("reading"), made.waiting("gathering")) == (0, 3)
    with made.store.transaction() as connection:
        assert gather(connection) == 3
    assert made.waiting("gathering") == 0
    assert made.read() == 0


def test_only_what_waits_is_looked_at(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run after the first asks for the waiting posts, and finds the same as one that looks at all of them."""
    asked: list[str] = []
    of_all, of_some = new_posts.statement, new_posts.only_waiting
    monkeypatch.setattr(new_posts, "statement", lambda name: (asked.append(name), of_all(name))[1])
    monkeypatch.setattr(new_posts, "only_waiting", lambda name: (asked.append(f"{name}, waiting"), of_some(name))[1])
    made.collect(2)
    assert made.read() == 2
    assert {name for name in asked if name.startswith("find_un")} == {
        f"{name}, waiting" for name in ("find_unscored_posts", "find_unread_posts", "find_unread_posts_on_practices")
    }
    made.ask("DELETE FROM read_brands")
    assert made.read() == 0  # of all posts none was left out


@pytest.mark.parametrize("change", ["another scorer", "another query"])
def test_other_settings_have_everything_looked_at(made: Made, change: str) -> None:
    """What a brand asks for now may concern posts that came long ago."""
    if change == "another scorer":
        made.register("vader_domain")
        assert made.read() == 5
        return
    made.register("vader", "acme OR acmeapp")
    made.ask(f"INSERT INTO mentions SELECT 'acme', source, post_id, '{made.listener.query_hash}' FROM posts")
    made.ask("DELETE FROM scores")
    assert made.read() == 5


def test_very_many_are_not_written_down_one_by_one(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    """Then all posts of the brand are looked at, and once that is done single ones wait again."""
    monkeypatch.setattr(waiting, "MOST", 3)
    made.collect(4)
    made.collect(1)
    assert made.waiting("reading") == 0
    with made.store.writer() as connection:
        assert needs_all(connection, "reading", ["acme"])
    assert made.read() == 5
    with made.store.writer() as connection:
        assert not needs_all(connection, "reading", ["acme"])
        assert needs_all(connection, "gathering", ["acme"])
    made.collect(2)
    assert made.waiting("reading") == 2
    assert made.read() == 2


def test_what_comes_while_it_is_read_still_waits(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    """A post that another run brings in meanwhile is not taken away unread."""
    made.collect(2)
    settle, came = new_posts._settle, []

    def bring_and_settle(store: Store, plan: object) -> None:
        if not came:
            came.append(True)
            made.collect(1)
        settle(store, plan)  # type: ignore[arg-type]

    monkeypatch.setattr(new_posts, "_settle", bring_and_settle)
    assert made.read() == 2
    assert made.waiting("reading") == 1
    assert made.read() == 1


def test_a_run_that_ends_before_it_is_done_takes_nothing_away(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next run finds what was left unread."""

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    made.collect(2)
    with monkeypatch.context() as patch:
        patch.setattr(new_posts, "_keep", die)
        with pytest.raises(KeyboardInterrupt):
            made.read()
    assert made.waiting("reading") == 2
    assert made.read() == 2


def test_a_purged_post_waits_no_more(made: Made) -> None:
    """It is gone from here as from everywhere."""
    made.collect(2)
    purge_posts(made.store, "forum", {"p00005": "deleted"}, "run1")
    assert made.waiting("reading") == 1
    assert made.read() == 1


def test_arrivals_are_numbered_for_good(made: Made) -> None:
    """A number is never given twice, also when nothing waits any more."""
    with made.store.writer() as connection:
        first = last_arrival(connection)
    made.collect(1)
    with made.store.writer() as connection:
        assert last_arrival(connection) == first + 1
