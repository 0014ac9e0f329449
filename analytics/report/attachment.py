"""The file that a report carries: every figure with its numbers and its SQL, for `brandtrust verify` and any reader.

It holds neither a post's text nor a path nor a secret. What is read back out of a PDF was in anybody's hands: it is
data to be compared, and its SQL is never run.
"""

from __future__ import annotations

import json
from datetime import date
from importlib import metadata
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from analytics.report.model import Report, ReportError

ATTACHED_NAME = "brandtrust-figures.json"
FORMAT = 1
LARGEST = 50_000_000  # bytes; a report has a hundredth of that


class AttachmentError(ReportError):
    """What is attached is not what a report carries; one line says what is wrong with it."""


class NewerAttachment(ReportError):
    """It was attached by a newer release."""


class AttachedFigure(BaseModel):
    """A printed number as it stands in the file; see `Figure`."""

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="constants")

    figure_id: str
    measure: str
    brand: str
    week: date | None
    scope: str | None
    value: float
    low: float | None
    high: float | None
    n: Annotated[int, Field(ge=0, lt=2**63)] | None
    sql_hash: str


class Attached(BaseModel):
    """All that is attached. `queries`: the SQL by its SHA-256, so that a text which many figures share stands once."""

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="constants")

    format: Literal[1]
    brandtrust: str  # the release that wrote the file; empty where it ran from a checkout
    report_id: str
    store_id: str
    brand: str
    week: date
    paper: str
    scorer: str
    scorer_version: str
    taxonomy_version: str
    query_hash: str
    figures: tuple[AttachedFigure, ...]
    queries: dict[str, str]


def write_attachment(report: Report, paper: str) -> bytes:
    """The attachment of a report as JSON in UTF-8: the same report gives the same bytes."""
    attached = Attached(
        format=1,
        brandtrust=release(),
        report_id=report.report_id,
        store_id=report.store_id,
        brand=report.brand,
        week=report.week,
        paper=paper,
        scorer=report.scorer,
        scorer_version=report.scorer_version,
        taxonomy_version=report.taxonomy_version,
        query_hash=report.query_hash,
        figures=tuple(
            AttachedFigure(**{name: getattr(figure, name) for name in AttachedFigure.model_fields})
            for figure in sorted(report.figures, key=lambda figure: figure.figure_id)
        ),
        queries={figure.sql_hash: figure.sql for figure in sorted(report.figures, key=lambda figure: figure.sql_hash)},
    )
    return json.dumps(attached.model_dump(mode="json"), ensure_ascii=False, separators=(",", ":")).encode()


def read_attachment(content: bytes) -> Attached:
    """What a PDF carries. Raises NewerAttachment, AttachmentError."""
    if len(content) > LARGEST:
        raise AttachmentError(f"its {ATTACHED_NAME} is larger than that of any report")
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        raise AttachmentError(f"its {ATTACHED_NAME} is no JSON") from None
    version = found.get("format") if isinstance(found, dict) else None
    if isinstance(version, int) and version > FORMAT:
        raise NewerAttachment("was written by a newer release; update brandtrust")
    try:
        return Attached.model_validate_json(content, strict=True)
    except ValidationError as problem:
        where = ".".join(str(step) for step in problem.errors()[0]["loc"]) or "its form"
        raise AttachmentError(f"its {ATTACHED_NAME} is not as a report has it ({where})") from None


def release() -> str:
    """The release of brandtrust that runs; empty where it runs from a checkout."""
    try:
        return metadata.version("brandtrust")
    except metadata.PackageNotFoundError:
        return ""
