"""Files of a report: written whole or not at all, for those who may read their folder."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from analytics.report.model import ReportError
from analytics.store.file_modes import open_to_group, owner_only


def place_file(content: bytes, out: Path) -> None:
    """Write `content` to `out` whole or not at all: for its owner only, or for the group that may read its folder.

    Raises ReportError where it cannot be written.
    """
    draft = draft_of(out)
    try:
        with owner_only():
            out.parent.mkdir(parents=True, exist_ok=True)
            draft.unlink(missing_ok=True)  # one that a killed run of an earlier release left open to others
            draft.write_bytes(content)
        open_to_group(draft, like=out.parent)
        draft.replace(out)
    except OSError as problem:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
        raise ReportError(f"{out}: cannot be written: {problem.strerror}; make room, or choose another --out") from None


def draft_of(out: Path) -> Path:
    """Where a file is written before it takes its place; a run that was killed may leave it."""
    return out.with_name(f".{out.name}.draft")
