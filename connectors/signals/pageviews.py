"""How often Wikipedia's articles were read a day, by people: Wikimedia's keyless API, back to July 2015.

A day is there about a day after it ended, for all articles at once. A day without a single view is left out by the API:
it is 0 where a later day is there, and unknown where none is.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, ClassVar
from urllib.parse import quote

from brands.schema import Signal
from connectors.batch import Asked
from connectors.errors import AuthError, BadInput, BadPayload, NotFound
from connectors.http import JsonClient
from connectors.politeness import USER_AGENT, utc_now
from connectors.signals.batch import SignalBatch, SignalDay, midnight

PUBLIC_ADDRESS = "https://wikimedia.org/api/rest_v1/metrics/pageviews"
FIRST_DAY = date(2015, 7, 1)
DAY = timedelta(days=1)


class Pageviews:
    """The views of one or several articles of one project, added up."""

    reads_whole: ClassVar[bool] = False

    def __init__(
        self,
        signal: Signal,
        *,
        clock: Callable[[], datetime] = utc_now,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.name = signal.name
        self.signal = signal
        self.clock = clock
        self.articles = tuple(dict.fromkeys(article.strip().replace(" ", "_") for article in signal.articles))
        if not self.articles or not all(self.articles):
            raise BadInput(
                signal.name, f'[[signals]] "{signal.name}"', 'needs articles; write articles = ["Zoom_(software)"]'
            )
        self.client = JsonClient(signal.name, signal.url or PUBLIC_ADDRESS, clock=clock, sleep=sleep)
        if signal.contact:  # as Wikimedia asks of every program
            agent = USER_AGENT.replace(")", f"; {signal.contact})")
            self.client.client.headers["User-Agent"] = "".join(letter for letter in agent if letter.isprintable())

    def days(self, since: date, until: date) -> SignalBatch:
        """Views a day, complete as far as the last day that the API holds. Raises ConnectorError.

        Asked is always to yesterday, since only a later day tells a day without views from one that is not there yet.
        """
        first, today = max(since, FIRST_DAY), self.clock().date()
        if first >= until:
            return self._batch((), until, ())  # nobody counted then, nor will
        if first >= today:
            return self._batch((), since, ())
        views: dict[date, float] = {}
        asked: list[Asked] = []
        for article in self.articles:
            of_article = self._ask(article, first, today - DAY)
            for day, count in of_article.items():
                views[day] = views.get(day, 0.0) + count
            search = f"{self.signal.project}: {article}"
            asked.append(Asked(self.clock(), search, midnight(first), midnight(today), returned=len(of_article)))
        complete = min(max(views) + DAY, until) if views else first
        # Before the first view the article may not have been there: such days are not known, not zero.
        first = min(views, default=first)
        known = (first + DAY * number for number in range((complete - first).days))
        return self._batch([SignalDay(day, views.get(day, 0.0)) for day in known], complete, asked)

    def _batch(self, days: Sequence[SignalDay], complete_until: date, asked: Sequence[Asked]) -> SignalBatch:
        return SignalBatch(self.name, self.signal.kind, days, complete_until, asked)

    def _ask(self, article: str, first: date, last: date) -> dict[date, float]:
        try:
            answer = self._get(article, "daily", first, last)
        except NotFound:
            self._check_known(article, last)
            return {}
        try:
            return {_read_day(item["timestamp"]): float(item["views"]) for item in answer["items"]}
        except (TypeError, KeyError, ValueError):
            where = str(self.client.client.base_url)
            raise BadPayload(self.name, where, "the answer holds no views a day") from None

    def _check_known(self, article: str, last: date) -> None:
        """The API answers alike for days without views and for articles that never were: all months tell them apart."""
        try:
            self._get(article, "monthly", FIRST_DAY, last)
        except NotFound:
            problem = f'no views of "{article}" ever; write its title as in its address, such as Zoom_(software)'
            raise NotFound(self.name, self.signal.project, problem, advice="") from None

    def _get(self, article: str, grain: str, first: date, last: date) -> dict[str, Any]:
        project, title = quote(self.signal.project, safe=""), quote(article, safe="")
        path = f"per-article/{project}/all-access/user/{title}/{grain}/{first:%Y%m%d}00/{last:%Y%m%d}00"
        try:
            return self.client.get(path)
        except AuthError as error:
            problem = 'access refused; Wikimedia asks who is asking: set contact = "you@your.org" for this signal'
            raise AuthError(self.name, error.where, problem) from None


def _read_day(timestamp: str) -> date:
    """The API writes a day as its first hour: 2023080600."""
    return datetime.strptime(timestamp, "%Y%m%d%H").replace(tzinfo=UTC).date()
