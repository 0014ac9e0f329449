"""How one measurement is run: `python -m tests.bench.NAME [--json FILE]`, and the file that is written.

The file: {"machine", "date" (UTC), "commit" where git knows it, "measurements": {name: {"about", "arguments",
"wall_seconds", "tables": [{"title", "rows": [{column: value}]}], "notes": [sentence], "promises": [as in `tables`],
"left_out" or "error": why, where it is so}}, "table": [the rows of the one table of them all]}.
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
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from tests.bench import tables
from tests.bench.one_table import list_rows

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
            "arguments": arguments,
            "wall_seconds": time.perf_counter() - start,
            "tables": tables.RECORD.tables,
            "notes": tables.RECORD.notes,
            "promises": tables.RECORD.promises,
            **outcome,
        }
        if options.json:
            write_file(options.json, {full_name.rpartition(".")[2]: found})


def describe(error: BaseException) -> str:
    """An error in a line; nothing for an end that is none."""
    if isinstance(error, SystemExit):
        return str(error.code or "")
    return ": ".join(filter(None, (type(error).__name__, str(error))))


def begin_file(parser: argparse.ArgumentParser, path: Path, measured: Mapping[str, Any] | None = None) -> None:
    """Write the file with what is `measured` already, so that one that cannot be written is told before, not after."""
    try:
        write_file(path, measured or {})
    except OSError as error:
        parser.error(f"cannot write {path}: {error.strerror}")


def write_file(path: Path, measurements: Mapping[str, Any]) -> None:
    """Replace the file in one step. Raises ValueError for a number that JSON does not have."""
    written = {**circumstances(), "measurements": measurements, "table": list_rows(measurements)}
    draft = path.with_name(f"{path.name}.draft")
    draft.write_text(json.dumps(written, indent=1, ensure_ascii=False, allow_nan=False) + "\n", "utf-8")
    draft.replace(path)


def read_file(path: Path) -> dict[str, Any]:
    """What `write_file` wrote. Raises ValueError where it is no such file, OSError where it cannot be read."""
    written = json.loads(path.read_text("utf-8"))
    if not isinstance(written, dict) or not {"machine", "date", "measurements"} <= written.keys():
        raise ValueError("it was not written by a measurement")
    return written


def read_measured(path: Path) -> dict[str, Any]:
    """The measurements of a file that a run here can go on with; none where there is no file.

    Raises ValueError, saying why, where they are of another state of the files or another machine.
    """
    if not path.exists():
        return {}
    written, here = read_file(path), circumstances()
    if "commit" not in here:
        raise ValueError("git knows no commit here")
    if written.get("commit") != here["commit"]:
        raise ValueError(f"it is of commit {written.get('commit', 'unknown')}, and here is {here['commit']}")
    if here["commit"].endswith("-dirty"):
        raise ValueError("files differ from their commit, and nobody knows whether they did so in the same way")
    if written["machine"] != here["machine"]:
        raise ValueError(f"it is of another machine: {written['machine']}")
    return dict(written["measurements"])


def is_measured(found: Mapping[str, Any], arguments: Sequence[str]) -> bool:
    """Whether that is a whole measurement with these arguments: neither failed nor left out."""
    return not {"error", "left_out"} & found.keys() and found.get("arguments", []) == list(arguments)


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
