"""The folder that reports go into, and what is certain to keep them out: told before a run has done anything."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from flows.errors import UsageError

if TYPE_CHECKING:
    from brands.brand_file import Brand


def find_report_folder(brand: Brand, out: Path | None = None) -> Path:
    """Where reports of a brand go: `out`, or what its file says."""
    return out or brand.path.parent / brand.file.report.out


def find_obstacle(folder: Path) -> str:
    """Why no report can be written into `folder`; empty where one can, or where the folder is only not there yet."""
    for place in (folder, *folder.parents):
        try:
            if place.is_dir():
                can_write = os.access(place, os.W_OK | os.X_OK)
                return "" if can_write else f"{place}: cannot be written, so no report can go there"
            if place.exists() or place.is_symlink():
                return f"{place}: is there and is no folder, so no report can go there"
        except OSError:  # what lies in a folder that cannot be entered; that folder comes next
            continue
    return ""


def require_report_folder(brand: Brand, out: Path | None) -> None:
    """Raises UsageError where it is certain that no report can be written."""
    if obstacle := find_obstacle(find_report_folder(brand, out)):
        raise UsageError(f"{obstacle}; make room, or choose another --out ([report] out in the brand file)")
