"""Entries of feeds become items: one id for an article in however many feeds, HTML as text, links without trackers."""

from __future__ import annotations

import hashlib
import re
from urllib.parse import SplitResult, urljoin, urlsplit

from connectors.feed_documents import Entry
from connectors.items import Item, Read, Unreadable
from connectors.text import from_html
from connectors.times import from_iso

LONGEST_LINK = 2_000
EARLIEST_YEAR = 1980  # an empty date is written as 1970 or as the year 1 by the programs that publish feeds
ID_DIGITS = 32  # of SHA-256, hexadecimal

_TRACKER = re.compile(
    r"(?i)(utm_.*|at_(medium|campaign|custom\d)|fbclid|gclid|dclid|msclkid|yclid|igshid|mc_[ce]id|mkt_tok|_hs(enc|mi)|xtor"
    r"|vero_id|ncid|cmpid|cmp|icid|ito|ocid|sr_share|smid|ref_src|guccounter|rss)$"
)
_TRACKING_FRAGMENT = re.compile(r"(?i)(xtor|utm_|echobox|ref)=?")
# A browser starts a new line at these; the text of a page would run its words together.
_BLOCK = re.compile(
    r"<(?=/?(?:address|article|aside|blockquote|div|d[ltd]|fig|footer|h[1-6r]\b|header|li|main|ol|pre|section|t[dhr]\b"
    r"|table|ul)|/p\b)",
    re.I,
)
_EMPTY_LINES = re.compile(r"\n{2,}")
_SPACES = re.compile(r"\s+")
_PLAIN = ("text", "text/plain")


def read_entry(entry: Entry, address: str, language: str) -> Read:
    """`entry` of the feed at `address` as an item; Unreadable where it has no date, since a guess would be today."""
    created = from_iso(entry.get("published")) or from_iso(entry.get("updated"))
    if created is None or created.year < EARLIEST_YEAR:
        return Unreadable("an entry without a date that can be read")
    title = _SPACES.sub(" ", from_html(_string(entry, "title"))).strip()
    text = _text(entry)
    if not title and not text:
        return Unreadable("an entry without title and text")
    author = _string(entry, "author").strip()
    link = _split(_string(entry, "link").strip(), address)
    return Item(
        find_id(entry, link, address, f"{title}\n{created.isoformat()}\n{text}"),
        created,
        text=text,
        kind="article",
        title=title,
        author=author,
        lang=_language(_string(entry, "language") or language),
        url=None if link is None or names_author(link, author) else link.geturl(),
    )


def find_id(entry: Entry, link: SplitResult | None, address: str, content: str) -> str:
    """A short id that the article keeps in every feed: of its own id where that is unique anywhere, else of its link.

    An id such as "42" is unique in its feed only. A link that leads to a front page is no article's.
    """
    own = _string(entry, "id").strip()
    as_link = _split(own) if own.startswith(("http://", "https://")) else None
    if as_link is not None and _leads_to_article(as_link):
        name = _canonical(as_link)
    elif own.startswith(("urn:", "tag:")):
        name = own
    elif link is not None and _leads_to_article(link):
        name = _canonical(link)
    elif own and as_link is None:
        name = f"{urlsplit(address).hostname}\n{own}"
    else:
        name = content
    return hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()[:ID_DIGITS]


def names_author(link: SplitResult, author: str) -> bool:
    """Whether the address holds the name of the one who wrote: as `/@name`, as a folder or as a host of its own."""
    parts = [*link.path.split("/"), (link.hostname or "").split(".")[0]]
    if any(part.startswith(("@", "%40", "~")) for part in parts):
        return True
    name = _letters(author.rpartition("(")[2] if author.endswith(")") else author)
    handle = _letters(author.partition("@")[0])
    return any(_letters(part) in (name, handle) for part in parts if len(_letters(part)) > 2)


def _text(entry: Entry) -> str:
    content = entry.get("content")
    first = content[0] if isinstance(content, list) and content and isinstance(content[0], dict) else {}
    written, kind = _string(first, "value"), first.get("type")
    if not written.strip():
        written, kind = _string(entry, "description"), None
    if kind in _PLAIN:
        return written.strip()
    if "<" in written:
        written = _BLOCK.sub("\n<", written)
    return _tidy(from_html(written))


def _tidy(text: str) -> str:
    """Without the spaces and empty lines by which HTML is laid out."""
    return _EMPTY_LINES.sub("\n\n", "\n".join([line.strip() for line in text.splitlines()])).strip()


def _split(address: str, base: str = "") -> SplitResult | None:
    """A web address without what only tracks; None for what is no web address, holds a name, or is too long."""
    if not address or len(address) > LONGEST_LINK:
        return None
    try:
        link = urlsplit(urljoin(base, address))
        if link.scheme not in ("http", "https") or not link.hostname or "@" in link.netloc:
            return None
    except ValueError:
        return None
    if link.query:
        kept = [part for part in link.query.split("&") if part and not _TRACKER.match(part.partition("=")[0])]
        link = link._replace(query="&".join(kept))
    if _TRACKING_FRAGMENT.match(link.fragment):
        link = link._replace(fragment="")
    return link


def _leads_to_article(link: SplitResult) -> bool:
    return bool(link.path.strip("/") or link.query or link.fragment)


def _canonical(link: SplitResult) -> str:
    """The address without what two feeds write differently: the scheme, `www.` and the last slash."""
    host = link.netloc.lower().removeprefix("www.")
    return f"{host}{link.path.rstrip('/')}?{link.query}#{link.fragment}"


def _language(code: str) -> str | None:
    """The first part of a code such as en-US; None for what is no code."""
    primary = code.replace("_", "-").partition("-")[0].lower()
    return primary if primary.isascii() and primary.isalpha() and len(primary) in (2, 3) else None


def _letters(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())


def _string(entry: Entry, key: str) -> str:
    value = entry.get(key)
    return value if isinstance(value, str) else ""
