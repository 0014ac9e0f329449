"""A quoted post's address can be clicked only where it leads to the host that it shows."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.report import render_html
from analytics.report.model import LoudPost, Report
from analytics.report.quoting import write_link, write_unlinked
from analytics.report.text import BREAK


def post(url: str) -> LoudPost:
    return LoudPost("week", "forum", date(2023, 9, 4), 1, 0.0, None, (), "", "text", url)


def shown(url: str) -> str:
    return write_unlinked(post(url)).replace(BREAK, "")


@pytest.mark.parametrize(
    "url",
    [
        "https://forum.invalid",
        "https://forum.invalid:8443/t/1?user=a@b#c@d",
        "http://old.forum.invalid/wiki/Privacy_(law)",
        "HTTPS://Forum.invalid/T",
    ],
)
def test_a_plain_address_of_the_web_is_a_link(url: str) -> None:
    """As the post brought it; an @ behind the host is none of the host's."""
    assert (write_link(post(url)), shown(url)) == (url, "")


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("https://bank.example@evil.example/", "https://bank.example@evil.example/"),
        ("https://user:word@evil.example", "https://user:word@evil.example"),
        ("https://good.example\\@evil.example", "https://good.example\\@evil.example"),
        ("javascript:alert(1)", "javascript:alert(1)"),
        ("data:text/html,<script>", "data:text/html,<script>"),
        ("//evil.example/", "//evil.example/"),
        ("https://\u0430pple.example/\u0430", "https://xn--pple-43d.example/%D0%B0"),
        ("https://www.XN--80ak6aa92e.example/", "https://www.XN--80ak6aa92e.example/"),
        ("https://forum.invalid/\u202egnp.exe", "https://forum.invalid/%E2%80%AEgnp.exe"),
        ("https://forum.invalid/ \ud800", "https://forum.invalid/%20?"),
        ("https://forum.invalid/" + "x" * 1_000, "https://forum.invalid/" + "x" * 58 + "…"),
    ],
)
def test_what_may_mislead_is_text_with_its_host_as_dns_writes_it(url: str, says: str) -> None:
    """Userinfo, other schemes, other scripts, and what would turn the line around."""
    assert write_link(post(url)) == ""
    assert shown(url) == f"not linked: {says}"


def test_a_post_without_an_address_says_nothing_of_one() -> None:
    """An archive need not bring any."""
    assert [write_link(post(url)) + shown(url) for url in ("", "  ")] == ["", ""]


@given(st.text(max_size=60) | st.from_regex(r"https?://[^/]{0,20}@?[^/]{0,20}/.{0,20}"))
def test_every_address_is_either_a_link_or_drawable_text(url: str) -> None:
    """Whatever a post brings: never both, and as text nothing that a font may lack."""
    link, text = write_link(post(url)), shown(url)
    assert not (link and text)
    assert link.isascii()
    assert text.removesuffix("…").isascii()
    assert text.isprintable()


def test_the_page_shows_as_text_what_the_pdf_does(full_report: Report, tmp_path: Path) -> None:
    """In the quotes and in the posts behind the weeks, which a script lists."""
    posts = (post("https://bank.example@evil.example/"),)
    page = render_html(full_report, tmp_path / "a.html", posts=posts).path.read_text("utf-8").replace(BREAK, "")
    assert 'href="https://bank.example@' not in page
    assert '"url":"https://bank.example@' not in page
    assert "not linked: https://bank.example@evil.example/" in page
