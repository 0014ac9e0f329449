"""On which line of a TOML text a key stands. `tomllib` tells it only for its own errors."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import cache

Place = tuple[str | int, ...]
"""A key as a path from the top: ("sources", 0, "columns", "text")."""

_KEY = r"""(?:[A-Za-z0-9_-]+|"(?:\\.|[^"\\\n])*"|'[^'\n]*')"""
_DOTTED = rf"{_KEY}(?:[ \t]*\.[ \t]*{_KEY})*"
_HEADER = re.compile(rf"(\[\[?)[ \t]*({_DOTTED})[ \t]*\]\]?")
_ASSIGNMENT = re.compile(rf"({_DOTTED})[ \t]*=")
_BLANK = re.compile(r"(?:\s+|#[^\n]*)*")
_VALUE_TOKEN = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}' r"|'''.*?'{3,5}" r'|"(?:\\.|[^"\\\n])*"' r"|'[^'\n]*'" r"|\#[^\n]*|[^][{}#\"'\n]+|.",
    re.DOTALL,
)


def find_lines(text: str) -> dict[Place, int]:
    """The line, counted from 1, of every key and table header in `text`, which tomllib has read without an error.

    What stands inside an inline table or an array has no line of its own; `find_line` gives that of its key.
    """
    lines: dict[Place, int] = {(): 1}
    table: Place = ()
    counts: dict[Place, int] = {}
    line, counted = 1, 0
    position = _skip_blank(text, 0)
    while position < len(text):
        line += text.count("\n", counted, position)
        counted = position
        if header := _HEADER.match(text, position):
            table = _resolve(_split(header[2]), counts, repeated=header[1] == "[[")
            lines.setdefault(table, line)
            position = header.end()
        elif assignment := _ASSIGNMENT.match(text, position):
            place = (*table, *_split(assignment[1]))
            for depth in range(len(table) + 1, len(place) + 1):
                lines.setdefault(place[:depth], line)
            position = _skip_value(text, assignment.end())
        else:
            return lines
        position = _skip_blank(text, position)
    return lines


def find_line(lines: dict[Place, int], place: Sequence[str | int]) -> int:
    """The line of `place`, or of the nearest thing around it that has one."""
    for length in range(len(place), 0, -1):
        if tuple(place[:length]) in lines:
            return lines[tuple(place[:length])]
    return 1


@cache
def _split(dotted: str) -> Place:
    keys: list[str] = []
    value: object = tomllib.loads(f"{dotted} = 0")
    while isinstance(value, dict):
        ((key, value),) = value.items()
        keys.append(key)
    return tuple(keys)


def _resolve(keys: Place, counts: dict[Place, int], *, repeated: bool) -> Place:
    """Add to each array of tables the number of the table that is meant: the last one, or for [[ ]] a new one."""
    place: Place = ()
    for position, key in enumerate(keys, start=1):
        place = (*place, key)
        if repeated and position == len(keys):
            counts[place] = counts.get(place, -1) + 1
        if place in counts:
            place = (*place, counts[place])
    return place


def _skip_blank(text: str, position: int) -> int:
    match = _BLANK.match(text, position)
    return match.end() if match else position


def _skip_value(text: str, position: int) -> int:
    depth = 0
    while token := _VALUE_TOKEN.match(text, position):
        depth += (token[0] in "[{") - (token[0] in "]}")
        if token[0] == "\n" and depth == 0:
            break
        position = token.end()
    return position
