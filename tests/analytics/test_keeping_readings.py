"""Language and speaker on the way from stored posts to weekly numbers."""

from __future__ import annotations

from pathlib import Path

import pytest

from analytics import keeping_readings, post_reading
from analytics.new_posts import read_new_posts
from analytics.registration import register_themes
from analytics.sentiment import scorer_version
from analytics.store import Store, read
from analytics.store.saving import save_arrival
from analytics.themes import taxonomy_version
from analytics.trust import update_weekly_numbers
from tests.posts import START, arrival, covered, posts

ENGLISH = "I love how they asked before they changed this"
GERMAN = "Die neuen Bedingungen sind eine Frechheit und ich bin nicht einverstanden"
SHORT = "ok"
GONE = "Deleted my account. They train their AI on our data without consent."


@pytest.fixture
def store(tmp_path: Path) -> Store:
    made = Store(tmp_path / "a.duckdb")
    with made.writer() as connection:
        connection.execute(
            "INSERT INTO brands (brand, name, declared_by, query_hash, scorer, scorer_version, also_scored, "
            "masked_names, taxonomy_version, official_keys, time_zone, file_fingerprint) "
            "VALUES ('acme', 'Acme', 'acme', 'q1', 'vader', ?, [], [], ?, ['staff'], 'UTC', 'f')",
            [scorer_version("vader", []), taxonomy_version()],
        )
        register_themes(connection)
    return made


def save(store: Store, *texts: str, source: str = "forum", **fields: object) -> None:
    batch = posts(
        [
            {"post_id": f"{source}{n}", "author_key": f"a{n}", "created_at": START, "text": text, **fields}
            for n, text in enumerate(texts)
        ],
        source,
    )
    save_arrival(store, arrival(batch, coverage=[covered(START, 7)]))


def analyse(store: Store) -> int:
    done = read_new_posts(store, ["acme"])
    update_weekly_numbers(store, ["acme"], "r1")
    store.publish()
    return done.languages


def test_a_post_in_another_language_is_kept_and_neither_scored_nor_counted(store: Store) -> None:
    """It is not read as English: no score, no vote, and the reason beside it."""
    save(store, ENGLISH, GERMAN, SHORT)
    assert analyse(store) == 3
    found = read("brand_posts", store=store.path).set_index("text")
    assert found["language"].to_dict() == {ENGLISH: "en", GERMAN: "de", SHORT: "und"}
    assert found.loc[GERMAN, "why_not_scored"] == found.loc[GERMAN, "why_not_counted"] == "in another language"
    assert found["compound"].isna().to_dict() == {ENGLISH: False, GERMAN: True, SHORT: False}
    week = read("trust_weekly", store=store.path).query("scope == 'all'").iloc[0]
    assert week["posts"] == 2
    assert read("source_weekly", store=store.path)["other_language"].tolist() == [1]


def test_the_brands_own_language_is_what_is_scored(store: Store) -> None:
    """A brand that is listened for in German leaves English out, and keeps what cannot be told."""
    with store.writer() as connection:
        connection.execute("INSERT INTO brand_languages VALUES ('acme', 'de')")
    save(store, ENGLISH, GERMAN, SHORT)
    analyse(store)
    found = read("brand_posts", store=store.path).set_index("text")["why_not_scored"]
    assert found.dropna().to_dict() == {ENGLISH: "in another language"}


def test_reading_again_does_nothing_until_the_rules_change(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A newer version reads every post again, and only weeks in which that changes what counts are counted anew."""
    save(store, ENGLISH, GERMAN)
    assert (analyse(store), analyse(store)) == (2, 0)
    monkeypatch.setattr(keeping_readings, "detector_version", lambda: "next")
    assert read_new_posts(store, ["acme"]).languages == 2
    assert stale_weeks(store) == 0
    monkeypatch.setattr(keeping_readings, "detector_version", lambda: "after next")
    monkeypatch.setattr(post_reading, "detect", lambda texts: ["en"] * len(texts))
    reading = read_new_posts(store, ["acme"])
    assert (reading.languages, reading.scored) == (2, 1), "what is English now is scored in the same run"
    assert stale_weeks(store) == 1
    analyse(store)
    assert read("trust_weekly", store=store.path).query("scope == 'all'")["posts"].tolist() == [2]


def test_a_store_scored_before_languages_were_told_is_counted_anew(store: Store) -> None:
    """What an earlier release scored as English and is not loses its vote, and its week is counted again."""
    save(store, ENGLISH, GERMAN)
    with store.writer() as connection:
        connection.execute(
            "INSERT INTO scores SELECT source, post_id, 'vader', ?, 0, 1, 0, 0.5 FROM posts",
            [scorer_version("vader", [])],
        )
    update_weekly_numbers(store, ["acme"], "earlier")
    analyse(store)
    assert read("trust_weekly", store=store.path).query("scope == 'all'")["posts"].tolist() == [1]


def test_newer_rules_for_speakers_replace_what_older_ones_said(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Posts on practices are read again without being tagged again, one row a post; other posts have none."""
    save(store, GONE, ENGLISH)
    assert read_new_posts(store, ["acme"]).speakers == 1
    monkeypatch.setattr(keeping_readings, "speakers_version", lambda: "next")
    monkeypatch.setattr(post_reading, "find_speakers", lambda texts: ["customer"] * len(texts))
    reading = read_new_posts(store, ["acme"])
    assert (reading.speakers, reading.tagged, reading.signatures) == (1, 0, 0)
    with store.writer() as connection:
        stored = connection.execute("SELECT post_id, version, speaker FROM post_speakers").fetchall()
    assert stored == [("forum0", "next", "customer")]


def test_who_speaks_is_told_by_handle_then_kind_then_words(store: Store) -> None:
    """The brand's own handle is official and a feed's article press, whatever their words say."""
    save(store, GONE, ENGLISH)
    save(store, GONE, source="news", kind="article")
    save(store, GONE, source="desk", author_key="staff")
    analyse(store)
    found = read("brand_posts", store=store.path).set_index("post_id")["speaker"].to_dict()
    assert found == {"forum0": "leaving", "forum1": "unknown", "news0": "press", "desk0": "official"}


def stale_weeks(store: Store) -> int:
    with store.writer() as connection:
        [(count,)] = connection.execute("SELECT count(*) FROM stale_weeks").fetchall()
    return int(count)
