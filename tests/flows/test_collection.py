"""Collecting: every record is accounted for, once, and one failing source stops no other."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from pathlib import Path

import pytest

from analytics.store import Store
from brands.brand_file import load
from connectors import registry
from flows import stages
from flows.listening import requests
from tests.flows.acme import BRAND_FILE, SOURCE, live_source, posts, write_acme, write_posts
from tests.flows.conftest import BrandTrust
from tests.servers.algolia import AlgoliaServer, Fault, story


def rows(brandtrust: BrandTrust, question: str) -> list[dict[str, str]]:
    told = brandtrust("sql", question, "--format", "csv")
    assert told.exit_code == 0, told.stderr
    return list(csv.DictReader(io.StringIO(told.stdout)))


def test_every_record_is_stored_and_matched_to_the_brands_it_names(acme: Path) -> None:
    """Ten posts a week: six on Acme, four on Bolt, two on neither."""
    outcome = stages.collect(load(acme), Store())
    (forum,) = outcome.sources
    assert (forum.read, forum.new, forum.not_matching, forum.known, forum.unaccounted) == (400, 320, 80, 0, 0)
    assert forum.matched == {"acme": 240, "bolt": 160}


def test_a_second_run_adds_nothing(acme: Path) -> None:
    """An archive that has not changed is not read again; one that grew brings only what is new."""
    brand, store = load(acme), Store()
    stages.collect(brand, store)
    assert stages.collect(brand, store).sources[0].read == 0
    write_posts(Path("posts.csv"), [*posts(), ("new", "someone", "2023-12-01", "Acme again")])
    (forum,) = stages.collect(brand, store).sources
    assert (forum.read, forum.new, forum.known, forum.not_matching) == (401, 1, 320, 80)
    assert forum.matched == {"acme": 1, "bolt": 0}


def test_a_new_peer_finds_what_was_left_out_before_it(acme: Path) -> None:
    """Another listener reads the archive anew: what spoke of nobody was not kept, and is now."""
    store = Store()
    stages.collect(load(acme), store)
    acme.write_text(BRAND_FILE.replace("[[events]]", '[[peers]]\nname = "Rain"\nquery = "rain*"\n\n[[events]]'))
    (forum,) = stages.collect(load(acme), store).sources
    assert (forum.new, forum.known, forum.not_matching) == (80, 320, 0)
    assert forum.matched == {"acme": 0, "bolt": 0, "rain": 80}


def test_a_failing_source_is_named_and_the_others_go_on(workplace: Path, brandtrust: BrandTrust) -> None:
    """Exit code 1; the archive is stored, and the ledger says that the window of the other could not be looked at."""
    with AlgoliaServer() as server:
        server.faults.extend([Fault(status=403)] * 2)
        path = write_acme(workplace, more=live_source(server.url))
        told = brandtrust("collect", path)
    assert told.exit_code == 1
    failed = [line for line in told.stderr.splitlines() if line.startswith("brandtrust: source failed")]
    assert len(failed) == 2
    assert "hackernews (acme)" in failed[0]
    assert "hackernews (bolt)" in failed[1]
    assert rows(brandtrust, "SELECT count(*) AS n FROM posts") == [{"n": "320"}]
    (last,) = rows(
        brandtrust,
        "SELECT bool_and(failed) AS failed, max(window_end) > now()::TIMESTAMP - INTERVAL 1 HOUR AS recent, "
        "min(window_start) < now()::TIMESTAMP - INTERVAL 29 DAY AS old FROM coverage WHERE source = 'hackernews'",
    )
    assert last == {"failed": "True", "recent": "True", "old": "True"}
    assert rows(brandtrust, "SELECT status FROM runs") == [{"status": "source_failed"}]


@pytest.mark.long
def test_a_source_that_comes_back_is_asked_for_what_was_missed(workplace: Path, brandtrust: BrandTrust) -> None:
    """A failure saves no cursor: the next run starts where the last good one ended."""
    now = int(datetime.now().timestamp())
    with AlgoliaServer([story(1, now - 3 * 86_400, "Acme changes its terms")]) as server:
        server.faults.extend([Fault(status=403)] * 2)
        path = write_acme(workplace, more=live_source(server.url))
        assert brandtrust("collect", path).exit_code == 1
        assert brandtrust("collect", path).exit_code == 0
        assert brandtrust("collect", path).exit_code == 0
    assert rows(brandtrust, "SELECT post_id FROM mentions WHERE source = 'hackernews'") == [{"post_id": "1"}]


def test_a_fault_of_a_connector_stops_no_other(
    workplace: Path, brandtrust: BrandTrust, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even what no connector may raise is held to its own source."""
    monkeypatch.setitem(registry.CONNECTORS, "hackernews", "tests.flows.test_collection:Broken")
    path = write_acme(workplace, more=live_source("http://127.0.0.1:9"))
    told = brandtrust("collect", path)
    assert told.exit_code == 1
    assert "hackernews: unexpected ZeroDivisionError" in told.stderr
    assert rows(brandtrust, "SELECT count(*) AS n FROM posts") == [{"n": "320"}]


