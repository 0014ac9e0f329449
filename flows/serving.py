"""`brandtrust serve`: the weekly flow on the brand file's cron, alerts every hour, on this machine, until stopped."""

from __future__ import annotations

import os
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from cronsim import CronSim

from flows.prefect_server import prefect_server
from flows.settings import SERVED

if TYPE_CHECKING:
    from analytics.store import Store
    from brands.brand_file import Brand


HOURLY = "10 * * * *"  # when sources have had time to show what was posted in the hour that is over


def serve_weekly(brand: Brand, store: Store, out: Path | None) -> None:
    """Serve until interrupted, one run at a time; alerts only where the brand file has a table for them.

    That the cron can be read and fires is seen to by the brand file.
    """
    cron, zone = brand.file.report.cron, brand.file.timezone
    following = next(CronSim(cron, datetime.now(ZoneInfo(zone))))
    with prefect_server(schedules=True) as await_server:
        from prefect import serve
        from prefect.schedules import Cron

        from flows.alerts_flow import alerts_flow
        from flows.weekly_flow import weekly_flow

        await_server()
        sys.stdout.write(
            f"Serving {brand.name}: {cron!r} ({zone}), next on {following:%A %Y-%m-%d %H:%M %Z}"
            f"{'; alerts every hour' if brand.file.alerts else ''}. Stop with Ctrl-C.\n"
        )
        sys.stdout.flush()
        os.environ[SERVED] = "1"
        parameters = {"brand_file": str(Path(brand.path).resolve()), "store": str(store.path.resolve())}
        deployments = [
            weekly_flow.to_deployment(
                name=f"weekly-{brand.slug}",
                schedule=Cron(cron, timezone=zone),
                parameters={**parameters, "out": None if out is None else str(out.resolve())},
            )
        ]
        if brand.file.alerts is not None:
            hourly = Cron(HOURLY, timezone="UTC")
            deployments.append(
                alerts_flow.to_deployment(name=f"alerts-{brand.slug}", schedule=hourly, parameters=parameters)
            )
        serve(*deployments, limit=1, print_starting_message=False)  # type: ignore[arg-type]
    sys.stdout.write("Stopped; the schedule is paused until the next serve.\n")
