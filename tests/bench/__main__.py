"""Every measurement that README and docs cite, one after the other: `make bench`.

Run as `python -m tests.bench [NAME …] [--scale] [--json FILE [--resume]]`. Each runs in a process of its own, so that
none begins with the memory, the caches or the settings of another. The last that is printed is one table of all: what
is promised, what was measured, and whether that is held. It comes of a run that is stopped by Ctrl-C, too, and
`--from FILE` prints it again of a file. The file is written anew after each: a run that is stopped keeps what it has,
and with `--resume` goes on from there. Ends with 1 where one failed; one whose posts are not here is left out, and
says so. One that falls short of a promise has not failed.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.bench.measurement import begin_file, circumstances, is_measured, read_file, read_measured, write_file
from tests.bench.one_table import print_table

NAMES = (  # speeds first: they ask for a machine that does nothing else
    "whole_path",
    "vader_speed",
    "theme_speed",
    "pipeline",
    "report_seconds",
    "reddit_throughput",
    "x_throughput",
    "fediverse_throughput",
    "feeds_throughput",
    "hackernews_throughput",
    "readers",
    "large_store",
    "dask",
    "lake",
    "connector_faults",
    "kills",
    "airline_correlation",
    "sentiment_accuracy",
    "linear_accuracy",
    "practices_accuracy",
    "domain_accuracy",
    "domain_lexicon",
    "theme_accuracy",
    "policy_accuracy",
    "speakers",
    "who_speaks",
    "effect_error_rates",
    "event_studies",
    "notice_error_rates",
    "alert_error_rates",
    "alert_ceiling",
)
SCALE = {  # `make bench-scale`: at the sizes that are promised, which takes hours
    "readers": ("120", "20", "1000000", "10"),  # seconds each way, readers, posts, times that they are stored
    "large_store": ("1000000", "10"),  # posts, times that they are stored
    "weekly_trends": ("1000000", "100"),  # the same
    "dask": ("--posts", "30000", "300000", "3000000"),
    "lake": ("--posts", "100000", "--writers", "4", "--brought", "250000"),
    "kills": ("200",),
}
OF_THEIR_OWN = ("effects_benchmark", "recovery_error_rates", "joint_error_rates")  # `make bench-effects`: hours, too


def measure(module: str, arguments: Sequence[str] = ()) -> dict[str, Any]:
    """What a module measures, run in a process of its own, which prints meanwhile."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "one.json"
        command = [sys.executable, "-m", module, *arguments, "--json", str(path)]
        process = subprocess.run(command, check=False)
        try:
            [found] = json.loads(path.read_text("utf-8"))["measurements"].values()
        except (OSError, ValueError):  # it ended before it could write, or was ended from outside
            found = {"error": f"its process ended with {process.returncode}"}
    return dict(found)


def measure_all(
    modules: Mapping[str, Sequence[str]], path: Path | None = None, measured: Mapping[str, Any] | None = None
) -> int:
    """Run modules, given by their full names with arguments, and write what each found to `path`; 1 where one failed.

    What is `measured` already, with the same arguments, is not run again and stands there as it was. However it ends,
    the one table of what there is is printed last.
    """
    measurements = dict(measured or {})
    try:
        for module, arguments in modules.items():
            name = module.rpartition(".")[2]
            if name in measurements and is_measured(measurements[name], arguments):
                print(f"\n== {name}: measured already", flush=True)
                continue
            print(f"\n== {' '.join((name, *arguments))}\n", flush=True)
            measurements[name] = measure(module, arguments)
            if path:
                write_file(path, measurements)
    finally:
        print_table({**circumstances(), "measurements": measurements})
    return int(any("error" in found for found in measurements.values()))


def main() -> int:
    """Run what the command line names, or everything."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog=f"names: {', '.join(NAMES)}; with --scale: {', '.join(SCALE)}",
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="what to measure; everything, where none is named")
    parser.add_argument("--scale", action="store_true", help="at the sizes that are promised: hours")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all tables here too")
    parser.add_argument(
        "--resume", action="store_true", help="leave out what FILE has of this commit and machine (with --json FILE)"
    )
    parser.add_argument("--from", dest="source", type=Path, metavar="FILE", help="only print the table of this file")
    options = parser.parse_args()
    if options.source:
        if options.names or options.scale or options.json or options.resume:
            parser.error("--from FILE measures nothing: name nothing else")
        return print_again(parser, options.source)
    there = SCALE if options.scale else dict.fromkeys(NAMES, ())
    for name in options.names:
        if name not in there:
            parser.error(f"nothing{' of --scale' * options.scale} is called {name}; there are {', '.join(there)}")
    if options.resume and not options.json:
        parser.error("--resume goes on with a file: name it by --json FILE")
    measured = resume(parser, options.json) if options.resume else {}
    if options.json:
        begin_file(parser, options.json, measured)
    try:
        modules = {f"tests.bench.{name}": there[name] for name in options.names or there}
        return measure_all(modules, options.json, measured)
    except KeyboardInterrupt:
        print("\nstopped")
        return 130


def print_again(parser: argparse.ArgumentParser, path: Path) -> int:
    """Print the table of a file that was written before."""
    try:
        print_table(read_file(path))
    except (OSError, ValueError) as problem:
        parser.error(f"cannot print {path}: {problem}")
    return 0


def resume(parser: argparse.ArgumentParser, path: Path) -> dict[str, Any]:
    """What is measured already; a file that cannot be gone on with is told, and kept as it is."""
    try:
        return read_measured(path)
    except (OSError, ValueError) as problem:
        parser.error(f"cannot go on with {path}: {problem}; without --resume it is written anew")


if __name__ == "__main__":
    sys.exit(main())
