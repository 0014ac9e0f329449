"""X's API by tweepy: what is asked and paid for, and what X's refusals mean.

tweepy builds the requests and reads the answers as they are (no objects of its own, which would make one malformed post
the end of its page). It neither waits nor retries: that is `connectors.politeness` alone, endpoint by endpoint, since X
counts each by itself.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import requests
import tweepy
from requests.auth import AuthBase

from connectors.credentials import Credential
from connectors.errors import AuthError, BadInput, BadPayload, ConnectorError, NotFound, SpendLimit, Unavailable
from connectors.politeness import USER_AGENT, Politeness
from connectors.requests_session import PoliteAdapter, polite_session
from connectors.x_items import FIELDS

TOKEN = "X_BEARER_TOKEN"  # the variable's name
NEEDS = (Credential(TOKEN, "make an app at console.x.com and copy the bearer token under its keys and tokens"),)
HOST = "https://api.twitter.com"  # tweepy's, which X keeps
ENDPOINTS = ("/2/tweets/search/", "/2/tweets/counts/", "/2/compliance/")
LONGEST_WAIT = 960.0  # seconds; X counts in windows of 15 minutes
ARCHIVE_PACE = 1.0  # seconds from one request to the full archive to the next
RECENT_POSTS, ARCHIVE_POSTS = 100, 500  # on a page

Answer = dict[str, Any]

# In its debugging log tweepy writes down headers and whole answers, and with them the ids of authors.
logging.getLogger("tweepy").setLevel(logging.INFO)


class XClient:
    """Asks X for posts, counts and compliance jobs. Raises ConnectorError and nothing else."""

    def __init__(
        self,
        source: str,
        credentials: Mapping[str, str],
        *,
        archive: bool,
        instead: str | None,
        clock: Callable[[], datetime],
        sleep: Callable[[float], None],
    ) -> None:
        self.source = source
        self.archive = archive
        self.most_posts = ARCHIVE_POSTS if archive else RECENT_POSTS

        def manners(pace: float = 0.0) -> Politeness:
            return Politeness(source, clock=clock, sleep=sleep, longest_wait=LONGEST_WAIT, pace=pace)

        self.storage = polite_session(manners())  # another host, which must not see the token
        self.client = tweepy.Client(return_type=dict, wait_on_rate_limit=False)
        self.client.user_agent = USER_AGENT
        self.client.session = polite_session(manners(), instead)
        for endpoint in ENDPOINTS:
            pace = ARCHIVE_PACE if archive and endpoint != "/2/compliance/" else 0.0
            self.client.session.mount(HOST + endpoint, _XAdapter(manners(pace), instead))
        # Given to tweepy itself, the token would stand in its log.
        self.client.session.auth = _Bearer(source, credentials)

    def search(self, query: str, start: datetime, until: datetime, most: int, token: str | None) -> Answer:
        """A page of posts created in start ≤ t < until, newest first."""
        call = self.client.search_all_tweets if self.archive else self.client.search_recent_tweets
        params = {"max_results": most, "tweet_fields": FIELDS, "next_token": token}
        return self._ask(call, query, start_time=start, end_time=until, **params)

    def count(self, query: str, start: datetime, until: datetime, granularity: str, token: str | None) -> Answer:
        """How many posts were created in each hour or day of start ≤ t < until; the archive tells 31 days at once."""
        if self.archive:
            call, params = self.client.get_all_tweets_count, {"next_token": token}
        else:
            call, params = self.client.get_recent_tweets_count, {}
        return self._ask(call, query, start_time=start, end_time=until, granularity=granularity, **params)

    def create_job(self) -> Answer:
        """A compliance job for posts."""
        return self._ask(self.client.create_compliance_job, "tweets")

    def get_job(self, number: str) -> Answer:
        """The state of a compliance job."""
        return self._ask(self.client.get_compliance_job, number)

    def _ask(self, call: Callable[..., Any], *args: Any, **params: Any) -> Answer:
        try:
            answer = call(*args, **params)
        except (requests.RequestException, ValueError, RecursionError):
            problem = "the answer is no JSON"
        else:
            if isinstance(answer, dict):
                return answer
            problem = "the answer is JSON, but no object"
        # Raised here, so that no error of a library, which holds the request, hangs on it.
        raise BadPayload(self.source, f"{HOST}/2", problem)


class _Bearer(AuthBase):
    """Puts the token into a request."""

    def __init__(self, source: str, credentials: Mapping[str, str]) -> None:
        self._credentials = credentials
        if not self._token.isascii() or not self._token.isprintable() or " " in self._token:
            raise AuthError(source, TOKEN, "is no bearer token: copy it again, without anything before or after it")

    @property
    def _token(self) -> str:
        return self._credentials.get(TOKEN, "").strip()

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


class _XAdapter(PoliteAdapter):
    """Tells refusals as what they are, before tweepy sees them."""

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        """The answer to `request`, which is a good one."""
        response = super().send(request, *args, **kwargs)
        if response.status_code >= 300:
            raise explain(self.politeness.source, response)
        return response

    def _send(self, request: requests.PreparedRequest, where: str, *args: Any, **kwargs: Any) -> requests.Response:
        response = super()._send(request, where, *args, **kwargs)
        # Also a 429, but waiting for it is of no help.
        if response.status_code == 429 and _problem(response).get("title") == "UsageCapExceeded":
            raise SpendLimit(
                self.politeness.source,
                where,
                "HTTP 429, UsageCapExceeded: X's own cap on posts a month is reached; raise it at console.x.com, or "
                "wait for the next month",
            )
        return response


def explain(source: str, response: requests.Response) -> ConnectorError:
    """What a refusal of X means, and what a person can do."""
    where = urlunsplit(urlsplit(response.url)._replace(query="", fragment=""))
    status, problem = response.status_code, _problem(response)
    if status == 401:
        return AuthError(source, where, f"HTTP 401: the token is refused; check {TOKEN} or make a new one")
    if status == 402:
        return SpendLimit(source, where, "HTTP 402: the account has no credits left; buy some at console.x.com")
    if status == 403:
        return AuthError(source, where, f"HTTP 403: {_explain_access(where, problem)}")
    if status == 404:
        return NotFound(source, where, "HTTP 404: nothing is there")
    if status == 409:
        return Unavailable(source, where, "HTTP 409: another job of this kind is running")
    errors = problem.get("errors")
    faults = [error for error in errors if isinstance(error, dict)] if isinstance(errors, list) else []
    said = " ".join(str(fault.get("message", "")) for fault in faults) or str(problem.get("detail") or "")
    line = f"HTTP {status}: X does not take the request; it says: {' '.join(said.split())[:300] or 'nothing'}"
    about_query = any("query" in (fault.get("parameters") or ()) for fault in faults)
    if status == 400 and about_query:
        return BadInput(source, where, f"{line}; change the query in the brand file")
    return BadPayload(source, where, line)


def _explain_access(where: str, problem: Answer) -> str:
    if where.endswith("/all"):
        return (
            "this app may not search the full archive, which needs the access level Pro or pay-per-use; ask for it at "
            "console.x.com, or set full_archive = false"
        )
    if problem.get("reason") == "client-not-enrolled":
        return (
            "the app of this token is in no project with API access (client-not-enrolled); put it into one with the "
            "access level Basic, Pro or pay-per-use at console.x.com"
        )
    return "this app may not ask for that; look up its access level at console.x.com"


def _problem(response: requests.Response) -> Answer:
    """The body of a refusal (problem+json); nothing where it is none."""
    try:
        body = response.json()
    except (ValueError, RecursionError):
        return {}
    return body if isinstance(body, dict) else {}
