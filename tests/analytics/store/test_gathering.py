"""What was gathered of posts is what stands in the tables, whatever happened since."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from pandas.testing import assert_frame_equal

from analytics.new_posts import read_new_posts
from analytics.registration import register
from analytics.sentiment import scorer_version
from analytics.store import Store, gathering, kept_weeks
from analytics.store.catalogue import views
from analytics.store.gathering import BINS, IN_FORCE, READINGS, VIEW, gather, regroup
from analytics.store.purging import purge_posts
from analytics.store.saving import Listener, save_arrival
from analytics.trust import update_weekly_numbers
from analytics.voice_bins import BinsAsked, list_attention_bins, list_event_bins, list_other_bins
from brands.brand_file import load
from tests.posts import START, arrival, covered, metrics, posts

TEXTS = (
    "great",
    "They train their AI on my calls, and nobody asked me whether I agree to it",
    "They train their AI on my calls, and nobody asked me whether I agree to it!",
    "Das ist ein langer deutscher Satz über die Nutzung meiner Daten, und ich bin damit nicht einverstanden",
    "a text of more than forty characters that is passed on word for word",
    "awful",
)
BRAND = """name = "Acme"
query = "acme"
handles = [{handles}]
[[peers]]
name = "Other"
query = "other"
[[sources]]
connector = "archive"
name = "forum"
path = "a.csv"
columns = {{ created_at = "at", text = "t" }}
[report]
scorer = "{scorer}"
"""


Rows = list[tuple[object, ...]]


def shown(connection: duckdb.DuckDBPyConnection) -> list[Rows]:
    """The rows of every view that has two bodies, with their types."""
    return [
        rows
        for view in READINGS
        for rows in (
            connection.execute(f"SELECT column_name, column_type FROM (DESCRIBE {view})").fetchall(),
            connection.execute(f"FROM {view} ORDER BY ALL").fetchall(),
        )
    ]


def defined(connection: duckdb.DuckDBPyConnection) -> list[Rows]:
    """What the definitions of these views give, whichever bodies they have now."""
    found = []
    for view in READINGS:
        definition = views()[view].sql.partition(" AS\n")[2].rstrip().rstrip(";")
        found.append(
            connection.execute(f"SELECT column_name, column_type FROM (DESCRIBE FROM ({definition}))").fetchall()
        )
        found.append(connection.execute(f"FROM ({definition}) ORDER BY ALL").fetchall())
    return found


def kept_rows(connection: duckdb.DuckDBPyConnection) -> list[Rows]:
    """What is kept of weeks."""
    return [connection.execute(f"FROM {table} ORDER BY ALL").fetchall() for table in kept_weeks.COUNTS]


def attention_bins(connection: duckdb.DuckDBPyConnection, asked: BinsAsked) -> pd.DataFrame:
    """Attention to the same themes, asked for as a choice of them."""
    return list_attention_bins(connection, asked, {"these": asked.themes})


class Gathering(RuleBasedStateMachine):
    """A store to which everything happens that can change what a post's row shows."""

    def __init__(self, store: Store | None = None) -> None:
        super().__init__()
        self.room = tempfile.TemporaryDirectory()
        self.folder = Path(self.room.name)
        self.store = Store(self.folder / "a.duckdb") if store is None else store
        self.number = 0
        self.register("vader", False)

    @rule(scorer=st.sampled_from(["vader", "vader_domain"]), official=st.booleans())
    def register(self, scorer: str, official: bool) -> None:
        (self.folder / "acme.toml").write_text(BRAND.format(scorer=scorer, handles='"@acme"' if official else ""))
        brand = load(self.folder / "acme.toml")
        register(self.store, brand)
        self.listeners = [
            Listener(brand.slug, brand.query.hash, "all"),
            Listener("other", brand.peers[0].query.hash, "query", "contains(searched, 'AI')"),
        ]

    @rule(
        texts=st.lists(st.sampled_from(TEXTS), min_size=1, max_size=4),
        again=st.booleans(),
        likes=st.integers(0, 9),
        weeks_back=st.sampled_from([0, 0, 2, 9]),
    )
    def collect(self, texts: list[str], again: bool, likes: int, weeks_back: int = 0) -> None:
        first = 0 if again else self.number
        self.number = max(self.number, first + len(texts))
        batch = posts(
            {
                "post_id": f"p{first + at}",
                "text": text,
                "created_at": START + timedelta(days=3 * (first + at) - 7 * weeks_back),
                "author_key": None
                if at == 3
                else self.store.author_keys.key("forum", "@acme" if at == 1 else f"someone {at}"),
                "rating": [1.0, 4.3, None][at % 3],
            }
            for at, text in enumerate(texts)
        )
        seen = metrics(
            {"post_id": f"p{first + at}", "likes": likes, "observed_at": START + timedelta(days=90, hours=likes)}
            for at in range(len(texts))
        )
        window = covered(START - timedelta(weeks=9), 163)
        save_arrival(self.store, arrival(batch, listeners=self.listeners, metrics=seen, coverage=[window]))

    @rule()
    def read(self) -> None:
        read_new_posts(self.store, ["acme", "other"])

    @rule()
    def count(self) -> None:
        update_weekly_numbers(self.store, ["acme", "other"], "run1")

    @rule(posts=st.integers(1, 5))
    def skip(self, posts: int) -> None:
        """Nobody posts for three days each."""
        self.number += posts

    def find_for_other(self, post_id: str) -> None:
        batch = posts([{"post_id": post_id, "text": TEXTS[0]}])
        save_arrival(self.store, arrival(batch, listeners=[replace(self.listeners[1], how="all")]))

    def flag_source(self) -> None:
        """As two brands of one file, of which one has next to nothing."""
        self.collect([TEXTS[0]] * 300, False, 1)
        self.read()
        for brand in ("acme", "other"):
            window = covered(START, 200) | {"requested": None}
            listener = next(each for each in self.listeners if each.brand == brand)
            save_arrival(self.store, arrival(posts([]), listeners=[listener], coverage=[window]))
        update_weekly_numbers(self.store, ["acme", "other"], "run1", shared_files=["forum"])
        with self.store.writer() as connection:
            assert connection.execute("SELECT brand FROM source_flags WHERE flag LIKE 'sparse%'").fetchall()

    @rule(number=st.integers(0, 8))
    def purge(self, number: int) -> None:
        purge_posts(self.store, "forum", {f"p{number}": "deleted"}, "run1")

    @rule(at_most=st.sampled_from([None, 2]))
    def gather(self, at_most: int | None) -> None:
        with self.store.transaction() as connection:
            gather(connection, at_most=at_most)

    @rule(days=st.sampled_from([0, 7, 10]), scorer=st.sampled_from(["vader", "vader_domain"]))
    def ask_bins(self, days: int = 0, scorer: str = "vader") -> None:
        """What is kept of bins is what counting all of them anew gives."""
        with self.store.transaction() as connection:
            gather(connection)
            for brand in ("acme", "other"):
                day, after = START.date() + timedelta(days=days), START.date() + timedelta(days=100)
                names = connection.execute("SELECT masked_names FROM brands WHERE brand = ?", [brand]).fetchall()[0][0]
                asked = BinsAsked(brand, scorer, scorer_version(scorer, names), ("ai_training",), day, after)
                readings = (list_event_bins, list_other_bins, attention_bins)
                kept = [read(connection, asked) for read in readings]
                for table in BINS:
                    connection.execute(f"DELETE FROM {table} WHERE brand = ?", [brand])
                for read, before in zip(readings, kept, strict=True):
                    assert_frame_equal(before, read(connection, asked))
                spoken = kept[0][kept[0]["authors"] > 0]
                assert kept[2]["attention"].tolist() == spoken["attention"].tolist()

    @invariant()
    def shows_what_stands_there(self) -> None:
        with self.store.writer() as connection:
            assert shown(connection) == defined(connection)

    @invariant()
    def keeps_what_counting_anew_gives(self) -> None:
        """Of every brand whose weeks are counted, also while other bodies are in force."""
        with self.store.writer() as connection:
            kept = kept_rows(connection)
            connection.begin()
            brands = [str(row[0]) for row in connection.execute("SELECT brand FROM counted_brands").fetchall()]
            kept_weeks.forget_counts(connection)
            kept_weeks.count_brands(connection, brands)
            anew = kept_rows(connection)
            connection.rollback()
            assert kept == anew

    def teardown(self) -> None:
        with self.store.transaction() as connection:
            gather(connection)
            assert connection.execute("SELECT 1 FROM store_settings WHERE name = ?", [IN_FORCE]).fetchall()
            assert shown(connection) == defined(connection)
            assert connection.execute("SELECT count(*) FROM changed_posts").fetchall() == [(0,)]
        for days in (0, 3):
            self.ask_bins(days)


