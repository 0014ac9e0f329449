"""Translated searches find everything the query matches, and as little else as the service allows."""

from __future__ import annotations

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brands.query import parse
from connectors.hackernews_search import translate
from connectors.word_searches import MOST_SEARCHES
from tests.servers.algolia import Index, comment, story


@pytest.mark.parametrize(
    ("query", "searches"),
    [
        ("zoom", ['"zoom"']),
        ('zoom OR "zoom terms" OR @zoom', ['"zoom"']),  # the first finds what the others would
        ("teams OR webex", ['"teams"', '"webex"']),
        ("zoom AND (terms OR privacy) NOT lens", ['"privacy" "zoom"', '"terms" "zoom"']),
        ("zoom AND (lens OR NOT camera)", ['"zoom"']),
        ("data NEAR/5 (sell OR share*)", ['"data" "sell"', '"data" share']),
        ("pol* AND train*", ["train"]),  # only the last word can be cut short
        ("zoom.us", ['"zoom" "us"']),
        ("ズーム", ["ズーム"]),
        ("café", ["café"]),
    ],
)
def test_a_query_becomes_simple_searches(query: str, searches: list[str]) -> None:
    """AND is one search, OR several, phrases and NEAR their words, NOT nothing."""
    assert translate(parse(query)) == searches


def test_the_number_of_searches_is_bounded() -> None:
    """Where the combinations are too many, one side of the AND is searched and the rest is filtered here."""
    sides = [" OR ".join(f"{letter}{n}" for n in range(8)) for letter in "ab"]
    found = translate(parse(f"({sides[0]}) AND ({sides[1]})"))
    assert len(found) == 8 <= MOST_SEARCHES


def test_a_long_phrase_is_searched_by_some_of_its_words() -> None:
    """The service reads only so many words: fewer words find more, never less."""
    (search,) = translate(parse(f'"{" ".join(f"word{n}" for n in range(60))}"'))
    assert len(search) < 400


WORDS = ["zoom", "zooms", "Zoom's", "data", "dätä", "terms", "AT&T", "ai", "x_y", "C++", "<sell>", "😀"]
LEAVES = st.sampled_from(
    ["zoom", "data", "terms", "ai", "zoo*", "ter*", '"zoom data"', '"at t"', "@zoom", "#ai", "x_y", "zoom NEAR/2 data",
     "(zoom OR ai) NEAR/1 (ter* OR sell)"]
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
POSTS = st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=7).map(" ".join), min_size=1, max_size=5)


@given(QUERIES, POSTS, st.booleans())
def test_no_matching_post_is_missed(expression: str, texts: list[str], in_title: bool) -> None:
    """Whatever the query, each post that it matches is found by at least one of its searches."""
    query = parse(expression)
    items = [
        story(n, n, text, html.escape(texts[0])) if in_title else comment(n, n, html.escape(text))
        for n, text in enumerate(texts, start=1)
    ]
    index = Index(items)
    parameters = {"typoTolerance": "false", "restrictSearchableAttributes": "title,story_text,comment_text"}
    found = {
        hit["objectID"]
        for search in translate(query)
        for hit in index.answer("/api/v1/search_by_date", {"query": search, **parameters})[1]["hits"]
    }
    shown = {str(n): f"{text}\n{texts[0]}" if in_title else f"\n{text}" for n, text in enumerate(texts, start=1)}
    assert {post for post, text in shown.items() if query.matches(text)} <= found
