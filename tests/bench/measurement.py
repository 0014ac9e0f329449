"""How one measurement is run: `python -m tests.bench.NAME [--json FILE]`, and the file that is written.

The file: {"machine", "date" (UTC), "commit" where git knows it, "measurements": {name: {"about", "wall_seconds",
"tables": [{"title", "rows": [{column: value}]}], "notes": [sentence], "left_out" or "error": why, where it is so}}}.
"""

from __future__ import annotations

import argparse
import inspect
import json
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from tests.bench import tables

ROOT = Path(__file__).resolve().parents[2]


class LeftOut(SystemExit):
    """A measurement cannot be made here, and that is no fault: its message says why, and what to do."""


def median_seconds(work: Callable[[], object], times: int) -> float:
    """The median of so many times, after one that is not counted."""
    work()
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def run(main: Callable[..., None]) -> None:
    """Run a measurement as a program: what the command line says beside `--json FILE` are the arguments of `main`.

    The file is written however `main` ends. What `main` raises goes on.
    """
    module = sys.modules[main.__module__]
    full_name = module.__spec__.name if module.__spec__ else module.__name__
    about = inspect.getdoc(module) or ""
    parser = argparse.ArgumentParser(
        prog=f"python -m {full_name}",
        description=about,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the tables here too")
    options, arguments = parser.parse_known_args()
    try:
        inspect.signature(main).bind(*arguments)
    except TypeError as error:
        parser.error(f"{error}; see --help")
    outcome = {}
    if options.json:
        begin_file(parser, options.json)
    start = time.perf_counter()
    try:
        main(*arguments)
    except LeftOut as reason:
        outcome["left_out"] = str(reason)
        raise
    except BaseException as error:
        if told := describe(error):
            outcome["error"] = told
        raise
    finally:
        found = {
            "about": about.partition("\n")[0],
            "wall_seconds": time.perf_counter() - start,
            "tables": tables.RECORD.tables,
            "notes": tables.RECORD.notes,
            **outcome,
        }
        if options.json:
            write_file(options.json, {full_name.rpartition(".")[2]: found})


def describe(error: BaseException) -> str:
    """An error in a line; nothing for an end that is none."""
    if isinstance(error, SystemExit):
        return str(error.code or "")
    return ": ".join(filter(None, (type(error).__name__, str(error))))


def begin_file(parser: argparse.ArgumentParser, path: Path) -> None:
    """Write the file without measurements, so that a place that cannot be written to is told before, not after."""
    try:
        write_file(path, {})
    except OSError as error:
        parser.error(f"cannot write {path}: {error.strerror}")


def write_file(path: Path, measurements: Mapping[str, Any]) -> None:
    """Replace the file in one step. Raises ValueError for a number that JSON does not have."""
    written = {**circumstances(), "measurements": measurements}
    draft = path.with_name(f"{path.name}.draft")
    draft.write_text(json.dumps(written, indent=1, ensure_ascii=False, allow_nan=False) + "\n", "utf-8")
    draft.replace(path)


@cache  # as they are at the start, whatever is committed while it runs
def circumstances() -> dict[str, Any]:
    """The machine, the date and, where git knows it, the commit, with "-dirty" behind it where files differ from it."""
    machine = {"python": platform.python_version(), "platform": platform.platform(), "processors": os.cpu_count()}
    now = {"machine": machine, "date": datetime.now(UTC).isoformat(timespec="seconds")}
    command = ["git", "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*"]
    try:
        told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return now
    return {**now, "commit": told.stdout.strip()}