Gathering.TestCase.settings = settings(max_examples=20, stateful_step_count=15, deadline=None)
TestGathering = pytest.mark.timeout(900)(pytest.mark.long(Gathering.TestCase))  # to find the shortest case takes time
CHANGES: dict[str, Callable[[Gathering], object]] = {
    "posts gathered unread are read": lambda made: (
        made.collect(list(TEXTS), False, 1),
        made.gather(None),
        made.read(),
    ),
    "likes are observed again": lambda made: made.collect(list(TEXTS[:4]), True, 7),
    "a known post is found for another brand": lambda made: made.find_for_other("p0"),
    "a copy comes to a stored post": lambda made: (made.collect([TEXTS[2]], False, 1), made.read()),
    "a copy comes long after": lambda made: (made.skip(10), made.collect([TEXTS[2]], False, 1), made.read()),
    "another scorer is configured": lambda made: made.register("vader_domain", False),
    "another scorer is configured and reads": lambda made: (made.register("vader_domain", False), made.read()),
    "the brand names its handle": lambda made: made.register("vader", True),
    "a post is purged": lambda made: made.purge(1),
    "a source turns out sparse": lambda made: made.flag_source(),
    "weeks are counted": lambda made: made.count(),
}

UNSEEN = {"weeks are counted", "another scorer is configured and reads"}  # it reads these texts as the first one does


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_is_shown_before_and_after_it_is_gathered(filled: Gathering, change: str) -> None:
    """The rows differ from those before where something is changed, and are those of the definition at any time.

    What was kept of bins follows them.
    """
    filled.ask_bins()
    with filled.store.writer() as connection:
        before = shown(connection)
    CHANGES[change](filled)
    with filled.store.writer() as connection:
        assert (shown(connection) == before) is (change in UNSEEN)
    filled.shows_what_stands_there()
    filled.teardown()


