"""Commands about plans: freeze the analysis beforehand, list and show what was frozen, and ask in every other way."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.failures import guarded
from flows.options import BrandPath, DebugOption, StoreOption

if TYPE_CHECKING:
    from brands.brand_file import Brand, Event

app = typer.Typer(name="plan", help="The analysis declared beforehand, and what hangs on it.", no_args_is_help=True)

EventOption = Annotated[str | None, typer.Option("--event", metavar="ID", help="Only this event.", show_default=False)]


@app.command()
@guarded
def freeze(
    brand_file: BrandPath, event: EventOption = None, store: StoreOption = None, debug: DebugOption = False
) -> None:
    """Freeze what verdicts depend on, with one hash and the time."""
    from analytics.store import Store
    from flows import plan_output, stages

    brand = _load(brand_file)
    plan_output.show_freezing(stages.freeze(brand, Store(store), _choose(brand, event)))


@app.command(name="list")
@guarded
def list_(
    brand_file: Annotated[
        Path | None, typer.Argument(metavar="[BRAND.toml]", help="The brand file.", show_default=False)
    ] = None,
    store: StoreOption = None,
    debug: DebugOption = False,
) -> None:
    """List what was frozen; with a brand file, whether it still stands."""
    from analytics.plan.freezing import list_plans
    from flows import plan_output
    from flows.errors import UsageError
    from flows.loading import existing_store

    brand, stored = None if brand_file is None else _load(brand_file), existing_store(store)
    with stored.writer() as connection:
        plans = list_plans(connection, None if brand is None else brand.slug)
    if not plans:
        whose = "" if brand is None else f" of {brand.slug}"
        raise UsageError(f"{stored.url}: no plan{whose} is frozen yet; run: brandtrust plan freeze BRAND.toml")
    plan_output.show_plans(plans, brand)


@app.command()
@guarded
def show(
    plan_hash: Annotated[
        str, typer.Argument(metavar="HASH", help="The plan's hash, or how it begins.", show_default=False)
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Exactly the bytes that were hashed.")] = False,
    store: StoreOption = None,
    debug: DebugOption = False,
) -> None:
    """Show one frozen plan, part by part."""
    from analytics.plan.freezing import find_plan
    from flows import plan_output
    from flows.loading import existing_store

    with existing_store(store).writer() as connection:
        plans = find_plan(connection, plan_hash)
    if as_json:
        sys.stdout.buffer.write(plans[0].plan.encode())
        return
    plan_output.show_plan(plans)


@app.command()
@guarded
def curve(
    brand_file: BrandPath, event: EventOption = None, store: StoreOption = None, debug: DebugOption = False
) -> None:
    """Ask for each effect in every reasonable way."""
    from flows import plan_output, stages
    from flows.loading import existing_store
    from flows.progress import shown_on_terminal

    brand = _load(brand_file)
    chosen = {each.id for each in _choose(brand, event)}
    stored = existing_store(store)
    with shown_on_terminal():
        outcome = stages.measure(brand, stored, curves=True)
    plan_output.show_curves(
        [each for each in outcome.curves if each.event_id in chosen],
        [each for each in outcome.declarations if each.event_id in chosen],
    )


def _choose(brand: Brand, event_id: str | None) -> list[Event]:
    """The events asked for. Raises UsageError where there are none."""
    from flows.errors import UsageError

    if not brand.events:
        raise UsageError(f"{brand.path}: declares no event; add an [[events]] table with id, title and themes")
    chosen = [event for event in brand.events if event_id in (None, event.id)]
    if not chosen:
        known = ", ".join(event.id for event in brand.events)
        raise UsageError(f"{brand.path}: there is no event {event_id!r}; known are {known}")
    return chosen


def _load(path: Path) -> Brand:
    from flows.loading import load_brand

    return load_brand(path)
