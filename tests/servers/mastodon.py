"""A local Mastodon server that answers as the real one does, over real HTTP on loopback.

Modelled on real responses and the published source: ids that are times, hashtag timelines of at most 40 newest first
with Link headers, search with a token only, whose `max_id` counts in whole seconds, lists of statuses since 4.3, errors
as `{"error": …}`, and X-RateLimit-* headers with the reset as an ISO time.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import unquote

from selectolax.lexbor import LexborHTMLParser

from tests.servers.platform import Fault, PlatformServer, Request, Response

__all__ = ["Fault", "MastodonServer", "copy", "status"]

LIMIT, WINDOW = 300, 300
DEFAULT, MOST = 20, 40
WORD = re.compile(r"\w+(?:['’.:]\w+)*")
STOP_WORDS = {"a", "and", "as", "at", "for", "in", "is", "it", "of", "on", "the", "to", "with"}

Status = dict[str, Any]


def number_at(moment: datetime, sequence: int = 0) -> int:
    """A server's number for a status that was written then."""
    return (round(moment.replace(tzinfo=UTC).timestamp() * 1_000) << 16) + sequence % 65_536


def status(home: str, number: int, created: datetime, html: str, *tags: str, **more: Any) -> Status:
    """A status of the server at `home`, with `tags`. `more` replaces fields; `account_…` those of its author."""
    name, stamp = more.pop("username", f"author{number % 50}"), created.isoformat(timespec="milliseconds") + "Z"
    status_id, account_id = str(number_at(created, number)), str(109_000_000_000_000_000 + number % 50)
    links = "".join(
        f' <a href="{home}/tags/{tag}" class="mention hashtag" rel="tag">#<span>{tag}</span></a>' for tag in tags
    )
    account = {
        "id": account_id,
        "username": name,
        "acct": name,
        "display_name": f"{name} by name",
        "locked": False,
        "bot": False,
        "discoverable": None,
        "indexable": True,
        "group": False,
        "created_at": "2023-04-01T00:00:00.000Z",
        "note": "<p>I write</p>",
        "url": f"{home}/@{name}",
        "uri": f"{home}/users/{name}",
        "followers_count": 3,
        "following_count": 4,
        "statuses_count": 5,
        "last_status_at": "2023-08-01",
        "noindex": False,
        "emojis": [],
        "roles": [],
        "fields": [],
    } | {key.removeprefix("account_"): more.pop(key) for key in list(more) if key.startswith("account_")}
    return {
        "id": status_id,
        "created_at": stamp,
        "in_reply_to_id": None,
        "in_reply_to_account_id": None,
        "sensitive": False,
        "spoiler_text": "",
        "visibility": "public",
        "language": "en",
        "uri": f"{home}/users/{name}/statuses/{status_id}",
        "url": f"{home}/@{name}/{status_id}",
        "replies_count": 0,
        "reblogs_count": 0,
        "favourites_count": 0,
        "quotes_count": 0,
        "edited_at": None,
        "content": f"<p>{html}{links}</p>",
        "filtered": [],
        "reblog": None,
        "account": account,
        "media_attachments": [],
        "mentions": [],
        "tags": [{"name": tag, "url": f"{home}/tags/{tag}"} for tag in tags],
        "emojis": [],
        "card": None,
        "poll": None,
        **more,
    }


def copy(original: Status, number: int, **more: Any) -> Status:
    """The same status as another server has it: its number and its way to name the author are that server's."""
    home = original["uri"].split("/")[2]
    account = {**original["account"], "id": str(number), "acct": f"{original['account']['username']}@{home}"}
    written = datetime.fromisoformat(original["created_at"]).replace(tzinfo=None)
    return {**original, "id": str(number_at(written, number)), "account": account, **more}


