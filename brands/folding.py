"""How a text is folded before a query looks at it: the same in DuckDB and in Python.

A folded text is made of words (letters, digits and underscores, in lower case, without accents) and the marks `@` and
`#`; everything else became a space, and a space stands before and after it. Hence a pattern over it needs neither
Unicode classes nor look-around: a word is a run of anything but space, `@` and `#`.

DuckDB folds with its own Unicode tables, which are newer than those of some Pythons and older than those of others.
So Python folds by a table generated from DuckDB (`python -m brands.folding_table`); a test holds the two equal.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cache, lru_cache
from pathlib import Path

READ_CHARACTERS = 20_000
"""Both folds look at this many first characters of a text; a longer text is counted as truncated elsewhere."""

TABLE_FILE = Path(__file__).with_name("folding_table.txt")

# Marks stay in the class although no word has any in the end: a space in place of an accent would split its word.
# The replacement comes before strip_accents, because that function ends a text with accents at its first NUL.
_NOT_KEPT = r"[^\p{L}\p{M}\p{N}_@# ]"

_BEYOND_ASCII = re.compile("[^\0-\x7f]+")
_ASCII_BYTES = bytes(
    byte if byte >= 0x80 or chr(byte).isalnum() or chr(byte) in "_@#" else ord(" ") for byte in range(256)
).lower()
_FEW = 4  # characters: an emoji, a curly quote, a letter with its accent come again and again

# Conjoining Hangul letters are the one case where a fold depends on its neighbours: DuckDB composes them.
_HANGUL_RUN = re.compile("[\u1100-\u1112\uac00-\ud7a3][\u1161-\u1175\u11a7-\u11c2]+")
_L, _V, _T, _SYLLABLE = 0x1100, 0x1161, 0x11A7, 0xAC00
_V_COUNT, _T_COUNT = 21, 28


def fold_sql(column: str) -> str:
    """A DuckDB expression for the folded text of `column` (an SQL expression); NULL stays NULL."""
    kept = f"regexp_replace(lower(left({column}, {READ_CHARACTERS})), '{_NOT_KEPT}', ' ', 'g')"
    return f"(' ' || strip_accents({kept}) || ' ')"


def fold(text: str) -> str:
    """The folded text, as `fold_sql` gives it. A lone surrogate, which DuckDB cannot hold, becomes a space."""
    read = text[:READ_CHARACTERS]
    if not read.isascii():
        read = _BEYOND_ASCII.sub(_fold_run, read)
    # Half of the time of `str.translate` and less; bytes beyond ASCII stay as they are, being folded already.
    return f" {read.encode().translate(_ASCII_BYTES).decode()} "


def _fold_run(run: re.Match[str]) -> str:
    """Fold characters beyond ASCII that stand together: no fold reaches over its neighbours in ASCII."""
    characters = run.group()
    return _fold_few(characters) if len(characters) <= _FEW else _fold_beyond_ascii(characters)


@lru_cache(maxsize=10_000)
def _fold_few(characters: str) -> str:
    return _fold_beyond_ascii(characters)


def _fold_beyond_ascii(characters: str) -> str:
    return _HANGUL_RUN.sub(_compose_hangul, characters.translate(_table()))


def read_table(lines: list[str]) -> _Table:
    """The folding table from its text form; `brands.folding_table` says how that is written."""
    table = _Table()
    for line in lines:
        kind, *numbers = line.split()
        if kind.startswith("#"):
            continue
        first, last, *run = (int(number, 16) for number in numbers)
        if kind == "keep":
            table.keep(first, last)
        elif kind == "drop":
            table.update(dict.fromkeys(range(first, last + 1), None))
        else:
            step, target, target_step = run
            for position, character in enumerate(range(first, last + 1, step)):
                table[character] = target + position * target_step
    return table


class _Table(dict[int, int | None]):
    """For `str.translate`: what is not listed stays as it is if it lies in a kept range, else becomes a space."""

    def __init__(self) -> None:
        super().__init__()
        self._firsts: list[int] = []
        self._lasts: list[int] = []

    def keep(self, first: int, last: int) -> None:
        """Add a range; ranges come in rising order."""
        self._firsts.append(first)
        self._lasts.append(last)

    @property
    def kept(self) -> list[tuple[int, int]]:
        """First and last of each range."""
        return list(zip(self._firsts, self._lasts, strict=True))

    def __missing__(self, character: int) -> int:
        place = bisect_right(self._firsts, character) - 1
        kept = place >= 0 and character <= self._lasts[place]
        self[character] = folded = character if kept else ord(" ")
        return folded


def folds_of_characters() -> tuple[list[tuple[int, int]], dict[int, int | None]]:
    """How single characters beyond ASCII are folded, by code point: first and last of those that stay, and what others
    become, None for nothing; the rest becomes a space."""
    table = _table()
    return table.kept, dict(table)


@cache
def _table() -> _Table:
    return read_table(TABLE_FILE.read_text(encoding="ascii").splitlines())


def _compose_hangul(run: re.Match[str]) -> str:
    """Compose letters to syllables as utf8proc does, which also swallows U+11A7 after an open syllable."""
    composed: list[int] = []
    for character in map(ord, run.group()):
        if composed:
            leading, vowel = composed[-1] - _L, character - _V
            syllable, trailing = composed[-1] - _SYLLABLE, character - _T
            if 0 <= leading < 19 and 0 <= vowel < _V_COUNT:
                composed[-1] = _SYLLABLE + (leading * _V_COUNT + vowel) * _T_COUNT
                continue
            if syllable >= 0 and syllable % _T_COUNT == 0 and 0 <= trailing < _T_COUNT:
                composed[-1] += trailing
                continue
        composed.append(character)
    return "".join(map(chr, composed))
