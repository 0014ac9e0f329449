"""Hashtags that are read, and searches that find everything the query matches, as Mastodon cuts words."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from brands.brand_file import Source
from brands.query import parse
from connectors.mastodon_search import hashtags, is_partial, searches, translate
from connectors.registry import translations
from tests.connectors.test_bluesky_search import QUERIES, TEXTS
from tests.servers.mastodon import tokens


@pytest.mark.parametrize(
    ("query", "tags", "words"),
    [
        ("zoom", ["zoom"], ['"zoom"']),
        ('zoom OR "zoom video" OR @zoom', ["zoom", "zoomvideo"], ['"zoom"']),
        ("zoom AND (terms OR privacy) NOT lens", ["zoom"], ['"privacy" "zoom"', '"terms" "zoom"']),
        ("data NEAR/5 (sell OR share*)", ["data"], ['"data"']),
        ('"terms of service"', ["termsofservice"], ['"service" "terms"']),  # "of" is not in the index
        ("AT&T", ["att"], ['"t"']),
        ("don't", ["dont"], ['"don" "t"', '"don\'t"', '"don’t"']),
        ("@zoom AND #terms", ["terms"], ['"terms" "zoom"']),
        ("2023", [], ['"2023"']),  # digits alone are no tag
        ("ズーム", ["ズーム"], ['"ズーム"']),
    ],
)
def test_a_query_becomes_tags_and_searches(query: str, tags: list[str], words: list[str]) -> None:
    """As few tags as posts may carry; of the words those that the service keeps."""
    assert hashtags(parse(query)) == tags
    assert searches(parse(query)) == sorted(words)
    assert not is_partial(parse(query))


def test_the_tags_of_the_brand_file_go_before_those_of_the_query() -> None:
    """With or without their sign; searches are made as well."""
    source = Source(connector="mastodon", name="m", hashtags=("#ZoomPrivacy", "zoom"))
    assert translate(parse("teams"), source) == ["#ZoomPrivacy", "#zoom", '"teams"']
    assert translations(source.model_copy(update={"hashtags": ()}), parse("teams")) == ["#teams", '"teams"']


@pytest.mark.parametrize(
    ("query", "words"),
    [("train*", ['"train"']), ("été*", ['"été"']), ("it", []), ("zoom OR train* OR it", ['"train"', '"zoom"'])],
)
def test_what_cannot_be_searched_for_is_told(query: str, words: list[str]) -> None:
    """A beginning is searched as a word; a word that says little cannot be searched for at all."""
    assert is_partial(parse(query))
    assert searches(parse(query)) == words


@given(QUERIES, st.lists(TEXTS, min_size=1, max_size=5))
def test_no_matching_post_is_missed(expression: str, texts: list[str]) -> None:
    """Whatever the query, each post that it matches holds every word of at least one of its searches."""
    query = parse(expression)
    assume(not is_partial(query))
    asked = [tokens(search.replace('"', " ")) for search in searches(query)]
    found = {text for text in texts if any(set(words) <= set(tokens(text)) for words in asked)}
    assert {text for text in texts if query.matches(text)} <= found


@given(QUERIES)
def test_a_tag_stands_in_the_query(expression: str) -> None:
    """Tags are made of the query's own words, and none is asked for that only an exclusion names."""
    query = parse(expression)
    words = {word for leaf in query.terms() for word in leaf.words}
    for tag in hashtags(query):
        assert any(word in tag for word in words)
