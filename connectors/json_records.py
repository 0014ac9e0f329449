"""JSON records one by one, with the line each starts on: one a line, or the items of one array."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TextIO

from connectors.text import LONE_SURROGATE

READ_CHARACTERS = 1_000_000
LONGEST_RECORD = 64_000_000
SPACE = " \t\n\r"


class FileError(Exception):
    """Why a whole file cannot be used; `line` counts from 1."""

    def __init__(self, problem: str, line: int | None = None) -> None:
        super().__init__(problem)
        self.problem = problem
        self.line = line


@dataclass(frozen=True, slots=True)
class Record:
    """One object, or (`value` None) what stands there and why it is none."""

    line: int
    characters: int
    value: dict[str, Any] | None
    problem: str = ""
    raw: str = ""


def _record(value: object, line: int, raw: str) -> Record:
    # Bytes that could not be decoded come as lone surrogates; those that JSON spells (\\ud800) are plain ASCII here.
    if not raw.isascii() and LONE_SURROGATE.search(raw):
        return Record(line, len(raw), None, "bytes that cannot be decoded", raw)
    if not isinstance(value, dict):
        return Record(line, len(raw), None, "not an object", raw)
    return Record(line, len(raw), value)


def _reason(error: Exception) -> str:
    return f"invalid JSON: {error.msg if isinstance(error, json.JSONDecodeError) else type(error).__name__}"


def line_records(stream: TextIO) -> Iterator[Record]:
    """One object a line; empty lines are no records."""
    for number, line in enumerate(stream, start=1):
        record = line_record(line, number)
        if record is not None:
            yield record


def line_record(line: str, number: int) -> Record | None:
    """What stands on one line; None where nothing does."""
    if not line.strip():
        return None
    try:
        return _record(json.loads(line), number, line)
    except (ValueError, RecursionError) as error:
        return Record(number, len(line), None, _reason(error), line)


class _Text:
    """The unread part of a JSON text, read in pieces, so that a large array needs little memory."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream
        self.held = ""
        self.at = 0
        self.line = 1
        self.ended = False
        self.decoder = json.JSONDecoder()

    def more(self) -> None:
        self.held = self.held[self.at :]
        self.at = 0
        # Twice what is held, so that a very long value is not tried again and again.
        piece = self.stream.read(max(READ_CHARACTERS, len(self.held)))
        self.held += piece
        self.ended = not piece

    def advance(self, end: int) -> None:
        self.line += self.held.count("\n", self.at, end)
        self.at = end

    def peek(self) -> str:
        """The next character that is no space; "" at the end."""
        while True:
            end = self.at
            while end < len(self.held) and self.held[end] in SPACE:
                end += 1
            self.advance(end)
            if end < len(self.held) or self.ended:
                return self.held[end : end + 1]
            self.more()

    def expect(self, wanted: str) -> str:
        found = self.peek()
        if not found:
            raise FileError("the file ends in the middle; copy it again", self.line)
        if found not in wanted:
            raise FileError(
                f"invalid JSON: {found!r} where one of {' '.join(wanted)} belongs; mend the file, or set format",
                self.line,
            )
        self.advance(self.at + 1)
        return found

    def value(self) -> tuple[object, int, str]:
        """The next value, the line it starts on and its text."""
        if not self.peek():
            raise FileError("the file ends in the middle; copy it again", self.line)
        while True:
            try:
                value, end = self.decoder.raw_decode(self.held, self.at)
                if end < len(self.held) or self.ended:  # a number may go on in the next piece
                    break
            except (ValueError, RecursionError) as error:
                if self.ended or len(self.held) - self.at > LONGEST_RECORD:
                    at = error.pos if isinstance(error, json.JSONDecodeError) else self.at
                    line = self.line + self.held.count("\n", self.at, at)
                    raise FileError(_reason(error), line) from None
            self.more()
        line, raw = self.line, self.held[self.at : end]
        self.advance(end)
        return value, line, raw


def array_records(stream: TextIO) -> Iterator[Record]:
    """The items of a JSON array, or of the one array that an object holds. Raises FileError where it is neither."""
    text = _Text(stream)
    opening = text.peek()
    if opening not in ("[", "{"):
        raise FileError(
            "neither a JSON array nor an object; set format" if opening else "the file holds nothing; name another",
            text.line,
        )
    if opening == "[":
        yield from _items(text)
    else:
        yield from _only_array(text)
    if text.peek():
        raise FileError('more follows the end of the JSON text; is the format "ndjson"? Set format to it', text.line)


def _items(text: _Text) -> Iterator[Record]:
    text.expect("[")
    if text.peek() == "]":
        text.expect("]")
        return
    separator = ","
    while separator == ",":
        value, line, raw = text.value()
        yield _record(value, line, raw)
        separator = text.expect(",]")


def _only_array(text: _Text) -> Iterator[Record]:
    text.expect("{")
    arrays = 0
    separator = "," if text.peek() != "}" else text.expect("}")
    while separator == ",":
        key, line, _ = text.value()
        text.expect(":")
        if text.peek() != "[":
            text.value()
        elif arrays:
            raise FileError(
                f'a second array ("{key}") stands in the object; leave only the one that holds the posts',
                line,
            )
        else:
            arrays += 1
            yield from _items(text)
        separator = text.expect(",}")
    if not arrays:
        raise FileError('the object holds no array of records; is the format "ndjson"? Set format to it', text.line)
