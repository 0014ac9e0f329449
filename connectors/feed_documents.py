"""What a feed's answer holds: entries of RSS, Atom, RDF or JSON Feed, read without trusting who wrote it.

A document is decoded here, its prolog is taken off, and with it every declaration of entities and of encodings: what is
left can neither expand nor point anywhere. A document that ends in the middle is refused, since what is missing from it
would be taken for silence.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from html.entities import html5
from typing import Any
from urllib.parse import urljoin, urlsplit

import fastfeedparser  # type: ignore[import-untyped]
from selectolax.lexbor import LexborHTMLParser

Entry = dict[str, Any]

MOST_TAGS = 500_000  # a tag costs about 110 bytes in memory, however few it has in the document
HEAD = 4_096  # characters in which a document says what it is, and in which it ends

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # begins as UTF-16's does
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"<\0?\0", "utf-16-le"),
    (b"\0<\0?", "utf-16-be"),
)
_DECLARED = re.compile(rb"""<\?xml[^>]*?\sencoding\s*=\s*["']([\w.:-]+)["']""")
_USUAL_ENCODINGS = re.compile(r"(?i)(utf|iso|latin|us-ascii|windows|cp|koi8|mac|shift|sjis|euc|gb|big5)[\w.:-]*$")
_SHIFTING = re.compile(r"(?i)iso-?2022|hz")  # written in ASCII bytes, so that every one of them is valid UTF-8
_PROLOG = re.compile(r"(?:\s+|<\?.*?\?>|<!--.*?-->|<!(?i:DOCTYPE)[^>\[]*(?P<subset>\[)?[^>]*>)*+", re.DOTALL)
_ROOT = re.compile(r"<(?P<name>(?:[\w.-]+:)?(?P<local>[\w.-]+))")
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # a parser may end where it meets one
_ENTITY = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)([A-Za-z][A-Za-z0-9]{0,31};)")
_DATE = re.compile(
    r"(<(?:\w+:)?(?:pubDate|date|published|updated|issued|modified|created|lastBuildDate)(?:\s[^<>]*)?>)([^<]*)", re.I
)
_CDATA_DATE = re.compile(r"(<(?:\w+:)?(?:pubDate|date|published|updated)>)\s*<!\[CDATA\[([^\]<]{0,80})\]\]>", re.I)
_WHOLE_DATE = re.compile(
    r"\d{4}-\d{1,2}-\d{1,2}|\d{8}T|\d{1,4}[/.]\d{1,2}[/.]\d{1,4}"
    r"|\d{1,2}[\s-]+[^\W\d_]{3,9}\.?,?[\s-]+\d{2,4}|[^\W\d_]{3,9}\.?\s+\d{1,2}(?:st|nd|rd|th)?,?\s+\d{4}"
)
_GUID = re.compile(r"(<guid(?:\s[^<>]*)?>\s*+(?:<!\[CDATA\[)?+\s*+)(?!https?://)", re.I)
_GUID_MARK = "guid-"
_LANGUAGE = re.compile(r"<(?:dc:)?language>\s*([A-Za-z-]{2,20})\s*<")  # the parser knows only xml:lang
_FIRST_ITEM = re.compile(r"<(?:[\w.-]+:)?(?:item|entry)[\s>]")
_OTHER_DOCUMENTS = {
    "opml": "an OPML list of feeds; put the addresses in it into feeds",
    "urlset": "a sitemap",
    "sitemapindex": "a sitemap",
}


class NotAFeed(ValueError):
    """The document cannot be read as a feed: one line that says what it is instead and what to do."""


@dataclass(frozen=True, slots=True)
class Document:
    """The entries in the feed's order, and its language as it says.

    An entry has `id`, `title`, `link`, `content` (list of one with `type` and `value`), `description`, `published`,
    `updated`, `author`: any may be absent or, in JSON, of another type.
    """

    entries: Sequence[Entry]
    language: str = ""


def read_document(body: bytes, charset: str | None, address: str) -> Document:
    """The feed in `body`; `charset` as the server says, `address` to complete relative ones. Raises NotAFeed."""
    text = decode(body, charset)
    start = text[:HEAD].lstrip()
    if not start:
        raise NotAFeed("the answer is empty; check the address, and run again later")
    if start.startswith("{"):
        return _read_json(text)
    start_at = text.find("<")
    prolog = _PROLOG.match(text, start_at) if start_at >= 0 else None
    root = _ROOT.match(text, prolog.end()) if prolog else None
    if prolog is not None and prolog["subset"]:
        raise NotAFeed(
            "the feed declares entities of its own, which no feed needs and attacks are made of; tell its publisher"
        )
    if prolog is None or root is None:
        raise NotAFeed("the answer is neither XML nor JSON, so it is no feed; check its address in the brand file")
    local = root["local"].lower()
    if local not in ("rss", "feed", "rdf"):
        raise NotAFeed(_tell_what_it_is(text, local, address))
    return _read_xml(text[root.start() :], root["name"])


