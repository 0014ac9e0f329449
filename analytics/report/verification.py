"""Holding a report against the store: is it the file that was written, and does the store still give its figures?

The store is believed, the file is not. A file is known by its bytes, each of which was remembered when it was written;
of any other it is told in which figures and words it differs from what was published. The SQL that runs is what the
store itself published, never what a file brings.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from analytics.report.altered_particulars import AS_READ, name_altered
from analytics.report.altered_words import Number, Passage, find_altered
from analytics.report.attachment import (
    ATTACHED_NAME,
    Attached,
    AttachedFigure,
    AttachmentError,
    read_attachment,
    release,
)
from analytics.report.figure_names import name_figure
from analytics.report.figures import ask
from analytics.report.figures_now import Numbers, Run, compute_again, is_same, still_stands
from analytics.report.keeping import Kept, hash_of, read_kept
from analytics.report.model import Report, ReportError
from analytics.report.pdf import compile_pdf
from analytics.report.pdf_file import PdfFile, read_file
from analytics.store import first_row

if TYPE_CHECKING:
    import duckdb

Verdict = Literal["identical", "changed", "altered"]
Row = Mapping[str, Any]
FOOTER = re.compile(r"Report ([\w-]+-\d{4}-\d{2}-\d{2}-[0-9a-f]{12})\b")


class NotOfThisStore(ReportError):
    """The file is no report, or not one that this store wrote."""


@dataclass(frozen=True, slots=True)
class Checked:
    """One figure. `in_file` and `published` are None where it is missing there, `now` where the store gives none.

    `times`: how often the file carries it; where more than once, `in_file` is the first that is not as published.
    """

    figure_id: str
    words: str
    verdict: Verdict
    in_file: Numbers | None
    published: Numbers | None
    now: Numbers | None
    times: int


@dataclass(frozen=True, slots=True)
class Since:
    """What happened to one brand of the report since it was published."""

    brand: str
    name: str
    deleted: int  # posts erased
    later: int  # posts of the weeks shown that came later
    weeks_anew: int  # weeks that were counted again
    effects_anew: int  # effects that were measured again


@dataclass(frozen=True, slots=True)
class Verification:
    """What came out for the report on `brand`, a slug. `notes` say in sentences what is no matter of one figure."""

    verdict: Verdict
    path: Path
    report_id: str
    brand: str
    week: date
    published_at: datetime
    known_bytes: bool
    figures: tuple[Checked, ...]
    passages: tuple[Passage, ...]
    notes: tuple[str, ...]
    since: tuple[Since, ...]

    def count(self, verdict: Verdict) -> int:
        """How many figures are so."""
        return sum(figure.verdict == verdict for figure in self.figures)


def verify_report(connection: duckdb.DuckDBPyConnection, path: Path, run: Run) -> Verification:
    """Hold the PDF at `path` against the published copy behind `connection`.

    `run` answers a query that the store published, on a connection that can only read it, and raises NotAnswered.
    Raises UnreadablePdf, NewerAttachment, NotOfThisStore.
    """
    content = read_file(path)
    known = first_row(connection, "SELECT report_id FROM report_files WHERE content_hash = ?", [hash_of(content)])
    file = PdfFile(path, content)
    notes: list[str] = []
    attached = _read_attached(file, notes)
    report_id = str(known[0]) if known else _claimed_report(connection, file, attached)
    rows = ask(connection, "list_published", {"report_id": report_id})[1]
    if not rows:
        raise NotOfThisStore(
            f"{path}: the store has not published a report {report_id}; it was altered, or its run "
            "was interrupted before it had published, or the store is an older one: "
            "give the store that wrote it with --store"
        )
    published = {row["figure_id"]: row for row in rows}
    names = dict(connection.execute("SELECT brand, name FROM brands").fetchall())
    passages: list[Passage] = []
    kept = read_kept(connection, report_id)
    if known is None:
        passages = _compare_pages(file, report_id, kept, list(published.values()), names, attached, notes)
    now, unanswered = compute_again(rows, report_id, run)
    notes += unanswered
    figures = tuple(_check(published, attached, now, names))
    is_altered = known is None or any(figure.verdict == "altered" for figure in figures)
    if known is not None and is_altered:
        notes.insert(0, "The file is as it was written, byte for byte: what the store says of it was changed.")
    brand, week = _about(report_id)
    is_sure = known is not None or bool(kept)  # else what it says of itself may be altered
    as_read = kept[0].report if known is None and kept else attached
    since = _list_changes(connection, rows, brand, week, notes, as_read, is_sure=is_sure)
    changed = any(figure.verdict == "changed" for figure in figures)
    return Verification(
        verdict="altered" if is_altered else "changed" if changed else "identical",
        path=path,
        report_id=report_id,
        brand=brand,
        week=week,
        published_at=min(row["published_at"] for row in rows),
        known_bytes=known is not None,
        figures=figures,
        passages=tuple(passages),
        notes=tuple(notes),
        since=since,
    )


def _read_attached(file: PdfFile, notes: list[str]) -> Attached | None:
    """What the file carries; None where that is missing or no longer what reports carry, which a note then says."""
    found = file.read_attached()
    if len(found) > 1:
        notes.append(f"It carries {len(found)} files named {ATTACHED_NAME}, where a report carries one.")
    if not found:
        return None
    try:
        return read_attachment(found[0])
    except AttachmentError as problem:
        notes.append(f"What it carries was altered: {problem}.")
    except ReportError as problem:
        raise type(problem)(f"{file.path}: {problem}") from None
    return None


def _claimed_report(connection: duckdb.DuckDBPyConnection, file: PdfFile, attached: Attached | None) -> str:
    """The report that a file of unknown bytes says it is: by the foot of its pages and what it carries.

    Where these differ, the foot is believed: it stands on every page, and what was altered is then told of the other.
    """
    own = first_row(connection, "SELECT value FROM store_settings WHERE name = 'store_id'")
    if attached is not None and (own is None or attached.store_id not in ("", own[0])):
        raise NotOfThisStore(f"{file.path}: was written from another store; give that one with --store")
    carried = [attached.report_id] if attached else []
    words = " ".join(word for page in file.read_words() for word in page)
    feet = Counter(str(foot[1]) for foot in FOOTER.finditer(words))
    claimed = [*(each for each in carried if each in feet), *(each for each, _ in feet.most_common()), *carried]
    if not claimed:
        raise NotOfThisStore(f"{file.path}: is no report of brandtrust; give the path of a report")
    for report_id in claimed:
        if first_row(connection, "SELECT 1 FROM published_figures WHERE report_id = ? LIMIT 1", [report_id]):
            return report_id
    return claimed[0]


def _about(report_id: str) -> tuple[str, date]:
    """Brand and week, which are part of a report's id."""
    brand, year, month, day, _ = report_id.rsplit("-", 4)
    return brand, date(int(year), int(month), int(day))