@pytest.fixture
def filled(store: Store) -> Gathering:
    """A store of eight posts, read and not gathered."""
    made = Gathering(store)
    made.collect(list(TEXTS[:4]), False, 1)
    made.collect(list(TEXTS[:4]), False, 1)
    made.read()
    return made


def test_many_posts_are_gathered_some_at_a_time(filled: Gathering, monkeypatch: pytest.MonkeyPatch) -> None:
    """In rounds of three, eight posts of one brand and some of the other are all there, each once."""
    monkeypatch.setattr(gathering, "GATHERED_AT_ONCE", 3)
    with filled.store.transaction() as connection:
        waiting = connection.execute("SELECT count(*) FROM mentions").fetchall()[0][0]
        assert gather(connection) == waiting > 8
        assert gather(connection) == 0
        assert shown(connection) == defined(connection)
        keys = "SELECT count(DISTINCT (brand, source, post_id)), count(*) FROM gathered_posts"
        assert connection.execute(keys).fetchall() == [(waiting, waiting)]


def test_a_published_copy_is_gathered_where_little_is_waiting(filled: Gathering) -> None:
    """In passing only a few posts are; whoever needs all gathered says so. What is shown is the same."""
    seen = []
    for at_most in (2, None):
        filled.store.publish(gather_at_most=at_most)
        with filled.store.reader() as connection:
            gathered = connection.execute("SELECT count(*) > 0 FROM gathered_posts").fetchall()
            seen.append((gathered, shown(connection)))
    assert [gathered for gathered, _ in seen] == [[(False,)], [(True,)]]
    assert seen[0][1] == seen[1][1]


