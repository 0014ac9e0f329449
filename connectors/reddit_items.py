"""Submissions and comments, as praw gives them, become items."""

from __future__ import annotations

from typing import Any

from praw.models import Comment, Submission

from connectors.items import Item, Read, Unreadable
from connectors.times import from_seconds

SITE = "https://www.reddit.com"
PROFILES = ("/user/", "/u/", "/r/u_")  # pages that are named after a person


def read_thing(thing: object) -> Read:
    """A submission or a comment as an item; None for one that was deleted or removed."""
    if not isinstance(thing, Submission | Comment):
        return Unreadable("neither a submission nor a comment")
    fields = vars(thing)  # to ask praw for a field that is missing would send a request
    post_id, created = fields.get("name"), from_seconds(fields.get("created_utc"))
    if not isinstance(post_id, str) or created is None:
        return Unreadable("a submission or comment without name or created_utc")
    if find_loss(thing):
        return None
    author = _name(fields)
    hidden = fields.get("score_hidden") or fields.get("hide_score")  # then every score reads 1
    likes = None if hidden else fields.get("score")
    if isinstance(thing, Comment):
        thread = _string(fields, "link_id")
        return Item(
            post_id,
            created,
            text=_string(fields, "body"),
            kind="comment",
            author=author,
            url=_address(fields, author, f"/comments/{thread.removeprefix('t3_')}/_/{thing.id}/"),
            parent_id=_string(fields, "parent_id") or None,
            thread_id=thread or None,
            likes=likes,
        )
    return Item(
        post_id,
        created,
        text=_string(fields, "selftext"),
        title=_string(fields, "title"),
        author=author,
        url=_address(fields, author, f"/comments/{thing.id}/"),
        thread_id=post_id,
        likes=likes,
        replies=fields.get("num_comments"),
    )


def find_loss(thing: Submission | Comment) -> str:
    """ "deleted" (by its author) or "removed" (by moderators or Reddit); empty for one that stands."""
    fields = vars(thing)
    text = _string(fields, "body" if isinstance(thing, Comment) else "selftext")
    category = fields.get("removed_by_category")
    if text == "[removed]" or text.startswith("[ Removed by ") or category not in (None, "deleted", "author"):
        return "removed"
    return "deleted" if text == "[deleted]" or category or not _name(fields) else ""


def _name(fields: dict[str, Any]) -> str | None:
    author = fields.get("author")
    name = vars(author).get("name") if author is not None else None
    return name if isinstance(name, str) and name != "[deleted]" else None


def _address(fields: dict[str, Any], author: str | None, without_names: str) -> str:
    """The permalink, or where it tells a name the shorter form that Reddit understands as well."""
    link = _string(fields, "permalink")
    named = link.lower().startswith(PROFILES) or (author or "").lower() in link.lower()
    return SITE + (without_names if named or not link.startswith("/") else link)


def _string(fields: dict[str, Any], key: str) -> str:
    value = fields.get(key)
    return value if isinstance(value, str) else ""
