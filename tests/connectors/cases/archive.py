"""The archive connector's case."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from brands.brand_file import Columns, Source
from connectors.batch import AuthorKey
from connectors.registry import open_source
from tests.connectors.suite import COLLECTED_AT, Case


@contextmanager
def archive_case(folder: Path, author_key: AuthorKey) -> Iterator[Case]:
    """A CSV file of 1,000 reviews in no order of time, with a bad record, one outside and one without an author."""
    path = folder / "reviews.csv"
    start = datetime(2023, 8, 1)
    rows = [
        [str(n), f"reviewer-{n % 50}", (start + timedelta(hours=n * 7 % 740)).isoformat(), "zoom\nagain"]
        for n in range(1_000)
    ]
    rows[10][1] = ""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "who", "at", "text"])
        writer.writerows(rows)
        writer.writerow(["bad", "reviewer-7", "the other day", "zoom"])
        writer.writerow(["old", "reviewer-7", "2022-01-01", "zoom"])
    columns = Columns(id="id", author="who", created_at="at", text="text")
    source = Source(connector="archive", name="reviews", path=path, columns=columns)

    def grow() -> str:
        with path.open("a", newline="", encoding="utf-8") as file:
            csv.writer(file).writerow(["late", "reviewer-7", "2023-08-31T23:59:00", "zoom"])
        return "late"

    yield Case(
        "archive",
        open=lambda: open_source(source, author_key=author_key, collected_at=COLLECTED_AT),
        expected={row[0] for row in rows},
        handles=[f"reviewer-{n}" for n in range(50)],
        grow=grow,
    )