def test_posts_left_for_later_under_new_settings_come_in_full(filled: Gathering) -> None:
    """A brand that names its handle has all posts gathered anew, also where they are too many for the first look."""
    with filled.store.transaction() as connection:
        gather(connection)
    filled.register("vader", True)
    for at_most in (2, 2, None):
        with filled.store.transaction() as connection:
            gather(connection, at_most=at_most)
            assert len(shown(connection)[1]) > 8
            assert shown(connection) == defined(connection)


def test_a_new_release_gathers_anew(filled: Gathering) -> None:
    """Where the definition was another one, nothing that was gathered by it is shown."""
    with filled.store.transaction() as connection:
        gather(connection)
        connection.execute("UPDATE gathered_posts SET practices = NOT practices")
        connection.execute("UPDATE gathered_brands SET settings = 'of an earlier release'")
        connection.execute("UPDATE view_definitions SET hash = 'of an earlier release'")
    with filled.store.transaction() as connection:
        assert shown(connection) == defined(connection)
        gather(connection)
        assert shown(connection) == defined(connection)


def test_what_is_undone_is_not_shown(filled: Gathering) -> None:
    """The view's body is part of the transaction: a save that fails half-way leaves the quick one and the same rows."""
    with filled.store.transaction() as connection:
        gather(connection)
        before = shown(connection)

    def fail() -> None:
        with filled.store.transaction() as connection:
            gathering.put_definition_in_force(connection)
            connection.execute("DELETE FROM posts")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with filled.store.writer() as connection:
        assert shown(connection) == before
        assert (
            "gathered_posts"
            in connection.execute("SELECT sql FROM duckdb_views() WHERE view_name = ?", [VIEW]).fetchall()[0][0]
        )


def test_a_copy_leaves_other_weeks_counted_as_they_were(store: Store) -> None:
    """The post that it copies is of its group then; a week in which no other of the group lies counts as it did."""
    made = Gathering(store)
    made.collect([TEXTS[0], TEXTS[0], TEXTS[1]], False, 1)
    made.read()
    made.gather(None)
    with store.writer() as connection:
        connection.execute("UPDATE stored_weeks SET truncated = 77")
    made.skip(10)
    made.collect([TEXTS[2]], False, 1)
    made.read()
    made.gather(None)
    with store.writer() as connection:
        found = connection.execute(
            "SELECT count(DISTINCT copy_group), count(*) FROM brand_posts_without_text "
            "WHERE brand = 'acme' AND copy_group IS NOT NULL"
        ).fetchall()
        weeks = connection.execute("SELECT week, max(truncated) FROM stored_weeks GROUP BY week ORDER BY week")
        assert [row[1] for row in weeks.fetchall()] == [77, 0]
    assert found == [(1, 2)]


@pytest.mark.parametrize(("skipped", "counted_again"), [(0, ["p0", "p1"]), (2, [])])
def test_posts_that_come_into_one_group_are_gathered_again_where_they_are_near(
    store: Store, skipped: int, counted_again: list[str]
) -> None:
    """Two posts three days from each other may be one voice of a bin; nine days from each other they never are."""
    made = Gathering(store)
    made.collect([TEXTS[1]], False, 1)
    made.skip(skipped)
    made.collect([TEXTS[4]], False, 1)
    made.read()
    made.gather(None)
    with store.transaction() as connection:
        connection.execute(
            "CREATE TEMP TABLE joined_posts AS SELECT source, post_id, 5::UBIGINT AS copy_group FROM posts"
        )
        regroup(connection)
        changed = connection.execute("SELECT post_id FROM changed_posts ORDER BY post_id").fetchall()
        moved = connection.execute("SELECT DISTINCT post_id FROM gathered_posts WHERE copy_group = 5").fetchall()
    assert [row[0] for row in changed] == counted_again
    assert len(moved) == 2 * (not counted_again)
