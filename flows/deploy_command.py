"""`brandtrust deploy`: register a brand's deployments at a Prefect server, for workers to run."""

from __future__ import annotations

from typing import Annotated

import typer

from flows.failures import guarded
from flows.options import BrandPath, DebugOption, OutOption, StoreOption


@guarded
def deploy(
    brand_file: BrandPath,
    pool: Annotated[
        str, typer.Option("--pool", metavar="NAME", help="The work pool, of type process; made if it is not there.")
    ] = "brandtrust",
    notify: Annotated[
        str | None,
        typer.Option("--notify", metavar="TYPE/NAME", help="A notification block to tell of failed and late runs."),
    ] = None,
    yaml: Annotated[bool, typer.Option("--yaml", help="Print a prefect.yaml and register nothing.")] = False,
    out: OutOption = None,
    store: StoreOption = None,
    debug: DebugOption = False,
) -> None:
    """Register schedules at a Prefect server, for its workers."""
    from analytics.store import Store
    from flows.deployments import plan_deployments
    from flows.loading import load_brand
    from flows.terminal import printable

    brand, stored = load_brand(brand_file), Store(store)
    if yaml:
        from flows.prefect_yaml import write_yaml

        typer.echo(write_yaml(plan_deployments(brand, brand_file, stored.url, out)), nl=False)
        return
    from flows.registering import register_at_server

    for line in register_at_server(brand, stored, out, pool=pool, notify=notify):
        typer.echo(printable(line))
