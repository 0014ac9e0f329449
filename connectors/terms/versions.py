"""A text of terms as somebody recorded it, and the limits that every text is held to."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from connectors.errors import BadInput

SOURCE = "terms"  # who speaks in an error
MOST_BYTES = 5_000_000  # of one text: the longest terms known are a tenth of it
Origin = Literal["repository", "file", "page"]
Advance = Callable[[int], None]
"""Called with how many more versions are read since the last call."""


@dataclass(frozen=True, slots=True)
class RecordedVersion:
    """One recorded text. `recorded_at`: UTC without zone. `reference`: commit, path of the file, or address.

    `technical`: recorded anew because the recorder reads pages in another way now; the terms did not change.
    """

    document: str
    recorded_at: datetime
    text: str
    origin: Origin
    reference: str
    technical: bool = False


@dataclass(frozen=True, slots=True)
class History:
    """Versions by document and time. `service`: whose terms they are by their source's own word; "" if it has none.

    Left out are `unchanged` versions, which repeat the text before them, and `empty` ones, where the recorder failed.
    """

    versions: list[RecordedVersion]
    service: str = ""
    unchanged: int = 0
    empty: int = 0


def decode(content: bytes, where: str) -> str:
    """The text of a file, with plain line ends; "" where it is blank. Raises BadInput: too large, no text in UTF-8."""
    if len(content) > MOST_BYTES:
        raise too_large(where)
    if b"\0" in content:
        raise BadInput(SOURCE, where, "is a binary file; give Markdown, plain text or HTML")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadInput(SOURCE, where, "is not text in UTF-8; write it as UTF-8") from None
    return text.replace("\r\n", "\n").replace("\r", "\n") if text.strip() else ""


def too_large(where: str) -> BadInput:
    """What is told of a text beyond the limit."""
    return BadInput(SOURCE, where, f"is larger than {MOST_BYTES / 1e6:g} MB, and terms are not so long; check the file")


def arrange(versions: Iterable[RecordedVersion], service: str = "") -> History:
    """The versions by document and time, without those that are empty or repeat the text before them.

    Raises BadInput where one document has two texts of one moment: which came first cannot be told.
    """
    kept: list[RecordedVersion] = []
    unchanged = empty = 0
    last: RecordedVersion | None = None
    for version in sorted(versions, key=lambda each: (each.document, each.recorded_at, each.reference)):
        if not version.text:  # empty terms would read as terms taken back
            empty += 1
            continue
        if last is not None and last.document == version.document:
            if last.text == version.text:
                unchanged += 1
                continue
            if last.recorded_at == version.recorded_at:
                raise BadInput(
                    SOURCE,
                    version.reference,
                    f'"{version.document}" has two texts of {version.recorded_at:%Y-%m-%d %H:%M:%S}, this one and '
                    f"{last.reference}; take one out",
                )
        kept.append(version)
        last = version
    return History(kept, service, unchanged, empty)