class Broken:
    """A connector with a fault of its own."""

    def __init__(self, *_: object) -> None:
        self.source = "hackernews"

    def batches(self, *_: object) -> object:
        raise ZeroDivisionError


def test_only_the_named_source_is_asked(workplace: Path, brandtrust: BrandTrust) -> None:
    """--source leaves the others out; an unknown name is told with those there are."""
    path = write_acme(workplace, more=live_source("http://127.0.0.1:9"))
    assert brandtrust("collect", path, "--source", "forum").exit_code == 0
    told = brandtrust("collect", path, "--source", "fourm")
    assert told.exit_code == 2
    assert "fourm" in told.stderr
    assert "forum, hackernews" in told.stderr


@pytest.mark.long
def test_a_backfill_counts_what_lies_outside(acme: Path, brandtrust: BrandTrust) -> None:
    """--since and --until cut by UTC days, the end exclusive, with a cursor of their own."""
    brand, store = load(acme), Store()
    window = {"since": datetime(2023, 1, 9), "until": datetime(2023, 1, 16)}
    (forum,) = stages.collect(brand, store, **window).sources
    assert (forum.read, forum.new, forum.not_matching, forum.outside, forum.unaccounted) == (400, 8, 2, 390, 0)
    assert stages.collect(brand, store, **window).sources[0].read == 0
    (forum,) = stages.collect(brand, store).sources
    assert (forum.new, forum.known, forum.not_matching) == (312, 8, 80)
    assert stages.collect(brand, store, **window).sources[0].read == 0
    assert stages.collect(brand, store).sources[0].read == 0
    told = brandtrust("collect", acme, "--since", "2023-02-01", "--until", "2023-01-01")
    assert told.exit_code == 2
    assert "--since 2023-02-01 is not before --until 2023-01-01" in told.stderr
    told = brandtrust("collect", acme, "--since", "2199-01-01")
    assert told.exit_code == 2
    assert "--since 2199-01-01 lies in the future" in told.stderr


def test_a_column_names_the_brand_whatever_the_text_says(acme: Path) -> None:
    """match = column: the record itself says whom it is about."""
    by_column = SOURCE.replace('name = "forum"', 'name = "forum"\nmatch = "column"') + 'brand = "who"\n'
    values = '[sources.brand_values]\n"user1" = "acme"\n"user2" = "bolt"\n'
    acme.write_text(BRAND_FILE.replace(SOURCE, by_column + values))
    (forum,) = stages.collect(load(acme), Store()).sources
    assert forum.new + forum.quarantined + forum.not_matching == 400
    assert forum.matched == {"acme": 80, "bolt": 80}


def test_all_belongs_to_the_owner_alone(acme: Path) -> None:
    """match = all: a peer by query does not listen on an archive that is all about the brand."""
    acme.write_text(BRAND_FILE.replace('name = "forum"', 'name = "forum"\nmatch = "all"'))
    (forum,) = stages.collect(load(acme), Store()).sources
    assert forum.matched == {"acme": 400}


