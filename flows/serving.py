"""`brandtrust serve`: every deployment of a brand on its schedule, on this machine, until stopped."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from flows.deployments import plan_deployments, tell_schedules
from flows.prefect_server import prefect_server
from flows.settings import SCHEDULED, SERVED

if TYPE_CHECKING:
    from analytics.store import Store
    from brands.brand_file import Brand


def serve_brand(brand: Brand, store: Store, out: Path | None) -> None:
    """Serve until interrupted, one run at a time, since a store has one writer.

    That each cron can be read and fires is seen to by the brand file.
    """
    planned = plan_deployments(brand, brand.path.resolve(), store.absolute_url, None if out is None else out.resolve())
    for name, value in SCHEDULED.items():  # before the server starts and Prefect is imported
        os.environ.setdefault(name, value)
    os.environ[SERVED] = "1"
    with prefect_server(schedules=True) as await_server:
        from prefect.settings import PREFECT_API_URL

        from flows.automations import keep_automations
        from flows.prefect_deployments import to_serve
        from flows.schedule_runner import run_until_stopped

        await_server()
        keep_automations()
        page = str(PREFECT_API_URL.value()).rsplit("@", 1)[-1].removesuffix("/api")
        told = [f"Serving {brand.name}; Prefect's page: {page}", *tell_schedules(planned, datetime.now(UTC))]

        def tell() -> None:
            sys.stdout.write("\n".join((*told, "Stop with Ctrl-C.")) + "\n")
            sys.stdout.flush()

        run_until_stopped([to_serve(each) for each in planned], tell)
    sys.stdout.write("Stopped; the schedules are paused until the next serve.\n")
