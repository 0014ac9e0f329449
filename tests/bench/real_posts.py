"""Where the real posts are that the benches measure on; they are no part of the project."""

from __future__ import annotations

import os
from pathlib import Path

from tests.bench.measurement import LeftOut

FOLDER = Path(os.environ.get("BRANDTRUST_SHARED_DATA", Path(__file__).resolve().parents[3] / "shared" / "data"))


def find(pattern: str) -> list[Path]:
    """The files of the folder that fit a pattern, in order. Raises LeftOut where there is none."""
    paths = sorted(FOLDER.glob(pattern))
    if not paths:
        raise LeftOut(f"no {pattern} in {FOLDER}: set BRANDTRUST_SHARED_DATA to the folder of real posts")
    return paths
