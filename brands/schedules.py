"""When things happen: a cron for each deployment, by the brand's time zone, or "off"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from cronsim import CronSim, CronSimError
from pydantic import BaseModel, ConfigDict

OFF = "off"
_PREFECT_REFUSES = re.compile(r"\dL|LW", re.IGNORECASE)  # which cronsim can read


class Schedules(BaseModel):
    """When each deployment runs: five fields of cron by the brand's time zone, or "off".

    The minutes lie apart, since a store has one writer, and the nightly ones before anyone works.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    collect: str = "10 * * * *"  # when sources have had time to show what was posted in the hour that is over
    analyse: str = "40 5 * * *"
    comply: str = "20 3 * * *"  # daily, since X gives 24 hours; at 2 there is no 2:20 when summer begins
    policy_watch: str = "50 4 * * *"
    alerts: str = "25 * * * *"  # after collecting
    report: str | None = None  # none: report.cron


def find_schedule_faults(schedules: Schedules, report_cron: str) -> Iterator[tuple[tuple[str, str], str]]:
    """The keys whose cron cannot be used, each with what to do in one line."""
    yield from _check_cron(("report", "cron"), report_cron)
    for key in Schedules.model_fields:
        cron = getattr(schedules, key)
        if cron is not None and cron != OFF:
            yield from _check_cron(("schedules", key), cron)


def _check_cron(place: tuple[str, str], cron: str) -> Iterator[tuple[tuple[str, str], str]]:
    why = _tell_fault(cron)
    if why is not None:
        table, key = place
        off = f', or "{OFF}"' if table == "schedules" else ""
        yield place, f'{key} "{cron}" cannot be used as a cron ({why}); five fields such as "0 7 * * 1"{off}'


def _tell_fault(cron: str) -> str | None:
    """Why a cron cannot be used; None where it can."""
    fields = cron.split()
    if len(fields) != 5:
        return "wrong number of fields"
    if _PREFECT_REFUSES.search(cron):
        return "Prefect knows no L after a number and no LW"
    if problem := _read(cron):
        in_any_month = " ".join((*fields[:3], "*", fields[4]))
        return problem if _read(in_any_month) else "it never fires"
    return None


def _read(cron: str) -> str:
    """What is wrong with it; empty where it fires."""
    try:
        next(CronSim(cron, datetime(2000, 1, 1)))  # noqa: DTZ001
    except CronSimError as error:
        return str(error).lower()
    except StopIteration:
        return "it never fires"
    return ""
