"""Incidents in the store: what was found before, what a person said of it, and what was told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from analytics.alerts.incidents import Incident
from analytics.alerts.looks import Alarm
from analytics.store import StoreError
from analytics.store.catalogue import statement

if TYPE_CHECKING:
    import duckdb

OF_ALARM = tuple(field.name for field in fields(Alarm))


class UnknownIncident(StoreError):
    """No incident has the id that was given, or several begin so."""


class IncidentClosed(StoreError):
    """What was asked for makes no sense of an incident that is closed."""


class AlreadyTaken(StoreError):
    """Somebody else has taken the incident up."""


def list_incidents(connection: duckdb.DuckDBPyConnection, brand: str | None = None) -> list[Incident]:
    """Every incident in order of time; of every brand where none is named."""
    rows = connection.execute(statement("list_incidents"), {"brand": brand})
    names = [column[0] for column in rows.description or []]
    return [_read(dict(zip(names, row, strict=True))) for row in rows.fetchall()]


def save_incidents(connection: duckdb.DuckDBPyConnection, incidents: Iterable[Incident]) -> None:
    """Write incidents in place of what was known of them, inside the transaction of `connection`."""
    for each in incidents:
        row = {field.name: getattr(each, field.name) for field in fields(each) if field.name != "peak"}
        row |= {name: getattr(each.peak, name) for name in OF_ALARM}
        connection.execute(statement("upsert_incident"), row)


def find_incident(connection: duckdb.DuckDBPyConnection, incident_id: str) -> Incident:
    """The incident whose id begins so. Raises UnknownIncident."""
    found = [each for each in list_incidents(connection) if each.incident_id.startswith(incident_id.lower())]
    if not incident_id or not found:
        raise UnknownIncident(f"no incident has the id {incident_id!r}; see: brandtrust alerts list")
    if len(found) > 1:
        raise UnknownIncident(f"several incidents begin with {incident_id!r}; give more of the id")
    return found[0]


def acknowledge(
    connection: duckdb.DuckDBPyConnection, incident_id: str, who: str, note: str, moment: datetime
) -> Incident:
    """Write down who has taken an incident up: no more is told of it.

    Raises UnknownIncident, IncidentClosed, AlreadyTaken.
    """
    known = find_incident(connection, incident_id)
    if known.state == "closed":
        raise IncidentClosed(
            f"incident {known.incident_id} was closed by {known.closed_by}; there is nothing to take up"
        )
    if known.state == "acknowledged" and known.acknowledged_by != who:
        raise AlreadyTaken(f"incident {known.incident_id} was taken up by {known.acknowledged_by} before; talk to them")
    note = note or known.note
    taken = replace(known, state="acknowledged", acknowledged_by=who, acknowledged_at=moment, note=note)
    save_incidents(connection, [taken])
    return taken


def close(connection: duckdb.DuckDBPyConnection, incident_id: str, who: str, moment: datetime) -> Incident:
    """Close an incident by a person's word; the rest of what goes on opens no other.

    Raises UnknownIncident, IncidentClosed.
    """
    known = find_incident(connection, incident_id)
    if known.state == "closed":
        raise IncidentClosed(f"incident {known.incident_id} is closed already, by {known.closed_by}")
    closed = replace(known, state="closed", closed_by=who, closed_at=moment)
    save_incidents(connection, [closed])
    return closed


def _read(row: dict[str, Any]) -> Incident:
    alarm = Alarm(**{name: row.pop(name) for name in OF_ALARM})
    return Incident(peak=alarm, **row)
