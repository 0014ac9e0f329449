"""Commands about alerts: look now, list incidents, take one up, close one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer
from typer.core import TyperGroup

from flows.failures import guarded
from flows.options import BrandPath, DebugOption, StoreOption, read_day

if TYPE_CHECKING:
    import duckdb
    from typer._click.core import Context

    from analytics.alerts.incidents import Incident


class LookUnlessTold(TyperGroup):
    """`alerts BRAND.toml` looks: what is none of the commands is taken for a brand file."""

    def parse_args(self, ctx: Context, args: list[str]) -> list[str]:
        if args and args[0] not in {*self.commands, "--help"}:
            args = ["look", *args]
        return super().parse_args(ctx, args)


app = typer.Typer(
    name="alerts",
    cls=LookUnlessTold,
    help="Whether volume or expressed trust left its usual range. `alerts BRAND.toml` looks now (`look --help`).",
    no_args_is_help=True,
)

LookBackSince = Annotated[
    datetime | None,
    typer.Option(
        "--since", metavar="DAY", parser=read_day, help="Look back from this day on (UTC); nothing is kept or sent."
    ),
]
LookBackUntil = Annotated[
    datetime | None,
    typer.Option("--until", metavar="DAY", parser=read_day, help="With --since: up to before this day (UTC)."),
]
IncidentId = Annotated[
    str, typer.Argument(metavar="ID", help="The incident's id, or how it begins.", show_default=False)
]


@app.command()
@guarded
def look(
    brand_file: BrandPath,
    collect: Annotated[bool, typer.Option("--collect", help="Bring in and score what is new before.")] = False,
    since: LookBackSince = None,
    until: LookBackUntil = None,
    store: StoreOption = None,
    debug: DebugOption = False,
) -> None:
    """Look at the last 72 hours and tell what is due; with --since, only show what would have been told since then."""
    from analytics.store import Store, now
    from brands.schema import EARLIEST
    from flows import alert_output, alert_stages, approvals
    from flows.errors import UsageError
    from flows.loading import existing_store, load_brand
    from flows.progress import shown_on_terminal

    brand = load_brand(brand_file)
    if since is not None:
        if collect:
            raise UsageError("--since looks back and brings nothing in; leave out --collect")
        end = min(until or now(), now())
        if since.year < EARLIEST.year:
            raise UsageError(f"--since {since:%Y-%m-%d} lies before any post; give a day from {EARLIEST.year} on")
        if end <= since:
            raise UsageError(
                f"there is no hour between --since {since:%Y-%m-%d} and {end:%Y-%m-%d}; give an earlier day"
            )
        alert_output.show_looking_back(alert_stages.look_back(brand, existing_store(store), since, end))
        return
    if until is not None:
        raise UsageError("--until says where a look back ends; give --since too")
    stored = Store(store) if collect else existing_store(store)
    if collect:
        approvals.ask(brand, stored)
    with shown_on_terminal():
        outcome = alert_stages.watch(brand, stored, collects=collect)
    alert_output.show_watch(outcome)
    if outcome.failures:
        raise typer.Exit(1)


@app.command(name="list")
@guarded
def list_(
    every: Annotated[bool, typer.Option("--all", help="Closed ones too.")] = False,
    store: StoreOption = None,
    debug: DebugOption = False,
) -> None:
    """List incidents that are not closed."""
    from analytics.alerts.keeping import list_incidents
    from flows import alert_output
    from flows.loading import existing_store

    with existing_store(store).writer() as connection:
        incidents = list_incidents(connection)
    alert_output.show_incidents([each for each in incidents if every or each.state != "closed"], every=every)


@app.command()
@guarded
def acknowledge(
    incident: IncidentId,
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="Who takes it up.", show_default=False)],
    note: Annotated[str, typer.Option("--note", metavar="TEXT", help="What is known of it.")] = "",
    store: StoreOption = None,
    debug: DebugOption = False,
) -> None:
    """Take an incident up: nothing more is told of it."""
    from analytics.alerts.keeping import acknowledge as take_up
    from analytics.store import now
    from flows.terminal import printable

    who = _name(by)
    taken = _change(store, "alerts acknowledge", lambda connection: take_up(connection, incident, who, note, now()))
    typer.echo(printable(f"{taken.incident_id}: {taken.kind} of {taken.brand} taken up by {who}; it stays silent"))


@app.command()
@guarded
def close(
    incident: IncidentId,
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="Who closes it.")] = "a person",
    store: StoreOption = None,
    debug: DebugOption = False,
) -> None:
    """Close an incident by hand; it closes by itself too."""
    from analytics.alerts.keeping import close as shut
    from analytics.store import now
    from flows.terminal import printable

    who = _name(by)
    closed = _change(store, "alerts close", lambda connection: shut(connection, incident, who, now()))
    typer.echo(printable(f"{closed.incident_id}: {closed.kind} of {closed.brand} closed by {who}"))


def _name(by: str) -> str:
    from analytics.alerts.incidents import ITSELF
    from flows.errors import UsageError

    who = " ".join(by.split())
    if not who or who == ITSELF:
        raise UsageError("--by should be the name of a person, so that others know whom to ask")
    return who


def _change(url: str | None, command: str, work: Callable[[duckdb.DuckDBPyConnection], Incident]) -> Incident:
    from flows.loading import existing_store
    from flows.runs import recorded
    from flows.stages import EVERY_BRAND

    store = existing_store(url)
    with recorded(store, EVERY_BRAND, command) as run:
        with store.transaction() as connection:
            changed = work(connection)
        run.begin()
    return changed
