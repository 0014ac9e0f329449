"""The history of terms as people ask for it: which changes there are, and one of them by its document and day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from analytics.policy import Version, find_changes
from analytics.store import Store, StoreError
from analytics.store.catalogue import statement

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analytics.policy import PolicyChange


class UnknownChange(StoreError):
    """No change is recorded under the document and day that were given, or several are."""


@dataclass(frozen=True, slots=True)
class ListedVersion:
    """A recorded version in one line. `first` ones are compared with nothing: direction and noise are None."""

    brand: str
    document: str
    recorded_at: datetime
    stated_effective: date | None
    direction: str | None
    themes: tuple[str, ...]
    telling: str
    noise: str | None
    confirmed_events: tuple[str, ...]
    rejected_events: tuple[str, ...]
    first: bool


@dataclass(frozen=True, slots=True)
class FoundChange:
    """A change with what a person said of it. `first_seen`: see the view policy_history.

    `compared_at`: of the version it is held against, the last before it that is no broken capture.
    """

    brand: str
    document: str
    recorded_at: datetime
    previous_at: datetime
    compared_at: datetime
    origin: str
    reference: str
    stated_effective: date | None
    first_seen: date
    direction: str
    themes: tuple[str, ...]
    noise: str
    restores: datetime | None
    confirmed_events: tuple[str, ...]
    rejected_events: tuple[str, ...]
    confirmed_by: str | None
    confirmed_at: datetime | None


@dataclass(frozen=True, slots=True)
class FailedLook:
    """A watched page whose last look failed."""

    brand: str
    document: str
    asked_at: datetime
    problem: str


def list_versions(store: Store, brand: str | None = None) -> list[ListedVersion]:
    """Every recorded version by brand and time."""
    return [ListedVersion(**row) for row in _ask(store, "list_policy_changes", brand=brand)]


def list_failures(store: Store, brand: str | None = None) -> list[FailedLook]:
    """The watched pages whose last look failed: what their terms say now is not known."""
    return [FailedLook(**row) for row in _ask(store, "list_policy_failures", brand=brand)]


def find_change(store: Store, document: str, moment: str, brand: str | None = None) -> FoundChange:
    """The change of `document` recorded on the day, or at the time, that `moment` (ISO, UTC) begins with.

    Raises UnknownChange: one line with what there is instead.
    """
    rows = _ask(store, "find_policy_change", brand=brand, document=document)
    if not rows:
        known = sorted({each.document for each in list_versions(store, brand)})
        there_are = (
            f"the store has: {', '.join(known)}" if known else "import its history first: brandtrust policy import"
        )
        raise UnknownChange(f'no version of "{document}" is recorded; {there_are}')
    brands = sorted({row["brand"] for row in rows})
    if len(brands) > 1:
        raise UnknownChange(f'several brands have a "{document}"; add --brand: {", ".join(brands)}')
    wanted = moment.strip().replace(" ", "T")
    found = [row for row in rows if wanted and row["recorded_at"].isoformat().startswith(wanted)]
    if not found:
        raise UnknownChange(f'no version of "{document}" was recorded on {moment}; {_name_nearest(rows, wanted)}')
    if len(found) > 1:
        times = ", ".join(row["recorded_at"].isoformat() for row in found[:5])
        raise UnknownChange(f'{len(found)} versions of "{document}" were recorded then; give the time too: {times}')
    (row,) = found
    if row["previous_at"] is None:
        raise UnknownChange(
            f'the version of "{document}" of {row["recorded_at"]:%Y-%m-%d} is the first that is known; '
            "there is nothing to compare it with"
        )
    return FoundChange(**row)


def compare(store: Store, change: FoundChange) -> PolicyChange:
    """What differs between the two versions, sentence by sentence."""
    moments = {"first": change.compared_at, "last": change.recorded_at}
    rows = _ask(store, "read_two_versions", brand=change.brand, document=change.document, **moments)
    return find_changes(Version(row["recorded_at"], row["text"], change.document) for row in rows)[0]


def _name_nearest(rows: Sequence[dict[str, Any]], wanted: str) -> str:
    try:
        day = date.fromisoformat(wanted[:10])
    except ValueError:
        return "give a day such as 2023-03-31"
    nearest = sorted(rows, key=lambda row: abs(row["recorded_at"].date() - day))[:3]
    return f"the nearest are of {', '.join(sorted({str(row['recorded_at'].date()) for row in nearest}))}"


def _ask(store: Store, name: str, **values: object) -> list[dict[str, Any]]:
    """The rows of a statement by their columns' names, lists as tuples."""
    with store.writer() as connection:
        asked = connection.execute(statement(name), values)
        names = [column[0] for column in asked.description]
        rows = asked.fetchall()
    return [
        {key: tuple(value) if isinstance(value, list) else value for key, value in zip(names, row, strict=True)}
        for row in rows
    ]