def test_a_peer_by_file_brings_its_own_sources(acme: Path, workplace: Path) -> None:
    """Its archive is read on its behalf only, under the same source name or another."""
    (workplace / "bolt.toml").write_text('name = "Bolt"\nquery = "bolt"\n' + SOURCE.replace("posts.csv", "bolt.csv"))
    write_posts(workplace / "bolt.csv", [("b1", "x", "2023-05-01", "Bolt and Acme"), ("b2", "x", "2023-05-01", "Rain")])
    acme.write_text(BRAND_FILE.replace('name = "Bolt"\nquery = "bolt"', 'name = "Bolt"\nfile = "bolt.toml"'))
    brand = load(acme)
    assert [[each.brand for each in request.listeners] for request in requests(brand)] == [["acme"], ["bolt"]]
    own, peer = stages.collect(brand, Store()).sources
    assert own.matched == {"acme": 240}
    assert (peer.new, peer.not_matching, peer.matched) == (1, 1, {"bolt": 1})


def test_a_stored_time_that_would_be_another_now_is_told(acme: Path) -> None:
    """Stored posts are not rewritten: when a setting changes what the file says, the run says how many differ."""
    store = Store()
    stages.collect(load(acme), store)
    acme.write_text(BRAND_FILE.replace('name = "forum"', 'name = "forum"\ntimezone = "Asia/Tokyo"'))
    (forum,) = stages.collect(load(acme), store).sources
    assert (forum.new, forum.known, forum.moved) == (0, 320, 320)


def test_a_backfill_asks_only_for_what_is_missing(workplace: Path) -> None:
    """What a complete answer covers is not asked for again; what failed is, and then nothing is left to ask."""
    first = int(datetime(2023, 8, 1).timestamp())
    with AlgoliaServer([story(n, first + n * 86_400, "acme") for n in range(1, 29)]) as server:
        brand, store = load(write_acme(workplace, more=live_source(server.url))), Store()

        def backfill(since: int, until: int) -> tuple[int, int]:
            server.log.clear()
            outcome = stages.collect(
                brand,
                store,
                only_sources=["hackernews"],
                since=datetime(2023, 8, since),
                until=datetime(2023, 8, until),
            )
            (own, _) = outcome.sources
            asked = [request["numericFilters"] for request in server.requests if request["query"] == '"acme"']
            return own.new, len(asked)

        assert backfill(10, 15) == (5, 1)
        assert backfill(10, 15) == (0, 0)
        server.faults.extend([None, Fault(status=403), Fault(status=403)])
        assert backfill(8, 28)[0] == 2  # 8 and 9 August came, then the 15th on failed
        assert backfill(8, 28) == (13, 2)
        assert backfill(8, 28) == (0, 0)


def test_another_question_has_its_own_beginning(acme: Path) -> None:
    """A subreddit or a server more, another brand or query: what was asked before covers none of them."""
    live = live_source("http://127.0.0.1:1")
    path = Path(acme)

    def question(text: str) -> str:
        path.write_text(text)
        return requests(load(path))[-1].query_hash if "[[peers]]" not in text else requests(load(path))[1].query_hash

    plain = BRAND_FILE.replace('[[peers]]\nname = "Bolt"\nquery = "bolt"\n', "")
    reddit = live.replace("hackernews", "reddit")
    hashes = {
        question(plain + live),
        question(plain.replace('query = "acme"', 'query = "acme OR zed"') + live),
        question(plain.replace('name = "Acme"', 'name = "Acme Corp"') + live),
        question(plain + reddit),
        question(plain + reddit + 'subreddits = ["acme"]\n'),
        question(plain + reddit + 'subreddits = ["acme", "zed"]\n'),
        question(plain + reddit + "comments = false\n"),
    }
    assert len(hashes) == 6  # without settings of its own reddit asks as hackernews does, by another source's name
    assert question(plain + live) == question(plain.replace("Terms allow training", "Terms") + live)
