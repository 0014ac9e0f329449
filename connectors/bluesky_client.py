"""A Bluesky account that asks: logged in when it is first needed, anew when its session ends, and always politely."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from atproto import Client, Request
from atproto_client.exceptions import RequestErrorBase
from atproto_client.models.base import ParamsModelBase
from atproto_core.exceptions import AtProtocolError

from connectors.credentials import Credential
from connectors.errors import AuthError, BadInput, BadPayload, ConnectorError, NotFound
from connectors.http import PoliteTransport, check_address
from connectors.politeness import USER_AGENT, Politeness, utc_now

HANDLE = Credential(
    "BLUESKY_HANDLE", "your account's handle, such as name.bsky.social; it stands at bsky.app: Settings, Account"
)
APP_PASSWORD = Credential(
    "BLUESKY_APP_PASSWORD",
    "make one at bsky.app: Settings, Privacy and security, App passwords; not your own password",
)
LOOPBACK = ("127.0.0.1", "::1", "localhost")
LONGEST_WAIT = 330.0  # requests are counted in windows of five minutes
ENDED = ("ExpiredToken", "InvalidToken")


class Account(Client):  # type: ignore[misc]  # the library comes without types
    """The library's client, whose sessions end by the clock that is given. One for each log-in."""

    def __init__(self, address: str, transport: PoliteTransport, clock: Callable[[], datetime]) -> None:
        request = Request(transport=transport)
        request.set_additional_headers({"User-Agent": USER_AGENT})
        request._client.follow_redirects = False  # a password follows nobody elsewhere
        super().__init__(address, request)
        self.clock = clock

    def get_current_time(self) -> datetime:
        """Now, as the library wants it."""
        return self.clock().replace(tzinfo=UTC)


class BlueskyClient:
    """Asks Bluesky's methods. Raises ConnectorError and nothing else; no secret stands in any of them."""

    def __init__(
        self,
        source: str,
        address: str,
        credentials: Mapping[str, str],
        *,
        clock: Callable[[], datetime] = utc_now,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        url = check_address(source, address)
        if url.scheme != "https" and url.host not in LOOPBACK:
            raise BadInput(
                source,
                "address in the brand file",
                "must begin with https://, since a password is sent to it; write it so",
            )
        self.source = source
        self.address = address.rstrip("/").removesuffix("/xrpc")
        self.credentials = credentials
        politeness = Politeness(source, clock=clock, sleep=sleep, longest_wait=LONGEST_WAIT)
        # Loading the certificates takes 0.2 s; a plain address, as in tests, needs none.
        self.transport = PoliteTransport(politeness, verify=url.scheme == "https")
        self.clock = clock
        self.account: Account | None = None

    def get(self, method: str, params: ParamsModelBase) -> dict[str, Any]:
        """The JSON object that `method` (such as app.bsky.feed.getPosts) answers with.

        The library renews a session before it ends; one that the service ends itself is begun anew, once.
        """
        logged_in_now = self.account is None
        if self.account is None:
            self.account = self._log_in()
        answer = self._ask(method, params)
        if isinstance(answer, AuthError) and not logged_in_now:
            self.account = self._log_in()
            answer = self._ask(method, params)
        if isinstance(answer, ConnectorError):
            raise answer
        return answer

    def _ask(self, method: str, params: ParamsModelBase) -> dict[str, Any] | ConnectorError:
        """The answer, or what is wrong: raised outside of `except`, so that no error carries what the library knows."""
        assert self.account is not None
        try:
            content = self.account.invoke_query(method, params=params, output_encoding="application/json").content
        except (AtProtocolError, ValueError, RecursionError) as error:
            return self._explain(error, method)
        if not isinstance(content, dict):
            kind = "no JSON" if isinstance(content, bytes) else "JSON, but no object"
            return BadPayload(self.source, self._where(method), f"the answer is {kind}")
        return content

    def _log_in(self) -> Account:
        account = Account(self.address, self.transport, self.clock)
        handle = self.credentials[HANDLE.name].strip().removeprefix("@")
        problem: ConnectorError | None = None
        try:
            account.login(handle, self.credentials[APP_PASSWORD.name].strip(), fetch_bsky_profile=False)
        except (AtProtocolError, ValueError, RecursionError) as error:
            problem = self._explain(error, "com.atproto.server.createSession")
        if isinstance(problem, AuthError):
            advice = f"Bluesky refused the log-in; check {HANDLE.name} and {APP_PASSWORD.name}, which must be an app"
            raise AuthError(self.source, problem.where, f"{advice} password: make a new one if in doubt")
        if problem:
            raise problem
        return account

    def _explain(self, error: Exception, method: str) -> ConnectorError:
        where = self._where(method)
        response = error.response if isinstance(error, RequestErrorBase) else None
        if response is None:
            return BadPayload(
                self.source, where, "the answer cannot be read as JSON of the form that Bluesky documents"
            )
        status, name = response.status_code, getattr(response.content, "error", None)
        if status in (401, 403) or name in ENDED:
            return AuthError(
                self.source,
                where,
                f"HTTP {status}: access refused; check {APP_PASSWORD.name}, or make a new one at bsky.app",
            )
        if status in (404, 410, 501):
            return NotFound(self.source, where, f"HTTP {status}: nothing is there")
        said = f" ({name})" if isinstance(name, str) and name.isalnum() else ""
        return BadPayload(self.source, where, f"HTTP {status}{said}: the request was not understood")

    def _where(self, method: str) -> str:
        return f"{self.address}/xrpc/{method}"
