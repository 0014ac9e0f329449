"""A local Reddit that answers as the real API does, over real HTTP on loopback.

Modelled on Reddit's published API documentation, on praw's recorded tests and on what users report: a token endpoint
for the grants `password` and `client_credentials`; kind and data envelopes; listings from the newest on, at most 100 a
page and 1,000 (a search 250) in all, with `after` and `before`; comment trees that are cut at a number and a depth and
continued by `more`; `x-ratelimit-*` on every answer; a search with AND, OR, NOT, phrases, parentheses and fields.
"""

from __future__ import annotations

import base64
import copy
import re
from collections.abc import Iterable, Mapping
from typing import Any

from tests.servers.platform import Fault, PlatformServer, Request, Response
from tests.servers.reddit_things import BadSearch, Thing, base36, comment, delete, matches, remove, submission

__all__ = ["SECRETS", "Fault", "RedditServer", "base36", "comment", "delete", "remove", "submission"]

CLIENT_ID, CLIENT_SECRET = "local-app-id", "local-app-secret"
USERNAME, PASSWORD = "local_account", "local-password"
SECRETS = {
    "REDDIT_CLIENT_ID": CLIENT_ID,
    "REDDIT_CLIENT_SECRET": CLIENT_SECRET,
    "REDDIT_USERNAME": USERNAME,
    "REDDIT_PASSWORD": PASSWORD,
}
TOKEN_PATH = "/api/v1/access_token"
PER_WINDOW = 1_000  # requests in ten minutes
MOST_DEPTH = 8  # levels of replies in one answer
STATUS = {400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 429: "Too Many Requests"}


