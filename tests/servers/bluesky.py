"""A local Bluesky: one server that is the account's own and asks the network, as bsky.social is, over real HTTP.

Modelled on real responses, the published lexicons and the published source of its search: sessions of two hours that
end, refresh tokens, the names of errors (ExpiredToken is a 400), RateLimit-* headers with the reset in seconds since
1970, pages by a cursor that counts and leads to 10,000 posts at most, hidden posts that leave gaps in pages, newest
first by createdAt or indexedAt, whichever is earlier; a search for words that must all occur, cut as Unicode says.
"""

from __future__ import annotations

import base64
import json
import re
import unicodedata
from bisect import bisect_left
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.servers.platform import Fault, PlatformServer, Request, Response

__all__ = ["BlueskyServer", "Fault", "Index", "post"]

DEEPEST = 10_000
SESSION = timedelta(hours=2)
REFRESH = timedelta(days=60)
LIMIT, WINDOW = 3_000, 300
GLUED = re.compile(r"\w+(?:['’.:]\w+)*")

View = dict[str, Any]


def post(number: int, created: datetime, text: str, **more: Any) -> View:
    """A view of a post as searches give it. `more` replaces fields; `langs`, `reply`, `createdAt` are the record's."""
    did = more.pop("did", f"did:plc:writer{number % 50:018d}")
    stamp = created.isoformat(timespec="milliseconds") + "Z"
    record: View = {"$type": "app.bsky.feed.post", "createdAt": stamp, "langs": ["en"], "text": text}
    record |= {name: more.pop(name) for name in ("langs", "reply", "createdAt") if name in more}
    author = {
        "did": did,
        "handle": f"author{number % 50}.bsky.social",
        "avatar": "https://cdn.bsky.app/img/avatar/plain/none@jpeg",
        "displayName": f"author{number % 50} by name",
        "associated": {"chat": {"allowIncoming": "following"}},
        "viewer": {"muted": False, "blockedBy": False},
        "labels": more.pop("author_labels", []),
        "createdAt": "2023-04-01T08:00:00.000Z",
    }
    return {
        "uri": f"at://{did}/app.bsky.feed.post/3k{number:011d}",
        "cid": f"bafyrei{number:052d}",
        "author": author,
        "record": record,
        "replyCount": 0,
        "repostCount": 0,
        "likeCount": 0,
        "quoteCount": 0,
        "indexedAt": stamp,
        "viewer": {"threadMuted": False, "embeddingDisabled": False},
        "labels": [],
        **more,
    }


def label(value: str, **more: Any) -> View:
    """A label on a post or an author."""
    return {"src": "did:plc:moderation", "uri": "at://", "val": value, "cts": "2023-04-01T08:00:00.000Z", **more}


def sorted_at(view: View) -> str:
    """What the search sorts and filters by."""
    return min(_stamp(view["record"]["createdAt"]), _stamp(view["indexedAt"]))


