"""Feeds are read whole or refused, whoever wrote them."""

from __future__ import annotations

import json
import tracemalloc
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.feed_documents import MOST_TAGS, NotAFeed, decode, find_feeds, read_document

ADDRESS = "https://site.example.org/blog/feed"


def rss(items: str, head: str = "") -> bytes:
    return f'<?xml version="1.0"?>{head}<rss version="2.0"><channel><title>t</title>{items}</channel></rss>'.encode()


def titles(body: bytes, charset: str | None = None) -> list[str]:
    return [entry["title"] for entry in read_document(body, charset, ADDRESS).entries]


@pytest.mark.parametrize(
    "declared",
    [
        '<!DOCTYPE rss [<!ENTITY a "zoom"><!ENTITY b "&a;&a;&a;">]>',
        '<!DOCTYPE rss [<!ENTITY % outside SYSTEM "http://10.0.0.1/x"> %outside;]>',
        '<!DOCTYPE rss [<!ENTITY file SYSTEM "file:///etc/hostname">]>',
        "<!-- <rss> --><!doctype rss [\n<!ELEMENT rss ANY>]>",
        '<?xml-stylesheet href="x"?>\n<!DOCTYPE rss SYSTEM "x.dtd" [<!ENTITY a "b">]>',
    ],
)
def test_a_feed_that_declares_entities_is_refused(declared: str) -> None:
    """Bombs and external entities are refused before any parser sees them, wherever in the prolog they stand."""
    with pytest.raises(NotAFeed, match="declares entities"):
        read_document(rss("<item><title>&b;</title></item>", declared), None, ADDRESS)


@pytest.mark.parametrize(
    "encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig"], ids=lambda encoding: str(encoding)
)
def test_another_encoding_hides_no_entities(encoding: str) -> None:
    """The check is on the text, not on bytes that only one encoding has."""
    text = rss("<item><title>&a;</title></item>", '<!DOCTYPE r [<!ENTITY a "b">]>').decode()
    with pytest.raises(NotAFeed, match="declares entities"):
        read_document(text.encode(encoding), None, ADDRESS)


def test_entities_behind_the_prolog_mean_nothing() -> None:
    """A document type in the middle or in an article is text; unknown entities stay as they are written."""
    late = '<item><title>a &b; c</title></item><!DOCTYPE r [<!ENTITY b "bomb">]><item><title>&b;</title></item>'
    quoted = "<item><title>d</title><description><![CDATA[<!DOCTYPE r [<!ENTITY b 'x'>]>&b;]]></description></item>"
    assert "bomb" not in json.dumps(read_document(rss(quoted + late), None, ADDRESS).entries)
    assert titles(rss(quoted + "<item><title>a &b; c</title></item>")) == ["d", "a &b; c"]


def test_a_document_type_without_entities_is_common_and_read() -> None:
    """RSS 0.91 names its document type."""
    head = '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://my.example.org/rss-0.91.dtd">'
    assert titles(rss("<item><title>old</title></item>", head)) == ["old"]


def test_names_of_characters_are_understood() -> None:
    """Feeds use HTML's names of characters, which XML does not know: the rest of the text must not be lost."""
    assert titles(rss("<item><title>caf&eacute;&nbsp;&mdash; a &LT; b &amp;amp; c</title></item>")) == [
        "café\xa0— a < b &amp; c"
    ]


@pytest.mark.parametrize(
    ("text", "encoding", "charset"),
    [
        ('<?xml version="1.0" encoding="utf-8"?>{}', "utf-8", None),
        ('<?xml version="1.0" encoding="iso-8859-1"?>{}', "iso-8859-1", None),
        ('<?xml version="1.0" encoding="utf-8"?>{}', "iso-8859-1", None),  # the declaration is wrong
        ('<?xml version="1.0" encoding="iso-8859-1"?>{}', "utf-8", None),
        ('<?xml version="1.0"?>{}', "iso-8859-1", "iso-8859-1"),  # only the server says it
        ('<?xml version="1.0" encoding="nonsense"?>{}', "utf-8", "nonsense"),
        ('<?xml version="1.0" encoding="punycode"?>{}', "utf-8", "hex"),
        ('<?xml version="1.0" encoding="utf-16"?>{}', "utf-16", "utf-8"),
        ('<?xml version="1.0" encoding="utf-16"?>{}', "utf-8", "utf-16"),
        ("{}", "utf-8-sig", None),
        ('<?xml version="1.0" encoding="utf-7"?>{}', "utf-8", None),
    ],
)
def test_encodings_are_found_out(text: str, encoding: str, charset: str | None) -> None:
    """By byte order mark, as UTF-8 where it is, as it says; what says wrong is read all the same."""
    document = text.format("<rss><channel><item><title>Größe, café</title></item></channel></rss>")
    assert titles(document.encode(encoding), charset) == ["Größe, café"]


def test_an_encoding_in_plain_bytes_is_read_as_it_says() -> None:
    """ISO-2022-JP is valid UTF-8, and means something else."""
    text = '<?xml version="1.0" encoding="iso-2022-jp"?><rss><channel><item><title>信頼</title></item></channel></rss>'
    assert titles(text.encode("iso-2022-jp")) == ["信頼"]


