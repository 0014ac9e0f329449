"""The deletion sweep through the command line: what is gone is gone to the last byte, and nothing else is."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from analytics.store import Store, duckdb_file, read
from analytics.store.saving import save_arrival
from brands.brand_file import load
from connectors import registry
from flows import compliance, stages
from tests.flows import bulletin
from tests.flows.acme import BRAND_FILE, SOURCE, live_source, write_acme
from tests.flows.bulletin import Board, handle, words
from tests.flows.conftest import BrandTrust
from tests.posts import arrival, posts
from tests.servers.algolia import AlgoliaServer, Fault, story
from tests.traces import found_in_bytes, found_in_tables

MANY = 40  # posts a day: 10,000 in all
POSTS = Board().posts  # elsewhere a tenth of that says as much
DELETED = range(0, POSTS, 20)  # each by somebody who wrote no other
BULLETIN = '\n[[sources]]\nconnector = "bulletin"\nname = "bulletin"\n'


@pytest.fixture
def board(monkeypatch: pytest.MonkeyPatch) -> Board:
    """The platform, known to the registry and whole again for every test."""
    fresh = Board()
    monkeypatch.setitem(registry.CONNECTORS, "bulletin", "tests.flows.bulletin:Bulletin")
    monkeypatch.setattr(bulletin, "board", fresh)
    return fresh


@pytest.fixture(scope="module", autouse=True)
def uncompressed() -> Iterator[None]:
    """DuckDB writes texts as they are, so that a search for bytes finds those that are there."""
    opened: Callable[[Path], duckdb.DuckDBPyConnection] = duckdb_file._open_file

    def open_uncompressed(path: Path) -> duckdb.DuckDBPyConnection:
        connection = opened(path)
        connection.execute("PRAGMA force_compression = 'uncompressed'")
        return connection

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(duckdb_file, "_open_file", open_uncompressed)
        yield


def collect(folder: Path, board: Board) -> None:
    """Posts of Bulletin collected, scored, counted and reported."""
    (folder / "acme.toml").write_text(BRAND_FILE.replace(SOURCE, BULLETIN))
    with pytest.MonkeyPatch.context() as patched:
        patched.setitem(registry.CONNECTORS, "bulletin", "tests.flows.bulletin:Bulletin")
        patched.setattr(bulletin, "board", board)
        stages.weekly(load(folder / "acme.toml"), Store(folder / "brandtrust.duckdb"))


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder after a whole run."""
    folder = tmp_path_factory.mktemp("bulletin")
    collect(folder, Board())
    return folder


