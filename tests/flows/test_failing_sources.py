"""What can be wrong with a platform is one clear line each; the others go on, and exit 1 names those that failed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from analytics.store import Store, now
from analytics.store.approvals import record_approval
from tests.flows.acme import write_acme
from tests.flows.conftest import BrandTrust
from tests.servers.bluesky import BlueskyServer
from tests.servers.feeds import FeedsServer
from tests.servers.mastodon import MastodonServer, status
from tests.servers.platform import Fault, Response
from tests.servers.reddit import SECRETS, RedditServer, submission
from tests.servers.x import TOKEN, XServer


def table(connector: str, **keys: object) -> str:
    lines = ["", "[[sources]]", f'connector = "{connector}"', f'name = "{connector}"']
    lines += [f"{key} = {json.dumps(value)}" for key, value in keys.items()]
    return "\n".join(lines) + "\n"


@pytest.fixture
def servers() -> Iterator[ExitStack]:
    with ExitStack() as running:
        yield running


def failures(told: str) -> dict[str, str]:
    """The line of each source that failed, by its connector; of a brand and its peer the brand's."""
    lines = [line for line in told.splitlines() if line.startswith("brandtrust: ")]
    assert all(line.startswith("brandtrust: source failed: ") for line in lines), told
    assert "Traceback" not in told
    named = [line.removeprefix("brandtrust: source failed: ") for line in lines]
    return {line.split(" ", 1)[0]: line for line in named if "(bolt)" not in line.split(":")[0]}


