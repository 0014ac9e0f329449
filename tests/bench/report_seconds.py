"""CPU seconds of the first PDF of a process, pictures and pages apart, and of the page for a browser.

Run as `python -m tests.bench.report_seconds STORE.read.duckdb BRAND`; without a store, the demo's is made and taken.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path
from time import process_time
from typing import Any

import duckdb

from analytics.report import build_report, html, list_posts_behind, render_html, render_pdf
from analytics.report.drawing import Chart
from analytics.report.pages import Pages
from tests.bench.measurement import ROOT, run
from tests.bench.tables import Table

COLUMNS = {"which": "<6", "part": "<32", "s CPU": ".2f"}

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


def main(store: str = "", brand: str = "lumio") -> None:
    """Print the parts for the first PDF and page and for the next ones."""
    if store:
        show_parts(Path(store), brand)
        return
    with (
        tempfile.TemporaryDirectory() as folder
    ):  # in a process of its own: it writes a PDF, and ours is to be the first
        command = [sys.executable, "-m", "flows.command_line", "demo", "--out", folder]
        subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
        show_parts(Path(folder) / "brandtrust.read.duckdb", brand)


def show_parts(store: Path, brand: str) -> None:
    table = Table("CPU seconds of a PDF", COLUMNS)
    clock(Chart, "svg", "pictures (altair, vl-convert)")
    clock(Pages, "_measure", "typst: measuring")
    clock(Pages, "compile", "typst: the PDF")
    with duckdb.connect(store, read_only=True) as connection, tempfile.TemporaryDirectory() as folder:
        report = build_report(connection, brand)
        for which in ("first", "next"):
            seconds.clear()
            began = process_time()
            render_pdf(report, Path(folder) / "report.pdf")
            table.add(which, "all", process_time() - began)
            for part, of in seconds.items():
                table.add(which, part, of)
        posts, pages = list_posts_behind(connection, report), Table("CPU seconds of a page", COLUMNS)
        for which in ("first", "next"):
            began = process_time()
            html.chart_library()
            bundled = process_time()
            render_html(report, Path(folder) / "report.html", posts=posts)
            pages.add(which, "all", process_time() - began)
            pages.add(which, "bundling Vega", bundled - began)


if __name__ == "__main__":
    run(main)
