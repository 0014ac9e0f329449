"""A post of X as an item: one id for all versions of an edited post, the whole text, no name of anybody."""

from __future__ import annotations

from typing import Any

from connectors.items import Item, Read, Unreadable
from connectors.times import from_iso

FIELDS = [
    "author_id",
    "conversation_id",
    "created_at",
    "edit_history_tweet_ids",
    "lang",
    "note_tweet",
    "public_metrics",
    "referenced_tweets",
    "withheld",
]
NO_LANGUAGES = frozenset({"art", "qam", "qct", "qht", "qme", "qst", "und", "zxx"})  # tags, mentions, media, unknown …


def read_post(post: object) -> Read:
    """A post as X sends it; nothing for one that is withheld somewhere, or that only repeats another.

    X gives each version of an edited post an id of its own and lists them all in each version: the first stands for
    all, while time and text are those of the version that X shows.
    """
    if not isinstance(post, dict):
        return Unreadable("a post that is no object")
    number, created = _read_id(post.get("id")), from_iso(post.get("created_at"))
    history = post.get("edit_history_tweet_ids")
    first = _read_id(history[0]) if isinstance(history, list) and history else number
    if number is None or first is None or created is None:
        return Unreadable("a post without id or created_at")
    if post.get("withheld"):
        return None
    references = _references(post.get("referenced_tweets"))
    if "retweeted" in references:
        return None
    counts = post.get("public_metrics")
    if not isinstance(counts, dict):
        counts = {}
    lang = post.get("lang")
    parent, thread = references.get("replied_to"), post.get("conversation_id")
    return Item(
        first,
        created,
        _text(post),
        kind="comment" if parent else "post",
        author=_read_id(post.get("author_id")),
        lang=lang if isinstance(lang, str) and lang not in NO_LANGUAGES else None,
        url=f"https://x.com/i/status/{number}",
        parent_id=_read_id(parent),
        thread_id=_read_id(thread),
        likes=counts.get("like_count"),
        replies=counts.get("reply_count"),
        shares=counts.get("retweet_count"),
    )


def read_error(error: object) -> Unreadable:
    """What X could not give though it answered. Only its kind is kept: the rest may hold a name."""
    kind = str(error.get("type", "")).rpartition("/")[2] if isinstance(error, dict) else ""
    return Unreadable(f"X left something out: {kind if kind.replace('-', '').isalpha() else 'no reason given'}")


def _text(post: dict[str, Any]) -> str:
    """The long form of a long post. X writes &, < and > as HTML does, and nothing else."""
    note = post.get("note_tweet")
    text = note.get("text") if isinstance(note, dict) else None
    if not isinstance(text, str):
        text = post.get("text")
    if not isinstance(text, str):
        return ""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&") if "&" in text else text


def _references(references: object) -> dict[str, Any]:
    if not isinstance(references, list):
        return {}
    return {
        one["type"]: one.get("id") for one in references if isinstance(one, dict) and isinstance(one.get("type"), str)
    }


def _read_id(value: object) -> str | None:
    return value if isinstance(value, str) and value.isascii() and value.isdigit() else None
