"""For each policy event the day on which it was noticed, as each signal proposes it. A person decides.

Looked at are the days from that on which the clause is known: its first sight, its effect or its recording, whichever
came first, for half a year or until the company answered. What is counted on a source whose posts are tested is no
independent witness: a day that it gives can only be declared as `same_posts`, and then nothing is tested there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from analytics.notice.surges import Surge, find_surge
from analytics.store.catalogue import statement
from brands.wording import write_count

if TYPE_CHECKING:
    import duckdb

    from brands.brand_file import Brand
    from brands.schema import Event, NoticedBasis

HALF_A_YEAR = timedelta(days=183)  # a surge that comes later is news of something else
NEAR = 3  # days within which two signals agree
COUNTS_POSTS_OF = {"x_counts": "x"}  # a connector of signals, and that of the source whose posts it counts


@dataclass(frozen=True, slots=True)
class Proposal:
    """What one signal says of one event.

    `surge` is None where it proposes no day; `reason` says why, or what limits it. `basis`: what a day from
    this signal may be declared as; `why` it is no independent one, else empty.
    """

    signal: str
    basis: NoticedBasis
    why: str
    surge: Surge | None
    reason: str


@dataclass(frozen=True, slots=True)
class Notice:
    """An event, or confirmed change of terms, with what each signal proposes. `since` is None where no day is known."""

    event_id: str
    title: str
    in_brand_file: bool
    declared: date | None
    declared_basis: str
    since: date | None
    until: date | None
    proposals: tuple[Proposal, ...]

    @property
    def best(self) -> Proposal | None:
        """The earliest proposal of an independent signal; without one, the earliest of the tested posts."""
        found = [each for each in self.proposals if each.surge is not None]
        return min(found, key=lambda each: (each.basis != "independent", each.surge and each.surge.day), default=None)

    @property
    def agreement(self) -> str:
        """How far the independent signals agree, in a sentence; empty with fewer than two of them."""
        independent = [each for each in self.proposals if each.basis == "independent"]
        days = sorted(each.surge.day for each in independent if each.surge is not None)
        if len(independent) < 2 or not days:
            return ""
        near = sum((day - days[0]).days <= NEAR for day in days)
        said = f"{near} of {len(independent)} independent signals within {NEAR} days of {days[0]}"
        others = [str(day) for day in days if (day - days[0]).days > NEAR]
        return f"{said}; others: {', '.join(others)}" if others else said


@dataclass(frozen=True, slots=True)
class _Series:
    name: str
    basis: NoticedBasis
    why: str
    values: Mapping[date, float]


def find_notices(connection: duckdb.DuckDBPyConnection, brand: Brand, today: date) -> list[Notice]:
    """What the signals in the store propose for each event of the brand file, then for each confirmed other change."""
    rows = connection.execute(statement("list_confirmed_clauses"), {"brand": brand.slug}).fetchall()
    confirmed: dict[str, tuple[date, str]] = {event: (day, document) for event, day, document in rows}
    series = list(_read_series(connection, brand))
    notices = []
    for event in brand.events:
        dates = (event.clause_first_seen, event.effective, confirmed.get(event.id, (None, ""))[0])
        since = min((day for day in dates if day is not None), default=None)
        notices.append(_propose(event.id, event.title, event, since, series, today))
    declared = {event.id for event in brand.events}
    for event_id, (day, document) in confirmed.items():
        if event_id not in declared:
            notices.append(_propose(event_id, f"{document}: changed", None, day, series, today))
    return notices


def save_notices(
    connection: duckdb.DuckDBPyConnection, brand: str, notices: Sequence[Notice], looked_at: date, run_id: str
) -> None:
    """Keep the proposals of one look in place of those of the look before. Within the caller's transaction."""
    connection.execute("DELETE FROM event_notices WHERE brand = ?", [brand])
    for notice in notices:
        for each in notice.proposals:
            surge = each.surge
            row: dict[str, Any] = {name: surge and getattr(surge, name) for name in ("day", "value", "usual", "times")}
            row |= {"brand": brand, "event_id": notice.event_id, "signal": each.signal, "basis": each.basis}
            row |= {"searched_from": notice.since, "searched_to": notice.until, "declared": notice.declared}
            row |= {"reason": "; ".join(filter(None, (each.reason, each.why)))}
            connection.execute(statement("insert_event_notice"), {**row, "looked_at": looked_at, "run_id": run_id})


def _propose(
    event_id: str, title: str, event: Event | None, since: date | None, series: Sequence[_Series], today: date
) -> Notice:
    declared = event.noticed if event else None
    basis = event.noticed_basis if event and declared else ""
    until = None
    if since is not None:
        until = since + HALF_A_YEAR
        if declared is not None:  # so that the declared day itself is always looked at
            until = max(until, declared + timedelta(days=NEAR))
        if event is not None and event.responded is not None:
            until = min(until, max(event.responded, since))
        until = min(until, today)
    proposals = []
    if since is not None and until is not None and since <= today:
        for each in series:
            found = find_surge(each.values, since, until)
            proposals.append(Proposal(each.name, each.basis, each.why, found.surge, found.reason))
    return Notice(event_id, title, event is not None, declared, basis, since, until, tuple(proposals))


def _read_series(connection: duckdb.DuckDBPyConnection, brand: Brand) -> Iterator[_Series]:
    """The brand file's signals of attention, then the stories of each source, which are posts that are tested."""
    days: dict[tuple[str, str], dict[date, float]] = {}
    for kind, name, day, value in connection.execute(
        statement("list_attention_days"), {"brand": brand.slug}
    ).fetchall():
        days.setdefault((kind, name), {})[day] = value
    sources = {source.connector: source.name for source in brand.file.sources}
    for signal in brand.signals:
        if signal.kind != "attention":
            continue
        source = sources.get(COUNTS_POSTS_OF.get(signal.connector, ""))
        why = f"counts the posts of {source}, which are tested" if source else ""
        yield _Series(signal.name, "same_posts" if why else "independent", why, days.get(("signal", signal.name), {}))
    for (kind, name), values in days.items():
        if kind == "stories":
            why = f"these are posts of {name}, which are tested"
            yield _Series(f"stories of {name}", "same_posts", why, values)


def differs(notice: Notice) -> str:
    """One line where independent signals differ from the brand file; else empty. The tested posts are not asked."""
    best = notice.best
    if notice.declared is None or best is None or best.surge is None or best.basis != "independent":
        return ""
    left = f"{best.signal}, which is independent of the posts, left its usual on {best.surge.day}"
    if best.surge.day != notice.declared:
        apart = write_count(abs((best.surge.day - notice.declared).days), "day")
        side = "earlier" if best.surge.day < notice.declared else "later"
        return f"{notice.event_id}: noticed = {notice.declared} is declared; {left}, {apart} {side}"
    if notice.declared_basis == "same_posts":
        return f'{notice.event_id}: noticed_basis = "same_posts" is declared; {left}, the same day'
    return ""
