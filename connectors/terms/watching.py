"""A page of terms as it is now: asked for where it changed, and its text read. What cannot be read is no version."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import httpx

from brands.brand_file import Terms
from connectors.errors import BadPayload
from connectors.http import check_address, without_query
from connectors.terms.page_requests import PageClient
from connectors.terms.pages import NoTerms, read_page
from connectors.terms.versions import SOURCE

HTML = ("text/html", "application/xhtml+xml")
PLAIN = ("text/plain", "text/markdown", "text/x-markdown")
READING = "1"  # counts how pages are read; with another number all are read anew
CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([\w:.-]{2,40})", re.IGNORECASE)
SMALLEST_SHARE = 0.5  # of the version before


@dataclass(frozen=True, slots=True)
class WatchedPage:
    """A page to look at. The query of its address may hold a key: neither `hash` nor `shown` has it in clear.

    `hash` is another one where address, selector or way of reading is: then nothing is known of the page yet.
    """

    document: str
    hash: str
    shown: str
    address: httpx.URL = field(repr=False)
    selector: str | None = None
    private: bool = False


@dataclass(frozen=True, slots=True)
class PageText:
    """What a look gave. `text` None: the server says that nothing has changed. The rest is for the next request."""

    text: str | None
    etag: str = ""
    modified: str = ""


def prepare_pages(terms: Sequence[Terms]) -> list[WatchedPage]:
    """The pages of a brand file. Raises BadInput for an address that cannot be used."""
    pages = []
    for each in terms:
        address = check_address(SOURCE, each.url).copy_with(fragment=None)
        told = f"{READING} {address} {each.selector or ''}"
        hash_ = hashlib.sha256(told.encode()).hexdigest()[:16]
        shown = without_query(address)
        pages.append(WatchedPage(each.document, hash_, shown, address, each.selector, each.private_network))
    return pages


def look_at(client: PageClient, page: WatchedPage, etag: str = "", modified: str = "") -> PageText:
    """The text of the page, unless it is as `etag` and `modified` say.

    Raises ConnectorError where it cannot be had, is neither HTML nor text, or hardly holds any text: that it failed is
    all that is known then.
    """
    answer = client.get_page(page.address, etag, modified, private=page.private)
    if answer.body is None:
        return PageText(None, answer.etag, answer.modified)
    if answer.kind not in (*HTML, *PLAIN):
        told = f"is {answer.kind or 'of no stated type'}; only HTML, plain text and Markdown are read"
        raise _refusal(page, told, "give the address of the terms as a page")
    text = _decode(answer.body, answer.charset, answer.kind)
    try:
        text = read_page(text, page.selector) if answer.kind in HTML else _plain(text)
    except NoTerms as problem:
        raise _refusal(page, str(problem), "") from None
    return PageText(text, answer.etag, answer.modified)


def check_length(page: WatchedPage, text: str, before: str) -> None:
    """Raise BadPayload for less than half of the version before: more likely a wall before the terms than they."""
    if len(text) < SMALLEST_SHARE * len(before):
        told = (
            f"holds {len(text):,} characters, and the version before {len(before):,}: "
            "is something in front of the terms, or were they cut?"
        )
        raise _refusal(page, told, "look at the page; if it is right, run again with --even-short")


def _refusal(page: WatchedPage, problem: str, advice: str) -> BadPayload:
    return BadPayload(SOURCE, page.shown, problem, advice=advice)


def _plain(text: str) -> str:
    if "\0" in text:
        raise NoTerms("is no text, whatever the server says; give the address of the terms as a page")
    if not text.strip():
        raise NoTerms("is empty; is the address right? Check it in the brand file")
    return text.replace("\r\n", "\n").replace("\r", "\n").strip() + "\n"


def _decode(body: bytes, charset: str | None, kind: str) -> str:
    """By the header, else by the page's own word, else as UTF-8; what is none of it is read as Windows-1252 is."""
    declared = CHARSET.search(body[:2_048]) if kind in HTML else None
    for name in (charset, declared[1].decode() if declared else None, "utf-8-sig"):
        try:
            if name:
                return body.decode("utf-8-sig" if name.lower().replace("_", "-") in ("utf-8", "utf8") else name)
        except (LookupError, UnicodeError):
            continue
    return body.decode("cp1252", "replace")
