"""Near-copies: what counts as one, groups that never change, and nothing but hashes kept."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics import new_posts, post_reading
from analytics.copies import save_signatures, sign, sign_rows
from analytics.copies.grouping import find_groups
from analytics.copies.signatures import BANDS
from analytics.new_posts import read_new_posts
from analytics.registration import register_themes
from analytics.sentiment import scorer_version
from analytics.store import Store, read
from analytics.store.purging import post_tables, purge_posts
from analytics.store.saving import save_arrival
from analytics.themes import taxonomy_version
from tests.posts import START, arrival, covered, posts

CALL = "Nubble trains its AI on our calls without consent: cancel today, copy this message, send it to three friends"
VARIANTS = [
    CALL,
    CALL.upper() + "!!!",
    f"@ivo {CALL} https://example.org/1 #nubble",
    CALL.replace("three friends", "five friends"),
    "Please read. " + CALL,
]
OTHER = "They sold my data to advertisers, and the new export takes an hour for what used to take a minute"
SHORT = "great app, works well, love it"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    made = Store(tmp_path / "a.duckdb")
    assert made.author_keys
    with made.writer() as connection:
        connection.execute(
            "INSERT INTO brands (brand, name, declared_by, query_hash, scorer, scorer_version, also_scored, "
            "masked_names, taxonomy_version, official_keys, time_zone, file_fingerprint) "
            "VALUES ('acme', 'Acme', 'acme', 'q1', 'vader', ?, [], [], ?, [], 'UTC', 'f')",
            [scorer_version("vader", []), taxonomy_version()],
        )
        register_themes(connection)
    return made


def save(store: Store, **texts: str) -> None:
    records = [{"post_id": name, "author_key": name, "created_at": START, "text": text} for name, text in texts.items()]
    save_arrival(store, arrival(posts(records), coverage=[covered(START, 7)]))


def groups(store: Store) -> dict[str, str]:
    """Post → group, of those that have one."""
    with store.writer() as connection:
        rows = connection.execute("SELECT post_id, copy_group FROM copy_signatures WHERE copy_group IS NOT NULL")
        return {str(post): f"{group:x}" for post, group in rows.fetchall()}


def group(store: Store) -> int:
    """Read what has arrived, as a run does; how many posts on practices were signed and grouped."""
    return read_new_posts(store, ["acme"]).signatures


def group_of(texts: list[str]) -> list[int | None]:
    rows, bands = sign(texts)
    found = find_groups(bands, {})
    numbered = {int(row): found.get(number) for number, row in enumerate(rows)}
    return [numbered.get(row) for row in range(len(texts))]


def test_copies_with_small_changes_are_one_group() -> None:
    """Case, links, tags, a greeting and another number make no new text; another text is another."""
    found = group_of([*VARIANTS, OTHER])
    assert len(set(found[:-1])) == 1
    assert found[0] is not None
    assert found[-1] is None


def test_short_texts_are_never_grouped() -> None:
    """Many people say the same few words without copying."""
    assert group_of([SHORT] * 20) == [None] * 20
    assert group_of(["@someone https://example.org/a/long/address #tag " + SHORT] * 20) == [None] * 20


@pytest.mark.long
@settings(max_examples=15)
@given(
    st.lists(st.sampled_from([*VARIANTS, OTHER, OTHER + "!", SHORT]) | st.text(min_size=35, max_size=60), max_size=12)
)
def test_equal_texts_share_a_group_and_order_changes_no_partition(texts: list[str]) -> None:
    """Which posts are together depends on the texts alone."""
    found, backwards = group_of(texts), group_of(texts[::-1])[::-1]
    together = [[a is not None and a == b for b in found] for a in found]
    assert together == [[a is not None and a == b for b in backwards] for a in backwards]


def test_signatures_do_not_depend_on_the_batch() -> None:
    """A text has the same bands alone, among others and in another chunk."""
    rng = random.Random(1)
    words = [chr(97 + n) * 3 + str(n) for n in range(20)]
    texts = [" ".join(rng.choices(words, k=rng.randint(1, 40))) for _ in range(300)]
    rows, bands = sign(texts)
    for number in (0, len(rows) // 2, len(rows) - 1):
        assert np.array_equal(sign([texts[rows[number]]])[1][0], bands[number])


def test_new_posts_join_the_group_that_is_there(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ids stay as they were, batch by batch or at once, and a second run finds nothing to do."""
    save(store, a=VARIANTS[0], b=OTHER)
    assert (group(store), groups(store)) == (2, {})
    save(store, c=VARIANTS[1], d=VARIANTS[2])
    assert group(store) == 2
    before = groups(store)
    assert before.keys() == {"a", "c", "d"}
    monkeypatch.setattr(new_posts, "ROUND_POSTS", 1)
    save(store, e=VARIANTS[3], f=OTHER + " :(", g=SHORT)
    assert group(store) == 2
    after = groups(store)
    assert {name: after[name] for name in before} == before
    assert after["e"] == after["a"]
    assert after["f"] == after["b"] != after["a"]
    assert group(store) == 0


