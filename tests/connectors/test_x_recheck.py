"""What is gone from X is told by its compliance jobs, and nothing else is taken for gone."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from connectors.batch import AuthorKey
from connectors.errors import BadPayload, ConnectorError, Unavailable
from connectors.x import X
from tests.connectors.conftest import Clock
from tests.connectors.test_x import DAY, connect
from tests.servers.platform import Request, Response
from tests.servers.x import TOKEN, Fault, XServer, post

POSTS = [post(n, DAY + timedelta(minutes=n), "zoom") for n in range(1, 31)]
IDS = [one["id"] for one in POSTS]


def test_what_is_gone_is_told_with_its_reason(author_key: AuthorKey, clock: Clock) -> None:
    """All were looked at, and those that X lists are gone; a place that was forgotten is none of ours."""
    with XServer(POSTS, clock=clock) as server:
        for number, reason in {"3": "deleted", "4": "suspended", "5": "protected", "6": "deactivated"}.items():
            server.remove(number, reason)
        server.remove("7", "scrub_geo")
        (looked,) = connect(server, author_key, clock).recheck(IDS)
    assert list(looked.checked) == IDS
    assert looked.gone == {"3": "deleted", "4": "suspended", "5": "protected", "6": "deactivated"}
    assert timedelta(hours=24) == X.recheck_within


def test_of_500_gone_among_10_000_all_are_found(author_key: AuthorKey, clock: Clock) -> None:
    """One job for all; no post is read, and so nothing is paid for."""
    numbers = [str(n) for n in range(1, 10_001)]
    with XServer(clock=clock) as server:
        server.jobs.gone = dict.fromkeys(numbers[::20], "deleted")
        (looked,) = connect(server, author_key, clock).recheck(numbers)
        assert server.searches == []
        assert len(server.jobs.jobs) == 1
    assert set(looked.gone) == set(numbers[::20])
    assert len(looked.checked) == 10_000


def test_the_job_is_waited_for_on_the_clock_that_is_given(author_key: AuthorKey, clock: Clock) -> None:
    """Looked at after ten seconds, then each time twice as long."""
    with XServer(POSTS, clock=clock) as server:
        server.jobs.looks_needed = 4
        list(connect(server, author_key, clock).recheck(IDS))
    assert clock.waits == [10.0, 20.0, 40.0, 80.0]


def test_a_job_that_takes_too_long_is_left_to_the_next_run(author_key: AuthorKey, clock: Clock) -> None:
    """After an hour nothing was looked at, which is an error and no deletion."""
    with XServer(POSTS, clock=clock) as server:
        server.jobs.looks_needed = 1_000
        with pytest.raises(Unavailable, match="not done after 60 minutes"):
            list(connect(server, author_key, clock).recheck(IDS))
    assert sum(clock.waits) < 4_000


def test_the_token_is_not_shown_to_the_service_that_holds_the_files(author_key: AuthorKey, clock: Clock) -> None:
    """X names addresses of another host, which must not see it."""
    with XServer(POSTS, clock=clock) as server:
        list(connect(server, author_key, clock).recheck(IDS))
        stored = [request for request in server.log if request.path.startswith("/storage/")]
        others = [request for request in server.log if request not in stored]
    assert [request.method for request in stored] == ["PUT", "GET"]
    assert stored[0].body.decode().split() == IDS
    assert all("Authorization" not in request.headers for request in stored)
    assert all(request.headers["Authorization"] == f"Bearer {TOKEN}" for request in others)


def test_the_first_version_of_an_edited_post_is_asked_for(author_key: AuthorKey, clock: Clock) -> None:
    """It is the id under which all versions are stored; X lists each version of a post that was deleted."""
    edited = post(900, DAY + timedelta(hours=2), "zoom, edited", edit_history_tweet_ids=["7", "900"])
    with XServer([*POSTS, edited], clock=clock) as server:
        (before,) = connect(server, author_key, clock).recheck(["7"])
        server.remove("900")
        server.jobs.gone["7"] = "deleted"
        (after,) = connect(server, author_key, clock).recheck(["7"])
    assert (before.gone, after.gone) == ({}, {"7": "deleted"})


@pytest.mark.parametrize(
    ("line", "checked", "gone"),
    [
        ({"id": "3", "action": "delete", "reason": "deleted"}, True, True),
        ({"id": "3", "action": "delete"}, True, True),
        ({"id": "3", "action": "scrub_geo", "reason": "scrub_geo"}, True, False),
        ({"id": "3", "action": "edit", "reason": "edited"}, False, False),
        ({"id": "3", "action": "delete", "reason": "a reason that is new"}, False, False),
        ({"id": "999", "action": "delete", "reason": "deleted"}, True, False),
    ],
)
def test_what_x_says_is_not_stretched(
    author_key: AuthorKey, clock: Clock, line: dict[str, Any], checked: bool, gone: bool
) -> None:
    """An action or a reason that is not known is left out of what was looked at; a foreign id changes nothing."""
    with XServer(POSTS, clock=clock) as server:
        server.jobs.more_lines = [json.dumps(line)]
        (looked,) = connect(server, author_key, clock).recheck(IDS)
    assert ("3" in looked.checked, "3" in looked.gone) == (checked, gone)
    assert len(looked.checked) == len(IDS) - (not checked)
    assert set(looked.gone) <= {"3"}


def test_ids_that_x_cannot_have_given_are_left_out(author_key: AuthorKey, clock: Clock) -> None:
    """They are neither uploaded nor said to be looked at."""
    with XServer(POSTS, clock=clock) as server:
        connector = connect(server, author_key, clock)
        (looked,) = connector.recheck(["1", "abc", "2\n3", "٣", ""])
        assert list(connector.recheck(["abc"])) == []
        (upload,) = [request for request in server.log if request.method == "PUT"]
    assert (upload.body, list(looked.checked)) == (b"1", ["1"])


@pytest.mark.parametrize("line", ["{", "[1]", '{"id": 3}'])
def test_a_result_that_cannot_be_read_deletes_nothing(author_key: AuthorKey, clock: Clock, line: str) -> None:
    """A line in another form spoils the whole result: better asked again than wrong."""
    with XServer(POSTS, clock=clock) as server:
        server.remove("3")
        server.jobs.more_lines = [line]
        with pytest.raises(BadPayload, match="nothing is deleted"):
            list(connect(server, author_key, clock).recheck(IDS))


@pytest.mark.parametrize("at", range(5))
@pytest.mark.parametrize("fault", [Fault(status=403), Fault(status=404), Fault("html"), Fault(status=500)])
def test_an_error_is_never_a_deletion(author_key: AuthorKey, clock: Clock, at: int, fault: Fault) -> None:
    """Whichever request it meets, it is told (a 5xx the third time), and names no signature."""
    with XServer(POSTS, clock=clock) as server:
        server.remove("3")
        server.faults.extend([None] * at + [fault] * (3 if fault.status == 500 and fault.kind == "status" else 1))
        with pytest.raises(ConnectorError) as told:
            list(connect(server, author_key, clock).recheck(IDS))
        assert "ignature" not in f"{told.value} {told.value!r} {told.value.__context__!r}"


def test_a_job_that_is_running_already_is_told(author_key: AuthorKey, clock: Clock) -> None:
    """X allows one at a time."""
    with XServer(POSTS, clock=clock) as server:
        server.jobs.looks_needed = 1_000
        with pytest.raises(Unavailable):
            list(connect(server, author_key, clock).recheck(IDS))
        with pytest.raises(Unavailable, match="another job of this kind is running"):
            list(connect(server, author_key, clock).recheck(IDS))


@pytest.mark.parametrize("body", [{"data": None}, {"data": {"id": "1", "upload_url": None}}, {}])
def test_a_job_of_another_form_is_told(
    author_key: AuthorKey, clock: Clock, body: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without an address nothing is sent anywhere."""
    with XServer(clock=clock) as server:

        def respond(request: Request) -> Response:
            return Response(200, body)

        monkeypatch.setattr(server, "respond", respond)
        with pytest.raises(BadPayload, match="compliance job"):
            list(connect(server, author_key, clock).recheck(IDS))
        assert len(server.log) == 1


def test_a_job_that_x_gives_up_is_told(author_key: AuthorKey, clock: Clock) -> None:
    """Failed or expired: the next run asks again."""
    with XServer(POSTS, clock=clock) as server:
        look_at = server.jobs.look_at
        server.jobs.look_at = lambda number: {"data": {**look_at(number)["data"], "status": "failed"}}  # type: ignore[method-assign]
        with pytest.raises(Unavailable, match="gave it up"):
            list(connect(server, author_key, clock).recheck(IDS))
