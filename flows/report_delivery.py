"""The newest report as a message: its headline, its key numbers and, for mail, the PDF."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import TypeAdapter

from analytics.report import Report, write_wording
from analytics.report.formatting import write_day, write_number
from analytics.report.keeping import hash_of
from analytics.report.sentences import write_replaced
from analytics.store import Store, first_row
from analytics.store.catalogue import statement
from brands.wording import write_count
from flows.delivery import Delivered, deliver
from flows.delivery_targets import Message, Target, inert
from flows.errors import UsageError
from flows.runs import recorded
from flows.stages import Step, run_plainly

if TYPE_CHECKING:
    from analytics.report import Figure
    from brands.brand_file import Brand

WAY_ON = "The report is sent all the same by: brandtrust deliver BRAND.toml --again"


@dataclass(frozen=True, slots=True)
class ReportMessage:
    """A written report on its way; `item` is what the ledger knows it by."""

    item: str
    message: Message


def prepare_report(brand: Brand, store: Store, week: date | None = None) -> ReportMessage:
    """The newest report, or that of the week that holds `week`. Raises UsageError where it cannot be sent."""
    monday = None if week is None else week - timedelta(days=week.weekday())
    which = "" if monday is None else f" of the week of {monday}"
    with store.writer() as connection:
        row = first_row(connection, statement("find_newest_report"), {"brand": brand.slug, "week": monday})
    if row is None:
        named = "" if monday is None else f" --week {monday}"
        raise UsageError(
            f"{store.url}: no report of {brand.slug}{which} is written yet; run: brandtrust report BRAND.toml{named}"
        )
    report_id, content, path, content_hash, outdated = row
    pdf = store.folder / path
    if outdated:
        raise UsageError(f"{pdf}: quotes a post that was erased; run: brandtrust comply BRAND.toml")
    if not pdf.is_file() or hash_of(pdf.read_bytes()) != content_hash:
        raise UsageError(f"{pdf}: is not the file that was written; write it again: brandtrust report BRAND.toml")
    return ReportMessage(f"report:{report_id}", _write_message(TypeAdapter(Report).validate_json(content), pdf))


def deliver_report(
    brand: Brand,
    store: Store,
    targets: Sequence[Target],
    *,
    week: date | None = None,
    again: bool = False,
    step: Step = run_plainly,
) -> list[Delivered]:
    """Send the report to each target that has not got it. Raises UsageError where it cannot be sent."""
    ready = prepare_report(brand, store, week)
    with recorded(store, brand.slug, "deliver") as run:
        run.begin()
        done = step("deliver", lambda _: _deliver(brand, store, ready, targets, run.id, again))
        run.problem = "; ".join(f"{each.source}: {each.failure}" for each in done if each.failure)
    return done


def deliver_within(brand: Brand, store: Store, week: date, targets: Sequence[Target], run_id: str) -> list[Delivered]:
    """Send the report of a week inside a run that has begun."""
    return _deliver(brand, store, prepare_report(brand, store, week), targets, run_id)


def _deliver(
    brand: Brand, store: Store, ready: ReportMessage, targets: Sequence[Target], run_id: str, again: bool = False
) -> list[Delivered]:
    return deliver(store, brand.slug, ready.item, ready.message, targets, run_id, way_on=WAY_ON, again=again)


def _write_message(report: Report, pdf: Path) -> Message:
    synthetic = "SYNTHETIC " if report.synthetic else ""
    title = f"{synthetic}brandtrust: {report.name}, week of {write_day(report.week)}"
    return Message(inert(title), (*map(inert, _lines(report)), f"Report: {pdf.name}"), pdf)


def _lines(report: Report) -> Iterator[str]:
    week = report.this_week
    yield write_wording(report).headline
    if replaced := write_replaced(report):
        yield replaced
    yield _number("Net trust expression", week.net_trust, week.usual_net_trust, signed=True)
    yield _number("Authors who speak of data and AI practices", week.practices, week.usual_practices, unit=" %")
    posts = f"{write_count(week.posts, 'post')} by {write_count(week.authors, 'author')}"
    yield f"{posts} from {write_count(week.sources, 'source')}; collected: {week.coverage}"


def _number(name: str, value: Figure | None, usual: Figure | None, *, signed: bool = False, unit: str = "") -> str:
    if value is None or value.value is None:
        return f"{name}: no value this week"
    said = f"{name}: {write_number(value.value, signed=signed)}{unit}"
    if usual is None or usual.value is None:
        return said
    return f"{said}, usual {write_number(usual.value, signed=signed)}{unit}"
