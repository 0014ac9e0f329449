"""X's search language, as its documentation describes it and as real answers show it to work.

Words are cut at punctuation and folded; a word is also found in tags, in mentions and in the addresses behind links
(seen in real answers of the full archive). `#` and `@` find tags and mentions as a whole. A phrase is a row of words.
AND is a space and binds closer than OR; a minus excludes one thing, never a group.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import Any

Matches = Callable[[dict[str, Any]], bool]

TOKEN = re.compile(r'\s*(?:(\()|(\))|(-?)("[^"]*"|[^\s()"]+))')
CONJUNCTION_REQUIRED = {"is:retweet", "is:reply", "is:quote", "has:links"}


class QueryRefused(ValueError):
    """X does not take the query."""


def compile_query(query: str) -> Matches:
    """Whether a post matches. Raises QueryRefused."""
    parser = _Parser(query)
    matches = parser.any_of()
    if parser.at < len(parser.tokens):
        raise QueryRefused("no viable alternative at ')'")
    if not parser.standalone:
        raise QueryRefused("there must be at least one operator that stands alone and is not negated")
    return matches


def words(text: str) -> list[str]:
    """The words of a text, folded."""
    decomposed = unicodedata.normalize("NFKD", text.lower())
    plain = "".join(letter for letter in decomposed if unicodedata.category(letter) != "Mn")
    return re.findall(r"(?:[^\W_]|[\u0900-\u0dff])+", plain)


class _Parser:
    def __init__(self, query: str) -> None:
        self.tokens: list[tuple[str, str]] = []  # (sign, what)
        self.at = 0
        self.standalone = False
        place = 0
        query = query.rstrip()
        while place < len(query):
            found = TOKEN.match(query, place)
            if found is None:
                raise QueryRefused(f"token recognition error at position {place}")
            place = found.end()
            self.tokens.append((found[3] or "", found[1] or found[2] or found[4]))

    def any_of(self) -> Matches:
        sides = [self.all_of()]
        while self.peek() == "OR":
            self.at += 1
            sides.append(self.all_of())
        return lambda post: any(side(post) for side in sides)

    def all_of(self) -> Matches:
        parts = [self.one()]
        while self.peek() not in ("", ")", "OR"):
            parts.append(self.one())
        return lambda post: all(part(post) for part in parts)

    def one(self) -> Matches:
        if self.at >= len(self.tokens):
            raise QueryRefused("no viable alternative at '<EOF>'")
        sign, what = self.tokens[self.at]
        self.at += 1
        if what == "(":
            inner = self.any_of()
            if self.peek() != ")":
                raise QueryRefused("missing ')'")
            self.at += 1
            return inner
        if what in (")", "OR", "-") or what.startswith("-"):
            raise QueryRefused(f"no viable alternative at '{what}'")
        if not sign and what not in CONJUNCTION_REQUIRED:
            self.standalone = True
        matches = _operator(what)
        return (lambda post: not matches(post)) if sign else matches

    def peek(self) -> str:
        return self.tokens[self.at][1] if self.at < len(self.tokens) else ""


def _operator(what: str) -> Matches:
    if what.startswith('"'):
        phrase = words(what)
        if not phrase:
            raise QueryRefused("a phrase without words")
        return lambda post: any(_row(phrase, text) for text in _searched(post))
    if what == "is:retweet":
        return lambda post: any(one["type"] == "retweeted" for one in post.get("referenced_tweets", []))
    if what[0] in "#@":
        name = "".join(words(what[1:].replace("_", "")))
        pattern = re.compile(rf"(?<!\w){what[0]}(\w+)")
        return lambda post: any(
            "".join(words(found.replace("_", ""))) == name
            for found in pattern.findall(unicodedata.normalize("NFC", post["text"]))
        )
    if ":" in what:
        raise QueryRefused(f"invalid operator '{what}'")
    row = words(what)
    if not row:
        raise QueryRefused(f"no word in '{what}'")
    return lambda post: any(_row(row, text) for text in _searched(post))


def _searched(post: dict[str, Any]) -> list[list[str]]:
    whole = post.get("note_tweet", {}).get("text", post["text"])
    links = [url.get("expanded_url", "") for url in post.get("entities", {}).get("urls", [])]
    return [words(text) for text in [whole, *links]]


def _row(row: list[str], text: list[str]) -> bool:
    return any(text[at : at + len(row)] == row for at in range(len(text) - len(row) + 1))
