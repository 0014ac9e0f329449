"""Imports run one way, and the linter that says so can fail."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("brands", "connectors", "analytics", "flows")


@pytest.mark.parametrize(
    ("module", "planted", "code"),
    [
        ("brands/schema.py", "", 0),
        ("analytics/trust.py", "import connectors.batch", 1),
        ("connectors/batch.py", "import analytics.trust", 1),
        ("brands/schema.py", "import flows.settings", 1),
    ],
    ids=["as it is", "analytics imports connectors", "connectors imports analytics", "brands imports flows"],
)
def test_a_wrong_import_is_refused(tmp_path: Path, module: str, planted: str, code: int) -> None:
    """The tree as it is passes; one import against the direction fails."""
    for room in ROOMS:
        shutil.copytree(ROOT / room, tmp_path / room, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    path = tmp_path / module
    path.write_text(f"{path.read_text('utf-8')}\n{planted}\n", "utf-8")
    linter = Path(sys.executable).with_name("lint-imports")
    told = subprocess.run([linter, "--no-cache"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert told.returncode == code, told.stdout + told.stderr
