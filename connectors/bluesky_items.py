"""Bluesky's views of posts as items: what their authors or Bluesky have hidden is not kept, handles are never read."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from connectors.items import Item, Read, Unreadable
from connectors.times import from_iso

AT_URI = re.compile(r"at://(did:[a-z]+:[\w.:%-]+)/app\.bsky\.feed\.post/([\w.:~-]+)", re.ASCII)
HIDING = frozenset(["!hide", "!takedown", "!suspend", "!no-unauthenticated"])
FIRST_BELIEVED = datetime(2000, 1, 1)  # noqa: DTZ001 - UTC, as in the store

View = dict[str, Any]


def read_post(view: View) -> Read:
    """A post as an item; None where its author or Bluesky does not want it shown to everybody.

    `post_id` is `did/rkey`: the author's pseudonymous id and the record's key, by which the post can be asked for
    again.
    """
    found = AT_URI.fullmatch(_string(view, "uri"))
    record, author = view.get("record"), view.get("author")
    if not found or not isinstance(record, dict) or not isinstance(author, dict):
        return Unreadable("a post without uri, record or author")
    if labels(view) & HIDING or labels(author) & HIDING:
        return None
    did, key = found.groups()
    if did.startswith("did:web:"):
        return Unreadable("its author's id is a domain name, which may be a handle")
    created = read_time(view)
    if created is None:
        return Unreadable("a post without createdAt or indexedAt")
    reply, languages = record.get("reply"), record.get("langs")
    references = reply if isinstance(reply, dict) else {}
    counts = [count for name in ("repostCount", "quoteCount") if isinstance(count := view.get(name), int)]
    return Item(
        f"{did}/{key}",
        created,
        text=_string(record, "text"),
        kind="comment" if references else "post",
        author=did,
        lang=languages[0] if isinstance(languages, list) and languages and isinstance(languages[0], str) else None,
        url=f"https://bsky.app/profile/{did}/post/{key}",
        parent_id=_post_id(references.get("parent")),
        thread_id=_post_id(references.get("root")) or f"{did}/{key}",
        likes=view.get("likeCount"),
        replies=view.get("replyCount"),
        shares=sum(counts) if counts else None,
    )


def read_time(view: View) -> datetime | None:
    """When a post was written: `createdAt`, or `indexedAt` where that is earlier or the first cannot be believed.

    The writer's own program sets createdAt, and may set it to anything; the service sets indexedAt.
    """
    created, indexed = written_and_indexed(view)
    if indexed is None or (created is not None and FIRST_BELIEVED <= created <= indexed):
        return created
    return indexed


def written_and_indexed(view: View) -> tuple[datetime | None, datetime | None]:
    """`createdAt` and `indexedAt` as they are told."""
    record = view.get("record")
    return from_iso(record.get("createdAt")) if isinstance(record, dict) else None, from_iso(view.get("indexedAt"))


def labels(thing: View) -> frozenset[str]:
    """What a post or an author is labelled with; a label that was taken back does not count."""
    given = thing.get("labels")
    return frozenset(
        label["val"]
        for label in (given if isinstance(given, list) else [])
        if isinstance(label, dict) and isinstance(label.get("val"), str) and not label.get("neg")
    )


def _post_id(reference: object) -> str | None:
    found = AT_URI.fullmatch(_string(reference, "uri")) if isinstance(reference, dict) else None
    return f"{found[1]}/{found[2]}" if found and not found[1].startswith("did:web:") else None


def _string(view: View, key: str) -> str:
    value = view.get(key)
    return value if isinstance(value, str) else ""
