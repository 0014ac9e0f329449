"""Text as it was written: only what UTF-8 cannot hold is replaced, and HTML becomes the text a reader sees."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pyarrow as pa
from selectolax.lexbor import LexborHTMLParser

LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def strings(values: Sequence[str | None]) -> tuple[pa.Array, int]:
    """`values` as an Arrow column, and how many lone surrogates became U+FFFD because UTF-8 cannot hold them."""
    try:
        return pa.array(values, pa.string()), 0
    except UnicodeEncodeError:
        replaced = 0
        held: list[str | None] = []
        for value in values:
            if value is not None and not value.isascii():
                value, count = LONE_SURROGATE.subn("�", value)
                replaced += count
            held.append(value)
        return pa.array(held, pa.string()), replaced


def from_html(html: str) -> str:
    """The text of an HTML fragment: paragraphs by empty lines, a link by its whole address, code as it stands."""
    if "<" not in html and "&" not in html:
        return html
    tree = LexborHTMLParser(html)
    tree.strip_tags(["script", "style"])
    for line_break in tree.css("br"):
        line_break.replace_with("\n")
    for paragraph in tree.css("p"):
        paragraph.insert_before("\n\n")
    for link in tree.css("a[href]"):
        shown, address = link.text(), link.attributes["href"] or ""
        # Long addresses are shown cut; the words of a link that is no address are what its author wrote.
        if shown.endswith("...") and address.startswith(shown[:-3]):
            link.replace_with(address)
    return tree.body.text().strip("\n") if tree.body else ""