class RedditServer(PlatformServer):
    """`with RedditServer(things) as server:` — a subreddit exists once something stands in it, or in `closed`.

    `closed`: private, quarantined or banned, by name. `cap` and `search_cap` end listings; `tree` comments stand in one
    answer, and `more` in one to `morechildren`. Each token is good for `token_requests` answers. `allowance` requests
    are left in the window, which is `reset` seconds long from now on, always.
    """

    def __init__(
        self, things: Iterable[Thing] = (), *, cap: int = 1_000, search_cap: int = 250, tree: int = 500, more: int = 100
    ) -> None:
        super().__init__()
        self.things: dict[str, Thing] = {}
        self.closed: dict[str, str] = {}
        self.cap, self.search_cap, self.tree, self.more = cap, search_cap, tree, more
        self.token_requests: int | None = None
        self.tokens: dict[str, int] = {}
        self.issued = 0
        self.allowance, self.reset, self.used = PER_WINDOW, 600, 0
        self.scope = "*"
        self.add(*things)

    def add(self, *things: Thing) -> None:
        """Put submissions and comments where they belong, and count the comments of each submission."""
        for thing in things:
            data = thing["data"]
            self.things[data["name"]] = thing
            if thing["kind"] == "t1" and data["link_id"] in self.things:
                self.things[data["link_id"]]["data"]["num_comments"] += 1
        self._subreddits = {thing["data"]["subreddit"] for thing in self.things.values()}
        self._newest: dict[str, list[Thing]] = {}
        self._replies: dict[str, list[Thing]] = {}

    def discard(self, *fullnames: str) -> None:
        """Take things out as if they had never been there."""
        for fullname in fullnames:
            del self.things[fullname]
        self.add()

    def expire_tokens(self) -> None:
        """Every token given so far is refused from now on."""
        self.tokens.clear()

    @property
    def logins(self) -> int:
        """How often a token was asked for."""
        return sum(request.path == TOKEN_PATH for request in self.log)

    @property
    def asked(self) -> list[Request]:
        """Every request but those for tokens."""
        return [request for request in self.log if request.path != TOKEN_PATH]

    def meets_faults(self, request: Request) -> bool:
        return request.path != TOKEN_PATH

    def rate_limit_headers(self) -> dict[str, str]:
        return {"x-ratelimit-used": str(PER_WINDOW), "x-ratelimit-remaining": "0", "x-ratelimit-reset": "37"}

    def respond(self, request: Request) -> Response:
        """What the site answers, with what is left of the allowance."""
        if request.path == TOKEN_PATH:
            return self._give_token(request)
        token = (request.headers.get("Authorization") or "").partition(" ")[2]
        if self.tokens.get(token, 0) < 1:
            told = {"www-authenticate": 'Bearer realm="reddit", error="invalid_token"'}
            return Response(401, {"message": "Unauthorized", "error": 401}, told)
        self.tokens[token] -= 1
        if self.scope not in ("*", "read"):
            told = {"www-authenticate": 'Bearer realm="reddit", error="insufficient_scope"'}
            return Response(403, {"message": "Forbidden", "error": 403}, told)
        if self.used >= self.allowance:
            return Response(429, {"message": "Too Many Requests", "error": 429}, self._allowance_headers())
        self.used += 1
        answer = self._answer(request)
        return Response(answer.status, answer.body, {**self._allowance_headers(), **answer.headers})

    def _allowance_headers(self) -> dict[str, str]:
        left = max(self.allowance - self.used, 0)
        return {
            "x-ratelimit-used": str(self.used),
            "x-ratelimit-remaining": f"{left}.0",
            "x-ratelimit-reset": str(self.reset),
        }

    def _give_token(self, request: Request) -> Response:
        kind, _, sent = (request.headers.get("Authorization") or "").partition(" ")
        if kind != "Basic" or base64.b64decode(sent).decode() != f"{CLIENT_ID}:{CLIENT_SECRET}":
            return _fail(401)
        form = request.form
        if form.get("grant_type") == "password":
            if (form.get("username"), form.get("password")) != (USERNAME, PASSWORD):
                return Response(200, {"error": "invalid_grant"})
        elif form.get("grant_type") != "client_credentials":
            return Response(200, {"error": "unsupported_grant_type"})
        self.issued += 1
        token = f"local-token-{self.issued}"
        self.tokens[token] = self.token_requests or 1 << 60
        told = {"access_token": token, "token_type": "bearer", "expires_in": 86_400, "scope": self.scope}
        return Response(200, told)

    def _answer(self, request: Request) -> Response:
        path, params = request.path.rstrip("/"), request.params
        if found := re.fullmatch(r"/r/(\w+)(?:/(new|search|comments))", path):
            return self._listing(found[1], found[2], params)
        if found := re.fullmatch(r"/comments/(\w+)(?:/_/(\w+))?", path):
            return self._tree(found[1], found[2], params)
        if path == "/api/info":
            wanted = params.get("id", "").split(",")
            if len(wanted) > 100:
                return _fail(400)
            # What stands in a closed subreddit is left out, without a word.
            things = [self.things[name] for name in wanted if name in self.things]
            return Response(200, _listing([one for one in things if one["data"]["subreddit"] not in self.closed]))
        if path == "/api/morechildren" and request.method == "POST":
            return self._more_children(request.form)
        return _fail(404)

    # Listings

    def _refusal(self, subreddit: str) -> Response | None:
        closed = self.closed.get(subreddit)
        if closed == "banned":
            return _fail(404, reason="banned")
        if closed == "quarantined":
            told = {"reason": "quarantined", "quarantine_message": "This community is quarantined"}
            return _fail(403, **told)
        if closed:
            return _fail(403, reason=closed)
        if subreddit != "all" and subreddit not in self._subreddits:
            place = f"{self.address}/subreddits/search.json?q={subreddit}"
            return Response(302, {}, {"location": place})
        return None

    def _listing(self, subreddit: str, kind: str, params: Mapping[str, str]) -> Response:
        if kind == "search" and params.get("restrict_sr", "false").lower() in ("false", "off", "0"):
            subreddit = "all"
        if refusal := self._refusal(subreddit):
            return refusal
        wanted = self._find(subreddit, "t1" if kind == "comments" else "t3")
        if kind == "search":
            query = params.get("q", "")
            try:
                wanted = [thing for thing in wanted if matches(query, thing)]
            except BadSearch as error:
                told = {"fields": ["q"], "explanation": "this is too long (max: 512)", "reason": str(error)}
                return _fail(400, **told)
        wanted = wanted[: self.search_cap if kind == "search" else self.cap]
        limit = min(int(params.get("limit") or 25), 100)
        names = [thing["data"]["name"] for thing in wanted]
        if params.get("before"):
            end = names.index(params["before"]) if params["before"] in names else 0
            start = max(end - limit, 0)
        else:
            start = names.index(params["after"]) + 1 if params.get("after") in names else 0
            end = start + limit
        page = [_flat(thing) for thing in wanted[start:end]]
        after = page[-1]["data"]["name"] if page and end < len(wanted) else None
        before = page[0]["data"]["name"] if page and start > 0 else None
        return Response(200, _listing(page, after, before))

    def _find(self, subreddit: str, kind: str) -> list[Thing]:
        """From the newest on, without what stands in closed subreddits."""
        key = f"{kind} {subreddit} {sorted(self.closed)}"
        if key not in self._newest:
            found = [
                thing
                for thing in self.things.values()
                if thing["kind"] == kind
                and thing["data"]["subreddit"] not in self.closed
                and subreddit in ("all", thing["data"]["subreddit"])
            ]
            self._newest[key] = sorted(found, key=lambda thing: (-thing["data"]["created_utc"], thing["data"]["name"]))
        return self._newest[key]

    # Comments

    def _tree(self, link: str, below: str | None, params: Mapping[str, str]) -> Response:
        post = self.things.get(f"t3_{link}")
        if post is None:
            return _fail(404)
        if refusal := self._refusal(post["data"]["subreddit"]):
            return refusal
        limit = min(int(params.get("limit") or 200), self.tree)
        if below is None:
            children = self._below(post["data"]["name"], [limit], 0)
        else:
            children = []
            if top := self.things.get(f"t1_{below}"):
                children = [self._with_replies(top, [limit - 1], 0)]
        return Response(200, [_listing([post]), _listing(children)])

    def _replies_to(self, fullname: str) -> list[Thing]:
        if not self._replies:
            for thing in self.things.values():
                if thing["kind"] == "t1":
                    self._replies.setdefault(thing["data"]["parent_id"], []).append(thing)
        return self._replies.get(fullname, [])

    def _below(self, parent: str, left: list[int], depth: int) -> list[Thing]:
        """Comments under `parent` with theirs, as many as are `left`, and a `more` for the others."""
        replies = self._replies_to(parent)
        if replies and depth >= MOST_DEPTH:
            return [_more([], parent, depth)]
        shown, hidden = [], []
        for reply in replies:
            if left[0] > 0:
                left[0] -= 1
                shown.append(self._with_replies(reply, left, depth))
            else:
                hidden.append(reply["data"]["id"])
        return [*shown, _more(hidden, parent, depth)] if hidden else shown

    def _with_replies(self, thing: Thing, left: list[int], depth: int) -> Thing:
        grown = _flat(thing)
        replies = self._below(thing["data"]["name"], left, depth + 1)
        grown["data"] |= {"depth": depth, "replies": _listing(replies) if replies else ""}
        return grown

    def _more_children(self, form: Mapping[str, str]) -> Response:
        """What was asked for with what stands under it, in one flat row, and `more` for what is too much."""
        things: list[Thing] = []
        ids = form.get("children", "").split(",")
        if not form.get("link_id") or len(ids) > 100:
            return _fail(400)
        waiting = [thing for each in ids if (thing := self.things.get(f"t1_{each}"))][::-1]
        while waiting and len(things) < self.more:
            thing = waiting.pop()
            if thing["data"]["link_id"] == form["link_id"]:
                things.append(_flat(thing))
                waiting += self._replies_to(thing["data"]["name"])[::-1]
        hidden: dict[str, list[str]] = {}
        for thing in waiting:
            hidden.setdefault(thing["data"]["parent_id"], []).append(thing["data"]["id"])
        things += [_more(ids, parent, 1) for parent, ids in hidden.items()]
        return Response(200, {"json": {"errors": [], "data": {"things": things}}})


def _flat(thing: Thing) -> Thing:
    return {"kind": thing["kind"], "data": copy.copy(thing["data"])}


def _listing(children: list[Thing], after: str | None = None, before: str | None = None) -> Thing:
    data = {"modhash": None, "dist": len(children), "children": children, "after": after, "before": before}
    return {"kind": "Listing", "data": data}


def _more(children: list[str], parent: str, depth: int) -> Thing:
    """Without children it is the link to a page where the thread goes on."""
    first = children[0] if children else "_"
    data = {"count": len(children), "name": f"t1_{first}", "id": first, "parent_id": parent, "depth": depth}
    return {"kind": "more", "data": {**data, "children": children}}


def _fail(status: int, **more: Any) -> Response:
    return Response(status, {"message": STATUS[status], "error": status, **more})
