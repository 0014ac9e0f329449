"""The newest report of a brand, as it was written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pydantic import TypeAdapter

from analytics.store import NothingPublished, Store, first_row
from analytics.store.catalogue import statement


@dataclass(frozen=True, slots=True)
class NewestReport:
    """What the newest report answers, and where its two files were written."""

    week: date
    headline: str
    pdf: Path
    page: Path
    synthetic: bool


def find_newest_report(brand: str, store: Store) -> NewestReport | None:
    """The newest published report of a brand (a slug); None before there is one."""
    from analytics.report import Report, write_wording

    try:
        with store.reader() as connection:
            row = first_row(connection, statement("find_newest_report"), {"brand": brand, "week": None})
    except NothingPublished:
        return None
    if row is None:
        return None
    report = TypeAdapter(Report).validate_json(row[1])
    pdf = store.folder / row[2]
    return NewestReport(
        report.week, write_wording(report).headline, pdf, pdf.with_suffix(".html"), bool(report.synthetic)
    )
