"""Logging in to Reddit, and waiting for it in one place only: praw itself neither sleeps nor asks again."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import prawcore
import pytest
from praw.config import Config

from brands.brand_file import Source
from brands.query import parse
from connectors import reddit_client, registry
from connectors.batch import AuthorKey, Batch, Window
from connectors.errors import AuthError, ConnectorError, RateLimited
from connectors.reddit import Reddit
from tests.connectors.conftest import Clock
from tests.servers.platform import Response
from tests.servers.reddit import SECRETS, Fault, RedditServer, comment, submission

NOW = datetime(2023, 9, 1, 12)
DAY = datetime(2023, 8, 6)
SECOND = int(DAY.replace(tzinfo=UTC).timestamp())
WEEK = Window(DAY, DAY + timedelta(days=7))
APP = {name: SECRETS[name] for name in ("REDDIT_CLIENT_ID", "REDDIT_CLIENT_SECRET")}


class Slept(BaseException):
    """A library waited by itself; nothing that expects errors takes this for one."""


@pytest.fixture
def no_library_sleeps(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clocks of praw and prawcore run, but nobody may sleep on them."""

    def sleep(seconds: float) -> None:
        raise Slept(f"slept {seconds} s")

    clock = SimpleNamespace(sleep=sleep, monotonic=time.monotonic, monotonic_ns=time.monotonic_ns)
    for module in ("praw.reddit", "prawcore.sessions", "prawcore.rate_limit"):
        monkeypatch.setattr(f"{module}.time", clock)


@pytest.fixture
def server() -> Iterator[RedditServer]:
    """Three pages of posts, and a thread."""
    posts = [submission(n, SECOND + n * 60, "zoom") for n in range(1, 231)]
    with RedditServer([*posts, comment(900, SECOND + 9, "zoom", posts[0])]) as running:
        yield running


def collect(server: RedditServer, key: AuthorKey, clock: Clock | None = None, **credentials: str) -> list[Batch]:
    clock = clock or Clock()
    source = Source(connector="reddit", name="reddit", url=server.address)
    reddit = Reddit(source, key, NOW, credentials=credentials or SECRETS, clock=clock, sleep=clock.sleep)
    return list(reddit.batches(parse("zoom"), WEEK, None))


def count(batches: list[Batch]) -> int:
    return sum(batch.posts.num_rows for batch in batches)


def test_the_account_logs_in_where_it_is_given_and_the_app_alone_reads(
    server: RedditServer, author_key: AuthorKey
) -> None:
    """The password grant with the account, client credentials without; one token serves a run."""
    assert count(collect(server, author_key)) == 231
    assert count(collect(server, author_key, **APP)) == 231
    grants = [request.form["grant_type"] for request in server.log if request.path.endswith("access_token")]
    assert grants == ["password", "client_credentials"]


def test_starting_asks_nothing(author_key: AuthorKey) -> None:
    """A connector can be made without a network; it logs in with its first question."""
    with RedditServer() as server:
        source = Source(connector="reddit", name="reddit", url=server.address)
        registry.open_source(source, author_key=author_key, collected_at=NOW, credentials=SECRETS)
        assert server.log == []


def test_a_token_that_runs_out_in_the_middle_is_renewed_and_the_run_goes_on(
    server: RedditServer, author_key: AuthorKey, no_library_sleeps: None
) -> None:
    """Each token is good for two answers: the refused request is sent again, nothing else is."""
    server.token_requests = 2
    assert count(collect(server, author_key)) == 231
    refused = server.logins - 1
    assert refused >= 1
    whole = len(server.asked)
    server.token_requests = None
    server.log.clear()
    collect(server, author_key)
    assert whole == len(server.asked) + refused


def test_a_second_refusal_is_told(server: RedditServer, author_key: AuthorKey, no_library_sleeps: None) -> None:
    """A fresh token that is refused as well is no token that ran out."""
    server.faults.extend([None, Fault(status=401), Fault(status=401)])
    with pytest.raises(AuthError, match="refuses the token that it has just given"):
        collect(server, author_key)
    assert server.logins == 2


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"REDDIT_CLIENT_SECRET": "guessed"}, ["REDDIT_CLIENT_ID", "REDDIT_CLIENT_SECRET", "prefs/apps"]),
        ({"REDDIT_PASSWORD": "guessed"}, ["REDDIT_USERNAME", "REDDIT_PASSWORD", "invalid_grant"]),
        ({"REDDIT_PASSWORD": ""}, ["REDDIT_USERNAME and REDDIT_PASSWORD go together"]),
    ],
)
def test_wrong_credentials_are_told_by_the_names_of_their_variables(
    server: RedditServer, author_key: AuthorKey, wrong: dict[str, str], named: list[str]
) -> None:
    """One line that says what to compare, and nothing of what was given, nor of the request that gave it."""
    with pytest.raises(AuthError) as caught:
        collect(server, author_key, **{**SECRETS, **wrong})
    told = str(caught.value)
    assert all(name in told for name in named)
    assert "\n" not in told
    assert not any(secret in told for secret in (*SECRETS.values(), "guessed"))
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


