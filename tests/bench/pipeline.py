"""How long a whole run takes, stage by stage, and the single steps that a person waits for.

Seconds depend on the machine and on what else it does: each row says wall and CPU time of the same run.
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
from flows.stages import weekly
from tests.bench.measurement import ROOT, run
from tests.bench.real_posts import FOLDER
from tests.bench.tables import Table, note
from tests.real_brands import copy_brand_files

T = TypeVar("T")


def cpu_seconds() -> float:
    """CPU time of this process and of those that it waited for."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def seconds_table(title: str) -> Table:
    return Table(title, {"step": "<48", "wall s": ".1f", "CPU s": ".1f"})


def timed(table: Table, name: str, work: Callable[[], T]) -> T:
    """Run `work` and add to the table how long it took."""
    wall, cpu = time.perf_counter(), cpu_seconds()
    result = work()
    table.add(name, time.perf_counter() - wall, cpu_seconds() - cpu)
    return result


def run_whole(title: str, brand_file: Path, folder: Path) -> None:
    """A whole run, stage by stage, into a new store."""
    table = seconds_table(title)

    def step(
        name: str, work: Callable[[Callable[[int], None]], T], counting: str = "posts", *, makes: object = None
    ) -> T:
        return timed(table, name, lambda: work(lambda _: None))

    store = Store(folder / "brandtrust.duckdb")
    outcome = timed(table, "all", lambda: weekly(load(brand_file), store, out=folder / "reports", step=step))
    note(outcome.answer)


def show_effects(store: Path) -> None:
    """The answers for Firefox."""
    columns = {"event_id": "<24", "measure": "<12", "role": "<12", "scorer": "<14", "estimate": ".2f", "p_value": ".3f"}
    columns |= {"placebos": ".0f", "smallest_visible": ".2f", "verdict": "<"}
    effects = read("effects", "firefox", store=store)[list(columns)]
    table = Table("Effects of Firefox's events", columns)
    for row in effects.astype(object).where(effects.notna(), None).itertuples(index=False):
        table.add(*row)


def main() -> None:
    """Print the tables."""
    table = seconds_table("What a person waits for")
    command = [sys.executable, "-m", "flows.command_line"]
    timed(table, "brandtrust --help", lambda: start([*command, "--help"]))
    with tempfile.TemporaryDirectory() as name:
        demo = [*command, "demo", "--out", str(Path(name) / "demo")]
        timed(table, "brandtrust demo, Prefect included", lambda: start(demo))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        run_whole("The demo's stages, 28,308 posts", write_sample(folder), folder)
    if not FOLDER.is_dir():
        note("the real posts are not here: the forum is left out")
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        copy_brand_files(folder, FOLDER)
        run_whole("The browser forum, 114,481 questions", folder / "browser_forum.toml", folder)
        show_effects(folder / "brandtrust.duckdb")


def start(command: list[str]) -> None:
    """Run a program to its end. Raises CalledProcessError where it fails."""
    subprocess.run(command, cwd=ROOT, capture_output=True, check=True)


if __name__ == "__main__":
    run(main)
