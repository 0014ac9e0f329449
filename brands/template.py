"""A brand file to begin with."""

from __future__ import annotations

import json
import re
from pathlib import Path

from brands.display_names import check_name
from brands.expression import QueryError, parse_expression
from brands.schema import slugify

TEMPLATE_FILE = Path(__file__).with_name("template.toml")


def render(name: str) -> str:
    """The text of a commented brand file for `name`, which loads as it stands and listens on Hacker News.

    Raises ValueError where the name cannot be looked for or printed.
    """
    name = " ".join(name.split())
    phrase = re.sub('[*"“”]', " ", name)
    try:
        query = parse_expression(f'"{phrase}"')
    except QueryError as error:
        raise ValueError(f'the brand name "{name}" cannot be looked for: {error.problem}') from None
    try:
        check_name(name)
    except ValueError as error:
        raise ValueError(f"the brand name {error}") from None
    values = {
        "comment": "".join(character for character in name if character.isprintable()),
        "name": _quote(name),
        "slug": _quote(slugify(name) or "brand"),
        "query": _quote(str(query)),
    }
    text = TEMPLATE_FILE.read_text(encoding="utf-8")
    return re.sub(r"\{\{(\w+)\}\}", lambda placeholder: values[placeholder[1]], text)


def _quote(text: str) -> str:
    """A TOML string; one in single quotation marks where that spares the reader the backslashes."""
    if '"' in text and "'" not in text and text.isprintable():
        return f"'{text}'"
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
