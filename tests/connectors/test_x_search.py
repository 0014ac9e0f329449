"""Searches for X find everything the query matches, within X's limits, and what cannot be asked for is told."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from brands.brand_file import Source
from brands.query import parse
from connectors.errors import BadInput
from connectors.x_search import ARCHIVE_CHARACTERS, MOST_SEARCHES, RECENT_CHARACTERS, WITHOUT_REPOSTS, translate
from tests.servers.x_query import compile_query

ARCHIVE = Source(connector="x", name="x", full_archive=True)


def shown(expression: str) -> list[str]:
    """The searches without the part that all have."""
    return [search.removesuffix(f" {WITHOUT_REPOSTS}") for search in translate(parse(expression))]


@pytest.mark.parametrize(
    ("query", "search"),
    [
        ("zoom", "zoom"),
        ('zoom OR "terms of service"', '(zoom OR "terms of service")'),
        ("@zoom OR #zoom", "(@zoom OR #zoom)"),
        ("zoom AND (terms OR privacy)", "zoom (terms OR privacy)"),
        ("zoom OR teams AND meet", "(zoom OR (teams meet))"),
        ("zoom NOT lens", "zoom"),  # X would also look for it in the addresses behind links
        ("zoom NOT (@zoomcar OR #lens OR lens)", "zoom -@zoomcar -#lens"),
        ("zoom AND (lens OR NOT #camera)", "zoom"),
        ("zoom AND NOT (#a AND #b)", "zoom"),
        ("zoom NOT NOT #a", "zoom #a"),
        ("data NEAR/5 (sell OR share*)", "data"),
        ("data NEAR/5 (sell OR share)", "data (sell OR share)"),
        ('"terms of serv*"', '"terms of"'),
        ("AT&T", '"AT&T"'),
        ("zoom! zoom", "zoom"),
        ("@zoom.us", '"zoom.us"'),
        ("#2023 zoom", "2023 zoom"),
        ('"or"', '"or"'),
        ("café", "café"),
        ("ズーム", "ズーム"),
        ("हिन्दी", '"हिन्दी"'),
        ('"say \\ this"', '"say this"'),
    ],
)
def test_a_query_becomes_one_search(query: str, search: str) -> None:
    """AND is a space, OR in parentheses, phrases in quotation marks; what cannot be said is left out."""
    assert shown(query) == [search]


def test_reposts_are_left_out_and_the_rest_is_not() -> None:
    """Quotes and replies say something of their own."""
    assert translate(parse("zoom")) == ["zoom -is:retweet"]


@pytest.mark.parametrize("query", ["zoo*", "zoom OR zoo*", "zoo* NOT @zoo", "(zoo* OR a) AND (pol* OR b)"])
def test_a_query_without_whole_words_is_refused(query: str) -> None:
    """X knows no star: asked for less, it would bring everything, or lose posts. One line says what to do."""
    with pytest.raises(BadInput, match="write out each word that ends with a star") as told:
        translate(parse(query))
    assert "\n" not in str(told.value)


@pytest.mark.parametrize(("source", "limit"), [(None, RECENT_CHARACTERS), (ARCHIVE, ARCHIVE_CHARACTERS)])
def test_what_is_too_long_is_split_at_an_or(source: Source | None, limit: int) -> None:
    """Each search fits, has all that is ANDed, and together they have every alternative once."""
    names = [f"brandname{n:03}" for n in range(200)]
    searches = translate(parse(f"({' OR '.join(names)}) AND (privacy OR terms)"), source)
    assert len(searches) > 1
    assert all(len(search) <= limit for search in searches)
    assert all("(privacy OR terms)" in search for search in searches)
    assert sorted(name for search in searches for name in names if name in search) == names


@pytest.mark.parametrize(
    ("query", "why"),
    [
        (" ".join(f"word{n:04}" for n in range(80)), "731 characters in X's words, X takes 512"),
        ('"' + " ".join(f"word{n:04}" for n in range(80)) + '" OR zoom', "only an OR can be split"),
        (" AND ".join(f"({' OR '.join(f'{c}word{n:04}' for n in range(60))})" for c in "abc"), "more than 50 searches"),
    ],
)
def test_what_cannot_be_split_is_told_in_one_line(query: str, why: str) -> None:
    """A long AND, a long phrase, and an OR of too many: the line says how long it is and what X takes."""
    with pytest.raises(BadInput, match="shorten it") as told:
        translate(parse(query))
    assert why in str(told.value)
    assert "\n" not in str(told.value)
    assert len(str(told.value)) < 250
    assert MOST_SEARCHES == 50


WORDS = ["zoom", "zooms", "Zoom's", "@zoom", "#zoom", "data", "dätä", "terms", "AT&T", "ai", "#ai", "x_y", "#x_y",
         "C++", "<sell>", "😀", "a@zoom.com", "page#ai", "हिन्दी"]  # fmt: skip
LEAVES = st.sampled_from(
    ["zoom", "data", "terms", "ai", "zoo*", "ter*", '"zoom data"', '"at t"', "@zoom", "#ai", "#x_y", "x_y", "हिन्दी",
     "zoom NEAR/2 data", "(zoom OR ai) NEAR/1 (ter* OR sell)", '"data ter*"']
)  # fmt: skip
QUERIES = st.recursive(
    LEAVES,
    lambda inner: (
        st.tuples(inner, inner).map(lambda pair: f"({pair[0]} AND {pair[1]})")
        | st.tuples(inner, inner).map(lambda pair: f"({pair[0]} OR {pair[1]})")
        | st.tuples(inner, inner).map(lambda pair: f"({pair[0]} AND NOT ({pair[1]}))")
    ),
    max_leaves=8,
)
POSTS = st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=7).map(" ".join), min_size=1, max_size=5)
LINKS = st.sampled_from(["", "https://example.org/zoom", "https://example.org/terms-ai"])


@given(QUERIES, POSTS, LINKS)
def test_no_matching_post_is_missed(expression: str, texts: list[str], link: str) -> None:
    """Whatever the query, and whatever is behind a link, each post that it matches is found by one of its searches."""
    query = parse(expression)
    try:
        searches = [compile_query(search) for search in translate(query)]
    except BadInput:
        assume(False)
    for text in texts:
        post: dict[str, Any] = {"text": text, "entities": {"urls": [{"expanded_url": link}]}}
        assert not query.matches(text) or any(search(post) for search in searches)


@pytest.mark.long
@settings(
    max_examples=settings.default.max_examples // 5,
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
)
@given(st.lists(QUERIES, min_size=10, max_size=30), POSTS)
def test_splitting_loses_nothing(expressions: list[str], texts: list[str]) -> None:
    """A long OR of queries: every search is within the limit, and together they find what matches."""
    query = parse(" OR ".join(expressions))
    try:
        searches = translate(query)
    except BadInput:
        assume(False)
    assert all(len(search) <= RECENT_CHARACTERS for search in searches)
    compiled = [compile_query(search) for search in searches]
    for text in texts:
        assert not query.matches(text) or any(search({"text": text}) for search in compiled)
