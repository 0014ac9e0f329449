from __future__ import annotations

import hmac
import unicodedata
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analytics.store import KeyMismatch, Store
from analytics.store.author_keys import AuthorKeys
from analytics.store.forgetting import count_author, forget_author
from analytics.store.handle_forms import write_forms
from analytics.store.saving import save_arrival
from tests.posts import arrival, posts
from tests.stores import NewStore, write_key


def rows(store: Store, sql: str) -> list[tuple[Any, ...]]:
    with store.writer() as connection:
        return connection.execute(sql).fetchall()


def by(store: Store, *handles: str, source: str = "forum", text: str = "hello") -> Any:
    """An arrival with a post by each handle, as a connector brings it."""
    keyed = [{"author_key": store.author_keys.key(source, each), "text": text} for each in handles]
    return arrival(posts(keyed, source))


@pytest.mark.parametrize("asked", ["ann", "@ann", "u/Ann", "/u/ann", " ANN ", "U/ann"])
@pytest.mark.parametrize("kept", ["ann", "@Ann", "u/ann"])
def test_a_handle_is_found_however_it_is_written(store: Store, asked: str, kept: str) -> None:
    """With and without what people write before a handle, in any case, whichever way the source keeps it."""
    save_arrival(store, by(store, kept, "annika"))
    assert count_author(store, asked) == {"forum": 1}
    assert forget_author(store, asked, "run1").posts == {"forum": 1}
    assert rows(store, "SELECT post_id FROM posts") == [("1",)]


WIDE_ANN = "\uff21\uff4e\uff4e"
SPELLINGS = [
    ("Jos\u00e9", "jose\u0301"),
    (WIDE_ANN, "ann"),
    (f"\uff20{WIDE_ANN}", "@ann"),
    ("\u30ac\u30a4", "\uff76\uff9e\uff72"),  # gai in usual and in narrow kana
    ("\uac00\ub098", "\u1100\u1161\u1102\u1161"),  # Hangul syllables and their letters
    ("\u0391\u039d\u039d\u0391\u03a3", "\u03b1\u03bd\u03bd\u03b1\u03c3"),  # a sigma at the end
    ("\u00c5SA", "a\u030asa"),
    ("\u212bsa", "\u00e5sa"),  # the sign for an ångström is that letter
    ("ann@m\u00fcnchen.example", "ann@xn--mnchen-3ya.example"),
]


@pytest.mark.parametrize(("kept", "asked"), [*SPELLINGS, *((b, a) for a, b in SPELLINGS)])
def test_every_form_of_a_handle_is_asked_for(kept: str, asked: str) -> None:
    """Composed or not, wide or narrow, in either case, with the host as people or as DNS write it."""
    keys = AuthorKeys(b"k" * 32)
    assert keys.key("forum", kept) in {keys.key("forum", each) for each in write_forms(asked)}


LOOK_ALIKE = [("stra\u00dfe", "strasse"), ("ann\u2460", "ann1"), ("jos\u00e9", "jose"), ("\u0456da", "ida")]


@pytest.mark.parametrize(("one", "other"), LOOK_ALIKE)
def test_what_only_looks_alike_is_another_author(one: str, other: str) -> None:
    """Two people are never erased for one: letters that are not the same to a platform stay apart."""
    assert not set(write_forms(one)) & set(write_forms(other))


def test_a_handle_is_forgotten_in_another_form_than_it_is_kept_in(store: Store) -> None:
    """Posts, texts that name it, quarantine and later imports; a decomposed name is not the one without its accents."""
    rejected = [{"file": "a", "line": 1, "reason": "", "payload": '{"record": "1;JOSE\u0301;x"}'}]
    save_arrival(store, arrival(posts([]), rejected=rejected))
    arriving = by(store, "Jose\u0301", WIDE_ANN, "jose", text="so jose\u0301 said")
    save_arrival(store, arriving)
    forgotten = forget_author(store, "jos\u00e9", "run1")
    assert (forgotten.posts, forgotten.naming, forgotten.quarantined) == ({"forum": 1}, {"forum": 2}, 1)
    assert save_arrival(store, arriving).withheld == 1
    forgotten = forget_author(store, "jose", "run2")
    assert (forgotten.posts, forgotten.naming) == ({"forum": 1}, {})
    assert forget_author(store, "@ann", "run3").posts == {"forum": 1}


@settings(max_examples=40, deadline=None)
@given(st.text(min_size=1, max_size=12), st.sampled_from(["NFC", "NFD"]), st.sampled_from(["ann", "u/ann", " @Ann"]))
def test_the_key_of_a_handle_is_always_among_those_asked_for(handle: str, form: str, plain: str) -> None:
    """As it was given, as either normal form, and as a store of an earlier release has it; plain handles stay few."""
    keys = AuthorKeys(b"k" * 32)
    asked = {keys.key("forum", each) for each in write_forms(handle)}
    assert keys.key("forum", handle) in asked
    assert keys.key("forum", unicodedata.normalize(form, handle)) in asked
    assert len(write_forms(plain)) <= 8


def test_stored_keys_stay_valid() -> None:
    """A key is HMAC-SHA256 of source and handle in lower case, as in every release: posts of years hang on it."""
    keys = AuthorKeys(b"k" * 32)
    assert (
        keys.key("forum", " Jose\u0301 ") == hmac.digest(b"k" * 32, "forum\0jose\u0301".encode(), "sha256").hex()[:32]
    )