class MastodonServer(PlatformServer):
    """Answers what an app asks, with `token` or without.

    `closed`: timelines are for accounts only; `lists`: whether many statuses can be asked for at once.
    """

    def __init__(
        self,
        *,
        clock: Callable[[], datetime],
        token: str = "",
        closed: bool = False,
        lists: bool = True,
    ) -> None:
        super().__init__()
        self.clock, self.token, self.closed, self.lists = clock, token, closed, lists
        self.statuses: dict[str, Status] = {}
        self.objects: dict[str, int] = {}  # path of another software's post → the status it is answered with
        self.used: list[datetime] = []
        self._by_tag: dict[str, list[int]] = {}
        self._words: dict[str, list[str]] = {}

    @property
    def host(self) -> str:
        return self.address.partition("://")[2]

    def add(self, *statuses: Status) -> None:
        """Show more."""
        for each in statuses:
            self.statuses[each["id"]] = each
        self._by_tag.clear()

    def remove(self, *statuses: Status) -> None:
        """Delete."""
        for each in statuses:
            self.statuses.pop(each["id"], None)
        self._by_tag.clear()

    def rate_limit_headers(self) -> dict[str, str]:
        """As they come with every answer; with a 429 nothing remains."""
        return self._headers(0)

    def respond(self, request: Request) -> Response:
        """The answer, with what remains of the allowance."""
        now = self.clock()
        begun = now - timedelta(seconds=now.timestamp() % WINDOW)
        self.used = [moment for moment in self.used if moment >= begun]
        if len(self.used) >= LIMIT:
            return Response(429, {"error": "Too many requests"}, self._headers(0))
        self.used.append(now)
        response = self._answer(request)
        headers = {**response.headers, **self._headers(LIMIT - len(self.used))}
        return Response(response.status, response.body, headers, response.content_type)

    def _headers(self, remaining: int) -> dict[str, str]:
        now = self.clock()
        reset = now + timedelta(seconds=WINDOW - now.timestamp() % WINDOW)
        return {
            "X-RateLimit-Limit": str(LIMIT),
            "X-RateLimit-Remaining": str(remaining),
            "X-RateLimit-Reset": reset.isoformat(timespec="microseconds") + "Z",
        }

    def _answer(self, request: Request) -> Response:
        sent = request.headers.get("authorization", "").removeprefix("Bearer ")
        known = bool(self.token) and sent == self.token
        if sent and not known:
            return Response(401, {"error": "The access token is invalid"})
        path = request.path
        if found := re.fullmatch(r"/api/v1/timelines/tag/([^/]+)", path):
            if self.closed and not known:
                return Response(422, {"error": "This method requires an authenticated user"})
            return self._timeline(unquote(found[1]), request)
        if path == "/api/v2/search":
            return self._search(request) if known else Response(401, {"error": "The access token is invalid"})
        if path == "/api/v1/statuses" and self.lists:
            return self._list(request)
        if found := re.fullmatch(r"/api/v1/statuses/(\w+)", path):
            shown = self._shown(found[1])
            return Response(body=shown) if shown else Response(404, {"error": "Record not found"})
        if path in self.objects:
            return Response(self.objects[path], {"id": self.address + path, "type": "Note"})
        return Response(404, b"<!doctype html><title>The page you are looking for isn't here.</title>", {}, "text/html")

    def _timeline(self, tag: str, request: Request) -> Response:
        numbers = self._by_tag.get(tag.casefold())
        if numbers is None:
            tagged = (each for each in self.statuses.values() if _has_tag(each, tag))
            numbers = sorted(int(each["id"]) for each in tagged if each["visibility"] == "public")
            self._by_tag[tag.casefold()] = numbers
        limit = min(int(request.params.get("limit", DEFAULT)), MOST)
        end = bisect_left(numbers, int(request.params["max_id"])) if "max_id" in request.params else len(numbers)
        page = [str(number) for number in reversed(numbers[max(0, end - limit) : end])]
        link = f'<{self.address}{request.path}?max_id={page[-1]}>; rel="next"' if page else ""
        headers = {"Link": link} if link else {}
        return Response(body=[self.statuses[number] for number in page], headers=headers)

    def _search(self, request: Request) -> Response:
        asked = request.params
        end = "9"
        if "max_id" in asked:
            seconds = (int(asked["max_id"]) >> 16) // 1_000
            end = datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
        pieces = [tokens(phrase or plain) for phrase, plain in re.findall(r'"([^"]*)"?|(\S+)', asked.get("q", ""))]
        found = [
            each
            for each in sorted(self.statuses.values(), key=lambda each: -int(each["id"]))
            if each["visibility"] == "public" and each["account"]["indexable"] and each["created_at"] < end
            if all(_holds(self._tokens(each), piece) for piece in pieces)
        ]
        limit, offset = min(int(asked.get("limit", DEFAULT)), MOST), int(asked.get("offset", 0))
        return Response(body={"accounts": [], "statuses": found[offset : offset + limit], "hashtags": []})

    def _list(self, request: Request) -> Response:
        ids = request.all_params.get("id[]", [])
        if len(ids) > DEFAULT:
            return Response(422, {"error": "Validation failed"})
        return Response(body=[shown for each in ids if (shown := self._shown(each))])

    def _shown(self, number: str) -> Status | None:
        found = self.statuses.get(number)
        return found if found and found["visibility"] in ("public", "unlisted") else None

    def _tokens(self, each: Status) -> list[str]:
        html = f"{each['spoiler_text']} {each['content']}"
        if html not in self._words:
            self._words[html] = tokens(LexborHTMLParser(html).text())
        return self._words[html]


def tokens(text: str) -> list[str]:
    """Words as the search keeps them: no accents, no case, no possessive, and not those that say little."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    words = WORD.findall("".join(letter for letter in folded if not unicodedata.combining(letter)))
    bare = (re.sub(r"['’]s$", "", word) for word in words)
    return [word for word in bare if word not in STOP_WORDS]


def _holds(words: list[str], phrase: list[str]) -> bool:
    return bool(phrase) and any(words[at : at + len(phrase)] == phrase for at in range(len(words)))


def _has_tag(each: Status, tag: str) -> bool:
    return any(given["name"].casefold() == tag.casefold() for given in each["tags"])


def served(server: MastodonServer, statuses: Iterable[Status]) -> MastodonServer:
    """The server with these statuses."""
    server.add(*statuses)
    return server
