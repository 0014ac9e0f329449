"""How a quoted post is linked: only to addresses of the web whose host is what it looks like."""

from __future__ import annotations

import re
from urllib.parse import quote

from analytics.report.model import LoudPost
from analytics.report.text import BREAK, PIECE

LONGEST_LINK = 1_000
LONGEST_SHOWN = 80  # characters of an address that is no link
# No userinfo (bank.example@evil.example), no backslash, nothing beyond ASCII, no host in another script (xn--).
_PLAIN = re.compile(
    r"https?://(?!(?:[\w-]+\.)*xn--)[\w-]+(?:\.[\w-]+)*\.?(?::\d{1,5})?(?:[/?#][!-\[\]-~]*)?", re.A | re.I
)
_HOST = re.compile(r"(?<=://)([^/?#\\]*@)?([^/?#\\@:]+)")


def write_link(post: LoudPost) -> str:
    """The post's address where it may be clicked; empty for all others: a post may bring any scheme and any host."""
    return post.url if len(post.url) <= LONGEST_LINK and _PLAIN.fullmatch(post.url) else ""


def write_unlinked(post: LoudPost) -> str:
    """The address of a post that must not be clicked, as words: in ASCII, its host as DNS writes it. Else empty."""
    if not post.url.strip() or write_link(post):
        return ""
    spelt = _HOST.sub(lambda found: (found[1] or "") + _write_host(found[2]), post.url.strip()[:LONGEST_LINK], count=1)
    plain = quote(spelt, safe="!#$%&'()*+,-./:;<=>?@[\\]^_`{|}~", errors="replace")
    shown = plain if len(plain) <= LONGEST_SHOWN else f"{plain[:LONGEST_SHOWN]}…"
    return f"not linked: {BREAK.join(shown[at : at + PIECE] for at in range(0, len(shown), PIECE))}"


def _write_host(host: str) -> str:
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        return host
