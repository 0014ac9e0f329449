"""Recorded answers of the real X are read whole, and the local X searches as the real one did."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from connectors.items import Item, Unreadable
from connectors.x_items import read_post
from tests.servers.x_query import compile_query


@pytest.fixture
def recorded(shared_data: Path) -> Path:
    return shared_data / "api_responses" / "x_api_v2_twarc"


def read_posts(folder: Path, pattern: str) -> Iterator[dict[str, Any]]:
    """The posts of all answers; some files hold other things, or a line that is broken on purpose."""
    for path in sorted(folder.glob(pattern)):
        for line in path.read_text(encoding="utf-8").splitlines():
            try:
                answer = json.loads(line)
            except ValueError:
                continue
            data = answer.get("data") if isinstance(answer, dict) else None
            yield from (one for one in data or [] if isinstance(one, dict) and "text" in one)


def test_every_recorded_post_is_read(recorded: Path) -> None:
    """None is unreadable; reposts and withheld posts are the only ones that are left out."""
    posts = list(read_posts(recorded, "*.jsonl"))
    assert len(posts) > 1_000
    items = [read_post(one) for one in posts]
    assert not [item for item in items if isinstance(item, Unreadable)]
    for one, item in zip(posts, items, strict=True):
        reposted = any(reference["type"] == "retweeted" for reference in one.get("referenced_tweets", []))
        assert isinstance(item, Item) != (reposted or "withheld" in one)


def test_recorded_versions_of_one_post_have_one_id(recorded: Path) -> None:
    """A post was recorded before and after its edit."""
    before, after = (
        [item for item in map(read_post, read_posts(recorded, name)) if isinstance(item, Item)]
        for name in ("edited_before.jsonl", "edited_after.jsonl")
    )
    assert {item.post_id for item in before} == {item.post_id for item in after}
    assert {item.url for item in before} != {item.url for item in after}


def test_the_local_search_finds_what_the_real_one_found(recorded: Path) -> None:
    """Answers to one word, reposts apart: also where it stands in a tag, a mention or behind a link only."""
    matches = compile_query("salvini -is:retweet")
    posts = [one for one in read_posts(recorded, "entities_test.jsonl") if isinstance(read_post(one), Item)]
    assert len(posts) > 100
    assert sum(map(matches, posts)) > 0.99 * len(posts)
