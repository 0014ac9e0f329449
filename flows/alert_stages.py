"""Alerts as plain functions: look at the last hours, keep what was found, tell what is due."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from analytics.alerts.hours import DAY, BrandHours, name_hour, number_hour
from analytics.alerts.incidents import Incident, Reason, follow, mark_told, reason_to_tell
from analytics.alerts.keeping import find_incident, list_incidents, save_incidents
from analytics.alerts.looks import Look, look_at_hours
from analytics.alerts.reading import read_hours
from analytics.alerts.season import PAST_DAYS
from analytics.alerts.stopped import StoppedSource, find_stopped
from analytics.alerts.unjudged import Reason as WhyUnjudged
from analytics.alerts.unjudged import count_reasons
from analytics.alerts.wording import tell, tell_numbers, tell_reason
from analytics.registration import register
from analytics.store import Store, first_row, now
from analytics.store.ledger import CLOCK_ERROR
from brands.schema import AlertKind, AlertSettings, QuietHours
from flows.collection import SourceResult
from flows.delivery import Delivered, deliver
from flows.delivery_targets import Message, Target, find_targets, inert
from flows.listening import questions
from flows.runs import Run, recorded
from flows.stages import Step, collect, run_plainly, score

if TYPE_CHECKING:
    import duckdb

    from brands.brand_file import Brand

LOOKED_BACK = 72  # hours: a watch that slept for three days has missed nothing


@dataclass(frozen=True, slots=True)
class Notice:
    """A message on an incident that is due."""

    incident: Incident
    reason: Reason
    message: Message

    @property
    def item(self) -> str:
        """What the ledger knows it by: each message of an incident has its number."""
        return f"alert:{self.incident.incident_id}:{self.incident.messages + 1}"

    @property
    def way_on(self) -> str:
        """What a person can do where nobody knows whether the message came through: it counts as sent."""
        name = f"Incident {self.incident.incident_id}, {self.incident.kind} of {self.incident.brand}, counts as told; "
        if self.incident.state == "closed":
            return name + "it is over: brandtrust alerts list --all"
        return name + f"take it up: brandtrust alerts acknowledge {self.incident.incident_id} --by NAME"


@dataclass(frozen=True, slots=True)
class LookedAt:
    """What a look could judge of the `hours` before `end`: `judged`, how many, by kind, and why the rest was not.

    `newest_post` of all that are stored; `collected_until`: to when any of the twelve weeks before was collected.
    """

    end: datetime
    hours: int
    judged: dict[AlertKind, int]
    unjudged: dict[AlertKind, dict[WhyUnjudged, int]]
    newest_post: datetime | None
    collected_until: datetime | None

    @property
    def begin(self) -> datetime:
        """The first hour that was looked at."""
        return self.end - timedelta(hours=self.hours)


@dataclass(slots=True)
class Watch:
    """What a look found. `held_back`: it is quiet.

    `going_on`: what is not closed; `lasting`: what a person closed, and what has not been usual for long enough since.
    `notices`: what is due and this run tells, or tries to; `told_elsewhere`: what another run told meanwhile.
    `stopped`: live sources of the brand that no look reaches any more.
    """

    run: Run
    sources: list[SourceResult] = field(default_factory=list)
    looked_at: LookedAt | None = None
    going_on: list[Incident] = field(default_factory=list)
    lasting: list[Incident] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    told_elsewhere: list[Notice] = field(default_factory=list)
    stopped: list[StoppedSource] = field(default_factory=list)
    deliveries: list[Delivered] = field(default_factory=list)
    held_back: bool = False

    @property
    def judged(self) -> dict[AlertKind, int]:
        """How many of the `hours` could be judged, by kind."""
        return self.looked_at.judged if self.looked_at else {}

    @property
    def hours(self) -> int:
        """How many hours were looked at."""
        return self.looked_at.hours if self.looked_at else 0

    @property
    def failures(self) -> list[SourceResult | Delivered]:
        """The sources that failed and the targets that did not get it."""
        looked: list[SourceResult | Delivered] = [*self.sources, *self.deliveries]
        return [each for each in looked if each.failure]


@dataclass(frozen=True, slots=True)
class LookingBack:
    """What hourly looks would have told."""

    incidents: list[Incident]
    looked_at: LookedAt


def watch(
    brand: Brand,
    store: Store,
    *,
    collects: bool = False,
    scores: bool = False,
    moment: datetime | None = None,
    targets: Sequence[Target] | None = None,
    step: Step = run_plainly,
) -> Watch:
    """Look at the hours before `moment` (UTC without zone; default: now) and tell what is due, once to each target.

    `collects`: bring in and score what is new before; `scores`: only score it. Without targets
    what is due counts as told when this returns.
    """
    settings = brand.file.alerts or AlertSettings()
    delivery = brand.file.delivery
    if targets is None:
        targets = find_targets(brand) if delivery is not None and delivery.alerts else []
    sources = []
    if collects:
        sources = collect(brand, store, step=step).sources
    if collects or scores:
        score(brand, store, step=step)
    moment = moment or now()
    with recorded(store, brand.slug, "alerts") as run:
        outcome = Watch(run, sources)
        run.begin()
        register(store, brand)
        step("look at the hours", lambda _: _look(outcome, brand, store, settings, number_hour(moment)))
        outcome.held_back = bool(outcome.notices) and is_quiet(settings.quiet_hours, brand.file.timezone, moment)
        if not outcome.held_back:
            for notice in tuple(outcome.notices):
                step("tell", partial(_tell, outcome, store, notice, targets))
        run.problem = "; ".join(f"{each.source}: {each.failure}" for each in outcome.failures)
    return outcome


def look_back(brand: Brand, store: Store, since: datetime, until: datetime) -> LookingBack:
    """What hourly looks would have opened between two moments; nothing is kept and nothing told."""
    settings = brand.file.alerts or AlertSettings()
    first, end = number_hour(since), number_hour(until)
    with store.writer() as connection:
        hours = read_hours(connection, brand.slug, first // DAY * DAY - PAST_DAYS * DAY, end)
        newest = _find_newest_post(connection, brand)
    looks = look_at_hours(hours, settings.kinds, settings.false_incidents_a_year, first, end)
    found = [
        each
        for kind in settings.kinds
        for each in follow(brand.slug, kind, [], looks[kind], settings.closes_after_hours)
    ]
    looked_at = _describe(hours, looks, end - first, newest)
    return LookingBack(sorted(found, key=lambda each: each.first_hour), looked_at)


def _describe(
    hours: BrandHours, looks: Mapping[AlertKind, Sequence[Look]], size: int, newest_post: datetime | None
) -> LookedAt:
    judged = {kind: sum(look.judged for look in seen) for kind, seen in looks.items()}
    unjudged = {kind: count_reasons(hours, kind, seen) for kind, seen in looks.items()}
    return LookedAt(name_hour(hours.end), size, judged, unjudged, newest_post, hours.collected_until)


def _find_newest_post(connection: duckdb.DuckDBPyConnection, brand: Brand) -> datetime | None:
    row = first_row(connection, "SELECT max(created_at) FROM brand_posts_without_text WHERE brand = ?", [brand.slug])
    return row[0] if row else None


def is_quiet(quiet: QuietHours | None, zone: str, moment: datetime) -> bool:
    """Whether nobody is to be woken at a moment (UTC without zone)."""
    if quiet is None:
        return False
    clock = moment.replace(tzinfo=ZoneInfo("UTC")).astimezone(ZoneInfo(zone)).time()
    if quiet.begin <= quiet.end:
        return quiet.begin <= clock < quiet.end
    return clock >= quiet.begin or clock < quiet.end


def _look(outcome: Watch, brand: Brand, store: Store, settings: AlertSettings, end: int) -> None:
    since = end - LOOKED_BACK
    with store.transaction() as connection:
        hours = read_hours(connection, brand.slug, since // DAY * DAY - PAST_DAYS * DAY, end)
        looks = look_at_hours(hours, settings.kinds, settings.false_incidents_a_year, since, end)
        known = list_incidents(connection, brand.slug)
        for kind in settings.kinds:
            own = [each for each in known if each.kind == kind]
            save_incidents(connection, follow(brand.slug, kind, own, looks[kind], settings.closes_after_hours))
        outcome.looked_at = _describe(hours, looks, LOOKED_BACK, _find_newest_post(connection, brand))
        incidents = list_incidents(connection, brand.slug)
        live = {source for slug, source, _ in questions(brand) if slug == brand.slug}
        outcome.stopped = find_stopped(connection, brand.slug, live, name_hour(end + 1) + CLOCK_ERROR)
    outcome.going_on = [each for each in incidents if each.state != "closed"]
    watched = [each for each in incidents if each.kind in settings.kinds]  # of others nobody looks whether they last
    outcome.lasting = [each for each in watched if each.state == "closed" and each.back_at is None]
    for each in incidents:
        if reason := reason_to_tell(each, settings.grows_by):
            outcome.notices.append(Notice(each, reason, _write(each, reason, brand, settings)))


def _write(incident: Incident, reason: Reason, brand: Brand, settings: AlertSettings) -> Message:
    synthetic = "SYNTHETIC " if brand.file.report.synthetic else ""
    over = "over: " if incident.state == "closed" else ""
    lines = (
        f"{tell_numbers(incident)}; {tell_reason(incident, reason, settings.closes_after_hours)}.",
        "What people say is in the store; why they say it, this cannot tell.",
        f"Incident {incident.incident_id}: brandtrust alerts acknowledge {incident.incident_id} --by NAME",
    )
    kept = lines if incident.state != "closed" else lines[:1]
    return Message(inert(f"{synthetic}brandtrust: {over}{tell(incident, brand.name)}"), tuple(map(inert, kept)))


def _tell(outcome: Watch, store: Store, notice: Notice, targets: Sequence[Target], _: object) -> None:
    done = deliver(
        store,
        notice.incident.brand,
        notice.item,
        notice.message,
        targets,
        outcome.run.id,
        way_on=notice.way_on,
    )
    outcome.deliveries += done
    became = {each.outcome for each in done}
    is_told = became == {"sent_before"}
    if not became & {"failed", "busy"}:  # the next look tells those that did not get it
        with store.transaction() as connection:  # read anew: a person may have taken it up meanwhile
            known = find_incident(connection, notice.incident.incident_id)
            if known.messages == notice.incident.messages:
                save_incidents(connection, [mark_told(known)])
            else:  # another run looked at the same time, and has counted this message
                is_told = True
    if is_told and "sent" not in became:
        outcome.notices.remove(notice)
        outcome.told_elsewhere.append(notice)
