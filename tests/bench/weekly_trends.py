"""What the weekly trend of a very large store costs: to ask for, beside DuckDB's bare group-by, and to keep up to date.

Run as `python -m tests.bench.weekly_trends [POSTS] [COPIES]`: so many made-up posts are read as a run does (1,000,000
unless told otherwise), and their rows are then stored that many times (100), each time with other ids and authors and
without their texts, which no trend asks for. The store is not published, which would copy it: readers open the file.
"""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path

from analytics.store import Store, read
from analytics.trust import update_weekly_numbers
from tests.bench.large_store import grow, run_stages
from tests.bench.made_posts import BRAND, write_ndjson
from tests.bench.measurement import median_seconds, run
from tests.bench.report_seconds import MADE
from tests.bench.tables import Table, note, promise

SLUG = BRAND.lower()
TIMES = 20
QUICK, AS_BARE = 50, 1.2  # promised: so many milliseconds, or so many times DuckDB's bare group-by
BARE = f"""
SELECT week, count(*) FILTER (mean >= 0.05) AS positive, count(*) FILTER (mean <= -0.05) AS negative, count(*) AS voices
FROM (
    SELECT date_trunc('week', created_at) AS week, author_key, avg(compound) AS mean
    FROM gathered_posts WHERE brand = '{SLUG}' AND compound IS NOT NULL
    GROUP BY ALL
)
GROUP BY week
"""


def count(store: Store) -> float:
    """Seconds until the weeks that are waiting are counted."""
    began = time.perf_counter()
    update_weekly_numbers(store, [SLUG], "bench")
    return time.perf_counter() - began


def hold_to_either(stored: int, asked: float, bare: float) -> None:
    """Say whether a trend of so many seconds is quick from what is kept; if not, whether it is beside a group-by."""
    what = f"the weekly trend of {stored:,} posts ({QUICK} ms, or {AS_BARE} × a bare group-by)"
    if asked * 1000 <= QUICK:
        promise(what, asked * 1000, at_most=QUICK, unit="ms")
    else:
        promise(what, asked / bare, at_most=AS_BARE, unit="× DuckDB's bare group-by")


def main(posts: str = "1000000", copies: str = "100") -> None:
    """Print what the trend costs by what it is worked out from."""
    with tempfile.TemporaryDirectory() as room:
        folder = Path(room)
        (folder / "brand.toml").write_text(MADE.format(brand=BRAND))
        write_ndjson(folder / "posts.ndjson", int(posts))
        run_stages(folder)
        store = Store(folder / "store.duckdb")
        stored = grow(folder / "store.duckdb", int(copies), texts=False)
        store.read_path.unlink()
        os.link(folder / "store.duckdb", store.read_path)
        counted = count(store)
        with store.writer() as connection:
            connection.execute(
                "INSERT INTO stale_weeks SELECT brand, max(week) FROM weekly_numbers WHERE brand = ? GROUP BY brand",
                [SLUG],
            )
        again = count(store)
        table = Table(f"The weekly trend of {stored:,} posts", {"what": "<44", "seconds": ".3f"})
        table.add("all weeks counted anew", counted)
        table.add("the newest week counted anew", again)
        asked = median_seconds(lambda: read("trust_weekly", SLUG, store=store.path), TIMES)
        table.add("the trend asked for", asked)
        with store.reader() as connection:
            bare = median_seconds(lambda: connection.execute(BARE).fetchall(), 3)
        table.add("DuckDB's bare group-by of the same posts", bare)
        note("the trend is asked for from opening the store to the frame, of two scopes with intervals and coverage")
        hold_to_either(stored, asked, bare)


if __name__ == "__main__":
    run(main)
