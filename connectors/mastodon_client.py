"""One Mastodon server, asked politely: with manners of its own, and errors that say what to do."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from urllib.parse import quote

import mastodon

from connectors.credentials import Credential
from connectors.errors import AuthError, BadInput, BadPayload, ConnectorError, NotFound
from connectors.http import check_address
from connectors.politeness import USER_AGENT, Politeness, utc_now
from connectors.requests_session import polite_session
from connectors.times import from_iso, from_seconds

TOKEN = Credential(
    "MASTODON_ACCESS_TOKEN",
    "for search, an access token: on your instance Preferences, Development, New application with read:search and "
    "read:statuses; for other instances than the first host=token, several with commas between",
    required=False,
)
LOOPBACK = ("127.0.0.1", "::1", "localhost")
LONGEST_WAIT = 330.0  # requests are counted in windows of five minutes
STATUSES = 40  # a page
ACTIVITY = "application/activity+json"
NO_API = "; is it a Mastodon server?"  # what a 404 says that is not the API's own

Status = dict[str, Any]
AnswerT = TypeVar("AnswerT", list[Any], dict[str, Any])


class Answer(dict[str, Any]):
    """What the library makes of an answer where it is told to: `body` is its JSON as it came."""

    def __init__(self, /, *values: object, **fields: object) -> None:
        super().__init__(fields)  # in which the library looks for the words of an error
        self.body = values[0] if values else fields


class Instance:
    """One server. Raises ConnectorError and nothing else; its token stands in none of them.

    `numbered`: whether its ids are times, as Mastodon's own are; None until one was seen.
    """

    def __init__(
        self,
        source: str,
        address: str,
        token: str | None = None,
        *,
        clock: Callable[[], datetime] = utc_now,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        url = check_address(source, address)
        if token and url.scheme != "https" and url.host not in LOOPBACK:
            raise BadInput(
                source,
                "instances in the brand file",
                f"{url.host} is sent a token and needs https; write it with https://",
            )
        self.source = source
        self.host = url.netloc.decode().lower()
        self.address = f"{url.scheme}://{self.host}"
        self.searches = bool(token)
        self.numbered: bool | None = None
        self.lists = True
        session = polite_session(Politeness(source, clock=clock, sleep=sleep, longest_wait=LONGEST_WAIT))
        self.library = mastodon.Mastodon(
            api_base_url=self.address,
            access_token=token,
            session=session,
            ratelimit_method="throw",  # waiting is done once, by the session
            version_check_mode="none",
            user_agent=USER_AGENT,
        )

    def read_timeline(self, tag: str, max_id: str | None = None, limit: int = STATUSES) -> list[Status]:
        """The newest statuses with `tag` that are older than `max_id`."""
        statuses = self._get(f"/api/v1/timelines/tag/{quote(tag, safe='')}", list, limit=limit, max_id=max_id)
        return self._learn(statuses)

    def search(self, words: str, before: datetime) -> list[Status]:
        """The newest statuses that hold all `words` and were written in a second before that of `before`."""
        asked = {"q": words, "type": "statuses", "limit": STATUSES, "max_id": write_id(before)}
        return self._learn(self._get("/api/v2/search", dict, **asked).get("statuses"))

    def find_start(self, tag: str, until: datetime) -> str | None:
        """The id at which what is older than `until` begins; None where the ids of this server do not tell it."""
        if self.numbered is None:
            self.read_timeline(tag, limit=1)
        return write_id(until) if self.numbered else None

    def list_statuses(self, ids: list[str]) -> set[str]:
        """Those of `ids` that anyone may see, at most 20; none where the server, as before 4.3, knows no such list."""
        if not self.lists:
            return set()
        try:
            found = self._statuses(self._get("/api/v1/statuses", list, **{"id[]": ids}))
        except (NotFound, AuthError, BadPayload):
            self.lists = False
            return set()
        return {str(status.get("id")) for status in found}

    def has_status(self, status_id: str) -> bool | None:
        """Whether anyone may see the status; None where the server does not say."""
        try:
            found = self._get(f"/api/v1/statuses/{status_id}", dict)
        except NotFound as missing:
            return None if missing.problem.endswith(NO_API) else False
        return True if found.get("id") == status_id else None

    def has_object(self, path: str) -> bool | None:
        """Whether the post of another software than Mastodon is still at its own address; None where it is not said."""
        answer = self.library.session.get(f"{self.address}/{path}", headers={"Accept": ACTIVITY}, allow_redirects=False)
        return {200: True, 404: False, 410: False}.get(answer.status_code)

    def _get(self, endpoint: str, kind: type[AnswerT], **params: Any) -> AnswerT:
        """What the server answers, as plain JSON of the `kind` that is expected."""
        # The library's own methods ask two more questions first, and make objects of every field: 4 ms a status.
        page = {"_pagination_method": "GET", "_pagination_endpoint": endpoint, "_mastopy_type": Answer}
        asked = {name: value for name, value in params.items() if value is not None}
        problem: ConnectorError | None = None
        try:
            answer: object = self.library.fetch_next({**page, **asked})  # type: ignore[arg-type]  # as it documents
        except Exception as error:  # whatever the library makes of an answer
            problem = self._explain(error, endpoint)
        # Raised outside of `except`: the library's errors hold what the server sent.
        if problem:
            raise problem
        body = answer.body if isinstance(answer, Answer) else None
        if not isinstance(body, kind):
            raise BadPayload(self.source, self.address + endpoint, "the answer is JSON, but of another form")
        return body

    def _explain(self, error: Exception, endpoint: str) -> ConnectorError:
        where = self.address + endpoint
        if isinstance(error.__context__, ConnectorError):
            return error.__context__
        status = error.args[1] if len(error.args) == 4 else None
        if status in (401, 403) or (status == 422 and not self.searches):
            advice = f"{TOKEN.name} with read:search and read:statuses"
            closed = f"HTTP {status}: it shows this to accounts only; " + ("check" if self.searches else "give")
            return AuthError(self.source, where, f"{closed} {advice}, or leave the instance out")
        if status in (404, 410):
            told = isinstance(error.args[3], str) and error.args[3] != "Endpoint not found."
            return NotFound(self.source, where, f"HTTP {status}: nothing is there" + ("" if told else NO_API))
        if isinstance(status, int):
            return BadPayload(self.source, where, f"HTTP {status}: the request was not understood")
        return BadPayload(self.source, where, "the answer is no JSON of the form that Mastodon documents")

    def _statuses(self, answer: object) -> list[Status]:
        if not isinstance(answer, list) or not all(isinstance(status, dict) for status in answer):
            raise BadPayload(self.source, self.address, "the answer holds no list of statuses")
        return answer

    def _learn(self, answer: object) -> list[Status]:
        statuses = self._statuses(answer)
        if self.numbered is None and statuses:
            told, written = read_id(statuses[0].get("id")), from_iso(statuses[0].get("created_at"))
            self.numbered = bool(told and written and abs(told - written) < timedelta(days=1))
        return statuses


def write_id(moment: datetime) -> str:
    """The id of a status that was written at `moment` (UTC without a zone): milliseconds, and 16 bits more."""
    return str(round(moment.replace(tzinfo=UTC).timestamp() * 1_000) << 16)


def read_id(status_id: object) -> datetime | None:
    """When a status of this id was written; None for an id that is no such time."""
    if not isinstance(status_id, str) or not status_id.isascii() or not status_id.isdigit() or len(status_id) > 20:
        return None
    return from_seconds((int(status_id) >> 16) / 1_000)


def read_tokens(source: str, first: str, hosts: list[str], credentials: Mapping[str, str]) -> dict[str, str]:
    """Token by host: one alone is for the `first`. Raises BadInput where a host is none of `hosts`."""
    given = credentials.get(TOKEN.name, "").strip()
    if "=" not in given:
        return {first: given} if given else {}
    tokens = {}
    for pair in filter(None, map(str.strip, given.split(","))):
        host, _, token = pair.partition("=")
        if host.strip().lower() not in hosts or not token.strip():
            raise BadInput(
                source,
                TOKEN.name,
                "is not of the form; write host=token, several with commas, each host one of the instances",
            )
        tokens[host.strip().lower()] = token.strip()
    return tokens
