"""Mastodon's statuses as items: by the names of their servers, never of their authors, and only if these let us."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from connectors.items import Item, Read, Unreadable
from connectors.mastodon_client import read_id
from connectors.text import from_html
from connectors.times import from_iso

STATUS_PATH = re.compile(r"/(?:users/[^/]+|ap/users/\d+)/statuses/([A-Za-z0-9]+)|/@[^/]+/(\d+)")
OBJECT_PATH = re.compile(r"/([\w.~-]+(?:/[\w.~-]+)+)", re.ASCII)
HOST = re.compile(r"[a-z0-9.-]+(?::\d+)?")
UNNAMED = "unnamed/"  # what the ids of posts begin with whose address names the author
SHOWN = ("public", "unlisted")
LEAVE_OUT = re.compile(r"#(?:nobot|noindex)\b", re.IGNORECASE)
SLOW = timedelta(minutes=1)  # what a server may need to store a status

Status = dict[str, Any]


def read_statuses(statuses: Sequence[Status], *, numbered: bool) -> Iterator[Read]:
    """Items of a page. A boost is no post; what it boosts is read in its own right."""
    for status in statuses:
        boosted = status.get("reblog")
        if isinstance(boosted, dict):
            yield None
            yield read_status(boosted, numbered=numbered)
        else:
            yield read_status(status, numbered=numbered)


def read_status(status: Status, *, numbered: bool) -> Read:
    """A status as an item; None where it is not for everybody, or its author wants to be left out.

    The same status has the same id on every server: its home's host and its number there. `author` is
    `name@host` in lower case, with the host of the status.
    """
    account, uri = status.get("account"), status.get("uri")
    if not isinstance(account, dict) or not isinstance(uri, str) or not _string(account, "username"):
        return Unreadable("a status without account or uri")
    if status.get("visibility") not in SHOWN or wants_to_be_left_out(account):
        return None
    name = _string(account, "username").lower()
    named = name_post(uri, name)
    if named is None:
        return Unreadable("a status whose uri is no address")
    post_id, url, host = named
    created = read_time(status, numbered=numbered)
    if created is None:
        return Unreadable("a status without created_at")
    return Item(
        post_id,
        created,
        text=from_html(_string(status, "content")),
        kind="comment" if status.get("in_reply_to_id") else "post",
        title=_string(status, "spoiler_text") or None,
        author=f"{name}@{host}",
        lang=_string(status, "language") or None,
        url=url,
        thread_id=None if status.get("in_reply_to_id") else post_id,
        likes=status.get("favourites_count"),
        replies=status.get("replies_count"),
        shares=status.get("reblogs_count"),
    )


def name_post(uri: str, name: str) -> tuple[str, str | None, str] | None:
    """`post_id`, an address and the host of the post at `uri`; without `name`, its author's. None: no address.

    `host/number` for a status of Mastodon and its like, `host/path` for what others write, and a hash, without an
    address, where either would hold the author's name.
    """
    try:
        split = urlsplit(uri)
    except ValueError:
        return None
    host = split.netloc.lower()
    if split.scheme not in ("http", "https") or not HOST.fullmatch(host):
        return None
    if found := STATUS_PATH.fullmatch(split.path):
        number = found[1] or found[2]
        post_id, url = f"{host}/{number}", f"{split.scheme}://{host}/statuses/{number}"
    elif (found := OBJECT_PATH.fullmatch(split.path)) and not split.query:
        post_id, url = f"{host}/{found[1]}", f"{split.scheme}://{host}/{found[1]}"
    else:
        post_id = url = ""
    if not post_id or name in post_id.lower():
        return UNNAMED + hashlib.sha256(uri.encode("utf-8", "replace")).hexdigest()[:32], None, host
    return post_id, url, host


def read_time(status: Status, *, numbered: bool) -> datetime | None:
    """`created_at`; where that lies in the future, when the server got the status, if its ids (`numbered`) tell it."""
    created = from_iso(status.get("created_at"))
    stored = read_id(status.get("id")) if numbered else None
    return stored if created and stored and created > stored + SLOW else created


def wants_to_be_left_out(account: Status) -> bool:
    """Whether an author has said no to being found or indexed; who has not said anything has not said no.

    `indexable` is no such word: it is false for everybody who never saw the setting, and what it promises, to be left
    out of search, the server itself keeps.
    """
    if account.get("discoverable") is False or account.get("noindex") is True:
        return True
    return _asks_in_note(_string(account, "note"))


@lru_cache(maxsize=4096)
def _asks_in_note(note: str) -> bool:
    return "#" in note and bool(LEAVE_OUT.search(from_html(note)))


def _string(thing: Status, key: str) -> str:
    value = thing.get(key)
    return value if isinstance(value, str) else ""
