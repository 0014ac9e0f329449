"""The table of runs, and how a run behaves beside others on the machine."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from analytics.store import Store
from flows.runs import NICENESS, recorded


@pytest.mark.skipif(not hasattr(os, "setpriority"), reason="this system has no such priority")
def test_a_run_leaves_the_processors_to_whoever_asks(tmp_path: Path) -> None:
    """Its thread and those that it starts have the lower priority, and who had a lower one keeps it."""
    seen: list[int] = []

    def look() -> None:
        seen.append(os.getpriority(os.PRIO_PROCESS, 0))

    def run(before: int) -> None:
        os.setpriority(os.PRIO_PROCESS, 0, max(before, os.getpriority(os.PRIO_PROCESS, 0)))
        with recorded(Store(tmp_path / "store.duckdb"), "acme", "collect"):
            look()
            started = threading.Thread(target=look)
            started.start()
            started.join()

    for before in (0, NICENESS + 5):
        thread = threading.Thread(target=run, args=(before,))
        thread.start()
        thread.join()
    own = os.getpriority(os.PRIO_PROCESS, 0)
    assert seen == [max(NICENESS, own)] * 2 + [max(NICENESS + 5, own)] * 2
