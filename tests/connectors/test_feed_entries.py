"""Entries of feeds become articles with one id, readable text and a link that names nobody."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import pytest

from connectors.feed_entries import names_author, read_entry
from connectors.items import Item, Unreadable

FEED = "https://site.example.org/feed"
MOMENT = "2023-08-06T10:00:00+00:00"


def read(address: str = FEED, language: str = "", **fields: Any) -> Item:
    item = read_entry({"title": "zoom", "published": MOMENT, **fields}, address, language)
    assert isinstance(item, Item)
    return item


def html(value: str, kind: str = "text/html") -> str:
    return read(content=[{"type": kind, "value": value}]).text


def test_an_article_is_mapped_whole() -> None:
    """Date in UTC, title without HTML, content before summary, language of the feed, author, link."""
    item = read(
        id="tag:site,1",
        title="Tom &amp; Jerry:\n <b>terms</b>",
        content=[{"type": "html", "value": "<p>long &lt;3"}],
        description="short",
        published="2023-08-06T12:00:00+02:00",
        author="Jane Doe",
        link="https://site.example.org/terms",
        language="",
    )
    assert (item.created_at, item.title, item.text, item.kind) == (
        datetime(2023, 8, 6, 10),
        "Tom & Jerry: terms",
        "long <3",
        "article",
    )
    assert (item.author, item.url, item.lang) == ("Jane Doe", "https://site.example.org/terms", None)
    assert len(item.post_id) == 32
    assert read(language="pt-BR").lang == "pt"
    assert read(language="en_US", content=[]).lang == "en"
    assert read(language="English").lang is None


@pytest.mark.parametrize("fields", [{}, {"published": ""}, {"published": "soon"}, {"published": "1970-01-01"}])
def test_an_entry_without_a_date_goes_to_quarantine(fields: dict[str, Any]) -> None:
    """A guess would be today, and today would look like a reaction; the reason names nothing of the entry."""
    assert read_entry({"title": "Jane", **fields}, FEED, "") == Unreadable("an entry without a date that can be read")


def test_updated_stands_for_a_missing_date_and_never_for_a_given_one() -> None:
    """An article that is mended does not move."""
    assert read(published="", updated="2023-08-07T00:00:00Z").created_at == datetime(2023, 8, 7)
    assert read(updated="2024-01-01T00:00:00Z").created_at == datetime(2023, 8, 6, 10)


def test_an_empty_entry_goes_to_quarantine() -> None:
    """Neither title nor text: nothing that could be counted."""
    assert isinstance(read_entry({"published": MOMENT, "title": " ", "link": "https://a.org/b"}, FEED, ""), Unreadable)
    assert isinstance(read_entry({}, FEED, ""), Unreadable)


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("<h2>Terms</h2><p>One</p><p>Two</p>", "Terms\n\nOne\n\nTwo"),
        ("<ul><li>a</li><li>b</li></ul>tail", "a\n\nb\n\ntail"),
        ("<div><div>a</div></div>b", "a\n\nb"),
        ("<table><tr><td>1</td><td>2</td></tr></table>", "1\n\n2"),
        ("a<br>b <i>c</i>", "a\nb c"),
        ("<div>\n\n   a   \n\n\n\n   b </div>", "a\n\nb"),
        ("<script>alert(1)</script>x", "x"),
        ("plain & simple", "plain & simple"),
    ],
)
def test_html_becomes_text_whose_words_stay_apart(written: str, text: str) -> None:
    """What a browser shows on lines of their own is not run together."""
    assert html(written) == text


def test_plain_text_stays_as_it_is() -> None:
    """Text that is declared to be text is not read as HTML."""
    assert html("if a < b & c > d", "text") == "if a < b & c > d"
    assert read(content=[{"type": "html", "value": " "}], description="short").text == "short"


def test_the_same_article_in_two_feeds_is_one() -> None:
    """By an id that is unique anywhere, or by its link, however the two feeds write it."""
    same = [
        read(id="https://site.example.org/2023/a"),
        read("https://other.example.org/all", link="https://site.example.org/2023/a"),
        read(
            "https://other.example.org/all", id="42", link="http://www.site.example.org/2023/a/?utm_source=rss#xtor=1"
        ),
        read(id="https://Site.example.org/2023/a/", title="edited", published="2023-08-07T00:00:00Z"),
    ]
    assert len({item.post_id for item in same}) == 1
    assert read(id="tag:site,1", link="https://a.org/1").post_id == read("https://b.org/f", id="tag:site,1").post_id


def test_ids_that_only_a_feed_knows_do_not_run_together() -> None:
    """Two feeds may both have a 42; links to the front page belong to no article."""
    different = [
        read(id="42"),
        read("https://other.example.org/feed", id="42"),
        read(id="43"),
        read(link="https://site.example.org/", title="one"),
        read(link="https://site.example.org/", title="two"),
        read(id="https://site.example.org", title="three"),
        read(link="https://site.example.org/?p=1"),
        read(link="https://site.example.org/?p=2"),
        read(link="https://site.example.org/post#comment-1"),
        read(link="https://site.example.org/post#comment-2"),
    ]
    assert len({item.post_id for item in different}) == len(different)
    assert read(title="one").post_id == read(title="one").post_id


@pytest.mark.parametrize(
    ("link", "url"),
    [
        ("https://a.org/x?utm_source=rss&id=3&fbclid=9", "https://a.org/x?id=3"),
        ("https://a.org/x?utm_source=rss", "https://a.org/x"),
        ("/2023/terms", "https://site.example.org/2023/terms"),
        ("https://a.org/x#xtor=RSS-1", "https://a.org/x"),
        ("https://a.org/x#part", "https://a.org/x#part"),
        ("javascript:alert(1)", None),
        ("https://user:secret@a.org/x", None),
        ("http://[broken/x", None),
        ("https://a.org/" + "x" * 3_000, None),
        ("", None),
    ],
)
def test_links_lose_their_trackers_and_nothing_else(link: str, url: str | None) -> None:
    """A relative link is made whole; what is no web address, or holds a password, is left out."""
    assert read(link=link).url == url


@pytest.mark.parametrize(
    ("link", "author", "named"),
    [
        ("https://medium.example.org/@jane/terms", "Somebody", True),
        ("https://a.org/author/jane-doe/1", "Jane Doe", True),
        ("https://janedoe.example.org/1", "Jane Doe", True),
        ("https://a.org/u/jane/1", "jane@example.org (Jane Doe)", True),
        ("https://a.org/~jane/1", "", True),
        ("https://a.org/jane-doe-on-terms", "Jane Doe", False),
        ("https://a.org/2023/08/terms", "", False),
    ],
)
def test_a_link_that_names_its_author_is_left_out(link: str, author: str, named: bool) -> None:
    """Handles do not leave a connector, not in an address either."""
    assert names_author(urlsplit(link), author) is named
    assert (read(link=link, author=author).url is None) is named