def test_a_post_alone_so_far_joins_the_group_that_its_copy_joins(store: Store) -> None:
    """Also where that is a group which was there before and not the one that it would have founded."""
    save(store, a=OTHER, b=OTHER, c=OTHER, d=OTHER)

    def sign_by_hand(name: str, *bands: int) -> None:
        others = range(1_000_000 * ord(name), 1_000_000 * ord(name) + BANDS - len(bands))
        columns = {
            "source": ["forum"],
            "post_id": [name],
            "bands": pa.array([[*bands, *others]], pa.list_(pa.uint64())),
        }
        with store.transaction() as connection:
            save_signatures(connection, pa.table(columns))

    sign_by_hand("a", 5, 6)
    sign_by_hand("b", 100, 5)
    sign_by_hand("c", 7000, 8000)
    assert groups(store) == {"a": "5", "b": "5"}
    sign_by_hand("d", 8000, 6)
    assert groups(store) == dict.fromkeys("abcd", "5")


def test_a_group_outlives_its_first_post_and_holds_no_text(store: Store) -> None:
    """With a purged post everything of it goes; its copies keep their group, of which only numbers are stored."""
    save(store, a=VARIANTS[0], b=VARIANTS[1])
    group(store)
    before = groups(store)
    purge_posts(store, "forum", {"a": "deleted"}, "r1")
    save(store, c=VARIANTS[4])
    group(store)
    assert groups(store) == {"b": before["b"], "c": before["b"]}
    with store.writer() as connection:
        assert "copy_signatures" in post_tables(connection)
        kept = {str(row[0]): str(row[1]) for row in connection.execute("DESCRIBE copy_signatures").fetchall()}
    assert {name for name, kind in kept.items() if "VARCHAR" in kind} == {"source", "post_id", "version"}


def test_a_campaign_is_one_voice_in_the_numbers_without_copies(store: Store) -> None:
    """Five angry copies outvote two happy people as they stand, and are one voice of three without copies."""
    angry = [text + " I hate this, it is terrible" for text in VARIANTS]
    save(store, **{f"n{n}": text for n, text in enumerate(angry)}, x="I love it, wonderful", y="great, I am happy")
    group(store)
    store.publish()
    [week] = read("copies_weekly", store=store.path).to_dict("records")
    assert (week["posts"], week["copies"], week["groups"]) == (7, 4, 1)
    assert (week["voices"], week["voices_without_copies"]) == (7, 3)
    assert week["net_trust"] == pytest.approx(100 * (2 - 5) / 7)
    assert week["net_trust_without_copies"] == pytest.approx(100 * (2 - 1) / 3)


def test_all_exact_copies_share_a_group_to_analysts_and_near_ones_where_they_speak_of_practices(store: Store) -> None:
    """Posts on anything else are not signed: that would cost as much as scoring them."""
    plain = "The new export takes an hour for what used to take a minute here"
    save(store, a=VARIANTS[0], b=VARIANTS[1], c=plain, d=plain.upper(), e=plain + " and there", f="short")
    assert group(store) == 2
    store.publish()
    found = read("brand_posts", store=store.path).set_index("post_id")["copy_group"]
    assert found["a"] == found["b"]
    assert found["c"] == found["d"] != found["e"]
    assert found.isna().to_dict() == {name: name == "f" for name in "abcdef"}


def test_a_post_that_is_purged_meanwhile_leaves_no_signature(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Erased between being fetched and being signed, it is not brought back as hashes."""
    save(store, a=VARIANTS[0], b=VARIANTS[1])

    def purge_first(beginnings: object) -> object:
        purge_posts(store, "forum", {"a": "deleted"}, "r1")
        return sign_rows(beginnings)  # type: ignore[arg-type]

    monkeypatch.setattr(post_reading, "sign_rows", purge_first)
    group(store)
    with store.writer() as connection:
        assert connection.execute("SELECT post_id FROM copy_signatures").fetchall() == [("b",)]