def test_each_fault_is_one_line_and_the_others_go_on(
    workplace: Path, brandtrust: BrandTrust, servers: ExitStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A token that has run out, a missing right, a private subreddit, a server that is down, a feed that is none."""
    hour_ago = now().replace(microsecond=0) - timedelta(hours=1)
    reddit = servers.enter_context(RedditServer([submission(1, int(datetime.now().timestamp()) - 3_600, "acme")]))
    reddit.closed["secret"] = "private"
    x = servers.enter_context(XServer([], clock=now, archive=False))
    bluesky = servers.enter_context(BlueskyServer(clock=now))
    mastodon = servers.enter_context(MastodonServer(clock=now))
    mastodon.add(status(mastodon.address, 1, hour_ago, "acme", "acme"))
    down = servers.enter_context(MastodonServer(clock=now))
    feeds = servers.enter_context(FeedsServer())
    feeds.pages["/about"] = Response(body=b"<!doctype html><title>Us</title>", content_type="text/html")
    down.faults.extend([Fault(status=404)] * 50)
    more = (
        table("reddit", url=reddit.address, subreddits=["zoom", "secret"])
        + table("x", url=x.address, full_archive=True)
        + table("bluesky", url=bluesky.address)
        + table("mastodon", instances=[mastodon.address, down.address], hashtags=["acme"])
        + table("feeds", feeds=[feeds.feed_url("/about")])
    )
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("X_BEARER_TOKEN", TOKEN)
    monkeypatch.setenv("BLUESKY_HANDLE", "brand.bsky.social")
    monkeypatch.setenv("BLUESKY_APP_PASSWORD", "wrong")
    store = Store()
    record_approval(store, "reddit", "a test", "nobody")

    told = brandtrust("collect", write_acme(workplace, more=more))
    failed = failures(told.stderr)
    assert told.exit_code == 1
    assert set(failed) == {"reddit", "x", "bluesky", "mastodon", "feeds"}
    assert "private" in failed["reddit"]
    assert "full" in failed["x"]
    assert "BLUESKY_APP_PASSWORD" in failed["bluesky"]
    assert "404" in failed["mastodon"]
    assert "feed" in failed["feeds"]
    assert not any(secret in told.stderr for secret in (*SECRETS.values(), TOKEN, "wrong"))
    store.publish()
    with store.reader() as connection:
        stored = dict(connection.execute("SELECT source, count(*) FROM posts GROUP BY ALL").fetchall())
        covered = dict(connection.execute("SELECT source, bool_or(failed) FROM coverage GROUP BY ALL").fetchall())
    assert stored == {"forum": 320, "mastodon": 1, "reddit": 1}
    assert all(covered[name] for name in failed)


def test_a_token_that_has_run_out_and_a_query_that_is_too_long(
    workplace: Path, brandtrust: BrandTrust, servers: ExitStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """X refuses an old token; a query that it cannot be asked for is told before anything is paid for."""
    x = servers.enter_context(XServer([], clock=now))
    path = write_acme(workplace, more=table("x", url=x.address))
    monkeypatch.setenv("X_BEARER_TOKEN", "ran-out-yesterday")
    line = failures(brandtrust("collect", path).stderr)["x"]
    assert "401" in line
    assert "X_BEARER_TOKEN" in line
    assert "ran-out" not in line
    x.log.clear()
    words = " OR ".join(f'"{"word " * 15}{n}{m}"' for n in range(60) for m in range(20))
    path.write_text(path.read_text().replace('query = "acme"', f"query = '{words}'"))
    told = brandtrust("collect", path)
    assert told.exit_code == 1
    assert "too long" in failures(told.stderr)["x"] or "searches" in failures(told.stderr)["x"]
    assert not [request for request in x.log if "word" in str(request.params)]


def test_a_missing_secret_is_told_with_where_to_get_it(workplace: Path, brandtrust: BrandTrust) -> None:
    """The line names the variable; doctor says the same without asking anyone."""
    path = write_acme(workplace, more=table("x") + table("bluesky") + table("reddit"))
    failed = failures(brandtrust("collect", path).stderr)
    assert "X_BEARER_TOKEN" in failed["x"]
    assert "BLUESKY_HANDLE and BLUESKY_APP_PASSWORD" in failed["bluesky"]
    told = brandtrust("doctor", path)
    assert told.exit_code == 1
    assert "missing  source x: x: X_BEARER_TOKEN not set" in told.stdout
    reddit = next(line for line in told.stdout.splitlines() if "source reddit" in line)
    assert "REDDIT_CLIENT_SECRET" in reddit
    assert "brandtrust approve reddit" in reddit


def test_reddit_needs_its_approval_once(
    workplace: Path, brandtrust: BrandTrust, servers: ExitStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without it nothing is asked of Reddit, and the line names the command that records it."""
    reddit = servers.enter_context(RedditServer([]))
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    path = write_acme(workplace, more=table("reddit", url=reddit.address))
    told = brandtrust("collect", path)
    assert "brandtrust approve reddit" in failures(told.stderr)["reddit"]
    assert not reddit.log
    assert brandtrust("approve", "reddit", "--reference", "mail of 2026-03-01").exit_code == 0
    assert brandtrust("collect", path).exit_code == 0
    assert reddit.log


def test_an_archive_that_is_missing_stops_no_other_source(
    workplace: Path, brandtrust: BrandTrust, servers: ExitStack
) -> None:
    """It is a source that failed; where nothing else is asked for it is bad input, and nothing is written."""
    mastodon = servers.enter_context(MastodonServer(clock=now))
    mastodon.add(status(mastodon.address, 1, now().replace(microsecond=0) - timedelta(hours=1), "acme", "acme"))
    path = write_acme(workplace, more=table("mastodon", instances=[mastodon.address], hashtags=["acme"]))
    (workplace / "posts.csv").unlink()

    alone = brandtrust("collect", path, "--source", "forum")
    assert alone.exit_code == 2
    assert "no such file" in alone.stderr.splitlines()[-1]
    assert not list(workplace.glob("brandtrust*"))

    for _ in range(2):  # also where there is a store already
        told = brandtrust("collect", path)
        assert told.exit_code == 1
        assert told.stderr.count("brandtrust: source failed: ") == 1
        assert "no such file" in failures(told.stderr)["forum"]
    with Store().writer() as connection:
        assert connection.execute("SELECT source, count(*) FROM posts GROUP BY ALL").fetchall() == [("mastodon", 1)]


def test_check_names_a_column_that_the_archive_lacks(workplace: Path, brandtrust: BrandTrust) -> None:
    """As a run would: one line with what columns there are, and exit code 2; a file of bad records as well."""
    path = write_acme(workplace)
    path.write_text(path.read_text().replace('text = "what"', 'text = "words"'))
    told = brandtrust("check", path)
    assert (told.exit_code, "valid" in told.stdout) == (2, False)
    assert '"words"' in told.stderr
    assert len(told.stderr.splitlines()) == 1
    path.write_text(path.read_text().replace('text = "words"', 'text = "what"'))
    Path("posts.csv").write_text("id,who,when,what\n1,ann,yesterday,hello\n")
    assert "check [sources.columns]" in brandtrust("check", path).stderr
    assert not Store().exists


def test_check_does_not_call_a_brand_file_valid_whose_archive_is_missing(
    workplace: Path, brandtrust: BrandTrust
) -> None:
    """It shows what it can, and ends as bad input."""
    path = write_acme(workplace)
    assert brandtrust("check", path).exit_code == 0
    (workplace / "posts.csv").unlink()
    told = brandtrust("check", path)
    assert told.exit_code == 2
    assert "(NOT FOUND)" in told.stdout
    assert "valid" not in told.stdout
    assert "next: brandtrust run" not in told.stdout
    (line,) = [line for line in told.stderr.splitlines() if line.startswith("brandtrust: ")]
    assert "NOT FOUND" in line
    assert "posts.csv" in line
