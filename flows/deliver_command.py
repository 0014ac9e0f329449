"""`brandtrust deliver`: the newest report, once to each target."""

from __future__ import annotations

from typing import Annotated

import typer

from flows.failures import guarded
from flows.options import BrandPath, DebugOption, StoreOption, WeekOption


@guarded
def deliver(
    brand_file: BrandPath,
    week: WeekOption = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be sent to whom; send nothing.")] = False,
    again: Annotated[
        bool, typer.Option("--again", help="Also where a run that did not end may have sent it already.")
    ] = False,
    store: StoreOption = None,
    debug: DebugOption = False,
) -> None:
    """Send the newest report to the brand file's targets."""
    from analytics.store.deliveries import look_up
    from flows import delivery_output, report_delivery
    from flows.delivery_targets import find_targets
    from flows.errors import UsageError
    from flows.loading import existing_store, load_brand
    from flows.progress import shown_on_terminal

    brand, stored = load_brand(brand_file), existing_store(store)
    if brand.file.delivery is None:
        raise UsageError(f'{brand.path}: names no target; add a [delivery] table with targets = ["NAME"]')
    day = week.date() if week else None
    targets = find_targets(brand)
    if dry_run:
        ready = report_delivery.prepare_report(brand, stored, day)
        with stored.writer() as connection:
            stands = [look_up(connection, ready.item, target.name) for target in targets]
        delivery_output.show_preview(ready.message, targets, stands)
        if lacking := [f"target {target.name}: {target.problem}" for target in targets if target.problem]:
            raise UsageError(f"{brand.path}: {'; '.join(lacking)}")
        return
    with shown_on_terminal():
        done = report_delivery.deliver_report(brand, stored, targets, week=day, again=again)
    delivery_output.show_deliveries(done)
    if any(each.failure for each in done):
        raise typer.Exit(1)
