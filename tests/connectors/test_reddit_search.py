"""Translated searches find everything the query matches, within what Reddit takes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brands.query import parse
from connectors.reddit_search import MOST_CHARACTERS, translate
from tests.servers.reddit_things import matches, submission


@pytest.mark.parametrize(
    ("query", "searches"),
    [
        ("zoom", ["zoom"]),
        ("Zoom OR @zoom OR #zoom", ["zoom"]),
        ('zoom AND (terms OR "terms of service")', ['zoom AND (terms OR "terms of service")']),
        ("zoom NOT lens", ["zoom"]),
        ("zoom AND (lens OR NOT camera)", ["zoom"]),
        ("data NEAR/5 (sell OR share)", ["data AND (sell OR share)"]),
        ("zoom AND train*", ["zoom"]),
        ('"train* our calls"', ["our AND calls"]),
        ("zoom*", [""]),  # nothing that Reddit could be asked for: all new posts
        ("zoom OR web*", [""]),
        ("AT&T", ['"at t" OR "at&t"']),
        ("zoom.us", ['"zoom us" OR "zoom.us"']),
        ("café", ["cafe OR café"]),
        ('"and" AND zoom', ["and AND zoom"]),
        ("x_y", ['"x_y"']),
    ],
)
def test_a_query_becomes_reddits_words(query: str, searches: list[str]) -> None:
    """AND, OR, phrases and parentheses stay; NOT and words cut short are left out; nothing is added."""
    assert translate(parse(query)) == searches


def test_what_is_too_long_is_split_at_or() -> None:
    """Each search keeps the limit, and each word stands in one of them."""
    words = [f"brand{n}name" for n in range(100)]
    searches = translate(parse(" OR ".join(words)))
    assert len(searches) > 1
    assert all(len(search) <= MOST_CHARACTERS for search in searches)
    assert sorted(word for search in searches for word in search.split(" OR ")) == sorted(words)


def test_of_a_long_and_the_shortest_part_is_searched() -> None:
    """A part that does not fit is left to the local filter."""
    many = " OR ".join(f"practice{n}" for n in range(100))
    assert translate(parse(f"zoom AND ({many}) AND terms")) == ["zoom AND terms"]


def test_a_long_phrase_is_searched_by_its_beginning() -> None:
    """Fewer words find more, never less."""
    (search,) = translate(parse(f'"{" ".join(f"word{n}" for n in range(120))}"'))
    assert search.startswith('"word0 word1')
    assert len(search) <= MOST_CHARACTERS


def test_a_word_longer_than_a_search_asks_for_all_new_posts() -> None:
    """It cannot be said and cannot be cut."""
    assert translate(parse("z" * 600)) == [""]


WORDS = ["zoom", "zooms", "Zoom's", "data", "dätä", "terms", "AT&T", "ai", "x_y", "C++", "and", "<sell>", "😀"]
LONG = " OR ".join(f"long{n}" for n in range(90))
LEAVES = st.sampled_from(
    ["zoom", "zooms", "data", "terms", "ai", "zoo*", '"ter* ai"', '"zoom data"', '"at t"', "AT&T", "dätä", "@zoom",
     "#ai", "x_y", '"and"', "zoom NEAR/2 data", "(zoom OR ai) NEAR/1 (ter* OR sell)", LONG]
)  # fmt: skip
QUERIES = st.recursive(
    LEAVES,
    lambda inner: (
        st.tuples(inner, inner).map(lambda pair: f"({pair[0]}) AND ({pair[1]})")
        | st.tuples(inner, inner).map(lambda pair: f"({pair[0]} OR {pair[1]})")
        | st.tuples(inner, LEAVES).map(lambda pair: f"(({pair[0]}) AND NOT ({pair[1]}))")
    ),
    max_leaves=6,
)
POSTS = st.lists(
    st.lists(st.sampled_from([*WORDS, "long7", "long88"]), min_size=1, max_size=7).map(" ".join), min_size=1, max_size=5
)


@given(QUERIES, POSTS, st.booleans())
def test_no_matching_post_is_missed(expression: str, texts: list[str], in_title: bool) -> None:
    """Whatever the query, each post that it matches is found by at least one of its searches."""
    query = parse(expression)
    searches = translate(query)
    for text in texts:
        post = submission(1, 1, text if in_title else "", "" if in_title else text)
        if query.matches(text):
            assert any(matches(search, post) for search in searches)