@given(st.binary(max_size=200), st.none() | st.sampled_from(["utf-8", "utf-16", "idna", "big5", "x"]))
def test_any_bytes_become_text(body: bytes, charset: str | None) -> None:
    """Decoding never fails."""
    assert isinstance(decode(body, charset), str)


@given(st.binary(max_size=80).map(lambda junk: rss("<item><title>zoom</title></item>").replace(b"zoom", junk)))
def test_a_document_is_read_or_refused(body: bytes) -> None:
    """Whatever stands in it, no error but NotAFeed comes."""
    with suppress(NotAFeed):
        assert read_document(body, None, ADDRESS).entries is not None


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"", "empty"),
        (b"   \n", "empty"),
        (b"Sorry, we are closed", "neither XML nor JSON"),
        (b'{"message": "no"}', "no JSON Feed"),
        (b'{"items": [{"id": "1"', "broken"),
        (b"[" * 100_000, "neither XML nor JSON"),
        (b'{"items":' + b"[" * 100_000, "broken"),
        (b"<opml version='2.0'><body/></opml>", "OPML"),
        (b"<?xml version='1.0'?><urlset><url/></urlset>", "sitemap"),
        (b"<?xml version='1.0'?><note>hello</note>", "no RSS"),
        (b"<feed><entry/></feed>", "damaged"),
        (rss("<item><title>zoom</title></item>")[:-20], "ends in the middle"),
        (b"<!DOCTYPE html><html><title>Hello Jane</title></html>", "a web page, not a feed, and it names none"),
    ],
)
def test_what_is_no_feed_is_told_as_what_it_is(body: bytes, told: str) -> None:
    """One line that says what came, without a word of it."""
    with pytest.raises(NotAFeed, match=told) as caught:
        read_document(body, None, ADDRESS)
    assert "Jane" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_a_web_page_tells_its_feeds() -> None:
    """The address to use is in the error, made whole; other links are not taken for feeds."""
    page = """<!doctype html><html><head><title>Blog</title>
      <link rel="alternate" hreflang="de" href="/de"><link rel="stylesheet" type="text/css" href="/rss.css">
      <link rel="alternate" type="application/rss+xml" href="/feed.xml">
      <link rel="alternate" type="application/feed+json" href="https://user:secret@site.example.org/x.json">
      <link rel="alternate" type="application/atom+xml" href="ftp://site.example.org/atom"></head></html>"""
    assert find_feeds(page, ADDRESS) == ["https://site.example.org/feed.xml"]
    with pytest.raises(NotAFeed, match=r"names the feed https://site\.example\.org/feed\.xml: write that into feeds"):
        read_document(page.encode(), None, ADDRESS)


def test_a_document_of_tags_alone_is_refused_before_it_fills_the_memory() -> None:
    """A million empty tags would become a million objects."""
    body = rss("<a/>" * (MOST_TAGS + 1))
    tracemalloc.start()
    with pytest.raises(NotAFeed, match="tags"):
        read_document(body, None, ADDRESS)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 10 * len(body)


@pytest.mark.parametrize("date", ["10:30", "Monday", "August", "2023", "today", "42", ""])
def test_a_date_is_never_guessed(date: str) -> None:
    """What is missing from a date must not be filled in with today."""
    (entry,) = read_document(rss(f"<item><title>a</title><pubDate>{date}</pubDate></item>"), None, ADDRESS).entries
    assert entry.get("published") is None


@pytest.mark.parametrize("guid", ["42", "p-12", "2023-08-06", "<![CDATA[ 7 ]]>", "20230806"])
def test_a_guid_is_no_date(guid: str) -> None:
    """A guid of digits dates nothing, and comes out as it was written."""
    (entry,) = read_document(rss(f"<item><title>a</title><guid>{guid}</guid></item>"), None, ADDRESS).entries
    assert entry.get("published") is None
    assert entry["id"].strip() in guid


@pytest.mark.parametrize(
    "date",
    [
        "Sun, 06 Aug 2023 10:00:00 GMT",
        "Sun, 06 Aug 2023 12:00:00 +0200",
        "Sun, 6 Aug 23 10:00:00 GMT",
        "2023-08-06T10:00:00Z",
        "2023-08-06 10:00:00",
        "<![CDATA[2023-08-06T12:00:00+02:00]]>",
        "August 6, 2023 10:00",
    ],
)
def test_whole_dates_are_read_in_the_forms_that_feeds_use(date: str) -> None:
    """RFC 822 and ISO 8601 with and without zone, and in CDATA."""
    (entry,) = read_document(rss(f"<item><title>a</title><pubDate>{date}</pubDate></item>"), None, ADDRESS).entries
    assert entry["published"] == "2023-08-06T10:00:00+00:00"


def test_odd_json_items_spoil_only_themselves() -> None:
    """An item that is no object, or whose fields are of another type, leaves the others whole."""
    items = [5, None, {"id": 7, "title": ["x"], "authors": "me", "date_published": 5}, {"id": "a", "content_text": "t"}]
    document = read_document(json.dumps({"items": items}).encode(), None, ADDRESS)
    assert [entry.get("id") for entry in document.entries] == [None, None, "7", "a"]
    assert document.entries[3]["content"] == [{"type": "text", "value": "t"}]
