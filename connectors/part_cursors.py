"""A cursor for a source that has parts, such as feeds or countries: each goes on where it ended itself.

One part that fails for months must not make the others start anew, nor be passed over when it comes back.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from connectors.batch import Batch
from connectors.errors import BadInput
from connectors.items import Reader
from connectors.walking import Pages, walk

Part = dict[str, str]
"""What is known of one part: `until` (ISO, UTC without zone: all before it is here), and what its connector adds."""


def read_parts(source: str, cursor: str | None) -> dict[str, Part]:
    """The parts by name; none for a first run. Raises BadInput where `cursor` was not written by `write_parts`."""
    if cursor is None:
        return {}
    try:
        parts: dict[str, Part] = json.loads(cursor)["parts"]
        for part in parts.values():
            if not all(isinstance(value, str) for value in part.values()):
                raise ValueError("a part holds only text")
            datetime.fromisoformat(part["until"])
    except (ValueError, KeyError, TypeError, AttributeError):
        raise BadInput(
            source,
            "saved cursor",
            f"{cursor[:60]!r} is no cursor of this connector; delete its row in the table cursors",
        ) from None
    return parts


def write_parts(parts: Mapping[str, Part]) -> str:
    """The cursor of these parts."""
    return json.dumps({"parts": parts}, sort_keys=True)


def find_earliest(parts: Mapping[str, Part], names: Iterable[str]) -> str | None:
    """How far the part among `names` has come that is farthest behind; None where one has never come to an end."""
    reached = [parts[name]["until"] if name in parts else None for name in names]
    return None if not reached or None in reached else min(moment for moment in reached if moment is not None)


def walk_parts(
    reader: Reader, span: tuple[datetime, datetime], pages: Pages, parts: Mapping[str, Part], cursor: str | None
) -> Iterator[Batch]:
    """Batches of all parts in `span`, as one slice; the last has the cursor of `parts`, in which `pages` notes them.

    `pages` gives a Page with a problem for a part that fails; what it notes of the others is saved all the same.
    """
    for batch in walk(reader, span, max(span[1] - span[0], timedelta(seconds=1)), pages, cursor):
        # Coverage comes with the last batch, when each part that could be read is here in full.
        yield replace(batch, cursor=write_parts(parts) if parts else None) if batch.coverage else batch
