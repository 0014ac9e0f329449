"""Registering a brand's deployments at a configured Prefect server; doing so again changes only what has changed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from flows.deployments import plan_deployments, tell_schedules
from flows.errors import UsageError
from flows.prefect_server import require_configured

if TYPE_CHECKING:
    from analytics.store import Store
    from brands.brand_file import Brand

PROCESS = "process"


def register_at_server(brand: Brand, store: Store, out: Path | None, *, pool: str, notify: str | None) -> Iterator[str]:
    """Register and say what was; nothing is where the server, the pool or the block cannot be used."""
    url = require_configured()
    from flows.automations import find_block, keep_automations
    from flows.prefect_deployments import to_register

    planned = plan_deployments(brand, brand.path.resolve(), store.absolute_url, None if out is None else out.resolve())
    if not re.fullmatch(r"[^/%&<>]+", pool):
        raise UsageError(f"--pool {pool}: a name without / % & < >, please")
    makes_pool = not _is_there(pool)
    block = None if notify is None else find_block(notify)
    yield f"{brand.name} at {url.rsplit('@', 1)[-1]}, for the workers of pool {pool!r}:"
    if makes_pool:
        _make_pool(pool)
        yield f"pool {pool!r}: made"
    automations = keep_automations(block)
    for each in planned:
        to_register(each, pool, Path.cwd()).apply(_sync=True)  # type: ignore[call-arg]
    yield from tell_schedules(planned, datetime.now(UTC))
    yield from automations
    yield f"next: DO_NOT_TRACK=1 prefect worker start --pool {pool}"


def _is_there(pool: str) -> bool:
    """Whether there is such a work pool. Raises UsageError for one whose workers do not see this machine's files."""
    from prefect.client.orchestration import get_client
    from prefect.exceptions import ObjectNotFound

    try:
        with get_client(sync_client=True) as client:
            there = client.read_work_pool(pool)
    except ObjectNotFound:
        return False
    if there.type != PROCESS:
        raise UsageError(
            f"--pool {pool}: is of type {there.type}; name one of type {PROCESS}, whose workers see the store's file"
        )
    return True


def _make_pool(pool: str) -> None:
    """A pool whose workers run one at a time, since a store has one writer."""
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.actions import WorkPoolCreate

    with get_client(sync_client=True) as client:
        client.create_work_pool(WorkPoolCreate(name=pool, type=PROCESS, concurrency_limit=1))
