"""`brandtrust serve`: the weekly flow on the brand file's cron, on this machine, until stopped."""

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


def serve_weekly(brand: Brand, store: Store, out: Path | None) -> None:
    """Serve until interrupted. That the cron can be read and fires is seen to by the brand file."""
    cron, zone = brand.file.report.cron, brand.file.timezone
    following = next(CronSim(cron, datetime.now(ZoneInfo(zone))))
    with prefect_server(schedules=True) as await_server:
        from prefect.schedules import Cron

        from flows.weekly_flow import weekly_flow

        await_server()
        sys.stdout.write(
            f"Serving {brand.name}: {cron!r} ({zone}), next on {following:%A %Y-%m-%d %H:%M %Z}. Stop with Ctrl-C.\n"
        )
        sys.stdout.flush()
        os.environ[SERVED] = "1"
        weekly_flow.serve(
            name=f"weekly-{brand.slug}",
            schedule=Cron(cron, timezone=zone),
            parameters={
                "brand_file": str(Path(brand.path).resolve()),
                "store": str(store.path.resolve()),
                "out": None if out is None else str(out.resolve()),
            },
            limit=1,
            print_starting_message=False,
        )
    sys.stdout.write("Stopped; the schedule is paused until the next serve.\n")
