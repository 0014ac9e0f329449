"""The local site serves its feeds as web servers do."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from datetime import datetime

import httpx
import pytest

from tests.servers.feeds import Article, Fault, Feed, FeedsServer, Form

ARTICLES = [Article(f"tag:site,{n}", datetime(2023, 8, n), f"Zoom & {n}", author=f"author{n}") for n in range(1, 11)]


@pytest.mark.parametrize("form", ["rss", "rdf", "atom"])
def test_a_feed_is_well_formed_and_shows_its_newest(form: Form) -> None:
    """Of ten articles the three newest are shown, newest first, with the media type of the form."""
    with FeedsServer({"/feed": Feed(ARTICLES, form, shows=3)}) as server:
        answer = httpx.get(server.feed_url("/feed"))
    root = ElementTree.fromstring(answer.content)
    titles = [node.text for node in root.iter() if node.tag.endswith("title") and "Zoom" in (node.text or "")]
    assert [(title or "").split()[-1] for title in titles] == ["10", "9", "8"]
    assert answer.headers["content-type"].startswith(f"application/{form}+xml")


def test_a_json_feed_is_of_its_version() -> None:
    """Version, items with id, address, HTML, authors and date."""
    with FeedsServer({"/feed": Feed(ARTICLES, "json", shows=1)}) as server:
        body = httpx.get(server.feed_url("/feed")).json()
    assert body["version"] == "https://jsonfeed.org/version/1.1"
    assert body["items"][0] == {
        "id": "tag:site,10",
        "url": "",
        "title": "Zoom & 10",
        "content_html": "<p>zoom",
        "authors": [{"name": "author10"}],
        "date_published": "2023-08-10T00:00:00Z",
    }


@pytest.mark.parametrize(("sent", "of"), [("If-None-Match", "ETag"), ("If-Modified-Since", "Last-Modified")])
def test_what_has_not_changed_is_304(sent: str, of: str) -> None:
    """With the ETag or the date of before nothing comes; after a new article everything, with another ETag."""
    with FeedsServer({"/feed": Feed(ARTICLES)}) as server:
        first = httpx.get(server.feed_url("/feed"))
        again = httpx.get(server.feed_url("/feed"), headers={sent: first.headers[of]})
        server.feeds["/feed"] = Feed([*ARTICLES, Article("tag:site,new", datetime(2023, 9, 1))])
        changed = httpx.get(server.feed_url("/feed"), headers={sent: first.headers[of]})
    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
    assert (changed.status_code, changed.headers["etag"] == first.headers["etag"]) == (200, False)


def test_a_feed_may_be_packed_and_in_another_encoding() -> None:
    """gzip for who accepts it; ISO-8859-1 is declared in the document and in the header."""
    feed = Feed([Article("tag:1", datetime(2023, 8, 1), "café")], encoding="iso-8859-1", packed=True)
    with FeedsServer({"/feed": feed}) as server:
        packed = httpx.get(server.feed_url("/feed"))
        plain = httpx.get(server.feed_url("/feed"), headers={"Accept-Encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.content == plain.content
    assert b'encoding="iso-8859-1"' in plain.content
    assert b"caf\xe9" in plain.content
    assert plain.charset_encoding == "iso-8859-1"


def test_paths_redirect_and_unknown_ones_are_404() -> None:
    """A redirect has a Location and no body; what is not there is a web page."""
    with FeedsServer() as server:
        server.redirects["/old"] = (301, "/new")
        moved, unknown = (httpx.get(server.feed_url(path)) for path in ("/old", "/nothing"))
    assert (moved.status_code, moved.headers["location"]) == (301, "/new")
    assert (unknown.status_code, unknown.headers["content-type"]) == (404, "text/html")


def test_a_rate_limit_says_how_long() -> None:
    """429 comes with Retry-After in seconds, the only thing that web servers agree on."""
    with FeedsServer() as server:
        server.faults.append(Fault("rate_limited"))
        answer = httpx.get(server.feed_url("/feed"))
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "30")
