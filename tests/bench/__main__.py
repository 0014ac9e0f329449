"""Every measurement that README and docs cite, one after the other: `make bench`.

Run as `python -m tests.bench [NAME …] [--json FILE]`. Each runs in a process of its own, so that none begins with the
memory, the caches or the settings of another. The file is written anew after each: a run that is stopped keeps what it
has. Ends with 1 where one failed; one whose posts are not here is left out, and says so.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.bench.measurement import begin_file, write_file

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
OF_THEIR_OWN = (
    "effects_benchmark",
    "recovery_error_rates",
    "weekly_trends",
    "joint_error_rates",
)  # `make bench-effects`: they take hours


def measure(module: str) -> dict[str, Any]:
    """What a module measures, run in a process of its own, which prints meanwhile."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "one.json"
        process = subprocess.run([sys.executable, "-m", module, "--json", str(path)], check=False)
        try:
            [found] = json.loads(path.read_text("utf-8"))["measurements"].values()
        except (OSError, ValueError):  # it ended before it could write, or was ended from outside
            found = {"error": f"its process ended with {process.returncode}"}
    return dict(found)


def measure_all(modules: Sequence[str], path: Path | None = None) -> int:
    """Run modules by their full names and write what each found to `path`; 1 where one failed, 0 otherwise."""
    measurements = {}
    for module in modules:
        name = module.rpartition(".")[2]
        print(f"\n== {name}\n", flush=True)
        measurements[name] = measure(module)
        if path:
            write_file(path, measurements)
    failed = [name for name, found in measurements.items() if "error" in found]
    if failed:
        print(f"\nfailed: {', '.join(failed)}")
    return int(bool(failed))


def main() -> int:
    """Run what the command line names, or everything."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog=f"names: {', '.join(NAMES)}",
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="what to measure; everything, where none is named")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all tables here too")
    options = parser.parse_args()
    for name in options.names:
        if name not in NAMES:
            parser.error(f"nothing is called {name}; there are {', '.join(NAMES)}")
    if options.json:
        begin_file(parser, options.json)
    try:
        return measure_all([f"tests.bench.{name}" for name in options.names or NAMES], options.json)
    except KeyboardInterrupt:
        print("\nstopped")
        return 130


if __name__ == "__main__":
    sys.exit(main())
