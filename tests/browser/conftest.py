"""A real Chromium without a window, where this machine has one, and axe-core, where it was installed."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).resolve().parent.parent.parent
QUIET = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="module")  # its event loop would be in the way of other modules' tests
def browser() -> Iterator[Browser]:
    """One browser for the tests of a module; they are skipped by name without one."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        pytest.skip("Chromium is not here; `make browser` installs it where apt-get can be had")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=list(QUIET))
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def axe() -> str:
    """The script of axe-core, which judges whether a page can be used by everybody."""
    installed = ROOT / ".browser" / "node_modules" / "axe-core" / "axe.min.js"
    script = Path(os.environ.get("BRANDTRUST_AXE", installed))
    if not script.is_file():
        pytest.skip("axe-core is not here; `make browser` installs it where npm can be had")
    return script.read_text("utf-8")
