"""A local site with feeds in every form, which answer conditional requests as web servers do (RFC 9110, 13).

RSS 2.0 with content and Dublin Core modules, RSS 1.0 (RDF), Atom (RFC 4287) and JSON Feed 1.1. A feed shows its newest
articles only, has an ETag and a date, may be packed by gzip or written in another encoding; any path may redirect or
hold whatever a hostile publisher writes.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Literal
from xml.sax.saxutils import escape, quoteattr

from tests.servers.platform import Fault, PlatformServer, Request, Response

__all__ = ["Article", "Fault", "Feed", "FeedsServer"]

Form = Literal["rss", "rdf", "atom", "json"]
CONTENT_TYPES: Mapping[Form, str] = {
    "rss": "application/rss+xml",
    "rdf": "application/rdf+xml",
    "atom": "application/atom+xml",
    "json": "application/feed+json",
}


@dataclass(frozen=True)
class Article:
    """An article as its site knows it; `created` in UTC, None: undated. `extra` is XML of a module that few know."""

    guid: str
    created: datetime | None
    title: str = "zoom"
    html: str = "<p>zoom"
    author: str = "author0"
    link: str = ""
    extra: str = ""


@dataclass
class Feed:
    """The newest `shows` of `articles`, in one form."""

    articles: Sequence[Article]
    form: Form = "rss"
    shows: int = 50
    encoding: str = "utf-8"
    packed: bool = False
    validators: bool = True
    language: str = "en-us"
    newest_first: bool = True
    declared_encoding: str = ""  # where it is not the true one

    def shown(self) -> list[Article]:
        """What the feed shows, in its order."""
        newest = sorted(self.articles, key=lambda article: article.created or datetime.max, reverse=True)[: self.shows]
        return newest if self.newest_first else newest[::-1]

    def write(self) -> bytes:
        """The document."""
        text = {"rss": _rss, "rdf": _rdf, "atom": _atom, "json": _json}[self.form](self)
        return text.encode(self.encoding)


class FeedsServer(PlatformServer):
    """`with FeedsServer({"/feed.xml": Feed([...])}) as server:` — `server.feed_url("/feed.xml")` is its address."""

    def __init__(self, feeds: Mapping[str, Feed] | None = None, host: str = "127.0.0.1") -> None:
        super().__init__(host)
        self.feeds = dict(feeds or {})
        self.redirects: dict[str, tuple[int, str]] = {}
        self.pages: dict[str, Response] = {}  # whatever else stands at a path

    def feed_url(self, path: str) -> str:
        return f"{self.address}{path}"

    def rate_limit_headers(self) -> dict[str, str]:
        return {"Retry-After": "30"}

    def respond(self, request: Request) -> Response:
        """A feed, 304 where the client has it, a redirect, another page, or 404 as a web page."""
        if request.path in self.redirects:
            status, location = self.redirects[request.path]
            return Response(status, b"", {"Location": location}, "text/html")
        if request.path in self.pages:
            return self.pages[request.path]
        feed = self.feeds.get(request.path)
        if feed is None:
            return Response(404, b"<!doctype html><title>Not found</title>", content_type="text/html")
        body = feed.write()
        times = [article.created for article in feed.articles if article.created]
        changed = format_datetime((max(times) if times else datetime(2020, 1, 1)).replace(tzinfo=UTC), usegmt=True)
        headers = {"ETag": f'"{hashlib.sha256(body).hexdigest()[:12]}"', "Last-Modified": changed}
        if feed.validators and _has_it(request.headers, headers):
            return Response(304, b"", headers, "text/plain")
        headers = headers if feed.validators else {}
        if feed.packed and "gzip" in request.headers.get("Accept-Encoding", ""):
            body, headers = gzip.compress(body), {**headers, "Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
        return Response(200, body, headers, f"{CONTENT_TYPES[feed.form]}; charset={feed.encoding}")


def _has_it(asked: Mapping[str, str], headers: Mapping[str, str]) -> bool:
    """An ETag goes before a date."""
    if (etags := asked.get("If-None-Match")) is not None:
        return headers["ETag"] in [etag.strip().removeprefix("W/") for etag in etags.split(",")]
    return asked.get("If-Modified-Since") == headers["Last-Modified"]


def _declaration(feed: Feed) -> str:
    return f'<?xml version="1.0" encoding="{feed.declared_encoding or feed.encoding}"?>\n'


def _rss(feed: Feed) -> str:
    items = "".join(_rss_item(article) for article in feed.shown())
    modules = (
        'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:other="http://example.org/other"'
    )
    head = f"<title>A site</title><link>https://site.example.org/</link><language>{feed.language}</language>"
    return f'{_declaration(feed)}<rss version="2.0" {modules}><channel>{head}{items}</channel></rss>\n'


def _rss_item(article: Article) -> str:
    date = f"<pubDate>{format_datetime(article.created.replace(tzinfo=UTC))}</pubDate>" if article.created else ""
    link = f"<link>{escape(article.link)}</link>" if article.link else ""
    # Feeds write HTML into XML, so that a title is escaped twice.
    return (
        f"<item><title>{escape(escape(article.title))}</title>{link}{date}"
        f'<guid isPermaLink="false">{escape(article.guid)}</guid><dc:creator>{escape(article.author)}</dc:creator>'
        f"<description>short</description>{article.extra}"
        f"<content:encoded><![CDATA[{article.html}]]></content:encoded></item>\n"
    )


def _rdf(feed: Feed) -> str:
    items = "".join(
        f"<item rdf:about={quoteattr(article.guid)}><title>{escape(article.title)}</title>"
        f"<link>{escape(article.link)}</link><dc:creator>{escape(article.author)}</dc:creator>"
        + (f"<dc:date>{article.created.isoformat()}Z</dc:date>" if article.created else "")
        + f"<description>{escape(article.html)}</description>{article.extra}</item>\n"
        for article in feed.shown()
    )
    modules = (
        'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:other="http://example.org/other"'
    )
    channel = f'<channel rdf:about="https://site.example.org/"><dc:language>{feed.language}</dc:language></channel>'
    return f"{_declaration(feed)}<rdf:RDF {modules}>{channel}{items}</rdf:RDF>\n"


def _atom(feed: Feed) -> str:
    entries = "".join(
        f"<entry><id>{escape(article.guid)}</id><title>{escape(article.title)}</title>"
        f"<link rel='alternate' href={quoteattr(article.link or 'https://site.example.org/')}/>"
        f"<author><name>{escape(article.author)}</name></author>"
        + (f"<published>{article.created.isoformat()}Z</published>" if article.created else "")
        + f'<content type="html">{escape(article.html)}</content>{article.extra}</entry>\n'
        for article in feed.shown()
    )
    namespaces = (
        f'xmlns="http://www.w3.org/2005/Atom" xmlns:other="http://example.org/other" xml:lang="{feed.language}"'
    )
    return f"{_declaration(feed)}<feed {namespaces}><title>A site</title><id>tag:site</id>{entries}</feed>\n"


def _json(feed: Feed) -> str:
    items = [
        {
            "id": article.guid,
            "url": article.link,
            "title": article.title,
            "content_html": article.html,
            "authors": [{"name": article.author}],
            **({"date_published": f"{article.created.isoformat()}Z"} if article.created else {}),
            **({"_other": {"deep": [1]}} if article.extra else {}),
        }
        for article in feed.shown()
    ]
    head = {"version": "https://jsonfeed.org/version/1.1", "title": "A site", "language": feed.language}
    return json.dumps({**head, "items": items})
