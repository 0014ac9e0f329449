"""From Markdown, as archives of terms record it, to plain blocks of text: links, markup and numbering taken off."""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import dataclass
from itertools import groupby

# A recorded page may hold anything. In each pattern what repeats cannot run past the place where the next match could
# begin, so that a search takes time linear in the text. (RE2 would too, but its Python binding does not in `sub`.)
LINK = re.compile(r'!?\[((?:[^\[\]\\]|\\.)*)\]\(\s*<?((?:[^()<>\s]|\([^()\s]*\))*)>?(?:\s+"[^"]*")?\s*\)')
ADDRESS = re.compile(r"<?\bhttps?://[^\s<>()\[\]\"']+>?")
ADDRESS_TOKENS = re.compile(r"(https?://[^\s<>()\[\]\"'?#]+)[?#][^\s<>()\[\]\"']*")
RELATIVE_TOKENS = re.compile(r"(\]\([^()\s?#]*)[?#][^()\s]*")
TAG = re.compile(r"</?[A-Za-z][^<>]{0,400}>")
BREAK = re.compile(r"(?i)<br\s*/?>")
ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+\-.!|>~])")
EMPHASIS = re.compile(r"\*+|`+|~~|(?<![^\W_])_+|_+(?![^\W_])")
RULE = re.compile(r"\s*(?:[=\-*_|:+]\s*){3,}")
HEADING = re.compile(r"\A\s*#{1,6}\s+")
UNDERLINE = re.compile(r"\s*(?:={3,}|-{3,})\s*")
BULLET = re.compile(r"\A\s*(?:>\s*)*[-*+•·▪◦●]\s+")
# "10.2", "3.", "(a)", "iv)": a lone number needs its mark, or "30 days" would lose it. Some pages run "10.2Title".
NUMBER = re.compile(
    r"\A\s*(?:\d{1,3}(?:\.\d{1,3})+\.?(?:\s+|(?=[A-Z]))"
    r"|(?:\d{1,3}[.)]|\((?:\w|[ivxlc]{1,6}|\d{1,2})\)|(?:[a-zA-Z]|[ivxlc]{1,6})[.)])\s+)"
)
GLUED = re.compile(
    r"(?<=[a-z]{2})\.(?=[A-Z][a-z])"
)  # "Waiver.The company": a space lost between two elements of a page
TITLE = re.compile(r"\s*(?:\*\*|__)([^*\n]{1,80}?)(?:\*\*|__)")
INVISIBLE = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
LOOK_ALIKES = str.maketrans(
    {**dict.fromkeys("“”„‟«»", '"'), **dict.fromkeys("‘’‚‛`´", "'"), **dict.fromkeys("‐‑‒–—―−", "-")}
)


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, item of a list, cell or heading: number ("10.2", or empty), the bold words it begins with, words."""

    number: str
    title: str
    text: str
    heading: bool
    item: bool  # has a bullet or a number


def replace_unreadable(text: str) -> str:
    """The text without characters that cannot be written as UTF-8 or be seen: lone surrogates, NUL, other controls."""
    return CONTROL.sub(" ", INVISIBLE.sub("", text.encode("utf-8", "replace").decode()))


def shorten_links(text: str) -> str:
    """The text with every address cut at its query or fragment: where sites put tokens of the visit."""
    return RELATIVE_TOKENS.sub(r"\1", ADDRESS_TOKENS.sub(r"\1", text))


def drop_link_targets(text: str) -> str:
    """The text with every link as its words alone, and without bare addresses."""
    for _ in range(2):  # an image inside a link
        text = LINK.sub(r"\1", text)
    return ADDRESS.sub("", text)


def split_into_blocks(text: str) -> list[Block]:
    """The blocks of a Markdown text, in order, without their markup. The text's links are taken off before."""
    lines = [
        part
        for line in text.split("\n")
        for part in ([BREAK.sub(" ", line)] if line.lstrip().startswith("|") else BREAK.sub("\n", line).split("\n"))
    ]
    blocks: list[Block] = []
    for empty, group in groupby(lines, key=lambda line: not line.strip()):
        if not empty:
            blocks += read_paragraph(list(group))
    return [block for block in blocks if block.text or block.number]


def read_paragraph(lines: list[str]) -> list[Block]:
    """Lines without an empty one between them: list items, rows of a table and headings are blocks of their own."""
    blocks: list[Block] = []
    gathered: list[str] = []

    def close(heading: bool = False) -> None:
        if gathered:
            blocks.append(read_block(" ".join(gathered), heading))
            gathered.clear()

    for line in lines:
        if UNDERLINE.fullmatch(line):
            close(heading=True)
        elif RULE.fullmatch(line):
            close()
        elif line.lstrip().startswith("|"):
            close()
            blocks += [read_block(cell, False) for cell in line.split("|") if cell.strip()]
        elif HEADING.match(line):
            close()
            blocks.append(read_block(HEADING.sub("", line, count=1).rstrip("# "), True))
        else:
            if BULLET.match(line) or NUMBER.match(ESCAPE.sub(r"\1", line)):
                close()
            gathered.append(line)
    close()
    return blocks


def read_block(text: str, heading: bool) -> Block:
    bare = BULLET.sub("", text, count=1)
    bulleted, text = bare != text, ESCAPE.sub(r"\1", bare)
    number = ""
    if found := NUMBER.match(text):
        number, text = found[0].strip(), text[found.end() :]
    title = bold[1].strip() if (bold := TITLE.match(text)) else ""
    text = clean(text)
    if not number and (found := NUMBER.match(text)):  # "**10.2 Title**": the number stood inside the bold words
        number, text = found[0].strip(), text[found.end() :]
    title = title.removeprefix(number).strip()
    return Block(number, clean(title).rstrip(".:"), text, heading, bulleted or bool(number))


def clean(text: str) -> str:
    """Words without emphasis, tags and entities; quotes, dashes and spaces each of one kind."""
    text = unicodedata.normalize("NFKC", html.unescape(TAG.sub(" ", EMPHASIS.sub("", text))))
    return " ".join(GLUED.sub(". ", text.translate(LOOK_ALIKES)).split())
