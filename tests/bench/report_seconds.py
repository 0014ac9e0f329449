"""CPU seconds of the first PDF of a process, pictures and pages apart.

Run: python -m tests.bench.report_seconds STORE.read.duckdb BRAND
"""

from __future__ import annotations

import sys
import tempfile
from collections import defaultdict
from pathlib import Path
from time import process_time
from typing import Any

import duckdb

from analytics.report import build_report, render_pdf
from analytics.report.drawing import Chart
from analytics.report.pages import Pages

seconds: dict[str, float] = defaultdict(float)


def clock(owner: Any, name: str, part: str) -> None:
    """Add up the seconds of a method, or of a property, under a part's name."""
    whole = vars(owner)[name]
    inner: Any = whole.fget if isinstance(whole, property) else whole

    def timed(*given: Any, **named: Any) -> Any:
        began = process_time()
        try:
            return inner(*given, **named)
        finally:
            seconds[part] += process_time() - began

    setattr(owner, name, property(timed) if isinstance(whole, property) else timed)


def main(store: str, brand: str) -> None:
    """Print the parts for the first PDF and for the next one."""
    clock(Chart, "svg", "pictures (altair, vl-convert)")
    clock(Pages, "_measure", "typst: measuring")
    clock(Pages, "compile", "typst: the PDF")
    with duckdb.connect(store, read_only=True) as connection, tempfile.TemporaryDirectory() as folder:
        report = build_report(connection, brand)
        for which in ("first", "next"):
            seconds.clear()
            began = process_time()
            render_pdf(report, Path(folder) / "report.pdf")
            print(f"{which} PDF: {process_time() - began:.2f} s CPU")
            for part, of in seconds.items():
                print(f"  {part}: {of:.2f} s")


if __name__ == "__main__":
    main(*sys.argv[1:])
