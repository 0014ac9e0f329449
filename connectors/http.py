"""HTTP for connectors: every request is tried at most three times, and here only; nothing retries around it."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import httpx
import tenacity

from connectors.errors import AuthError, BadInput, BadPayload, ConnectorError, RateLimited, Unavailable

ATTEMPTS = 3
TIMEOUT = httpx.Timeout(30.0, connect=10.0)
LONGEST_WAIT = 120.0  # seconds; a server that asks for more is asked again by the next run
SHORTEST_WAIT = 1.0
USER_AGENT = "brandtrust/0.1 (brand-reputation research; python-httpx)"
log = logging.getLogger(__name__)


def utc_now() -> datetime:
    """Now, in UTC without a zone."""
    return datetime.now(UTC).replace(tzinfo=None)


class JsonClient:
    """Asks one service for JSON. `clock` (UTC without zone) and `sleep` (seconds) are parameters for tests' sake."""

    def __init__(
        self,
        source: str,
        base_url: str,
        *,
        clock: Callable[[], datetime] = utc_now,
        sleep: Callable[[float], None] = time.sleep,
        timeout: httpx.Timeout = TIMEOUT,
    ) -> None:
        try:
            url = httpx.URL(base_url)
        except httpx.InvalidURL as error:
            raise BadInput(source, "url in the brand file", f"is no address: {error}") from None
        if url.scheme not in ("http", "https") or not url.host:
            raise BadInput(source, "url in the brand file", "is no address of the form https://host/path")
        if url.userinfo:
            raise BadInput(
                source, "url in the brand file", "holds a password; addresses are logged, passwords must not be"
            )
        self.source = source
        self.clock = clock
        self.sleep = sleep
        # Loading the certificates takes 0.2 s; a plain address, as in tests, needs none.
        verify = url.scheme == "https"
        self.client = httpx.Client(base_url=url, timeout=timeout, headers={"User-Agent": USER_AGENT}, verify=verify)

    def close(self) -> None:
        """Give the connections back."""
        self.client.close()

    def get(self, path: str, params: Mapping[str, str | int]) -> dict[str, Any]:
        """The JSON object at `path`. Raises ConnectorError, after a third attempt where waiting might have helped."""
        retrying = tenacity.Retrying(
            retry=tenacity.retry_if_exception(lambda error: self._wait_for(error) is not None),
            stop=tenacity.stop_after_attempt(ATTEMPTS),
            wait=self._wait,
            sleep=self.sleep,
            before_sleep=self._tell,
            reraise=True,
        )
        return retrying(self._get_once, path, params)

    def _get_once(self, path: str, params: Mapping[str, str | int]) -> dict[str, Any]:
        # The query may hold what must not be logged; scheme, host and path say where.
        where = str(self.client.base_url.join(path).copy_with(query=None))
        try:
            response = self.client.get(path, params=dict(params))
        except httpx.TimeoutException as error:
            raise Unavailable(self.source, where, f"no answer in time ({type(error).__name__})") from None
        except httpx.TransportError as error:
            raise Unavailable(self.source, where, f"the connection failed ({type(error).__name__})") from None
        except httpx.HTTPError as error:  # a body that cannot be decompressed
            raise BadPayload(self.source, where, f"the answer cannot be read ({type(error).__name__})") from None
        self._raise_for_status(response, where)
        try:
            answer = response.json()
        except (ValueError, RecursionError):
            kind = response.headers.get("content-type", "no content type")
            raise BadPayload(self.source, where, f"the answer is no JSON but {kind}") from None
        if not isinstance(answer, dict):
            raise BadPayload(self.source, where, "the answer is JSON, but no object")
        return answer

    def _raise_for_status(self, response: httpx.Response, where: str) -> None:
        status = response.status_code
        if status == 200:
            return
        problem = f"HTTP {status}"
        if status in (401, 403):
            raise AuthError(self.source, where, f"{problem}: access refused")
        if status == 429:
            retry_at = self._retry_at(response.headers.get("retry-after", ""))
            raise RateLimited(self.source, where, f"{problem}: too many requests", retry_at)
        if status == 503 and "retry-after" in response.headers:
            retry_at = self._retry_at(response.headers["retry-after"])
            raise RateLimited(self.source, where, f"{problem}: asked to wait", retry_at)
        if status >= 500 or status in (408, 425):
            raise Unavailable(self.source, where, problem)
        raise BadPayload(self.source, where, f"{problem}: the request was not understood; is the address right?")

    def _retry_at(self, header: str) -> datetime | None:
        """Retry-After as seconds or as an HTTP date."""
        try:
            if header.strip().isdigit():
                return self.clock() + timedelta(seconds=int(header))
            moment = parsedate_to_datetime(header)
            return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
        except (ValueError, OverflowError):
            return None

    def _wait_for(self, error: BaseException, attempt: int = 1) -> float | None:
        """Seconds to wait before asking again; None: asking again is of no use now."""
        if isinstance(error, RateLimited) and error.retry_at is not None:
            asked = (error.retry_at - self.clock()).total_seconds()
            return max(asked, SHORTEST_WAIT) if asked <= LONGEST_WAIT else None
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
