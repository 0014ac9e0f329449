"""The table of deployments: which flow runs when, and what happens where two runs of it would meet.

`brandtrust serve`, `brandtrust deploy` and the committed prefect.yaml all come from it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias
from zoneinfo import ZoneInfo

from cronsim import CronSim

from analytics.store.lake_url import has_password
from brands.schedules import OFF, Schedules
from flows.errors import UsageError

if TYPE_CHECKING:
    from brands.brand_file import Brand

TAG = "brandtrust"
"""Every deployment and run has it; automations go by it."""

Parameter: TypeAlias = str | bool | None
Collision = Literal["CANCEL_NEW", "ENQUEUE"]


@dataclass(frozen=True, slots=True)
class Deployment:
    """A flow of a brand on its schedule, one run at a time. `collision`: what becomes of a second one.

    `active`: whether the schedule fires; a person can start the flow in any case.
    """

    flow: str
    name: str
    cron: str
    timezone: str
    active: bool
    collision: Collision
    description: str
    tags: tuple[str, ...]
    parameters: Mapping[str, Parameter]

    @property
    def module(self) -> str:
        """The module that holds the flow."""
        return f"flows.{self.flow}_flow"

    @property
    def function(self) -> str:
        """The flow's name in its module."""
        return f"{self.flow}_flow"

    @property
    def entrypoint(self) -> str:
        """Where Prefect finds the flow in a checkout."""
        return f"flows/{self.flow}_flow.py:{self.function}"

    def fires_next(self, moment: datetime) -> datetime:
        """The first time after `moment` (with a zone), in the deployment's time zone."""
        return next(CronSim(self.cron, moment.astimezone(ZoneInfo(self.timezone))))


@dataclass(frozen=True, slots=True)
class _Row:
    """A flow of the table. `schedule`: its key in [schedules]. `needed`: whether a brand file has any use for it."""

    flow: str
    schedule: str
    collision: Collision
    description: str
    needed: Callable[[Brand], bool] = lambda _: True


# A run that comes around again soon gives way to the one under way; one that must not be left out waits for it.
TABLE = (
    _Row("collect", "collect", "CANCEL_NEW", "Bring in what the sources hold."),
    _Row("analyse", "analyse", "CANCEL_NEW", "Score new posts, count their weeks, measure effects."),
    _Row("comply", "comply", "ENQUEUE", "Erase what was deleted at its source, or is kept too long."),
    _Row(
        "policy_watch",
        "policy_watch",
        "CANCEL_NEW",
        "Look at the pages of terms.",
        lambda brand: bool(brand.file.terms),
    ),
    _Row(
        "alerts",
        "alerts",
        "CANCEL_NEW",
        "Look at the last hours and tell what has left its usual range.",
        lambda brand: brand.file.alerts is not None,
    ),
    _Row("weekly", "report", "ENQUEUE", "Collect, analyse, write the weekly report and deliver it."),
)


def plan_deployments(brand: Brand, brand_file: Path, store: str | Path, out: Path | None = None) -> list[Deployment]:
    """The deployments of a brand; `brand_file`, `store` and `out` as its runs are to find them.

    Raises UsageError for a store whose password this process alone was told: Prefect would show it to everybody.
    """
    if has_password(str(store)):
        raise UsageError(
            f"{store}: scheduled runs are not told the password of --store; "
            "set PGPASSWORD or write a line into ~/.pgpass"
        )
    return [_plan(row, brand, str(brand_file), str(store), None if out is None else str(out)) for row in TABLE]


def _plan(row: _Row, brand: Brand, brand_file: str, store: str, out: str | None) -> Deployment:
    settings = brand.file.schedules
    chosen = _chosen(brand, row.schedule)
    parameters: dict[str, Parameter] = {"brand_file": brand_file, "store": store}
    if row.flow == "weekly":
        parameters["out"] = out
    if row.flow == "alerts":  # where collecting has its own schedule, asking a second time would cost a second time
        collects = settings.collect == OFF
        parameters |= {"collects": collects, "scores": not collects}
    return Deployment(
        flow=row.flow,
        name=f"{row.flow}-{brand.slug}",
        cron=_default(brand, row.schedule) if chosen == OFF else chosen,
        timezone=brand.file.timezone,
        active=chosen != OFF and row.needed(brand),
        collision=row.collision,
        description=f"{brand.name}: {row.description}",
        tags=(TAG, brand.slug),
        parameters=parameters,
    )


def _chosen(brand: Brand, key: str) -> str:
    return getattr(brand.file.schedules, key) or brand.file.report.cron


def _default(brand: Brand, key: str) -> str:
    """What a schedule that is off shows, and would be if a person switched it on."""
    return Schedules.model_fields[key].default or brand.file.report.cron


def tell_schedules(deployments: list[Deployment], moment: datetime) -> Iterator[str]:
    """A line a deployment: when it runs next, or that it does not."""
    width = max(len(each.name) for each in deployments)
    for each in deployments:
        when = f"{each.cron!r}, next on {each.fires_next(moment):%A %Y-%m-%d %H:%M %Z}" if each.active else "off"
        yield f"  {each.name:<{width}}  {when}"
