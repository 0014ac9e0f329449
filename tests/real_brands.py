"""Our brand files for the real archives, which are no part of the project, pointed at where these lie."""

from __future__ import annotations

from pathlib import Path

FILES = Path(__file__).parent / "brand_files"
SHARED = "../../../shared/data"  # as seen from the brand files


def copy_brand_files(folder: Path, data: Path) -> None:
    """Write every brand file into `folder`; `data` is the folder of the archives."""
    for path in FILES.glob("*.toml"):
        here = path.read_text("utf-8").replace(SHARED, data.as_posix())
        (folder / path.name).write_text(here, "utf-8")
