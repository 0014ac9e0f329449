"""How a quoted post is linked: only to addresses of the web."""

from __future__ import annotations

from analytics.report.model import LoudPost

LONGEST_LINK = 1_000


def write_link(post: LoudPost) -> str:
    """The post's address; empty where it is none of the web: a post may bring any scheme."""
    url = post.url
    is_link = url.startswith(("https://", "http://")) and url.isascii() and url.isprintable()
    return url if is_link and len(url) <= LONGEST_LINK else ""