def _compare_pages(
    file: PdfFile,
    report_id: str,
    kept_files: Sequence[Kept],
    rows: Sequence[Row],
    names: Mapping[str, str],
    attached: Attached | None,
    notes: list[str],
) -> list[Passage]:
    """Where the pages say something else than the report as it is rendered from what is kept of it."""
    if attached is None and not file.read_attached():
        notes.append(f"The {ATTACHED_NAME} that a report carries was taken out of it.")
    kept = {each.paper: each for each in kept_files}
    brand, week = _about(report_id)
    if attached is not None:
        queries = {row["sql_hash"] for row in rows}
        if named := name_altered(attached, report_id, brand, week, queries, kept.values()):
            notes.append(f"What it carries was altered: {', '.join(named)}.")
    if not kept:
        notes.append(
            "Its bytes are none that this store wrote. The store keeps the words of this report no longer, so that the "
            "words of its pages could not be compared."
        )
        return []
    numbers = []
    for row in rows:
        if row["week"] in (None, week) or row["figure_id"].startswith("usual/"):
            words = name_figure(row["figure_id"], row["brand"], row["week"], names)
            numbers.append(Number(words, row["value"]))
            numbers += [Number(f"{words}: interval", row[end]) for end in ("low", "high") if row[end] is not None]
    pages = file.read_words()
    found: list[list[Passage]] = []
    for each in kept.values():
        rendered = PdfFile(file.path, compile_pdf(each.report, each.paper).content)
        found.append(find_altered(pages, rendered.read_words(), numbers))
    passages = min(found, key=len)
    differs = "its words differ" if passages else "every word of its pages is as written"
    notes.append(f"Its bytes are none that this store wrote; {differs}. Pictures were not compared.")
    if any(each.quotes_gone for each in kept.values()):
        notes.append("Posts that it quoted were deleted since: where they stood its words differ in any case.")
    if attached is not None and attached.brandtrust != release():
        notes.append("It says that another release wrote it, which may lay out and say some things otherwise.")
    return passages


