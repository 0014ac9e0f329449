"""How long it takes from a published store to the PDF and to the page for a browser, and what of it which part.

Run as `python -m tests.bench.report_seconds [POSTS]`: the demo's store, the one of real reviews of Zoom where they are,
and one of so many made-up posts (a million unless told otherwise). Each report is the first of a process of its own.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path
from time import perf_counter
from typing import Any

import duckdb

from analytics.report import build_report, html, list_posts_behind, render_html, render_pdf
from analytics.report.pages import Pages
from analytics.report.pictures import PictureMaker
from tests.bench.made_posts import BRAND, write_ndjson
from tests.bench.measurement import ROOT, run
from tests.bench.real_posts import FOLDER
from tests.bench.tables import Table, note, promise
from tests.real_brands import copy_brand_files

MADE = """name = "{brand}"
query = "{brand}"
[[sources]]
connector = "archive"
name = "export"
path = "posts.ndjson"
match = "all"
columns = {{ id = "id", author = "user", created_at = "created_at", text = "text", lang = "lang", likes = "likes" }}
[[events]]
id = "terms"
title = "Terms allow training on customer content"
themes = ["ai_training", "consent"]
noticed = 2023-05-15
responded = 2023-06-01
confirmed = true
[report]
scorer = "vader"
also_scored = []
"""
ONE = """
import sys
from pathlib import Path
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage
from time import perf_counter
import duckdb
from analytics.report import build_report, list_posts_behind, render_html, render_pdf, start_drawing
from analytics.report.pictures import PICTURES

def cpu():
    return sum(used.ru_utime + used.ru_stime for used in map(getrusage, (RUSAGE_SELF, RUSAGE_CHILDREN)))

store, brand, kind, folder = sys.argv[1:]
began = perf_counter(), cpu()
if kind == "PDF":
    start_drawing()  # as a run does
with duckdb.connect(store, read_only=True) as connection:
    report = build_report(connection, brand)
    posts = list_posts_behind(connection, report) if kind == "page" else ()
read = perf_counter()
if kind == "page":
    render_html(report, Path(folder) / "report.html", posts=posts)
else:
    render_pdf(report, Path(folder) / "report.pdf")
wall = perf_counter()
PICTURES.stop()  # only then is known what it cost
print(read - began[0], wall - read, wall - began[0], cpu() - began[1])
"""
WHOLE = {"store": "<24", "what": "<5", "reading s": ".1f", "drawing s": ".1f", "wall s": ".1f", "CPU s": ".1f"}
COLUMNS = {"which": "<6", "part": "<32", "seconds": ".2f"}

seconds: dict[str, float] = defaultdict(float)


def clock(owner: Any, name: str, part: str) -> None:
    """Add up the seconds of a method under a part's name."""
    inner = vars(owner)[name]

    def timed(*given: Any, **named: Any) -> Any:
        began = perf_counter()
        try:
            return inner(*given, **named)
        finally:
            seconds[part] += perf_counter() - began

    setattr(owner, name, timed)


def main(posts: str = "1000000") -> None:
    """Print wall and CPU seconds of each store's PDF and page, and the parts of the demo's."""
    with tempfile.TemporaryDirectory() as folder:
        demo, made = Path(folder) / "demo", Path(folder) / "made"
        stores = [("the demo", "lumio", demo / "brandtrust.read.duckdb")]
        command = [sys.executable, "-m", "flows.command_line", "demo", "--out", str(demo)]
        subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
        if FOLDER.is_dir():
            stores.append(("real reviews of Zoom", "zoom", run_zoom(Path(folder) / "zoom")))
        stores.append((f"{int(posts):,} made-up posts", BRAND.lower(), run_made(made, int(posts))))
        (first, *_), *_, (largest, *_) = stores
        promised = {(first, "PDF"): 2, (first, "page"): 3, (largest, "PDF"): 5}
        walls = {}
        table = Table("From a published store to a report", WHOLE)
        for name, brand, store in stores:
            for kind in ("PDF", "page"):
                measured = subprocess.run(
                    [sys.executable, "-c", ONE, str(store), brand, kind, folder],
                    cwd=ROOT, capture_output=True, check=True, text=True,
                )  # fmt: skip
                reading, drawing, wall, cpu = (float(each) for each in measured.stdout.split())
                table.add(name, kind, reading, drawing, wall, cpu)
                walls[name, kind] = wall
        note("from the first query on; the process and its imports take another 0.7 s or so")
        for (name, kind), bound in promised.items():
            promise(f"{kind} of {name}", walls[name, kind], at_most=bound, unit="s")
        show_parts(stores[0][2], "lumio")


def run_zoom(folder: Path) -> Path:
    """A whole run on the real reviews."""
    folder.mkdir()
    copy_brand_files(folder, FOLDER)
    return run_whole(folder / "zoom_reviews.toml", folder)


def run_made(folder: Path, posts: int) -> Path:
    """A whole run on made-up posts of two years, all about one brand, with an event in the middle."""
    folder.mkdir()
    write_ndjson(folder / "posts.ndjson", posts)
    brand_file = folder / "made.toml"
    brand_file.write_text(MADE.format(brand=BRAND))
    return run_whole(brand_file, folder)


def run_whole(brand_file: Path, folder: Path) -> Path:
    command = [sys.executable, "-m", "flows.command_line", "run", str(brand_file), "--store", str(folder / "a.duckdb")]
    subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    return folder / "a.read.duckdb"


def show_parts(store: Path, brand: str) -> None:
    table = Table("Seconds of a PDF", COLUMNS)
    clock(PictureMaker, "make", "pictures (vl-convert, beside)")
    clock(Pages, "_measure", "typst: measuring")
    clock(Pages, "compile", "typst: the PDF")
    with duckdb.connect(store, read_only=True) as connection, tempfile.TemporaryDirectory() as folder:
        report = build_report(connection, brand)
        for which in ("first", "next"):
            seconds.clear()
            began = perf_counter()
            render_pdf(report, Path(folder) / "report.pdf")
            table.add(which, "all", perf_counter() - began)
            for part, of in seconds.items():
                table.add(which, part, of)
        posts, pages = list_posts_behind(connection, report), Table("Seconds of a page", COLUMNS)
        for which in ("first", "next"):
            began = perf_counter()
            html.chart_library()
            bundled = perf_counter()
            render_html(report, Path(folder) / "report.html", posts=posts)
            pages.add(which, "all", perf_counter() - began)
            pages.add(which, "bundling Vega", bundled - began)


if __name__ == "__main__":
    run(main)
