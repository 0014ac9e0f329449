"""The feeds' case: four feeds of one site in four forms, and what sites do to them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from brands.brand_file import Source
from connectors.batch import AuthorKey
from connectors.registry import open_source
from tests.connectors.conftest import Clock
from tests.connectors.suite import COLLECTED_AT, Case
from tests.servers.feeds import Article, Feed, FeedsServer, Form

START = datetime(2023, 8, 1)
KEY = "k3y-of-a-private-feed"


def article_id(guid: str) -> str:
    """What the connector makes of a guid that is unique anywhere."""
    return hashlib.sha256(guid.encode()).hexdigest()[:32]


@contextmanager
def feeds_case(folder: Path, author_key: AuthorKey) -> Iterator[Case]:
    """30 articles in each of four feeds, of which one is private by a key in its address; others only look alike."""
    forms: tuple[Form, ...] = ("rss", "atom", "json", "rdf")
    feeds = {
        f"/{form}": Feed(
            [
                Article(f"tag:{form},{n}", START + timedelta(hours=20 * n), f"Zoom {n}", author=f"author{n}")
                for n in range(30)
            ]
            + [Article(f"tag:{form},no", START + timedelta(hours=5), "zooming", "no", "author0")]
            + [Article(f"tag:{form},old", START - timedelta(hours=1), "zoom, before", author="author0")],
            form,
        )
        for form in forms
    }
    with FeedsServer(feeds) as server:
        addresses = [server.feed_url(path) for path in feeds]
        addresses[0] += f"?key={KEY}"
        source = Source(connector="feeds", name="feeds", feeds=tuple(addresses))

        def grow() -> str:
            late = Article("tag:late", START + timedelta(days=31, minutes=-1), "zoom, at last")
            server.feeds["/rss"] = replace(feeds["/rss"], articles=[*feeds["/rss"].articles, late])
            return article_id("tag:late")

        clock = Clock()
        yield Case(
            "feeds",
            open=lambda: open_source(
                source, author_key=author_key, collected_at=COLLECTED_AT, clock=clock, sleep=clock.sleep
            ),
            server=server,
            clock=clock,
            secrets=[KEY],
            twists=twists(server),
            expected={article_id(f"tag:{form},{n}") for form in forms for n in range(30)},
            handles=[f"author{n}" for n in range(30)],
            grow=grow,
        )


def twists(server: FeedsServer) -> Mapping[str, Callable[[], set[str]]]:
    """What may be odd about feeds though every request is answered."""
    forms = ("rss", "atom", "json", "rdf")
    expected = {article_id(f"tag:{form},{n}") for form in forms for n in range(30)}

    def change(how: Callable[[Article], Article | None]) -> set[str]:
        for feed in server.feeds.values():
            feed.articles = [changed for article in feed.articles if (changed := how(article))]
        return expected

    def duplicates() -> set[str]:
        """In one feed twice, and in another feed too."""
        everything = [article for feed in server.feeds.values() for article in feed.articles]
        server.feeds["/rss"].articles = [*server.feeds["/rss"].articles, *everything]
        server.feeds["/rss"].shows = 500
        return expected

    def out_of_order() -> set[str]:
        for feed in server.feeds.values():
            feed.newest_first = False
        return expected

    def unknown_fields() -> set[str]:
        return change(lambda article: replace(article, extra='<other:thing at="x"><other:deep/></other:thing>'))

    def edited_between_pages() -> set[str]:
        """The article is in two feeds, and edited between the two answers."""
        other = [replace(article, title="zoom, edited") for article in server.feeds["/rss"].articles]
        server.feeds["/rdf"].articles = [*server.feeds["/rdf"].articles, *other]
        server.feeds["/rdf"].shows = 100
        return expected

    def deleted() -> set[str]:
        change(lambda article: None if article.guid == "tag:atom,7" else article)
        return expected - {article_id("tag:atom,7")}

    def clock_skew() -> set[str]:
        # Articles of a time to come belong to the next run.
        later = Article("tag:later", COLLECTED_AT + timedelta(seconds=90))
        server.feeds["/rss"].articles = [*server.feeds["/rss"].articles, later]
        return expected

    def moved() -> set[str]:
        server.feeds["/new/place"] = server.feeds.pop("/atom")
        server.redirects |= {"/atom": (301, "/new"), "/new": (302, "/new/place")}
        return expected

    def without_validators() -> set[str]:
        for feed in server.feeds.values():
            feed.validators = False
        return expected

    def packed() -> set[str]:
        for feed in server.feeds.values():
            feed.packed = True
        return expected

    def other_encodings() -> set[str]:
        server.feeds["/rss"].encoding = "utf-16"
        server.feeds["/atom"].encoding, server.feeds["/atom"].declared_encoding = "iso-8859-1", "utf-8"
        return change(lambda article: replace(article, html=f"{article.html} à la carte"))

    content = (duplicates, out_of_order, unknown_fields, edited_between_pages, deleted, clock_skew)
    return {each.__name__: each for each in (*content, moved, without_validators, packed, other_encodings)}