def _stamp(text: str) -> str:
    moment = datetime.fromisoformat(text).astimezone(UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


class Index:
    """What is posted, and how it is searched."""

    def __init__(self, posts: Iterable[View] = ()) -> None:
        self.posts: list[tuple[str, View]] = []
        self._words: dict[str, list[str]] = {}
        self.add(*posts)

    def add(self, *posts: View) -> None:
        """Post more."""
        more = [(sorted_at(view), view) for view in posts]
        self.posts = sorted([*self.posts, *more], key=lambda entry: (entry[0], entry[1]["uri"]))
        self._found: tuple[tuple[str, str, str], list[View]] = ("", "", ""), []

    def remove(self, uri: str) -> None:
        """Delete a post."""
        self.posts = [entry for entry in self.posts if entry[1]["uri"] != uri]
        self.add()

    def search(self, query: str, since: str = "", until: str = "~") -> list[View]:
        """Posts that hold every word of `query`, newest first; one in quotation marks is a phrase."""
        if self._found[0] != (query, since, until):  # the pages of one search come one after the other
            pieces = [tokens(phrase or plain) for phrase, plain in re.findall(r'"([^"]*)"?|(\S+)', query)]
            first, end = (bisect_left(self.posts, moment, key=lambda entry: entry[0]) for moment in (since, until))
            found = [
                view
                for _, view in reversed(self.posts[first:end])
                if all(_holds(self._tokens(view), piece) for piece in pieces)
            ]
            self._found = (query, since, until), found
        return self._found[1]

    def get(self, uris: Iterable[str]) -> list[View]:
        """The posts of these names that there are."""
        known = {view["uri"]: view for _, view in self.posts}
        return [known[uri] for uri in uris if uri in known]

    def _tokens(self, view: View) -> list[str]:
        text = str(view["record"].get("text"))
        if text not in self._words:
            self._words[text] = tokens(text)
        return self._words[text]


def tokens(text: str) -> list[str]:
    """Words without accents and case; an apostrophe, a full stop or a colon within a word does not end it."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    return GLUED.findall("".join(letter for letter in folded if not unicodedata.combining(letter)))


def _holds(words: list[str], phrase: list[str]) -> bool:
    return any(words[at : at + len(phrase)] == phrase for at in range(len(words)))


class BlueskyServer(PlatformServer):
    """Answers what a client with an account asks; `deepest`: how many posts a cursor leads to."""

    def __init__(
        self,
        posts: Iterable[View] = (),
        *,
        clock: Callable[[], datetime],
        handle: str = "brand.bsky.social",
        password: str = "abcd-efgh-ijkl-mnop",
        deepest: int = DEEPEST,
    ) -> None:
        super().__init__()
        self.index = Index(posts)
        self.clock = clock
        self.handle, self.password, self.deepest = handle, password, deepest
        self.tokens: dict[str, tuple[str, datetime]] = {}  # token → its kind and its end
        self.issued = 0
        self.hidden: set[str] = set()  # uris that are found and not shown: authors who block the account, and the like
        self.used: list[datetime] = []

    def meets_faults(self, request: Request) -> bool:
        """Faults meet what is asked, not the log-in."""
        return not request.path.startswith("/xrpc/com.atproto.server.")

    def rate_limit_headers(self) -> dict[str, str]:
        """As they come with every answer; with a 429 nothing remains."""
        return self._headers(0)

    def respond(self, request: Request) -> Response:
        """The answer, with what remains of the allowance."""
        now = self.clock()
        self.used = [moment for moment in self.used if now - moment < timedelta(seconds=WINDOW)]
        if len(self.used) >= LIMIT:
            body = {"error": "RateLimitExceeded", "message": "Rate Limit Exceeded"}
            return Response(429, body, self._headers(0))
        self.used.append(now)
        response = self._answer(request)
        return Response(response.status, response.body, self._headers(LIMIT - len(self.used)))

    def _headers(self, remaining: int) -> dict[str, str]:
        begun = self.used[0] if self.used else self.clock()
        reset = int(begun.replace(tzinfo=UTC).timestamp()) + WINDOW
        return {
            "RateLimit-Limit": str(LIMIT),
            "RateLimit-Remaining": str(remaining),
            "RateLimit-Reset": str(reset),
            "RateLimit-Policy": f"{LIMIT};w={WINDOW}",
        }

    def _answer(self, request: Request) -> Response:
        method = request.path.removeprefix("/xrpc/")
        if method == "com.atproto.server.createSession":
            return self._create_session(request)
        if method == "com.atproto.server.refreshSession":
            return self._check(request, "refresh") or self._session()
        if method not in ("app.bsky.feed.searchPosts", "app.bsky.feed.getPosts"):
            return _error(501, "MethodNotImplemented", "Method Not Implemented")
        if refused := self._check(request, "access"):
            return refused
        return self._search(request) if method.endswith("searchPosts") else self._get_posts(request)

    def _create_session(self, request: Request) -> Response:
        asked = json.loads(request.body)
        if "authorization" in request.headers:
            return _error(400, "InvalidRequest", "A log-in needs no token")  # stricter than the real one
        if (asked.get("identifier"), asked.get("password")) != (self.handle, self.password):
            return _error(401, "AuthenticationRequired", "Invalid identifier or password")
        return self._session()

    def _session(self) -> Response:
        self.issued += 1
        did = "did:plc:brandbrandbrandbrandbran"
        service = {"id": "#atproto_pds", "type": "AtprotoPersonalDataServer", "serviceEndpoint": self.address}
        return Response(
            body={
                "did": did,
                "didDoc": {"@context": ["https://www.w3.org/ns/did/v1"], "id": did, "service": [service]},
                "handle": self.handle,
                "accessJwt": self._token("access", SESSION),
                "refreshJwt": self._token("refresh", REFRESH),
                "active": True,
            }
        )

    def _token(self, kind: str, lasts: timedelta) -> str:
        end = self.clock() + lasts
        payload = {"scope": kind, "exp": int(end.replace(tzinfo=UTC).timestamp()), "jti": str(self.issued)}
        parts = [{"typ": "JWT", "alg": "HS256"}, payload, {"signed": True}]
        token = ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts)
        self.tokens[token] = kind, end
        return token

    def _check(self, request: Request, kind: str) -> Response | None:
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        if not token:
            return _error(401, "AuthMissing", "Authentication Required")
        if token not in self.tokens or self.tokens[token][0] != kind:
            return _error(400, "InvalidToken", "Token could not be verified")
        if self.tokens[token][1] <= self.clock():
            return _error(400, "ExpiredToken", "Token has expired")
        return None

    def _search(self, request: Request) -> Response:
        asked = request.params
        try:
            limit, offset = int(asked.get("limit", 25)), int(asked.get("cursor", 0))
            since, until = (_stamp(asked[name]) if name in asked else None for name in ("since", "until"))
        except ValueError as error:
            return _error(400, "InvalidRequest", str(error))
        if not asked.get("q", "").strip() or not 1 <= limit <= 100 or not 0 <= offset <= self.deepest:
            return _error(400, "InvalidRequest", "q, limit or cursor cannot be used")
        found = self.index.search(asked["q"], since or "", until or "~")[offset : offset + limit]
        shown = [view for view in found if view["uri"] not in self.hidden]
        body: View = {"posts": shown}
        if len(found) == limit and offset + limit < self.deepest:
            body["cursor"] = str(offset + limit)
        return Response(body=body)

    def _get_posts(self, request: Request) -> Response:
        uris = request.all_params.get("uris", [])
        if not 1 <= len(uris) <= 25:
            return _error(400, "InvalidRequest", "Error: uris must have between 1 and 25 elements")
        return Response(body={"posts": [view for view in self.index.get(uris) if view["uri"] not in self.hidden]})


def _error(status: int, name: str, message: str) -> Response:
    return Response(status, {"error": name, "message": message})
