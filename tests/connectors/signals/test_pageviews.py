"""Page views, against a local service that answers as Wikimedia's."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from brands.brand_file import Signal
from connectors.errors import AuthError, BadInput, BadPayload, NotFound, Unavailable
from connectors.signals.pageviews import Pageviews
from tests.connectors.conftest import Clock
from tests.servers.platform import Response
from tests.servers.wikimedia import Fault, WikimediaServer, every_day

DAY = date(2023, 8, 1)  # the clock says 2023-09-01
ZOOM = "Zoom_(software)"


def connect(server: WikimediaServer, *articles: str, **more: Any) -> Pageviews:
    clock = Clock()
    signal = Signal(connector="pageviews", name="wikipedia", articles=articles or (ZOOM,), url=server.url, **more)
    return Pageviews(signal, clock=clock, sleep=clock.sleep)


def test_days_are_given_as_they_were_counted() -> None:
    """The span's days in order, the kind of the brand file, and what was asked."""
    with WikimediaServer({ZOOM: {DAY + timedelta(days=n): 10 + n for n in range(20)}}) as server:
        batch = connect(server).days(DAY + timedelta(days=2), DAY + timedelta(days=5))
    assert [(each.day.day, each.value) for each in batch.days] == [(3, 12.0), (4, 13.0), (5, 14.0)]
    assert (batch.name, batch.kind, batch.complete_until) == ("wikipedia", "attention", DAY + timedelta(days=5))
    (asked,) = batch.asked
    assert (asked.search, asked.returned, asked.problem) == (f"en.wikipedia.org: {ZOOM}", 18, "")


def test_several_articles_are_added_up() -> None:
    """In the order and spelling of people: spaces, twice the same, a slash, other scripts."""
    views = {ZOOM: every_day(DAY, 10), "AC/DC": every_day(DAY, 10, 5), "Größe": every_day(DAY, 10, 1)}
    with WikimediaServer(views) as server:
        batch = connect(server, "Zoom (software)", ZOOM, "AC/DC", "Größe").days(DAY, DAY + timedelta(days=3))
        assert len(server.log) == 3
        assert server.log[0].path.endswith("/user/Zoom_%28software%29/daily/2023080100/2023083100")
    assert [each.value for each in batch.days] == [106.0, 106.0, 106.0]


def test_a_day_that_is_missing_is_nothing_only_where_a_later_one_is_there() -> None:
    """The gap is 0; after the last day that the service holds nothing is known yet."""
    views = every_day(DAY, 28)
    del views[DAY + timedelta(days=3)]
    with WikimediaServer({ZOOM: views}) as server:
        batch = connect(server).days(DAY, date(2023, 9, 10))
    assert batch.complete_until == DAY + timedelta(days=28)
    assert [each.value for each in batch.days] == [100.0] * 3 + [0.0] + [100.0] * 24


def test_a_quiet_end_of_the_span_is_nothing_where_the_days_after_it_are_there() -> None:
    """It asks to yesterday, though the span ended before."""
    views = every_day(DAY, 3) | every_day(DAY + timedelta(days=10), 3)
    with WikimediaServer({ZOOM: views}) as server:
        batch = connect(server).days(DAY, DAY + timedelta(days=6))
    assert [each.value for each in batch.days] == [100.0] * 3 + [0.0] * 3
    assert batch.complete_until == DAY + timedelta(days=6)


def test_a_quiet_article_is_complete_with_a_busy_one() -> None:
    """All articles of a day are there at once, so that one of them tells of the others."""
    views = {ZOOM: every_day(DAY, 10), "Quiet": every_day(DAY, 2, 1)}
    with WikimediaServer(views) as server:
        batch = connect(server, ZOOM, "Quiet").days(DAY, DAY + timedelta(days=5))
    assert [each.value for each in batch.days] == [101.0, 101.0, 100.0, 100.0, 100.0]


def test_no_views_in_the_span_is_no_error_where_the_article_is_known() -> None:
    """Nothing is known of these days, and the next run asks again."""
    with WikimediaServer({ZOOM: every_day(date(2020, 1, 1), 10)}) as server:
        batch = connect(server).days(DAY, DAY + timedelta(days=5))
    assert (batch.days, batch.complete_until) == ([], DAY)


def test_an_article_that_never_was_is_told() -> None:
    """A slip in the title would look like silence for ever."""
    with WikimediaServer({ZOOM: every_day(DAY, 10)}) as server:
        with pytest.raises(NotFound, match=r'no views of "Zoom_softwear" ever; write its title as in its address'):
            connect(server, "Zoom_softwear").days(DAY, DAY + timedelta(days=5))
        assert len(server.log) == 2


@pytest.mark.parametrize(
    ("since", "until", "complete"),
    [
        (date(2010, 1, 1), date(2011, 1, 1), date(2011, 1, 1)),
        (date(2023, 9, 1), date(2023, 9, 8), date(2023, 9, 1)),
        (DAY, DAY, DAY),
    ],
)
def test_where_nothing_can_be_there_nothing_is_asked(since: date, until: date, complete: date) -> None:
    """Before July 2015, today and later, and in an empty span."""
    with WikimediaServer({}) as server:
        batch = connect(server).days(since, until)
        assert server.log == []
    assert (list(batch.days), batch.complete_until) == ([], complete)


def test_it_says_who_asks() -> None:
    """Wikimedia asks for an address; where it refuses, the error says what to do."""
    with WikimediaServer({ZOOM: every_day(DAY, 3)}) as server:
        server.needs_contact = True
        assert len(connect(server, contact="me@example.org").days(DAY, DAY + timedelta(days=3)).days) == 3
        assert server.log[0].headers["user-agent"].endswith("; me@example.org)")
        with pytest.raises(AuthError, match="set contact"):
            connect(server).days(DAY, DAY + timedelta(days=3))


def test_a_passing_fault_is_waited_for_once() -> None:
    """By the one place that waits."""
    with WikimediaServer({ZOOM: every_day(DAY, 3)}) as server:
        signal = connect(server)
        server.faults.append(Fault(status=500))
        assert len(signal.days(DAY, DAY + timedelta(days=3)).days) == 3
        server.faults.extend([Fault(status=500)] * 3)
        with pytest.raises(Unavailable):
            signal.days(DAY, DAY + timedelta(days=3))
        assert len(server.log) == 5


@pytest.mark.parametrize("body", [{}, {"items": "x"}, {"items": [{"timestamp": "soon", "views": 1}]}, {"items": [{}]}])
def test_answers_of_another_form_are_bad_payload(body: dict[str, Any]) -> None:
    """Told, never read as days without views."""
    with WikimediaServer({}) as server:
        server.respond = lambda request: Response(body=body)  # type: ignore[method-assign]
        with pytest.raises(BadPayload, match="no views a day"):
            connect(server).days(DAY, DAY + timedelta(days=3))


def test_without_an_article_nothing_is_opened() -> None:
    """Also an empty title."""
    for articles in ((), (" ",)):
        with pytest.raises(BadInput, match="needs articles"):
            Pageviews(Signal(connector="pageviews", name="wikipedia", articles=articles))