def test_a_missing_scope_is_told(server: RedditServer, author_key: AuthorKey) -> None:
    """It fails every part of Reddit alike, so that it is told at once."""
    server.scope = "identity"
    with pytest.raises(AuthError, match='lacks the scope "read"'):
        collect(server, author_key)
    assert len(server.asked) == 1


def test_no_error_carries_the_library_s(server: RedditServer, author_key: AuthorKey) -> None:
    """praw's errors hold the request, and that the token: none hangs on ours."""
    kinds = [Fault("html"), Fault("broken_json"), Fault(status=400), Fault(status=302), Fault(status=403), Fault("cut")]
    for fault in kinds:
        server.faults.extend([fault] * 3)
        with pytest.raises(ConnectorError) as caught:
            collect(server, author_key)
        server.faults.clear()
        assert (caught.value.__cause__, caught.value.__context__) == (None, None), fault


# Waiting ----------------------------------------------------------------------------------------------------------


def be_difficult(server: RedditServer) -> None:
    """All that prawcore would sleep for: little allowance left, a fault, a token that runs out, too many requests."""
    server.used, server.reset, server.token_requests = 990, 500, 2
    server.faults.extend([None, Fault(status=502), Fault("rate_limited"), None, Fault("reset")])


def test_the_library_never_waits(server: RedditServer, author_key: AuthorKey, no_library_sleeps: None) -> None:
    """Every wait is on the clock that is given, as long as the one place says."""
    be_difficult(server)
    clock = Clock()
    assert count(collect(server, author_key, clock)) == 231
    assert clock.waits == [1.0, 37.0, 1.0]


def test_that_check_would_find_a_library_that_waits(
    server: RedditServer, author_key: AuthorKey, no_library_sleeps: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """prawcore's own way of asking sleeps over the same answers."""

    class Plain(prawcore.Requestor):
        def __init__(self, *, source: str, **settings: Any) -> None:
            super().__init__(**settings)

    monkeypatch.setattr(reddit_client, "Requestor", Plain)
    be_difficult(server)
    with pytest.raises(Slept):
        collect(server, author_key)


def test_a_used_up_allowance_is_waited_for_once(
    server: RedditServer, author_key: AuthorKey, no_library_sleeps: None
) -> None:
    """With nothing left the next request waits until the window ends, up to ten minutes; no 429 is asked for."""
    server.used, server.reset = 998, 600

    class Window(Clock):
        def sleep(self, seconds: float) -> None:
            super().sleep(seconds)
            server.used = 0

    clock = Window()
    assert count(collect(server, author_key, clock)) == 231
    assert clock.waits == [pytest.approx(600.0)]


def test_a_limit_that_is_told_in_words_is_told_and_not_slept_over(
    server: RedditServer, author_key: AuthorKey, no_library_sleeps: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """morechildren may answer 200 with RATELIMIT, over which praw would sleep and ask twice more."""
    server.tree = 0
    told = {"json": {"errors": [["RATELIMIT", "try again in 2 milliseconds.", "ratelimit"]]}}
    monkeypatch.setattr(server, "_more_children", lambda form: Response(200, told))
    with pytest.raises(RateLimited, match="RATELIMIT"):
        collect(server, author_key)
    assert sum("morechildren" in request.path for request in server.asked) == 1


def test_no_praw_ini_has_a_say(
    server: RedditServer, author_key: AuthorKey, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, recwarn: Any
) -> None:
    """Neither a praw.ini in the working folder nor praw's variables change where the password goes."""
    (tmp_path / "praw.ini").write_text(
        "[DEFAULT]\noauth_url=http://127.0.0.1:9\nreddit_url=http://127.0.0.1:9\nclient_id=theirs\ncomment_kind=t9\n"
        "refresh_token=theirs\nratelimit_seconds=600\nwindow_size=1\ncheck_for_updates=true\n",
        encoding="utf-8",
    )
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(Config, "CONFIG", None)
    for name in ("praw_site", "praw_client_id", "praw_refresh_token"):
        monkeypatch.setenv(name, "theirs")
    assert count(collect(server, author_key)) == count(collect(server, author_key, **APP)) == 231
    assert not recwarn.list


def test_a_praw_ini_that_cannot_be_read_is_told(
    server: RedditServer, author_key: AuthorKey, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """praw reads it whether it is needed or not."""
    (tmp_path / "praw.ini").write_text("not an ini", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(Config, "CONFIG", None)
    with pytest.raises(ConnectorError, match=r"praw\.ini"):
        collect(server, author_key)
