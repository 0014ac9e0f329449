"""How a service is asked: at most three times, never while it asks to wait, and here only; nothing retries around it.

Libraries that bring their own HTTP (praw, tweepy, atproto, Mastodon.py) send through `connectors.http` or
`connectors.requests_session`, which both ask by these rules, so that no request is retried twice over.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Protocol, TypeVar

import tenacity

from connectors.errors import ConnectorError, RateLimited, Unavailable
from connectors.times import without_zone

ATTEMPTS = 3
LONGEST_WAIT = 120.0  # seconds; a server that asks for more is asked again by the next run
SHORTEST_WAIT = 1.0
CONNECT_SECONDS = 10.0
READ_SECONDS = 30.0  # between two pieces of an answer
ANSWER_SECONDS = 90.0  # from the request to the last byte, which may come one by one
MOST_BYTES = 64_000_000  # of an answer once it is unpacked
USER_AGENT = "brandtrust/0.1 (brand-reputation research)"
ASK_AGAIN = (408, 425)
log = logging.getLogger(__name__)


class Answer(Protocol):
    """What httpx and requests both answer with."""

    @property
    def status_code(self) -> int: ...
    @property
    def headers(self) -> Mapping[str, str]: ...


AnswerT = TypeVar("AnswerT", bound=Answer)


def utc_now() -> datetime:
    """Now, in UTC without a zone."""
    return datetime.now(UTC).replace(tzinfo=None)


class Politeness:
    """The manners towards one service.

    `clock` (UTC without zone), `sleep` (seconds) and `monotonic` (seconds) are parameters for tests' sake.

    `longest_wait`: seconds that a run may stand still for this service; one that counts in windows of 15 minutes needs
    as much. `pace`: seconds from one request to the next, for a service that allows so many a second.
    """

    def __init__(
        self,
        source: str,
        *,
        clock: Callable[[], datetime] = utc_now,
        sleep: Callable[[float], None] = time.sleep,
        longest_wait: float = LONGEST_WAIT,
        pace: float = 0.0,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.source = source
        self.clock = clock
        self.sleep = sleep
        self.longest_wait = longest_wait
        self.pace = pace
        self.monotonic = monotonic
        self.not_before: datetime | None = None
        self.asked_at: datetime | None = None

    def ask(self, where: str, send: Callable[[], AnswerT]) -> AnswerT:
        """The answer of `send`, whatever its status, unless waiting might help: then it is waited for and sent again.

        `send` raises ConnectorError where there is no answer at all. `where` is the address without its query, which
        may hold what must not be logged. Raises RateLimited or Unavailable after the third attempt.
        """
        retrying = tenacity.Retrying(
            retry=tenacity.retry_if_exception(lambda error: self._wait_for(error) is not None),
            stop=tenacity.stop_after_attempt(ATTEMPTS),
            wait=self._wait,
            sleep=self.sleep,
            before_sleep=self._tell,
            reraise=True,
        )
        answer: AnswerT = retrying(self._ask_once, where, send)
        return answer

    def _ask_once(self, where: str, send: Callable[[], AnswerT]) -> AnswerT:
        self._wait_for_turn(where)
        self._keep_pace()
        answer = send()
        status, headers = answer.status_code, answer.headers
        remaining, reset = read_allowance(headers, self.clock())
        if remaining is not None and remaining < 1 and reset is not None:
            self.not_before = reset
        if status == 429 or (status == 503 and "retry-after" in headers):
            told = "too many requests" if status == 429 else "asked to wait"
            retry_at = read_retry_after(headers.get("retry-after", ""), self.clock()) or reset
            self.not_before = None  # this wait is the error's
            raise RateLimited(self.source, where, f"HTTP {status}: {told}", retry_at)
        if status >= 500 or status in ASK_AGAIN:
            raise Unavailable(self.source, where, f"HTTP {status}: the server has a fault of its own")
        return answer

    def _wait_for_turn(self, where: str) -> None:
        """Stand still where the last answer said that nothing is left until a moment to come."""
        if self.not_before is None:
            return
        seconds = (self.not_before - self.clock()).total_seconds()
        if seconds > self.longest_wait:
            raise RateLimited(self.source, where, "its allowance is used up", self.not_before)
        self.not_before = None
        if seconds > 0:
            log.warning("waiting %.0f s: %s allows no more requests until then (%s)", seconds, self.source, where)
            self.sleep(seconds)

    def _keep_pace(self) -> None:
        if self.pace and self.asked_at is not None:
            seconds = self.pace - (self.clock() - self.asked_at).total_seconds()
            if seconds > 0:
                self.sleep(min(seconds, self.pace))  # a clock that was put back does not make a run stand still
        self.asked_at = self.clock()

    def _wait_for(self, error: BaseException, attempt: int = 1) -> float | None:
        """Seconds to wait before asking again; None: asking again is of no use now."""
        if isinstance(error, RateLimited) and error.retry_at is not None:
            asked = (error.retry_at - self.clock()).total_seconds()
            return max(asked, SHORTEST_WAIT) if asked <= self.longest_wait else None
        if isinstance(error, RateLimited | Unavailable):
            longer: float = SHORTEST_WAIT * 5 ** (attempt - 1)
            return longer * (5 if isinstance(error, RateLimited) else 1)
        return None

    def _wait(self, state: tenacity.RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        return (self._wait_for(error, state.attempt_number) if error else None) or 0.0

    def _tell(self, state: tenacity.RetryCallState) -> None:
        error = state.outcome.exception() if state.outcome else None
        wait = state.next_action.sleep if state.next_action else 0.0
        if isinstance(error, ConnectorError):
            log.warning("waiting %.0f s before attempt %d: %s", wait, state.attempt_number + 1, error)


def read_retry_after(value: str, now: datetime) -> datetime | None:
    """Retry-After as seconds or as an HTTP date; None where it is neither."""
    try:
        if value.strip().isdigit():
            return now + timedelta(seconds=int(value))
        return without_zone(parsedate_to_datetime(value))
    except (ValueError, OverflowError):
        return None


def read_allowance(headers: Mapping[str, str], now: datetime) -> tuple[float | None, datetime | None]:
    """Requests that remain and when they are counted anew, as four platforms spell it; None where it is not said.

    Reddit (`x-ratelimit-reset` in seconds from now), X (`x-rate-limit-reset` since 1970), Bluesky (`ratelimit-reset`
    since 1970) and Mastodon (`X-RateLimit-Reset` as an ISO time).
    """
    said = {re.sub(r"^(x-)?rate-?limit-", "", name.lower()): value for name, value in headers.items()}
    return _number(said.get("remaining")), _read_reset(said.get("reset"), now)


def _number(value: str | None) -> float | None:
    try:
        return None if value is None else float(value)
    except ValueError:
        return None


def _read_reset(value: str | None, now: datetime) -> datetime | None:
    if value is None:
        return None
    try:
        seconds = _number(value)
        if seconds is None:
            return without_zone(datetime.fromisoformat(value))
        if seconds > 1e9:
            return datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None)
        return now + timedelta(seconds=seconds)
    except (ValueError, OverflowError, OSError):
        return None
