"""One incident of many hours: it opens with the first alarm, holds all that follow, and closes by itself.

It is over once the series was in its usual range for a stated number of hours that could be judged; an hour that could
not be is neither here nor there, so a gap closes nothing. What a person has closed or acknowledged goes on to be
followed in silence until then, so that the rest of one surge does not open a second incident.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from analytics.alerts.hours import name_hour, number_hour
from analytics.alerts.looks import Alarm, Look
from brands.schema import AlertKind

State = Literal["open", "acknowledged", "closed"]
Told = Literal["", "opened", "closed"]
ITSELF = "itself"


@dataclass(frozen=True, slots=True)
class Incident:
    """Something that left its usual range, from `first_hour` to the end of `last_hour` (UTC without zone).

    `peak` is what was seen at its height, in the `length` hours that end with `peak_hour`. `back_at`: since when the
    series had been usual for long enough; None while it has not. `messages` were sent; the last of them told `told`,
    when the incident was of `told_size`.
    """

    incident_id: str
    brand: str
    kind: AlertKind
    first_hour: datetime
    last_hour: datetime
    peak_hour: datetime
    peak: Alarm
    state: State = "open"
    acknowledged_by: str = ""
    acknowledged_at: datetime | None = None
    note: str = ""
    closed_by: str = ""
    closed_at: datetime | None = None
    back_at: datetime | None = None
    told: Told = ""
    told_size: float = 0.0
    messages: int = 0

    @property
    def silent(self) -> bool:
        """Whether a person has taken it up: nothing more is told of it."""
        return bool(self.acknowledged_by) or self.closed_by not in ("", ITSELF)


def follow(
    brand: str, kind: AlertKind, known: Sequence[Incident], looks: Sequence[Look], closes_after: int
) -> list[Incident]:
    """The incidents that these hours opened or changed; `known` are those of this brand and kind, in any order.

    To look at the same hours again changes nothing.
    """
    incidents = {each.incident_id: each for each in known}
    running = next((each for each in known if each.back_at is None), None)
    over = [(each.first_hour, each.back_at) for each in known if each.back_at is not None]
    calm = 0
    for look in looks:
        hour = name_hour(look.hour)
        if look.alarm is not None:
            calm = 0
            if any(begin <= hour < end for begin, end in over):
                continue
            running = _add(running, look.alarm, hour) if running else _open(brand, kind, look.alarm, hour)
            incidents[running.incident_id] = running
        elif running is not None and hour > running.last_hour and look.judged:
            calm = calm + 1 if look.usual else 0
            if calm >= closes_after:
                ended = _end(running, hour + timedelta(hours=1))
                incidents[ended.incident_id] = ended
                over.append((ended.first_hour, hour + timedelta(hours=1)))
                running, calm = None, 0
    before = {each.incident_id: each for each in known}
    changed = (each for each in incidents.values() if before.get(each.incident_id) != each)
    return sorted(changed, key=lambda each: each.first_hour)


def identify(brand: str, kind: str, first_hour: datetime) -> str:
    """The same incident has the same id in every run: ten hexadecimal digits."""
    return hashlib.sha256(f"{brand} {kind} {number_hour(first_hour)}".encode()).hexdigest()[:10]


def _open(brand: str, kind: AlertKind, alarm: Alarm, hour: datetime) -> Incident:
    return Incident(identify(brand, kind, hour), brand, kind, hour, hour, hour, alarm)


def _add(incident: Incident, alarm: Alarm, hour: datetime) -> Incident:
    longer = replace(incident, last_hour=max(incident.last_hour, hour))
    if alarm.size > incident.peak.size and hour >= incident.first_hour:
        return replace(longer, peak=alarm, peak_hour=hour)
    return longer


def _end(incident: Incident, moment: datetime) -> Incident:
    if incident.state == "closed":  # by a person, while it went on
        return replace(incident, back_at=moment)
    return replace(incident, state="closed", closed_by=ITSELF, closed_at=moment, back_at=moment)


Reason = Literal["opened", "grown", "closed"]


def reason_to_tell(incident: Incident, grows_by: float) -> Reason | None:
    """Why a message is due: it is new, it has grown by a factor since it was last told, or it is over."""
    if incident.silent:
        return None
    if incident.told == "":
        return "opened"
    if incident.state == "closed":
        return "closed" if incident.told != "closed" else None
    return "grown" if incident.peak.size >= grows_by * incident.told_size else None


def mark_told(incident: Incident) -> Incident:
    """The incident once a message on its present state is out."""
    told: Told = "closed" if incident.state == "closed" else "opened"
    return replace(incident, told=told, told_size=incident.peak.size, messages=incident.messages + 1)
