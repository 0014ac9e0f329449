"""Forgetting an author through the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import analytics.report
from analytics.report import Report
from analytics.store import Store
from brands.brand_file import load
from flows import people_commands, stages
from tests.flows.acme import BRAND_FILE, write_posts
from tests.flows.conftest import BrandTrust
from tests.posts import write_by_hand
from tests.traces import found_in_bytes, found_in_tables

OWN_WORDS = "Acme trains AI on our data, which is awful, said once and by one only"


@pytest.fixture
def place(workplace: Path) -> Path:
    """Two posts by ann, one of them the only one that the report can quote on the event, and one by bob."""
    (workplace / "acme.toml").write_text(BRAND_FILE)
    rows = [(f"b{day}", "bob", f"2023-06-{day:02d}", f"Acme is fine on day {day}") for day in range(1, 31)]
    rows += [("a1", "ann", "2023-06-28", OWN_WORDS), ("a2", "@Ann", "2023-06-06", "Acme, I ask, is it good")]
    rows += [("b99", "bob", "2023-07-04", "as @ann says, Acme is awful")]
    write_posts(workplace / "posts.csv", rows)
    return workplace


def stored(store: Store) -> set[str]:
    with store.writer() as connection:
        return {row[0] for row in connection.execute("SELECT post_id FROM posts").fetchall()}


def test_an_author_is_erased_everywhere_and_an_import_brings_nothing_back(place: Path, brandtrust: BrandTrust) -> None:
    """Posts, keys, texts and quotes go from store, copy and report; the same archive again leaves the author out."""
    store = Store()
    stages.weekly(load("acme.toml"), store)
    keys = [store.author_keys.key("forum", form) for form in ("ann", "@ann")]
    assert OWN_WORDS in found_in_bytes(place / "reports", [OWN_WORDS])
    assert found_in_tables(store.read_path, keys) == set(keys)
    with store.writer() as connection:
        numbers = connection.execute("SELECT * FROM weekly_numbers ORDER BY ALL").fetchall()

    told = brandtrust("forget", "@ann", "--yes")
    assert told.exit_code == 0, told.stderr
    assert "2 posts erased: forum 2" in told.stdout
    assert "1 post by others still name the handle: forum 1" in told.stdout.replace("posts", "post")
    assert "report rendered anew without the quote" in told.stdout
    assert found_in_bytes(place, [OWN_WORDS, *keys], but=["posts.csv"]) == set()
    assert found_in_tables(store.path, [OWN_WORDS, *keys]) == set()

    with store.writer() as connection:
        connection.execute("DELETE FROM cursors")
    again = brandtrust("collect", "acme.toml")
    assert "2 posts were left out" in again.stdout
    assert not stored(store) & {"a1", "a2"}
    assert "b99" in stored(store)
    brandtrust("score", "acme.toml")
    with store.writer() as connection:
        assert connection.execute("SELECT * FROM weekly_numbers ORDER BY ALL").fetchall() == numbers
        # The handle is in no table, that of runs included; only the post by another still holds it in its text.
        write_by_hand(connection)
        connection.execute("DELETE FROM posts WHERE post_id = 'b99'")
    store.publish()
    assert found_in_tables(store.read_path, ["@ann", "Ann"]) == set()
    with store.writer() as connection:
        runs = connection.execute("SELECT brand, command, status, detail FROM runs WHERE command = 'forget'").fetchall()
    assert runs == [("all", "forget", "done", "")]


def test_without_a_terminal_it_wants_yes(place: Path, brandtrust: BrandTrust) -> None:
    """Nothing is erased by accident from a script."""
    brandtrust("collect", "acme.toml")
    before = stored(Store())
    told = brandtrust("forget", "ann")
    assert told.exit_code == 2
    assert "--yes" in told.stderr
    assert stored(Store()) == before


@pytest.mark.parametrize(("answer", "left"), [("y\n", False), ("n\n", True)])
def test_on_a_terminal_it_asks(
    place: Path, brandtrust: BrandTrust, monkeypatch: pytest.MonkeyPatch, answer: str, left: bool
) -> None:
    """The question says how many posts there are; no leaves them."""
    brandtrust("collect", "acme.toml")
    asked = []

    def confirm(question: str) -> bool:
        asked.append(question)
        return answer.startswith("y")

    monkeypatch.setattr(people_commands.typer, "confirm", confirm)
    monkeypatch.setattr(people_commands, "on_terminal", lambda: True)
    assert brandtrust("forget", "ann").exit_code == 0
    assert asked == ["Erase 2 posts by ann (forum 2) for good?"]
    assert ("a1" in stored(Store())) == left


def test_what_cannot_be_meant_is_told(place: Path, brandtrust: BrandTrust) -> None:
    """An empty handle, a source that is not there, a store that is not there: one line each, and nothing is made."""
    assert brandtrust("forget", "ann", "--yes").exit_code == 2
    assert not Path("brandtrust.duckdb").exists()
    brandtrust("collect", "acme.toml")
    for arguments, words in ((("@",), "HANDLE is empty"), (("ann", "--source", "fourm"), "it holds: forum")):
        told = brandtrust("forget", *arguments, "--yes")
        assert told.exit_code == 2
        assert words in told.stderr
        assert told.stderr.count("\n") == 1


def test_an_author_without_posts_is_kept_away_all_the_same(place: Path, brandtrust: BrandTrust) -> None:
    """Whoever asks before the next import is left out of it; nothing is rewritten."""
    brandtrust("collect", "acme.toml")
    told = brandtrust("forget", "cy", "--yes")
    assert "0 posts erased" in told.stdout
    assert "anew" not in told.stdout
    with Path("posts.csv").open("a") as file:
        file.write("c1,cy,2023-06-09,Acme is fine\n")
    assert "1 post was left out" in brandtrust("collect", "acme.toml").stdout
    assert "c1" not in stored(Store())


def test_a_missing_key_is_told(place: Path, brandtrust: BrandTrust) -> None:
    """One line, exit 2, nothing erased, no new key."""
    brandtrust("collect", "acme.toml")
    Path("brandtrust.key").unlink()
    told = brandtrust("forget", "ann", "--yes")
    assert told.exit_code == 2
    assert "author key of this store is missing" in told.stderr
    assert not Path("brandtrust.key").exists()
    assert "a1" in stored(Store())


@pytest.mark.long
def test_a_record_that_was_set_aside_does_not_come_back(place: Path, brandtrust: BrandTrust) -> None:
    """Erased of the quarantine, it stays away when the same archive is imported again, and every record is counted."""
    rows = [("q1", "", "no date", "Acme, says @ann, is awful"), ("q2", "", "no date", "Acme, says bob, is fine")]
    write_posts(place / "posts.csv", [*rows, ("b1", "", "2023-06-28", "Acme is fine")])
    (place / "acme.toml").write_text(BRAND_FILE.replace('author = "who"\n', ""))
    brandtrust("collect", "acme.toml")
    assert "quarantine: 1 record erased" in brandtrust("forget", "ann", "--yes").stdout
    store = Store()
    with store.writer() as connection:
        connection.execute("DELETE FROM cursors")
    again = brandtrust("collect", "acme.toml")
    assert again.exit_code == 0
    assert "1 record set aside" in again.stdout
    assert "1 post was left out" in again.stdout
    assert "not accounted for" not in again.stdout
    with store.writer() as connection:
        assert connection.execute("SELECT count(*) FROM quarantine WHERE payload LIKE '%ann%'").fetchall() == [(0,)]
    assert found_in_bytes(place, ["says @ann"], but=["posts.csv"]) == set()


@pytest.mark.long
def test_a_report_that_was_begun_before_holds_nothing_of_an_author_erased_meanwhile(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was read out of the store with the words still in it; it is built anew before it is written."""
    store, brand = Store(), load("acme.toml")
    stages.collect(brand, store)
    stages.analyse(brand, store)
    publish_report, built = analytics.report.publish_report, []

    def publish(within: Store, report: Report, *of: Any, **how: Any) -> None:
        if not built:
            stages.forget(store, "ann")
        built.append(report)
        publish_report(within, report, *of, **how)

    monkeypatch.setattr(analytics.report, "publish_report", publish)
    outcome = stages.report(brand, store)
    assert [any(post.text == OWN_WORDS for post in each.posts) for each in built] == [True, False, False]
    assert outcome.pdf is not None
    assert outcome.pdf.exists()
    assert found_in_bytes(place, [OWN_WORDS], but=["posts.csv"]) == set()