def test_an_author_goes_from_every_source_and_comes_back_on_none(store: Store) -> None:
    """One handle over all sources, also one that has no post by it yet; others stay."""
    forum, blog = by(store, "ann", "bob", "ann"), by(store, "ann", "bob", source="blog")
    other = by(store, "bob", "cy", source="empty")
    for each in (forum, blog, other):
        save_arrival(store, each)
    forgotten = forget_author(store, "ann", "run1")
    assert forgotten.posts == {"blog": 1, "forum": 2}
    assert save_arrival(store, forum).withheld == 2
    assert save_arrival(store, blog).withheld == 1
    assert save_arrival(store, by(store, "bob", "cy", "ann", source="empty")).withheld == 1
    assert {row[0] for row in rows(store, "SELECT author_key FROM posts")} == {
        *(store.author_keys.key(source, "bob") for source in ("forum", "blog", "empty")),
        store.author_keys.key("empty", "cy"),
    }


def test_only_a_mark_stays(store: Store) -> None:
    """Neither the author key nor the handle is in any table, and no tombstone tells how many posts there were."""
    save_arrival(store, by(store, "ann", "bob"))
    forget_author(store, "ann", "run1")
    ann = store.author_keys.key("forum", "ann")
    assert (store.author_keys.author_mark(ann),) in rows(store, "SELECT author_mark FROM suppressed_authors")
    assert rows(store, "SELECT * FROM tombstones") == []
    with store.writer() as connection:
        tables = [
            row[0]
            for row in connection.execute(
                "SELECT table_name FROM duckdb_tables() WHERE database_name = current_database()"
            ).fetchall()
        ]
        everything = str([connection.execute(f"SELECT * FROM {table}").fetchall() for table in tables])
    assert ann not in everything
    assert "ann" not in everything.replace("channel", "")
    assert store.author_keys.key("forum", "bob") in everything


def test_one_source_alone_may_be_asked_for(store: Store) -> None:
    """The same handle elsewhere may be someone else."""
    for source in ("forum", "blog"):
        save_arrival(store, by(store, "ann", source=source))
    assert forget_author(store, "ann", "run1", "blog").posts == {"blog": 1}
    assert rows(store, "SELECT source FROM posts") == [("forum",)]
    assert save_arrival(
        store, arrival(posts([{"post_id": "9", "author_key": store.author_keys.key("forum", "ann")}]))
    ).new


def test_posts_by_others_that_name_the_author_are_counted_and_kept(store: Store) -> None:
    """The handle as a word of its own, with or without @; a longer name is another's."""
    for number, text in enumerate(["as @ann said", "ann.", "(Ann)", "annex", "joann", "a_ann"]):
        keyed = {"post_id": f"b{number}", "author_key": store.author_keys.key("forum", "bob"), "text": text}
        save_arrival(store, arrival(posts([keyed])))
    assert forget_author(store, "@ann", "run1").naming == {"forum": 3}
    assert rows(store, "SELECT count(*) FROM posts") == [(6,)]


@pytest.mark.parametrize("handle", ["a.nn", "ann+1 (x)", "[ann", "ann\\", "ann$^*"])
def test_no_handle_is_a_pattern(store: Store, handle: str) -> None:
    """A handle is taken to the letter, whatever characters it has."""
    save_arrival(store, by(store, handle, "bob", text=f"signed {handle}!"))
    save_arrival(store, arrival(posts([{"post_id": "9", "text": "axnn"}])))
    forgotten = forget_author(store, handle, "run1")
    assert (forgotten.posts, forgotten.naming) == ({"forum": 1}, {"forum": 1})


def test_records_in_quarantine_that_name_the_author_go(store: Store) -> None:
    """What could not be read may hold the handle in any field."""
    payloads = ['{"record": "1;@ann;x"}', '{"record": "2;annex;x"}']
    rejected = [{"file": "a", "line": at, "reason": "", "payload": each} for at, each in enumerate(payloads)]
    save_arrival(store, arrival(posts([]), rejected=rejected))
    assert forget_author(store, "ann", "run1").quarantined == 1
    assert rows(store, "SELECT line FROM quarantine") == [(1,)]


@pytest.mark.long
@settings(
    max_examples=settings.default.max_examples // 10,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(st.sampled_from(["ann", "bob", "cy"]), min_size=1, max_size=8), st.sampled_from(["ann", "bob"]))
def test_forgetting_before_or_after_an_import_is_the_same(new_store: NewStore, authors: list[str], asked: str) -> None:
    """Whenever the author is forgotten, the same posts are there in the end, and twice is once."""
    found = []
    for name in ("after", "before"):
        store = new_store(f"{name}{abs(hash((tuple(authors), asked)))}")
        write_key(store)
        save_arrival(store, arrival(posts([{"post_id": "first"}])))  # the source is known
        if name == "before":
            forget_author(store, asked, "run1")
        save_arrival(store, by(store, *authors))
        forget_author(store, asked, "run2")
        forget_author(store, asked, "run3")
        found.append(rows(store, "SELECT post_id, author_key FROM posts ORDER BY ALL"))
    assert found[0] == found[1]
    assert len(found[0]) == 1 + sum(author != asked for author in authors)


def test_a_missing_key_is_told_and_no_new_one_is_made(store: Store) -> None:
    """Under a new key nobody would be found, and it would look as if nobody had been there."""
    save_arrival(store, by(store, "ann"))
    store.key_path.unlink()
    for act in (lambda s: count_author(s, "ann"), lambda s: forget_author(s, "ann", "run1")):
        with pytest.raises(KeyMismatch, match="missing"):
            act(Store(store.url))
    assert not store.key_path.exists()
    assert rows(store, "SELECT count(*) FROM posts") == [(1,)]
