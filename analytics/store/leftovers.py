"""What runs that were killed have left beside a store: drafts as large as the store itself, with what it held then."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def remove_leftovers(path: Path, read_path: Path) -> None:
    """Remove the drafts of a store and of its published copy; only under the lock, where no draft is anyone's."""
    remove_drafts(path, "rewritten")
    remove_drafts(path, "restored")
    remove_drafts(read_path, "draft")
    shutil.rmtree(path.with_name(path.name + ".tmp"), ignore_errors=True)  # what DuckDB did not sort away


def remove_drafts(path: Path, ending: str) -> None:
    """Remove the drafts of one file."""
    if path.parent.is_dir():
        for each in _drafts(path, ending):
            each.unlink(missing_ok=True)


def _drafts(path: Path, ending: str) -> Iterator[Path]:
    start = f".{path.name}."
    for each in path.parent.iterdir():
        middle, _, rest = each.name.removeprefix(start).partition(".")
        if each.name.startswith(start) and middle.isdigit() and rest.startswith(ending):
            yield each
