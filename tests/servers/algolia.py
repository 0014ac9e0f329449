"""A local Hacker News search that answers as Algolia's does, over real HTTP on loopback.

Modelled on the public documentation of the service, its published source and what its users report: pages from 0,
`nbPages` and hits cut at 1,000 a query with a message beyond, newest first, numeric filters, tags with an OR in
parentheses, words that all must occur, the last one as a prefix, phrases in quotes, words excluded by a minus, one typo
in words of four letters and two in words of eight unless it is forbidden, and the index's own field names.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from tests.servers.platform import Fault, PlatformServer, Request, Response

__all__ = ["AlgoliaServer", "Fault", "comment", "story"]

CAP = 1_000
SEARCHED = ("title", "story_text", "comment_text", "url", "author")
NUMERIC = ("created_at_i", "points", "num_comments", "story_id", "parent_id")
COMPARE = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    "=": lambda a, b: a == b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


def story(item: int, created: int, title: str, text: str | None = None, **more: Any) -> dict[str, Any]:
    """A story as the index holds it."""
    return _item(item, created, {"title": title, "story_text": text, "points": 1, "num_comments": 0, **more}, "story")


def comment(item: int, created: int, html: str, **more: Any) -> dict[str, Any]:
    """A comment as the index holds it: its text is HTML."""
    fields = {"comment_text": html, "story_id": 1, "parent_id": 1, "story_title": "Ask HN: Anything?", **more}
    return _item(item, created, fields, "comment")


def _item(item: int, created: int, fields: dict[str, Any], kind: str) -> dict[str, Any]:
    moment = datetime.fromtimestamp(created, UTC)
    base = {
        "created_at": moment.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "title": None,
        "url": None,
        "author": f"author{item}",
        "points": None,
        "story_text": None,
        "comment_text": None,
        "num_comments": None,
        "story_id": item,
        "story_title": None,
        "story_url": None,
        "parent_id": None,
        "created_at_i": created,
        "objectID": str(item),
        "updated_at": moment.strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
    hit = {**base, **fields}
    hit["_tags"] = [kind, f"author_{hit['author']}", f"story_{hit['story_id']}"]
    return hit


class Index:
    """What is indexed, and how it is searched."""

    def __init__(self, items: Iterable[dict[str, Any]] = (), cap: int = CAP) -> None:
        self.cap = cap
        self.items: list[dict[str, Any]] = []
        self._words: dict[tuple[int, str], list[str]] = {}
        self.add(*items)

    def add(self, *items: dict[str, Any]) -> None:
        """Index more items."""
        self.items = sorted([*self.items, *items], key=lambda hit: (-hit["created_at_i"], -int(hit["objectID"])))

    def answer(self, path: str, params: dict[str, str]) -> tuple[int, dict[str, Any]]:
        """Status and body for a request."""
        if found := re.fullmatch(r"/api/v1/items/(\d+)", path):
            return self._item(found[1])
        if path not in ("/api/v1/search_by_date", "/api/v1/search"):
            return 404, {"status": 404, "error": "Not Found"}
        try:
            page, per_page = int(params.get("page", 0)), min(int(params.get("hitsPerPage", 20)), self.cap)
            numeric = [_numeric(one) for one in params.get("numericFilters", "").split(",") if one]
        except ValueError as error:
            return 400, {"message": str(error)}
        tags = _tags(params.get("tags", ""))
        query = params.get("query", "")
        attributes = [name for name in params.get("restrictSearchableAttributes", "").split(",") if name] or SEARCHED
        typos = params.get("typoTolerance", "true") != "false"
        found = [
            hit
            for hit in self.items
            if all(COMPARE[sign](hit[name] or 0, value) for name, sign, value in numeric)
            and all(any(tag in hit["_tags"] for tag in group) for group in tags)
            and self._matches(hit, query, attributes, typos=typos)
        ]
        common = {
            "exhaustive": {"nbHits": True, "typo": True},
            "exhaustiveNbHits": True,
            "exhaustiveTypo": True,
            "hitsPerPage": per_page,
            "page": page,
            "params": urlencode({"advancedSyntax": "true", "analyticsTags": "backend", **params}),
            "processingTimeMS": 1,
            "processingTimingsMS": {"total": 1},
            "query": query,
            "serverTimeMS": 1,
        }
        if page * per_page >= self.cap and page > 0:
            message = (
                f"you can only fetch the {self.cap} hits for this query. "
                "You can extend the number of hits returned via the "
                "paginationLimitedTo index parameter or use the browse method."
            )
            return 200, {**common, "hits": [], "nbHits": 0, "nbPages": 0, "message": message}
        hits = found[page * per_page : min((page + 1) * per_page, self.cap)]
        if params.get("attributesToHighlight") != "[]":
            hits = [{**hit, "_highlightResult": {}} for hit in hits]
        pages = -(-min(len(found), self.cap) // per_page)
        return 200, {**common, "hits": hits, "nbHits": len(found), "nbPages": pages}

    def _item(self, item: str) -> tuple[int, dict[str, Any]]:
        """One item with its children, as `/items/:id` gives it; a deleted one is not there."""
        for hit in self.items:
            if hit["objectID"] == item:
                text = hit["comment_text"] or hit["story_text"]
                body = {"id": int(item), "created_at_i": hit["created_at_i"], "type": hit["_tags"][0], "children": []}
                return 200, {**body, "author": hit["author"], "title": hit["title"], "text": text}
        return 404, {"status": 404, "error": "Not Found"}

    def _matches(self, hit: dict[str, Any], query: str, attributes: Iterable[str], *, typos: bool) -> bool:
        fields = [self._field_words(hit, name) for name in attributes]
        words = {word for field_words in fields for word in field_words}
        pieces = re.findall(r'"([^"]*)"?|(\S+)', query)
        for place, (phrase, plain) in enumerate(pieces):
            last = place == len(pieces) - 1
            if phrase:
                wanted = tokens(phrase)
                spans = (f[at : at + len(wanted)] for f in fields for at in range(len(f)))
                if wanted and not any(span == wanted for span in spans):
                    return False
            elif plain.startswith("-") and len(plain) > 1:
                if set(tokens(plain)) & words:
                    return False
            else:
                for number, wanted_word in enumerate(wanted_words := tokens(plain)):
                    prefix = last and number == len(wanted_words) - 1
                    if not any(_like(word, wanted_word, prefix=prefix, typos=typos) for word in words):
                        return False
        return True

    def _field_words(self, hit: dict[str, Any], name: str) -> list[str]:
        key = (id(hit), name)
        if key not in self._words:
            self._words[key] = tokens(str(hit.get(name) or ""))
        return self._words[key]


class AlgoliaServer(PlatformServer):
    """`with AlgoliaServer(items) as server:` — `server.url` is the address; `server.faults` meet the next requests."""

    def __init__(self, items: Iterable[dict[str, Any]] = (), cap: int = CAP) -> None:
        super().__init__()
        self.index = Index(items, cap)  # a small cap makes many pages of few items

    @property
    def url(self) -> str:
        return f"{self.address}/api/v1"

    @property
    def requests(self) -> list[dict[str, str]]:
        """The parameters of every request."""
        return [request.params for request in self.log]

    def respond(self, request: Request) -> Response:
        """What the index answers."""
        status, body = self.index.answer(request.path, request.params)
        return Response(status, body)


def tokens(text: str) -> list[str]:
    """Words as the index cuts them: letters and digits, folded; everything else separates, HTML's marks too."""
    folded = unicodedata.normalize("NFKD", text.lower())
    return re.findall(r"[^\W_]+", "".join(c for c in folded if not unicodedata.combining(c)))


def _like(word: str, wanted: str, *, prefix: bool, typos: bool) -> bool:
    if word == wanted or (prefix and word.startswith(wanted)):
        return True
    allowed = (2 if len(wanted) >= 8 else 1 if len(wanted) >= 4 else 0) if typos else 0
    return allowed > 0 and abs(len(word) - len(wanted)) <= allowed and _edits(word, wanted) <= allowed


def _edits(one: str, other: str) -> int:
    """Levenshtein's distance."""
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, start=1):
        last, row[0] = row[0], i
        for j, b in enumerate(other, start=1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (a != b))
    return row[-1]


def _numeric(expression: str) -> tuple[str, str, float]:
    found = re.fullmatch(r"(\w+)(<=|>=|<|>|=)(-?\d+(?:\.\d+)?)", expression)
    if not found or found[1] not in NUMERIC:
        raise ValueError(f"invalid filter: {expression}")
    return found[1], found[2], float(found[3])


def _tags(expression: str) -> list[list[str]]:
    """AND of ORs: `author_pg,(story,poll)`."""
    groups = re.findall(r"\(([^)]*)\)|([^,()]+)", expression)
    return [either.split(",") if either else [single] for either, single in groups]
