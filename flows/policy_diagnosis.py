"""What `brandtrust doctor` says of the watched pages of terms."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from analytics.policy.watched_pages import LookRecord, list_looks
from analytics.store import Store, StoreError, now
from brands.wording import write_count
from connectors.errors import ConnectorError
from connectors.terms.page_requests import PageClient
from connectors.terms.versions import SOURCE
from connectors.terms.watching import WatchedPage, look_at, prepare_pages
from flows.finding import Finding

if TYPE_CHECKING:
    from brands.brand_file import Brand

OLD = timedelta(days=14)  # the weekly flow did not come by, or failed, twice


def examine_pages(brand: Brand, store: Store, *, online: bool = False) -> Iterator[Finding]:
    """How many pages are watched, and of each how its last looks ended. `online`: look now, and keep nothing."""
    try:
        pages = prepare_pages(brand.file.terms)
    except ConnectorError as problem:
        yield Finding("terms", False, str(problem))
        return
    if not pages:
        return
    yield Finding("terms", True, f"{write_count(len(pages), 'page')} watched, by policy watch and by each run")
    looks = _read_looks(brand.slug, store)
    for page in pages:
        finding = _tell(page, looks.get(page.document), now(), str(brand.path))
        yield _look(page, finding) if online else finding


def _read_looks(brand: str, store: Store) -> dict[str, LookRecord]:
    """By the published copy, which a run that writes does not keep from us."""
    if not store.exists:
        return {}
    try:
        with store.reader() as connection:
            return list_looks(connection, brand)
    except StoreError:  # nothing is published yet; that is told of the copy itself
        return {}


def _tell(page: WatchedPage, look: LookRecord | None, moment: datetime, path: str) -> Finding:
    subject = f"terms {page.document}"
    if look is None:
        return Finding(subject, True, f"{page.shown}: not looked at yet; run: brandtrust policy watch {path}")
    read = f"last read {_date(look.read_at, moment)}" if look.read_at else "never read"
    looks = f"{page.shown}: {write_count(look.looks, 'look')}, the last {_date(look.asked_at, moment)}"
    if look.outcome == "failed":
        return Finding(subject, False, f"{looks}, failed: {look.problem}; {read}, so what it says now is not known")
    failed = f"; failed last {_date(look.failed_at, moment)}: {look.problem}" if look.failed_at else ""
    if moment - look.asked_at > OLD:
        told = f"{looks}, too long ago; run: brandtrust policy watch {path}{failed}"
        return Finding(subject, False, told)
    return Finding(subject, True, f"{looks}; {read}{failed}")


def _date(day: datetime, moment: datetime) -> str:
    days = (moment.date() - day.date()).days
    ago = "today" if days == 0 else f"{write_count(days, 'day')} ago"
    return f"{day:%Y-%m-%d} ({ago})"


def _look(page: WatchedPage, finding: Finding) -> Finding:
    try:
        look_at(PageClient(SOURCE), page)
    except ConnectorError as problem:
        return Finding(finding.subject, False, f"cannot be read now: {' '.join(str(problem).split())}")
    return Finding(finding.subject, finding.good, f"answers; {finding.told}")
