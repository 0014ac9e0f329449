"""Prefect's runner of served deployments, which ends as well when it is told to as when a person presses Ctrl-C."""

from __future__ import annotations

import asyncio
import warnings
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import httpx
from prefect.runner import Runner

from flows.errors import ServerError

if TYPE_CHECKING:
    from prefect.deployments.runner import RunnerDeployment


class EndingRunner(Runner):
    """Pauses its schedules on SIGTERM too, as service managers send it; Prefect's own ends at once and leaves them on.

    Runs scheduled while nobody serves would else all be made up for later.
    """

    def handle_sigterm(self, *args: Any, **kwargs: Any) -> None:
        """Cancel whatever is served; leaving the runner's context does the rest."""
        for task in asyncio.all_tasks(self._loop):
            if task.get_name() == SERVING:
                task.cancel()


SERVING = "brandtrust serves"


def run_until_stopped(deployments: Sequence[RunnerDeployment], ready: Callable[[], None]) -> None:
    """Run what is due, one run at a time, until interrupted or terminated; the schedules are paused then.

    `ready` is called once all are registered. Raises ServerError where the server goes away and does not come back.
    """
    # A server that went away for a moment makes Prefect warn of a coroutine of its own.
    warnings.filterwarnings("ignore", "coroutine 'Runner", RuntimeWarning)
    try:
        asyncio.run(_run(deployments, ready))
    except (KeyboardInterrupt, asyncio.CancelledError):
        return
    except httpx.TransportError as problem:
        raise ServerError("the Prefect server went away; see that it runs, and serve again") from problem


async def _run(deployments: Sequence[RunnerDeployment], ready: Callable[[], None]) -> None:
    serving = asyncio.current_task()
    if serving is not None:
        serving.set_name(SERVING)
    runner = EndingRunner(pause_on_shutdown=True, limit=1)
    for each in deployments:
        await runner.aadd_deployment(each)
    ready()
    await runner.start()
