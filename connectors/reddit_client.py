"""Reddit by praw, asked politely: praw logs in and reads what comes; only `connectors.politeness` waits and retries.

prawcore would sleep by the rate-limit headers, retry faults, and log in anew after random pauses. It does nothing of
this here because it never meets a reason: its Requestor, which praw lets one replace, gives it good answers without
those headers and raises everything else itself.
"""

from __future__ import annotations

import configparser
import warnings
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import praw
import prawcore
import requests
from praw.exceptions import PRAWException, RedditAPIException
from prawcore.const import ACCESS_TOKEN_PATH

from connectors.credentials import Credential
from connectors.errors import AuthError, BadInput, BadPayload, ConnectorError, NotFound, RateLimited, Unavailable
from connectors.http import check_address
from connectors.politeness import USER_AGENT, Politeness
from connectors.requests_session import polite_session

LOGIN_ADDRESS = "https://www.reddit.com"
PUBLIC_ADDRESS = "https://oauth.reddit.com"
APPS = 'https://www.reddit.com/prefs/apps, "create another app", kind "script"'
NEEDS = (
    Credential("REDDIT_CLIENT_ID", f"register one at {APPS}: the id stands under its name"),
    Credential("REDDIT_CLIENT_SECRET", f"the secret of the same app, shown with it at {APPS}"),
    Credential(
        "REDDIT_USERNAME",
        "the account that registered the app at reddit.com, without u/; without it only public posts are read",
        False,
    ),
    Credential(
        "REDDIT_PASSWORD",
        "the password with which REDDIT_USERNAME logs in at reddit.com, without a second factor",
        False,
    ),
)
CLOSED = {
    "private": "the subreddit is private: log in as a member of it or take it out of the brand file",
    "quarantined": "the subreddit is quarantined: opt in on reddit.com as REDDIT_USERNAME, or take it out of the file",
    "gold_only": "the subreddit is for paying members: take it out of the brand file",
}
UNREADABLE = (
    prawcore.PrawcoreException,
    PRAWException,
    AssertionError,
    AttributeError,
    IndexError,
    KeyError,
    RecursionError,
    TypeError,
    ValueError,
)
"""What praw raises over an answer that is not as Reddit writes it."""

T = TypeVar("T")


class Closed(AuthError):
    """One part of Reddit may not be read; others may."""


class TokenRefused(Exception):
    """The token has run out or was revoked."""


class Requestor(prawcore.Requestor):
    """Gives prawcore answers that leave it nothing to wait for or to ask for again; others become a ConnectorError."""

    def __init__(self, *, source: str, session: requests.Session, **settings: Any) -> None:
        super().__init__(session=session, **settings)
        self.source = source
        self.session = session

    def request(self, method: str, url: str, **settings: Any) -> requests.Response:  # type: ignore[override]
        """The answer; raises TokenRefused for a 401 that logging in anew may mend."""
        settings["allow_redirects"] = False
        problem: ConnectorError
        try:
            response = self.session.request(method, url, **settings)
        except ConnectorError as error:
            problem = error
            problem.__context__ = None  # it holds the request, and that the token or the password
        except requests.RequestException as error:
            problem = Unavailable(self.source, url, f"the request cannot be sent ({type(error).__name__})")
        else:
            # The waits that these ask for were kept already; prawcore would keep them a second time, by sleeping.
            for name in [name for name in response.headers if name.lower().startswith("x-ratelimit-")]:
                del response.headers[name]
            self._refuse(response, url)
            return response
        raise problem

    def _refuse(self, response: requests.Response, url: str) -> None:
        status = response.status_code
        if status < 300:
            return
        if url.endswith(ACCESS_TOKEN_PATH):
            advice = f"compare them with your app at {APPS}"
            problem = f"HTTP {status}: Reddit refuses REDDIT_CLIENT_ID and REDDIT_CLIENT_SECRET; {advice}"
            raise AuthError(self.source, url, problem)
        if status == 401:
            raise TokenRefused
        if status < 400:
            raise NotFound(
                self.source,
                url,
                f"HTTP {status}: there is no such subreddit; is its name right? Check it in the brand file",
                advice="",
            )
        if "insufficient_scope" in response.headers.get("www-authenticate", ""):
            raise AuthError(
                self.source, url, f'HTTP {status}: the app lacks the scope "read"; register it anew at {APPS}'
            )
        reason = _reason(response)
        if status in (403, 451):
            told = CLOSED.get(
                reason, "Reddit refuses access; log in as an account that may read it, or take it out of the brand file"
            )
            raise Closed(self.source, url, f"HTTP {status}: {told}")
        if status in (404, 410):
            told = (
                "the subreddit is banned: take it out of the brand file"
                if reason == "banned"
                else "nothing is there; is the name right? Check it in the brand file"
            )
            raise NotFound(self.source, url, f"HTTP {status}: {told}", advice="")
        raise BadPayload(self.source, url, f"HTTP {status}: the request was not understood")


