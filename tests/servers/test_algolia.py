"""The local search answers as the real one is documented to."""

from __future__ import annotations

import httpx
import pytest

from tests.servers.algolia import AlgoliaServer, Fault, comment, story

START = 1_691_280_000  # 2023-08-06


def ask(server: AlgoliaServer, **params: object) -> dict[str, object]:
    answer = httpx.get(f"{server.url}/search_by_date", params={name: str(value) for name, value in params.items()})
    assert answer.status_code == 200
    body: dict[str, object] = answer.json()
    return body


def ids(body: dict[str, object]) -> list[str]:
    return [hit["objectID"] for hit in body["hits"]]  # type: ignore[attr-defined]


def test_hits_come_newest_first_in_pages_from_zero() -> None:
    """45 items in pages of 20 are three pages, the newest item first, the last page short."""
    with AlgoliaServer(story(n, START + n, "zoom") for n in range(1, 46)) as server:
        pages = [ask(server, query="zoom", hitsPerPage=20, page=page) for page in range(4)]
    assert [page["nbPages"] for page in pages] == [3, 3, 3, 3]
    assert [number for page in pages for number in ids(page)] == [str(n) for n in range(45, 0, -1)]
    assert {page["nbHits"] for page in pages} == {45}


def test_a_search_ends_after_a_thousand_hits() -> None:
    """Of 2,500 hits 1,000 can be had, though nbHits tells the truth; a page beyond is empty and says why."""
    with AlgoliaServer(story(n, START + n, "zoom") for n in range(1, 2_501)) as server:
        whole = ask(server, query="zoom", hitsPerPage=5_000)
        beyond = ask(server, query="zoom", hitsPerPage=100, page=10)
        last = ask(server, query="zoom", hitsPerPage=100, page=9)
    assert (whole["hitsPerPage"], whole["nbHits"], whole["nbPages"], len(ids(whole))) == (1_000, 2_500, 1, 1_000)
    assert len(ids(last)) == 100
    assert (ids(beyond), beyond["nbHits"], beyond["nbPages"]) == ([], 0, 0)
    assert "1000 hits" in str(beyond["message"])


def test_numeric_filters_bound_the_time() -> None:
    """`created_at_i>=a,created_at_i<b` is inclusive at the start and exclusive at the end."""
    with AlgoliaServer(story(n, START + n, "zoom") for n in range(5)) as server:
        body = ask(server, numericFilters=f"created_at_i>={START + 1},created_at_i<{START + 3}")
        wrong = httpx.get(f"{server.url}/search_by_date", params={"numericFilters": "created_at_i=>3"})
    assert ids(body) == ["2", "1"]
    assert wrong.status_code == 400


def test_tags_are_anded_and_orred_in_parentheses() -> None:
    """`story` alone, `(story,comment)` either, `(story,comment),author_x` both conditions."""
    with AlgoliaServer([story(1, START, "zoom", author="x"), comment(2, START + 1, "zoom")]) as server:
        assert ids(ask(server, tags="story")) == ["1"]
        assert ids(ask(server, tags="(story,comment)")) == ["2", "1"]
        assert ids(ask(server, tags="(story,comment),author_x")) == ["1"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"1", "2", "3", "4"}),
        ("zoom", {"1", "2", "3"}),  # the last word may be the beginning of one
        ('"zoom"', {"1", "3"}),
        ("zoom terms", {"1"}),
        ('"zoom terms"', set()),
        ('"new terms"', {"1"}),
        ("-zoom", {"2", "4"}),
        ("trems", set()),  # two edits away, and one is allowed
        ("tersm", set()),
        ("term", {"1"}),
        ("terns", {"1"}),  # a typo
    ],
)
def test_words_are_searched_as_in_the_service(query: str, found: set[str]) -> None:
    """All words must occur, the last one as a prefix, phrases exactly, with a typo in words of four letters."""
    items = [
        story(1, START, "Zoom has new terms"),
        story(2, START, "I zoomed out"),
        comment(3, START, "<p>Zoom&#x27;s client"),
        story(4, START, "Nothing here"),
    ]
    with AlgoliaServer(items) as server:
        assert set(ids(ask(server, query=query))) == found


def test_typos_and_attributes_can_be_restricted() -> None:
    """typoTolerance=false and restrictSearchableAttributes are passed on to the search."""
    with AlgoliaServer([story(1, START, "Zoom terms", url="https://example.org/webex")]) as server:
        assert ids(ask(server, query="terns x", typoTolerance="false")) == []
        assert ids(ask(server, query="webex")) == ["1"]
        assert ids(ask(server, query="webex", restrictSearchableAttributes="title,story_text")) == []


def test_hits_have_the_fields_of_the_index() -> None:
    """A comment has its HTML in comment_text and no title, and says which story it belongs to."""
    with AlgoliaServer([comment(7, START, "<p>hi", story_id=3, parent_id=4)]) as server:
        (hit,) = ask(server)["hits"]  # type: ignore[misc]
    assert (hit["objectID"], hit["created_at_i"], hit["created_at"]) == ("7", START, "2023-08-06T00:00:00Z")
    assert (hit["comment_text"], hit["title"], hit["story_id"], hit["parent_id"]) == ("<p>hi", None, 3, 4)
    assert hit["_tags"] == ["comment", "author_author7", "story_3"]


def test_faults_meet_one_request_each() -> None:
    """A 429 with its header, a cut body, a reset connection and HTML come when asked for, and then it works again."""
    with AlgoliaServer([story(1, START, "zoom")]) as server:
        server.faults.extend(
            [
                Fault(status=429, headers={"Retry-After": "7"}),
                Fault("cut"),
                Fault("reset"),
                Fault("html"),
                Fault("hang"),
            ]
        )
        limited = httpx.get(f"{server.url}/search_by_date")
        assert (limited.status_code, limited.headers["retry-after"]) == (429, "7")
        with pytest.raises(httpx.RemoteProtocolError):
            httpx.get(f"{server.url}/search_by_date")
        with pytest.raises(httpx.TransportError):
            httpx.get(f"{server.url}/search_by_date")
        assert "html" in httpx.get(f"{server.url}/search_by_date").headers["content-type"]
        with pytest.raises(httpx.ReadTimeout):
            httpx.get(f"{server.url}/search_by_date", timeout=0.05)
        assert ids(ask(server)) == ["1"]
        assert len(server.requests) == 6
