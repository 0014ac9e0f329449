"""Translated searches find everything the query matches, as Bluesky cuts words; what cannot be asked for is told."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from brands.query import parse
from connectors.bluesky_search import is_partial, translate
from connectors.word_searches import MOST_SEARCHES
from tests.servers.bluesky import Index, post


def finds(searches: list[str], text: str) -> bool:
    index = Index([post(1, datetime(2023, 8, 6), text)])
    return any(index.search(search) for search in searches)


@pytest.mark.parametrize(
    ("query", "searches"),
    [
        ("zoom", ['"zoom"', '"zoom\'s"', '"zoom’s"']),
        ('zoom OR "zoom terms"', ['"zoom"', '"zoom\'s"', '"zoom’s"']),  # the first finds what the phrase would
        ('"zoom video" NOT lens', ['"video" "zoom"', '"video\'s" "zoom"', '"video’s" "zoom"']),
        ("zoom AND (lens OR NOT camera)", ['"zoom"', '"zoom\'s"', '"zoom’s"']),
        ("@zoom", ['"zoom"', '"zoom\'s"', '"zoom.bsky.social"', '"zoom’s"']),
        ("@zoom.us", ['"zoom" "us"', '"us\'s" "zoom"', '"us’s" "zoom"', '"zoom.us"']),
        ("don't", ['"don" "t"', '"don" "t\'s"', '"don" "t’s"', '"don\'t"', '"don’t"']),
        ('"terms of serv*"', ['"terms" "of"']),
        ("ズーム", ['"ズーム"', '"ズーム\'s"', '"ズーム’s"']),
    ],
)
def test_a_query_becomes_simple_searches(query: str, searches: list[str]) -> None:
    """Words in quotation marks, with the ways in which the service may have cut the last; no operator, no NOT."""
    assert translate(parse(query)) == sorted(searches)
    assert not is_partial(parse(query))


@pytest.mark.parametrize(
    "text", ["Zoom's terms", "ZOOM’s terms", "read zoom.", "(zoom)", "#Zoom", "https://x.org/zoom"]
)
def test_the_ways_to_write_a_name_are_found(text: str) -> None:
    """By the service's own rules for words "zoom's" is one word, and a search for "zoom" alone would miss it."""
    assert finds(translate(parse("zoom")), text)


def test_a_mention_of_a_handle_is_found() -> None:
    """Handles here are domain names: one word, most of them under the service's own domain."""
    assert parse("@zoom").matches("ask @zoom.bsky.social about it")
    assert finds(translate(parse("@zoom")), "ask @zoom.bsky.social about it")
    assert finds(translate(parse("@zoom.us")), "ask @zoom.us about it")


@pytest.mark.parametrize(
    ("query", "partial"),
    [("zoom*", True), ("zoom OR chatgpt*", True), ("zoom AND train*", False), ("data NEAR/3 train*", False)],
)
def test_a_query_that_hangs_on_a_beginning_is_told(query: str, partial: bool) -> None:
    """The likeliest words stand in for it, and the slice is not called complete."""
    assert is_partial(parse(query)) == partial
    assert translate(parse("train*")) == sorted(f'"train{end}"' for end in ("", "s", "ed", "ing", "er", "ers"))


def test_the_number_of_searches_is_bounded() -> None:
    """Where the combinations are too many, one side of the AND is searched and the rest is filtered here."""
    sides = [" OR ".join(f"{letter}{n}" for n in range(10)) for letter in "ab"]
    found = translate(parse(f"zoom ({sides[0]}) AND ({sides[1]})"))
    assert found == translate(parse("zoom"))
    long = translate(parse(f"({sides[0]}) AND ({sides[1]})"))
    assert MOST_SEARCHES < len(long) == 30  # one side must be asked for, however many words it has


def test_a_long_phrase_is_searched_by_some_of_its_words() -> None:
    """Fewer words find more, never less."""
    for search in translate(parse(f'"{" ".join(f"word{n}" for n in range(60))}"')):
        assert len(search) < 320


WORDS = ["zoom", "Zoom's", "zoom’s", "zooms", "data", "dätä", "data's", "terms", "AT&T", "ai", "AI,", "x_y", "C++",
         "<sell>", "😀", "don't", "zoom-ai", "(terms)"]  # fmt: skip
LEAVES = st.sampled_from(
    ["zoom", "data", "terms", "ai", "zoo*", "ter*", '"zoom data"', '"at t"', "@zoom", "#ai", "x_y", "don't",
     "zoom NEAR/2 data", "(zoom OR ai) NEAR/1 (ter* OR sell)"]
)  # fmt: skip
QUERIES = st.recursive(
    LEAVES,
    lambda inner: (
        st.tuples(inner, inner).map(lambda pair: f"({pair[0]} AND {pair[1]})")
        | st.tuples(inner, inner).map(lambda pair: f"({pair[0]} OR {pair[1]})")
        | st.tuples(inner, LEAVES).map(lambda pair: f"({pair[0]} AND NOT ({pair[1]}))")
    ),
    max_leaves=6,
)
TEXTS = st.lists(st.sampled_from(WORDS), min_size=1, max_size=7).map(" ".join)


@given(QUERIES, st.lists(TEXTS, min_size=1, max_size=5))
def test_no_matching_post_is_missed(expression: str, texts: list[str]) -> None:
    """Whatever the query, each post that it matches is found by at least one of its searches."""
    query = parse(expression)
    assume(not is_partial(query))
    index = Index(post(n, datetime(2023, 8, 6), text) for n, text in enumerate(texts))
    found = {view["record"]["text"] for search in translate(query) for view in index.search(search)}
    assert {text for text in texts if query.matches(text)} <= found


@pytest.mark.parametrize("query", ["été*", "данны*", "straße*", "zoom*"])
def test_a_beginning_in_any_script_is_told_as_one(query: str) -> None:
    """It is searched by likely words, and what they miss is not called complete."""
    assert is_partial(parse(query))
    assert len(translate(parse(query))) > 3