class RedditClient:
    """Asks Reddit as a script app, or read-only where no account is given. Logs in with the first question."""

    def __init__(self, politeness: Politeness, credentials: Mapping[str, str], address: str | None) -> None:
        self.source = politeness.source
        self.session = polite_session(politeness)
        self.address = str(check_address(self.source, address or PUBLIC_ADDRESS)).rstrip("/")
        self.login_address = self.address if address else LOGIN_ADDRESS
        self.credentials = credentials
        account = [bool(credentials.get(name)) for name in ("REDDIT_USERNAME", "REDDIT_PASSWORD")]
        if any(account) and not all(account):
            told = "REDDIT_USERNAME and REDDIT_PASSWORD go together: set both, or neither to read public posts"
            raise AuthError(self.source, "environment or .env", told)
        self.reddit = self._open()

    def get(self, path: str, read: Callable[[Any], T], **params: str | int) -> T:
        """What `read` makes of praw's objects. Raises ConnectorError: BadPayload where `read` cannot read them."""
        return self._ask(path, lambda reddit: read(reddit.get(path, params=params)))

    def post(self, path: str, read: Callable[[Any], T], **data: str) -> T:
        """The same for a POST."""
        return self._ask(path, lambda reddit: read(reddit.post(path, data=data)))

    def info(self, fullnames: list[str], read: Callable[[Any], T]) -> T:
        """The same for the things of these `fullnames`, at most a hundred."""
        return self._ask("api/info", lambda reddit: read(list(reddit.info(fullnames=fullnames))))

    def _ask(self, path: str, call: Callable[[praw.Reddit], T]) -> T:
        # Raised outside the handlers, so that no error carries praw's, which hold requests with their passwords.
        problem: ConnectorError
        where = f"{self.address}/{path}"
        for _ in range(2):
            try:
                return call(self.reddit)
            except TokenRefused:
                told = "HTTP 401: Reddit refuses the token that it has just given; was the app revoked or the account"
                problem = AuthError(self.source, where, f"{told} suspended? Log in on reddit.com to see")
                self.reddit = self._open()
                continue
            except prawcore.OAuthException as error:
                told = f"Reddit refuses REDDIT_USERNAME and REDDIT_PASSWORD ({error.error})"
                advice = "they must be those of the app's owner, who logs in without a second factor"
                problem = AuthError(self.source, self.login_address, f"{told}: {advice}")
            except RedditAPIException as error:
                kinds = [item.error_type for item in error.items]
                told = f"Reddit answers {', '.join(kinds)}"
                problem = (RateLimited if "RATELIMIT" in kinds else BadPayload)(self.source, where, told)
            except prawcore.BadJSON:
                problem = BadPayload(self.source, where, "the answer is no JSON")
            except UNREADABLE as error:
                problem = BadPayload(
                    self.source, where, f"the answer is not as Reddit writes it ({type(error).__name__})"
                )
            break
        raise problem

    def _open(self) -> praw.Reddit:
        """praw, not logged in yet. Every setting is given, so that none comes from a praw.ini or a praw_ variable."""
        try:
            with warnings.catch_warnings(action="ignore"):  # of a praw.ini whose addresses are not used
                return praw.Reddit(
                    "DEFAULT",
                    client_id=self.credentials.get("REDDIT_CLIENT_ID"),
                    client_secret=self.credentials.get("REDDIT_CLIENT_SECRET"),
                    username=self.credentials.get("REDDIT_USERNAME"),
                    password=self.credentials.get("REDDIT_PASSWORD"),
                    refresh_token=None,
                    redirect_uri=None,
                    user_agent=USER_AGENT,
                    reddit_url=self.login_address,
                    oauth_url=self.address,
                    ratelimit_seconds=-1,  # never sleep by what an error's text says
                    window_size=600,
                    timeout=16,
                    check_for_async=False,
                    check_for_updates=False,
                    comment_kind="t1",
                    redditor_kind="t2",
                    submission_kind="t3",
                    message_kind="t4",
                    subreddit_kind="t5",
                    trophy_kind="t6",
                    requestor_class=Requestor,
                    requestor_kwargs={"source": self.source, "session": self.session},
                )
        except configparser.Error:
            problem = BadInput(self.source, "praw.ini", "cannot be read; brandtrust does not need it: remove it")
        raise problem


def _reason(response: requests.Response) -> str:
    """Why Reddit refuses, in its own word: private, banned, quarantined and others."""
    try:
        return str(response.json()["reason"])
    except (ValueError, TypeError, KeyError, RecursionError):
        return ""
