"""The table of deployments in Prefect's own terms."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flows.deployments import Deployment
from flows.settings import SCHEDULED

if TYPE_CHECKING:
    from prefect.deployments.runner import RunnerDeployment

POOL = "brandtrust"


def to_serve(planned: Deployment) -> RunnerDeployment:
    """A deployment that this process runs itself."""
    return _build(planned)


def to_register(planned: Deployment, pool: str, folder: Path) -> RunnerDeployment:
    """A deployment for the workers of `pool`, which run it in `folder`, where `.env` is looked for."""
    from prefect.runner.storage import LocalStorage
    from prefect.types.entrypoint import EntrypointType

    deployment = _build(
        planned, work_pool_name=pool, job_variables={"env": SCHEDULED}, entrypoint_type=EntrypointType.MODULE_PATH
    )
    deployment.storage = LocalStorage(str(folder))
    return deployment


def _build(planned: Deployment, **more: Any) -> RunnerDeployment:
    from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
    from prefect.schedules import Cron

    flow = getattr(import_module(planned.module), planned.function)
    built: RunnerDeployment = flow.to_deployment(
        name=planned.name,
        schedule=Cron(planned.cron, timezone=planned.timezone, active=planned.active),
        paused=False,
        concurrency_limit=ConcurrencyLimitConfig(
            limit=1, collision_strategy=ConcurrencyLimitStrategy(planned.collision)
        ),
        parameters=dict(planned.parameters),
        tags=list(planned.tags),
        description=planned.description,
        **more,
    )
    return built