def _check(
    published: Mapping[str, Row], attached: Attached | None, now: Mapping[str, Numbers], names: Mapping[str, str]
) -> Iterable[Checked]:
    carried: dict[str, list[AttachedFigure]] = {}
    for figure in attached.figures if attached else ():
        carried.setdefault(figure.figure_id, []).append(figure)
    for figure_id in sorted({*published, *carried}):
        row, found = published.get(figure_id), carried.get(figure_id, [])
        others = [] if attached is None else [each for each in found if not _is_published(each, row, attached)]
        mine = next(iter(others or found), None)
        stands = None if row is None else Numbers(row["value"], row["low"], row["high"], row["n"])
        in_file = None if mine is None else Numbers(mine.value, mine.low, mine.high, mine.n)
        verdict: Verdict = "identical"
        if attached is not None and (others or len(found) != 1):
            verdict = "altered"
        elif stands is not None and not still_stands(stands, now.get(figure_id)):
            verdict = "changed"
        brand, week = (row["brand"], row["week"]) if row else (mine.brand, mine.week) if mine else ("", None)
        words = name_figure(figure_id, brand, week, names)
        yield Checked(figure_id, words, verdict, in_file, stands, now.get(figure_id), len(found))


def _is_published(mine: AttachedFigure, row: Row | None, attached: Attached) -> bool:
    """Whether a figure that the file carries is the published one, to the last digit, SQL included."""
    return (
        row is not None
        and all(is_same(getattr(mine, name), row[name]) for name in Numbers._fields)
        and all(getattr(mine, name) == row[name] for name in ("sql_hash", "measure", "brand", "week", "scope"))
        and attached.queries.get(mine.sql_hash) == row["sql"]
    )


def _list_changes(
    connection: duckdb.DuckDBPyConnection,
    rows: list[dict[str, Any]],
    brand: str,
    week: date,
    notes: list[str],
    as_read: Attached | Report | None,
    *,
    is_sure: bool,
) -> tuple[Since, ...]:
    """What can have changed figures since they were published; a brand of which nothing did is left out.

    `as_read` says how the brand was read for the report; not `is_sure`: somebody may have altered that.
    """
    found = ask(
        connection,
        "count_changes_since",
        {
            "since": min(row["published_at"] for row in rows).isoformat(),
            "run_id": min(row["run_id"] for row in rows),
            "brand": brand,
            "brands": tuple(sorted({row["brand"] for row in rows})),
            "week": week,
        },
    )[1]
    own = next((row for row in found if row["brand"] == brand), None)
    if own is not None and as_read is not None:
        differing = ", ".join(word for name, word in AS_READ.items() if own[name] != getattr(as_read, name))
        if differing and is_sure:
            notes.append(f"The brand is read otherwise now than in the report: {differing}.")
        elif differing:
            notes.append(
                f"What it carries is not as the brand is read now: {differing}. Either that was altered, or the brand "
                "is read otherwise since."
            )
    counts = ("deleted", "later", "weeks_anew", "effects_anew")
    return tuple(
        Since(row["brand"], row["name"], *(int(row[name]) for name in counts))
        for row in found
        if any(row[name] for name in counts)
    )
