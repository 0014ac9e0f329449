"""Of a page the terms are taken, all of them and little else."""

from __future__ import annotations

import pytest

from connectors.terms.pages import NoTerms, read_page
from tests.recorded_terms import FIRST, SECOND
from tests.servers.terms import page

LONG = " ".join(f"Clause {number} says that you keep what is yours." for number in range(1, 12))


def test_headings_lists_and_tables_become_markdown() -> None:
    """What stands in the main part, in its order; where links lead is left out, what they say is not."""
    html = (
        "<main><h2>10.2 Licence</h2><p>You <b>grant</b> us <a href='/x?token=1'>a licence</a>.</p>"
        "<ul><li>to store</li><li>to show</li></ul><table><tr><td>Data</td><td>Purpose</td></tr></table>"
        f"<p>{LONG}</p></main>"
    )
    text = read_page(html)
    assert text.startswith("## 10.2 Licence\n\nYou **grant** us a licence.\n\n* to store\n* to show\n")
    assert "Data" in text
    assert "token" not in text
    assert text.endswith("Clause 11 says that you keep what is yours.\n")


@pytest.mark.parametrize(
    "part", ["<main>{}</main>", "<div role='main'>{}</div>", "<article>{}</article>", "<div>{}</div>"]
)
def test_menus_and_what_is_hidden_are_left_out(part: str) -> None:
    """With a main part or without one."""
    inner = f"<p>{LONG}</p><nav>Contents</nav><p hidden>Template</p><script>s()</script><form>Subscribe</form>"
    html = f"<header>Products</header><nav>Menu</nav>{part.format(inner)}<footer>Careers</footer><aside>News</aside>"
    assert read_page(html) == LONG + "\n"


def test_the_header_of_the_main_part_keeps_its_date() -> None:
    """Where a page says since when its terms hold."""
    assert "Effective Date" in read_page(
        f"<main><header><p>Effective Date: May 1, 2023</p></header><p>{LONG}</p></main>"
    )


def test_several_articles_are_all_read() -> None:
    """None of them alone is the document."""
    text = read_page(f"<article><p>{LONG}</p></article><article><p>More of it.</p></article>")
    assert LONG in text
    assert "More of it." in text


def test_a_selector_takes_what_it_finds_once_and_in_order() -> None:
    """Also where one found part lies within another, and where it is no main part at all."""
    html = (
        f"<div class='t'><p>{LONG}</p><div class='t'>inner</div></div><main>Other</main><footer class='t'>last</footer>"
    )
    text = read_page(html, ".t")
    assert text.count("inner") == 1
    assert text.index("Clause 1 ") < text.index("inner") < text.index("last")
    assert "Other" not in text


def test_an_unchanged_page_with_other_tokens_gives_the_same_text() -> None:
    """Links, scripts and what stands around the terms change with each visit."""
    first = page(FIRST, "<p id='a'>Visitor 1</p>").replace("files", "<a href='/f?t=1'>files</a>")
    second = page(FIRST, "<p id='b'>Visitor 2</p>").replace("files", "<a href='/f?t=2'>files</a>")
    assert read_page(first) == read_page(second)
    assert read_page(page(SECOND)) != read_page(first)


@pytest.mark.parametrize(
    ("html", "selector", "told"),
    [
        ("", None, "hardly any text"),
        ("<div id=app></div><script>render()</script>", None, "written by a script"),
        ("<main>Just a moment...</main>", None, "hardly any text"),
        (page(FIRST), "#terms", 'the selector "#terms" finds nothing'),
        (page(FIRST), "nav", "hardly any text"),
    ],
)
def test_a_page_without_terms_is_no_version(html: str, selector: str | None, told: str) -> None:
    """Hardly any text is never taken for empty terms."""
    with pytest.raises(NoTerms, match=told):
        read_page(html, selector)


def test_a_page_that_is_nested_without_end_is_told() -> None:
    """One line, and no stack that overflows; what people nest is read."""
    assert LONG in read_page("<div>" * 150 + LONG)
    for html in ("<div>" * 300 + LONG, "<div>" * 50_000 + LONG, "<p><b>" * 40_000 + "</b>" * 40_000 + LONG):
        with pytest.raises(NoTerms, match="nested too deeply"):
            read_page(html, "body")
