"""How long a whole run takes, stage by stage, and the single steps that a person waits for.

Seconds depend on the machine and on what else it does: each line says wall and CPU time of the same run.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from analytics.store import Store, read
from brands.brand_file import load
from flows.demo_sample import write_sample
from flows.stages import Outcome, weekly
from tests.bench.real_posts import FOLDER

T = TypeVar("T")
ROOT = Path(__file__).resolve().parents[2]


def cpu_seconds() -> float:
    """CPU time of this process and of those that it waited for."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def timed(name: str, work: Callable[[], T]) -> T:
    """Run `work` and print how long it took."""
    wall, cpu = time.perf_counter(), cpu_seconds()
    result = work()
    print(f"{name:<58} {time.perf_counter() - wall:>7.1f} s wall {cpu_seconds() - cpu:>7.1f} s CPU")
    return result


def run(name: str, brand_file: Path, folder: Path) -> Outcome:
    """A whole run, stage by stage, into a new store."""

    def step(stage: str, work: Callable[[Callable[[int], None]], T], unit: str = "posts") -> T:
        return timed(f"  {stage}", lambda: work(lambda _: None))

    store = Store(folder / "brandtrust.duckdb")
    return timed(name, lambda: weekly(load(brand_file), store, out=folder / "reports", step=step))


def main() -> None:
    """Print the table."""
    command = [sys.executable, "-m", "flows.command_line"]
    timed("brandtrust --help", lambda: subprocess.run([*command, "--help"], cwd=ROOT, capture_output=True, check=True))
    with tempfile.TemporaryDirectory() as name:
        demo = [*command, "demo", "--out", str(Path(name) / "demo")]
        timed(
            "brandtrust demo, Prefect included", lambda: subprocess.run(demo, cwd=ROOT, capture_output=True, check=True)
        )
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        outcome = run("the demo's stages, 28,308 posts", write_sample(folder), folder)
        print(f"  {outcome.answer}")
    if not FOLDER.is_dir():
        print("the real posts are not here: the forum is left out")
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for path in (ROOT / "tests/brand_files").glob("*.toml"):
            here = path.read_text("utf-8").replace("../../../shared/data", FOLDER.as_posix())
            (folder / path.name).write_text(here, "utf-8")
        outcome = run("the browser forum, 114,481 questions", folder / "browser_forum.toml", folder)
        print(f"  {outcome.answer}")
        effects = read("effects", "firefox", store=folder / "brandtrust.duckdb")
        shown = [
            "event_id",
            "measure",
            "role",
            "scorer",
            "estimate",
            "p_value",
            "placebos",
            "smallest_visible",
            "verdict",
        ]
        print(effects[shown].to_string(index=False))


if __name__ == "__main__":
    main()
