"""What `exclude` leaves out is told: a wave of spam must not vanish without a line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.flows.acme import SOURCE, write_posts
from tests.flows.conftest import BrandTrust

POSTS = [
    ("a", "x", "2023-01-02", "Acme is fine"),
    ("b", "x", "2023-01-03", "Acme refund desk, call now"),
    ("c", "y", "2023-01-03", "Acme refund desk, call again"),
    ("d", "y", "2023-01-04", "refund desk of nobody"),
]


@pytest.mark.parametrize(("match", "left_out"), [("query", 2), ("all", 3)])
def test_a_run_says_how_many_posts_exclude_left_out(
    workplace: Path, brandtrust: BrandTrust, match: str, left_out: int
) -> None:
    """Those that the brand would have found; where every post is about it, that is each one that exclude finds."""
    head = 'name = "Acme"\nquery = "acme"\nexclude = \'"refund desk"\'\n'
    (workplace / "acme.toml").write_text(head + SOURCE.replace("path =", f'match = "{match}"\npath ='), "utf-8")
    write_posts(workplace / "posts.csv", POSTS)
    told = brandtrust("collect", "acme.toml")
    assert told.exit_code == 0, told.stderr
    assert f"forum (posts.csv): {left_out} posts left out by `exclude`" in told.stdout
    assert "left out by" not in brandtrust("collect", "acme.toml").stdout  # the file has been read
