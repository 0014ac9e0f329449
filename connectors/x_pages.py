"""The pages of one search of X, each of which is paid for by the posts on it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from connectors.errors import BadPayload
from connectors.walking import Page
from connectors.x_client import Answer, XClient
from connectors.x_items import read_error, read_post
from connectors.x_spending import Meter

MOST_EMPTY = 100  # pages without a post, one after the other: they cost nothing, so that no budget ends them


def read_pages(
    client: XClient, meter: Meter, usd_per_post: float, search: str, start: datetime, until: datetime
) -> Iterator[Page]:
    """Pages of start ≤ t < until as they come, newest first; one may be empty and yet not be the last."""
    token: str | None = None
    tokens: set[str] = set()
    empty = 0
    while True:
        size = meter.find_page_size(client.most_posts, usd_per_post)
        answer = client.search(search, start, until, size, token)
        posts, errors = answer.get("data", []), answer.get("errors", [])
        if not isinstance(answer.get("meta"), dict) or not isinstance(posts, list) or not isinstance(errors, list):
            raise BadPayload(client.source, "search", "the answer holds no list of posts")
        cost = len(posts) * usd_per_post
        meter.add(cost)
        yield Page(search, [*map(read_post, posts), *map(read_error, errors)], requested=size, cost_usd=cost)
        token = read_token(client.source, answer, tokens)
        if token is None:
            return
        empty = 0 if posts else empty + 1
        if empty >= MOST_EMPTY:
            raise BadPayload(client.source, "next_token", f"{MOST_EMPTY} pages without a post, and no end of them")


def read_token(source: str, answer: Answer, tokens: set[str]) -> str | None:
    """The token of the next page, None at the last; one that is in `tokens` already would never end."""
    token = answer.get("meta", {}).get("next_token")
    if not token:
        return None
    if not isinstance(token, str) or token in tokens:
        raise BadPayload(source, "next_token", "the pages of the answer go in a circle")
    tokens.add(token)
    return token