def decode(body: bytes, charset: str | None) -> str:
    """`body` as text: by its byte order mark, as UTF-8 where it is, as it or the server says, else Windows-1252."""
    for mark, encoding in _BYTE_ORDER_MARKS:
        if body.startswith(mark):
            return body.decode(encoding, "replace").lstrip("\ufeff")
    found = _DECLARED.search(body[:HEAD])
    named = [found[1].decode("ascii")] if found else []
    named += [charset] if charset else []
    # Punycode and the like are encodings too, and slow on purpose-made text.
    said = [name for name in named if _USUAL_ENCODINGS.match(name)]
    first = [name for name in said if _SHIFTING.match(name)]
    for encoding in (*first, "utf-8", *said):
        try:
            return body.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    return body.decode("cp1252", "replace")


def _read_xml(text: str, root: str) -> Document:
    if text.count("<") > MOST_TAGS:
        raise NotAFeed(f"the feed has more than {MOST_TAGS:,} tags; ask its publisher for a shorter one")
    if f"</{root}" not in text[-HEAD:] and text.count("<") > 1:
        raise NotAFeed("the feed ends in the middle; run again later")
    text = _ENTITY.sub(_unescape, _NOT_XML.sub("", text))
    # The parser guesses a date from any digits, in a guid too, and fills in today for what is missing.
    text = _DATE.sub(_only_whole_dates, _CDATA_DATE.sub(r"\1\2", text))
    text = _GUID.sub(rf"\1{_GUID_MARK}", text)
    document = f'<?xml version="1.0" encoding="utf-8"?>{text}'.encode("utf-8", "replace")
    try:
        feed = fastfeedparser.parse(document, include_tags=False, include_media=False, include_enclosures=False)
    except Exception:  # whatever a hostile document makes the parser do; its words would quote the document
        raise NotAFeed("the feed is too damaged to be read; tell its publisher") from None
    for entry in feed["entries"]:
        entry["id"] = str(entry.get("id") or "").removeprefix(_GUID_MARK)
    first_item = _FIRST_ITEM.search(text)
    language = _LANGUAGE.search(text, 0, first_item.start() if first_item else len(text))
    return Document(feed["entries"], language[1] if language else str(feed["feed"].get("language") or ""))


def _unescape(found: re.Match[str]) -> str:
    """What HTML's name of a character means: XML knows five of them, and a parser stops at any other."""
    return escape(html5.get(found[1], found[0]))


def _only_whole_dates(found: re.Match[str]) -> str:
    return found[0] if _WHOLE_DATE.search(found[2]) else found[1]


def _read_json(text: str) -> Document:
    """A JSON Feed (jsonfeed.org, 1.0 and 1.1)."""
    try:
        feed = json.loads(text)
    except (ValueError, RecursionError):
        raise NotAFeed("the JSON is broken or ends in the middle; run again later, or tell its publisher") from None
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(items, list):
        raise NotAFeed("this is JSON, but no JSON Feed: it has no items; check its address in the brand file")
    language = feed.get("language")
    return Document([_read_json_item(item) for item in items], language if isinstance(language, str) else "")


def _read_json_item(item: object) -> Entry:
    if not isinstance(item, dict):
        return {}
    number = item.get("id")
    html, plain = _string(item, "content_html"), _string(item, "content_text")
    authors = item.get("authors") or [item.get("author")]  # version 1.0 had one
    author = authors[0] if isinstance(authors, list) and authors else None
    return {
        "id": str(number) if isinstance(number, str | int | float) else "",
        "title": _string(item, "title"),
        "link": _string(item, "url"),
        "content": [{"type": "html" if html else "text", "value": html or plain}],
        "description": _string(item, "summary"),
        "published": _string(item, "date_published"),
        "updated": _string(item, "date_modified"),
        "author": author.get("name") if isinstance(author, dict) else None,
        "language": _string(item, "language"),
    }


def _string(item: dict[str, Any], key: str) -> str:
    value = item.get(key)
    return value if isinstance(value, str) else ""


def _tell_what_it_is(text: str, root: str, address: str) -> str:
    if other := _OTHER_DOCUMENTS.get(root):
        return f"this is {other}, not a feed; check its address in the brand file"
    if root != "html" and "<html" not in text[:HEAD].lower() and "<!doctype html" not in text[:HEAD].lower():
        return "this is XML, but no RSS, RDF or Atom; check its address in the brand file"
    feeds = find_feeds(text, address)
    if not feeds:
        return "this is a web page, not a feed, and it names none; check the address in the brand file"
    return f"this is a web page, not a feed; it names the feed {feeds[0]}: write that into feeds"


def find_feeds(html: str, address: str) -> list[str]:
    """The addresses of the feeds that a web page at `address` names in its head."""
    found = []
    for link in LexborHTMLParser(html).css("link[rel~=alternate][href]"):
        kind, target = (link.attributes.get("type") or "").lower(), link.attributes.get("href") or ""
        try:
            feed = urlsplit(urljoin(address, target.strip()))
        except ValueError:
            continue
        usable = feed.scheme in ("http", "https") and feed.hostname and "@" not in feed.netloc
        if usable and len(feed.geturl()) <= 300 and re.search(r"rss|atom|feed\+json", kind):
            found.append("".join(feed.geturl().split()))
    return found
