"""The text of a page of terms as Markdown: what a reader sees of its main part, without menus and without addresses.

Addresses of links carry tokens that change with every visit; what a link says is part of the terms, where it leads is
not compared.
"""

from __future__ import annotations

import re

from markdownify import ATX, markdownify
from selectolax.lexbor import LexborHTMLParser, LexborNode

NEVER_READ = [
    "script",
    "style",
    "noscript",
    "template",
    "svg",
    "iframe",
    "object",
    "video",
    "audio",
    "canvas",
    "button",
]
ASIDE = ["nav", "form", "dialog"]
OUTER = ["header", "footer", "aside"]
MAIN_PARTS = ("main", "[role=main]", "article")
DEEPEST = 200  # elements within each other: what is deeper is no page that a person wrote
TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)", re.IGNORECASE)
UNCLOSED = re.compile(  # tags that HTML gives no end, or lets go without one, so that they do not pile up
    r"area|base|br|col(group)?|dd|dt|embed|hr|img|input|li|link|meta|option|p|source|t(body|d|foot|h|head|r)|track|wbr",
    re.IGNORECASE,
)
FEWEST_CHARACTERS = 200


class NoTerms(ValueError):
    """A page has no text that could be terms; the message says why and what to do."""


def read_page(html: str, selector: str | None = None) -> str:
    """The part that the CSS `selector` finds, all of it where there are several; else the page's main part.

    Without `<main>`, `role=main` or a single `<article>` that is the body without header, footer, menus and forms.
    Raises NoTerms where nothing is found or hardly any text is left, which is never taken for empty terms.
    """
    _check_tags(html)
    tree = LexborHTMLParser(html)
    tree.strip_tags(NEVER_READ)
    for hidden in tree.css("[hidden]"):
        hidden.decompose()
    text = "\n\n".join(_write_markdown(part) for part in _find_parts(tree, selector)).strip()
    if len(text) < FEWEST_CHARACTERS:
        raise NoTerms(
            f"holds hardly any text ({len(text)} characters): is it written by a script, or does it ask for consent? "
            "Give the address of a plain version, or a selector"
        )
    return text + "\n"


def _find_parts(tree: LexborHTMLParser, selector: str | None) -> list[LexborNode]:
    if selector is not None:
        found = tree.css(selector)
        if not found:
            raise NoTerms(f'the selector "{selector}" finds nothing on the page; mend it in the brand file')
        return _outermost(found)
    for name in MAIN_PARTS:
        found = tree.css(name)
        if len(found) == 1:
            tree.strip_tags(ASIDE)
            return found
    tree.strip_tags([*ASIDE, *OUTER])
    return [tree.body] if tree.body is not None else []


def _outermost(found: list[LexborNode]) -> list[LexborNode]:
    """Without those that lie within another one, whose text would come twice."""
    places = {node.mem_id for node in found}
    return [node for node in found if not any(parent in places for parent in _parents(node))]


def _parents(node: LexborNode) -> list[int]:
    parents = []
    parent = node.parent
    while parent is not None:
        parents.append(parent.mem_id)
        parent = parent.parent
    return parents


def _write_markdown(part: LexborNode) -> str:
    _check_depth(part)
    written = markdownify(part.html or "", heading_style=ATX, bullets="*", strip=["a", "img"], escape_misc=False)
    lines = [re.sub(r"[ \t\xa0]+$", "", line) for line in written.splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines))


def _check_tags(html: str) -> None:
    """Raise NoTerms for a page that would hold up its parser, whose work grows with the square of the depth."""
    depth = 0
    for tag in TAG.finditer(html):
        if UNCLOSED.fullmatch(tag[2]) is None:
            depth = max(0, depth - 1) if tag[1] else depth + 1
            if depth > 10 * DEEPEST:  # scripts and slips count too: what is left is judged by `_check_depth`
                raise _too_deep()


def _check_depth(part: LexborNode) -> None:
    """Raise NoTerms for elements so deep in each other that the converter, which goes down by calls, would break."""
    nodes = [(part, 0)]
    while nodes:
        node, depth = nodes.pop()
        if depth > DEEPEST:
            raise _too_deep()
        nodes += [(child, depth + 1) for child in node.iter()]


def _too_deep() -> NoTerms:
    return NoTerms("its elements are nested too deeply to be read; give the address of a plain version")