@pytest.fixture
def place(collected: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of that folder to work in."""
    folder = tmp_path / "place"
    shutil.copytree(collected, folder)
    monkeypatch.chdir(folder)
    return folder


def numbers(folder: Path) -> list[pd.DataFrame]:
    """What was published: the weekly numbers as tables and views show them, and every figure."""
    store = folder / "brandtrust.duckdb"
    with Store(store).reader() as connection:
        tables = [
            connection.execute(f"SELECT * FROM {name} ORDER BY ALL").df()
            for name in ("weekly_numbers", "published_figures", "stale_weeks")
        ]
    return [*tables, *(read(name, store=store) for name in ("trust_weekly", "attention_weekly", "effects"))]


def ids(folder: Path) -> set[str]:
    with Store(folder / "brandtrust.duckdb").writer() as connection:
        return {row[0] for row in connection.execute("SELECT post_id FROM posts").fetchall()}


def assert_same(one: list[pd.DataFrame], other: list[pd.DataFrame]) -> None:
    for before, after in zip(one, other, strict=True):
        pd.testing.assert_frame_equal(before, after)


@pytest.mark.long
def test_of_ten_thousand_posts_the_gone_ones_go_without_a_trace(
    workplace: Path, board: Board, brandtrust: BrandTrust
) -> None:
    """All 500 and none else: not in the store, the published copy or the reports, byte by byte; numbers unchanged."""
    place = workplace
    board.posts_a_day = MANY
    collect(place, board)
    store = Store(place / "brandtrust.duckdb")
    deleted = range(0, board.posts, 20)
    board.deleted = {f"n{number}" for number in deleted}
    assert len(board.deleted) == 500
    texts = [words(number) for number in deleted]
    keys = [store.author_keys.key("bulletin", handle(number)) for number in deleted]
    alive = [words(number) for number in range(1, board.posts, 20)]
    alive_keys = {store.author_keys.key("bulletin", handle(number)) for number in range(1, board.posts, 20)}
    before = numbers(place)
    assert found_in_bytes(place, [*texts, *keys]) == {*texts, *keys}
    assert found_in_bytes(place / "reports", texts)

    told = brandtrust("comply", "acme.toml")
    assert told.exit_code == 0, told.stderr
    assert ids(place) == {f"n{number}" for number in range(board.posts)} - board.deleted
    assert found_in_bytes(place, [*texts, *keys]) == set()
    for path in (store.path, store.read_path):
        assert found_in_tables(path, [*texts, *keys]) == set()
    assert found_in_bytes(place, [*alive, *alive_keys]) == {*alive, *alive_keys}
    assert_same(numbers(place), before)
    row = next(line.split() for line in told.stdout.splitlines() if line.startswith("bulletin"))
    assert row[1:5] == ["10,000", "10,000", "500", "0"]
    assert row[-1] == "yes"
    assert "report rendered anew without the quote" in told.stdout
    assert "written anew without what was erased" in told.stdout


def test_a_later_run_brings_nothing_back_and_changes_no_number(
    place: Path, board: Board, brandtrust: BrandTrust
) -> None:
    """Collecting the same again finds all but what was deleted; scoring afterwards has nothing to count."""
    board.deleted = {f"n{number}" for number in DELETED}
    before = numbers(place)
    brandtrust("comply", "acme.toml")
    with Store().writer() as connection:
        connection.execute("DELETE FROM cursors")
    told = brandtrust("collect", "acme.toml")
    assert told.exit_code == 0, told.stderr
    assert f"{len(DELETED)} posts were left out" in told.stdout
    assert "not accounted for" not in told.stdout
    assert brandtrust("score", "acme.toml").exit_code == 0
    assert not ids(place) & board.deleted
    assert_same(numbers(place), before)
    assert found_in_bytes(place, [words(number) for number in DELETED]) == set()


@pytest.mark.long
def test_a_sweep_that_is_cut_off_goes_on_where_it_ended(place: Path, board: Board, brandtrust: BrandTrust) -> None:
    """What was known is purged at once; the failed source is named, exit 1; the next run looks at the rest only."""
    board.deleted = {f"n{number}" for number in DELETED}
    board.fails_after = 400
    told = brandtrust("comply", "acme.toml")
    assert told.exit_code == 1
    (failed,) = (line for line in told.stderr.splitlines() if line.startswith("brandtrust: source failed"))
    assert "does not answer" in failed
    first = list(board.looked_at)
    assert len(first) == 400
    assert ids(place) & set(first) & board.deleted == set()
    assert ids(place) & board.deleted
    board.fails_after = None
    assert brandtrust("comply", "acme.toml").exit_code == 0
    assert sorted(board.looked_at) == sorted({f"n{number}" for number in range(POSTS)})
    assert not ids(place) & board.deleted
    board.looked_at.clear()
    assert brandtrust("comply", "acme.toml").exit_code == 0
    assert len(board.looked_at) == POSTS - len(DELETED)


def test_what_a_platform_does_not_tell_is_no_deletion(place: Path, board: Board, brandtrust: BrandTrust) -> None:
    """Such posts stay, are counted as not checked with the reason, and wait at the front."""
    board.deleted = {"n5"}
    board.silent = {"n5", "n6"}
    told = brandtrust("comply", "acme.toml")
    assert told.exit_code == 0
    assert len(ids(place)) == POSTS
    assert "bulletin does not say of 2 posts whether they are still there" in told.stdout
    assert "written anew" not in told.stdout
    with Store().writer() as connection:
        assert connection.execute("SELECT checked, gone FROM sweeps").fetchall() == [(POSTS - 2, 0)]
    board.looked_at.clear()
    brandtrust("comply", "acme.toml")
    assert set(board.looked_at[:2]) == {"n5", "n6"}


def test_a_post_that_was_not_asked_for_is_not_purged(
    place: Path, board: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever a connector answers, only what was asked may go."""
    store, source = Store(), load("acme.toml").sources[0]
    from connectors.batch import Recheck

    monkeypatch.setattr(
        bulletin.Bulletin, "recheck", lambda *_: iter([Recheck(["n1", "x"], {"n1": "deleted", "x": "deleted"})])
    )
    with store.writer() as connection:
        connection.execute("DELETE FROM posts WHERE post_id NOT IN ('n1', 'n2')")
        connection.execute(
            "INSERT INTO posts SELECT * REPLACE ('x' AS post_id, 'elsewhere' AS source) FROM posts LIMIT 1"
        )
    sweep = compliance.sweep_source(source, store, "run1")
    assert (sweep.stored, sweep.checked, sweep.gone, sweep.unchecked) == (2, 1, 1, 1)
    assert ids(place) == {"n2", "x"}


@pytest.mark.long
def test_a_source_that_says_that_most_is_gone_is_not_believed(
    place: Path, board: Board, brandtrust: BrandTrust
) -> None:
    """An outage looks like that, and nothing brings posts back: it is told, exit 1, until a person says it is true."""
    board.deleted = {f"n{number}" for number in range(POSTS) if number % 5}
    told = brandtrust("comply", "acme.toml")
    assert told.exit_code == 1
    assert "posts are gone, which looks like a fault of its own" in told.stderr
    assert len(ids(place)) == POSTS
    assert brandtrust("comply", "acme.toml", "--even-many").exit_code == 0
    assert len(ids(place)) == POSTS - len(board.deleted)


def test_an_overdue_deletion_is_shown(place: Path, board: Board, brandtrust: BrandTrust) -> None:
    """The worst latency counts from when the post was last seen: beyond the allowed time the answer is NO."""
    with Store().writer() as connection:
        connection.execute("UPDATE posts SET collected_at = collected_at - INTERVAL 75 HOUR WHERE post_id = 'n20'")
    board.deleted = {"n20", "n40"}
    told = brandtrust("comply", "acme.toml")
    row = next(line for line in told.stdout.splitlines() if line.startswith("bulletin"))
    assert "3 d 3 h" in row
    assert "2 d" in row
    assert row.split()[-1] == "NO"


def test_one_source_is_swept_alone_and_an_unknown_one_is_told(
    place: Path, board: Board, brandtrust: BrandTrust
) -> None:
    """--source as with collect."""
    told = brandtrust("comply", "acme.toml", "--source", "buletin")
    assert told.exit_code == 2
    assert "there are: bulletin" in told.stderr
    assert board.looked_at == []


@pytest.mark.long
def test_hacker_news_is_swept_by_reading_every_item_again(workplace: Path, brandtrust: BrandTrust) -> None:
    """Over HTTP: a deleted item is purged, a fault in the middle is no deletion, and the rest is looked at later."""
    now = int(datetime.now().timestamp())
    stories = [story(n, now - n * 3_600, f"Acme number {n}, said once") for n in range(1, 31)]
    with AlgoliaServer(stories) as server:
        path = write_acme(workplace, more=live_source(server.url))
        assert brandtrust("collect", path).exit_code == 0
        server.index.items = [hit for hit in server.index.items if int(hit["objectID"]) % 10 != 3]
        server.faults.extend([*[None] * 20, Fault(status=403)])
        told = brandtrust("comply", path)
        assert told.exit_code == 1
        assert "brandtrust: source failed: hackernews" in told.stderr
        store = Store()
        asked = len(server.log)
        assert brandtrust("comply", path).exit_code == 0
        assert len(server.log) - asked == 10
    with store.writer() as connection:
        found = connection.execute("SELECT post_id FROM posts WHERE source = 'hackernews'").fetchall()
    assert {int(row[0]) for row in found} == {n for n in range(1, 31) if n % 10 != 3}
    assert found_in_bytes(workplace, [f"number {n}, said" for n in (3, 13, 23)]) == set()
    assert "forum: not checked: an archive is a file" in told.stdout


def test_retention_and_quarantine_are_kept_to(acme: Path, brandtrust: BrandTrust) -> None:
    """What is older than its source may keep it goes, and is told; a source of another brand file is named."""
    acme.write_text(BRAND_FILE.replace('name = "forum"', 'name = "forum"\nretention_days = 30'))
    brandtrust("collect", acme)
    store = Store()
    save_arrival(store, arrival(posts([{}], "elsewhere")))
    rejected = [{"file": "a", "line": 1, "reason": "", "payload": "x"}]
    save_arrival(store, arrival(posts([]), rejected=rejected))
    with store.writer() as connection:
        connection.execute(
            "UPDATE posts SET collected_at = collected_at - INTERVAL 31 DAY WHERE source = 'forum' AND post_id < 'p2'"
        )
        connection.execute("UPDATE quarantine SET expires_at = expires_at - INTERVAL 91 DAY")
    told = brandtrust("comply", acme)
    assert told.exit_code == 0, told.stderr
    assert "forum: 96 posts older than 30 days erased" in told.stdout
    assert "quarantine: 1 record past" in told.stdout
    assert "not swept: elsewhere" in told.stdout
    with store.writer() as connection:
        assert connection.execute("SELECT count(*) FROM posts WHERE source = 'forum'").fetchall() == [(224,)]
    assert found_in_tables(store.read_path, ["elsewhere"])


@pytest.mark.long
def test_without_room_to_rewrite_the_rest_is_done_and_told(
    place: Path, board: Board, brandtrust: BrandTrust, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Posts are purged and reports rendered; the line says what is missing, exit 1; the next sweep makes it good."""
    board.deleted = {f"n{number}" for number in DELETED}
    texts = [words(number) for number in DELETED]
    with monkeypatch.context() as patched:
        patched.setattr("analytics.store.file_rewriting.SPARE_BYTES", 1 << 60)
        told = brandtrust("comply", "acme.toml")
    assert told.exit_code == 1
    assert "must be free" in told.stderr
    assert not ids(place) & board.deleted
    assert found_in_bytes(place, texts)
    assert brandtrust("comply", "acme.toml").exit_code == 0
    assert found_in_bytes(place, texts) == set()


def test_a_missing_key_stops_the_sweep_before_anything(place: Path, board: Board, brandtrust: BrandTrust) -> None:
    """One line, exit 2, nothing looked at, no new key."""
    (place / "brandtrust.key").unlink()
    told = brandtrust("comply", "acme.toml")
    assert told.exit_code == 2
    assert "brandtrust.key: the author key of this store is missing" in told.stderr
    assert told.stderr.count("\n") == 1
    assert not (place / "brandtrust.key").exists()
    assert board.looked_at == []


def test_a_connector_that_cannot_be_opened_stops_no_other(
    workplace: Path, board: Board, brandtrust: BrandTrust
) -> None:
    """A source with a faulty address is named, exit 1; the others are swept."""
    path = write_acme(workplace, more=BULLETIN)
    brandtrust("collect", path)
    path = write_acme(workplace, more=live_source("ftp://example.org") + BULLETIN)
    board.deleted = {"n0"}
    told = brandtrust("comply", path)
    assert told.exit_code == 1
    assert "source failed: hackernews: " in told.stderr
    assert "n0" not in ids(workplace)
    assert len(board.looked_at) == POSTS


def test_spans_are_written_in_two_units() -> None:
    """What a person reads at a glance."""
    from flows.people_output import write_span

    spans = [None, timedelta(), timedelta(seconds=61), timedelta(hours=5), timedelta(days=2, hours=3, minutes=9)]
    assert [write_span(span) for span in spans] == ["·", "0 s", "1 min 1 s", "5 h", "2 d 3 h"]
