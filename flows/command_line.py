"""The command line: thin commands over the stages. Whatever is slow to import is imported where it is used.

Exit codes: 0 done, 1 done but a source failed (it is named), 2 bad input, configuration or an unexpected fault (nothing
was done, or the store is as the last batch left it), 130 interrupted.
"""

from __future__ import annotations

import os
import sys
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from brands.wording import write_count
from flows import (
    alert_commands,
    backup_commands,
    claim_commands,
    label_commands,
    people_commands,
    plan_commands,
    policy_commands,
)
from flows.deliver_command import deliver
from flows.deploy_command import deploy
from flows.errors import ServerLost
from flows.failures import guarded
from flows.move_command import move
from flows.options import (
    BrandPath,
    DebugOption,
    OutOption,
    RescoreOption,
    SinceOption,
    SourcesOption,
    StoreOption,
    UntilOption,
    WeekOption,
)
from flows.sql_command import sql
from flows.train_command import train
from flows.verify_command import verify

if TYPE_CHECKING:
    from analytics.store import Store
    from brands.brand_file import Brand
    from flows.stages import Outcome

app = typer.Typer(
    name="brandtrust",
    help="After a policy change on data or AI: did expressed trust move, how much, how sure are we, has it come back?",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


@app.callback(invoke_without_command=True)
def about(version: Annotated[bool, typer.Option("--version", help="Show the version and end.")] = False) -> None:
    if version:
        from importlib.metadata import PackageNotFoundError
        from importlib.metadata import version as installed

        try:
            typer.echo(f"brandtrust {installed('brandtrust')}")
        except PackageNotFoundError:
            typer.echo("brandtrust, run from its checkout and not installed")
        raise typer.Exit


@app.command()
@guarded
def demo(
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Where everything goes.")] = Path("demo"),
    store: StoreOption = None,
    debug: DebugOption = False,
) -> None:
    """Run the whole pipeline offline on a synthetic sample."""
    from flows.prefect_server import prefect_server
    from flows.running import run_weekly

    typer.echo("Everything in this demo is SYNTHETIC: brands, people and posts are invented.")
    with prefect_server() as await_server:
        from flows.demo_sample import write_sample
        from flows.demo_terms import store_terms

        brand_file = write_sample(out)
        into = store or str(out / "brandtrust.duckdb")
        store_terms(_open(into), _load(brand_file).slug)
        outcome = run_weekly(await_server, brand_file, into)
    _tell(outcome, into)
    typer.echo(f"Hold every number of it against the store: brandtrust verify {outcome.pdf} --store {into}")


@app.command()
@guarded
def init(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The brand, as people write it.", show_default=False)],
    store: StoreOption = None,
    debug: DebugOption = False,
) -> None:
    """Write a commented brand file to start from."""
    from brands.brand_file import slugify
    from brands.template import render
    from flows.errors import UsageError

    slug = slugify(name)
    if not slug:
        raise UsageError(f"{name!r} has no letter or digit to name a file by; give the brand's name in Latin letters")
    path = Path(f"{slug}.toml")
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(render(name))
    except FileExistsError:
        raise UsageError(f"{path}: is there already and is left as it is; give another name or remove it") from None
    typer.echo(f"{path} written. Next: look through it, then run: brandtrust check {path}")


@app.command()
@guarded
def check(brand_file: BrandPath, store: StoreOption = None, debug: DebugOption = False) -> None:
    """Validate a brand file and show what is asked."""
    from brands.brand_file import BrandFileError
    from flows import checking
    from flows.errors import UsageError
    from flows.report_folder import require_report_folder
    from flows.terminal import printable

    try:
        brand = _load(brand_file)
    except BrandFileError as error:
        if not error.others:
            raise
        for line in checking.list_faults(error):
            typer.echo(printable(line), err=True)
        told = f"the first of {len(error.others) + 1:,} faults, listed above; mend them all"
        raise UsageError(f"{error.path}:{error.line}: {told}") from None
    checking.try_archives(brand)
    for line in (*checking.describe(brand), *checking.hold_against_store(brand, store)):
        typer.echo(printable(line))
    if missing := checking.list_missing(brand):
        raise UsageError(f"{brand.path}: archive NOT FOUND: {', '.join(missing)}; put it there or check path")
    require_report_folder(brand, None)


@app.command()
@guarded
def run(
    brand_file: BrandPath,
    source: SourcesOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    out: OutOption = None,
    week: WeekOption = None,
    store: StoreOption = None,
    debug: DebugOption = False,
) -> None:
    """Collect, score, trends, effects, report: the weekly flow, once."""
    from flows import approvals
    from flows.prefect_server import prefect_server
    from flows.report_folder import require_report_folder
    from flows.running import run_weekly

    brand = _load(brand_file)  # a fault in the file is told before a server is started
    require_report_folder(brand, out)
    approvals.ask(brand, _open(store))
    with prefect_server() as await_server:
        outcome = run_weekly(
            await_server,
            brand_file,
            store,
            only_sources=source or [],
            since=_day(since),
            until=_day(until),
            out=out,
            week=_day(week),
        )
    _tell(outcome, store, brand_file)


@app.command()
@guarded
def collect(
    brand_file: BrandPath,
    source: SourcesOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    store: StoreOption = None,
    debug: DebugOption = False,
) -> None:
    """Only collect."""
    from flows import approvals, stages
    from flows.progress import shown_on_terminal

    brand, stored = _load(brand_file), _open(store)
    approvals.ask(brand, stored)
    with shown_on_terminal():
        outcome = stages.collect(brand, stored, only_sources=source or [], since=since, until=until)
    _tell(outcome, store)


@app.command()
@guarded
def score(
    brand_file: BrandPath, rescore: RescoreOption = False, store: StoreOption = None, debug: DebugOption = False
) -> None:
    """Only score new posts and count their weeks."""
    from flows import stages
    from flows.progress import shown_on_terminal

    brand, stored = _load(brand_file), _collected(store)
    with shown_on_terminal():
        outcome = stages.score(brand, stored, rescore=rescore)
    done = (
        (outcome.scored, "score"),
        (outcome.tagged, "post tagged", "posts tagged"),
        (outcome.weeks, "week counted", "weeks counted"),
    )
    typer.echo(", ".join(write_count(*each) for each in done))


@app.command()
@guarded
def effects(brand_file: BrandPath, store: StoreOption = None, debug: DebugOption = False) -> None:
    """Only measure the effect of each policy event."""
    from flows import output, stages
    from flows.checking import hold_against_signals
    from flows.progress import shown_on_terminal
    from flows.terminal import printable

    brand, stored = _load(brand_file), _collected(store)
    with shown_on_terminal():
        outcome = stages.measure(brand, stored)
    output.show_effects(outcome)
    for line in hold_against_signals(brand, store):
        typer.echo(printable(line))


@app.command()
@guarded
def report(
    brand_file: BrandPath,
    out: OutOption = None,
    week: WeekOption = None,
    store: StoreOption = None,
    debug: DebugOption = False,
) -> None:
    """Only write the report."""
    from flows import stages
    from flows.progress import shown_on_terminal

    brand, stored = _load(brand_file), _collected(store)
    with shown_on_terminal():
        outcome = stages.report(brand, stored, out=out, week=_day(week))
    _tell(outcome, store)


app.command(context_settings={"ignore_unknown_options": True})(sql)  # a question may begin with a comment, which is --


@app.command()
@guarded
def serve(brand_file: BrandPath, out: OutOption = None, store: StoreOption = None, debug: DebugOption = False) -> None:
    """Run everything on the brand file's schedules until stopped."""
    from flows.report_folder import require_report_folder
    from flows.serving import serve_brand

    brand = _load(brand_file)
    require_report_folder(brand, out)
    serve_brand(brand, _open(store), out)


@app.command()
@guarded
def doctor(
    brand_file: Annotated[Path | None, typer.Argument(metavar="[BRAND.toml]", show_default=False)] = None,
    online: Annotated[bool, typer.Option("--online", help="Also ask whether live sources answer.")] = False,
    store: StoreOption = None,
    debug: DebugOption = False,
) -> None:
    """Say what is configured, reachable and missing. Never prints a secret."""
    from flows import diagnosis
    from flows.terminal import printable

    problems = 0
    for found in diagnosis.examine(_load(brand_file) if brand_file else None, _open(store), online=online):
        typer.echo(printable(f"{'ok     ' if found.good else 'missing'}  {found.subject}: {found.told}"))
        problems += not found.good
    if problems:
        raise typer.Exit(1)


for command in (
    people_commands.comply,
    people_commands.forget,
    people_commands.approve,
    backup_commands.backup,
    backup_commands.restore,
    move,
    label_commands.evaluate,
    label_commands.label,
    claim_commands.claims,
):
    app.command()(command)


app.command()(deploy)
app.command()(train)
app.command()(verify)
app.command()(deliver)
app.add_typer(policy_commands.app)
app.add_typer(plan_commands.app)
app.add_typer(alert_commands.app)


def _load(path: Path) -> Brand:
    from flows.loading import load_brand

    return load_brand(path)


def _open(url: str | None) -> Store:
    from analytics.store import Store

    return Store(url)


def _collected(url: str | None) -> Store:
    """A store that is there: a stage after collecting makes no empty one."""
    from flows.loading import existing_store

    return existing_store(url)


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


def _tell(outcome: Outcome, store: str | None, brand_file: Path | None = None) -> None:
    from flows import output

    output.show_outcome(outcome, _open(store), brand_file)
    if outcome.failures:
        raise typer.Exit(1)


def main() -> None:
    """The entry point `brandtrust`."""
    try:
        app()
    except BrokenPipeError:  # whoever read the output has enough of it
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except SystemExit as ended:
        if ServerLost.happened:  # on its way out Prefect would go on for a minute telling a server that is gone
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(ended.code if isinstance(ended.code, int) else 1)
        raise


if __name__ == "__main__":
    main()
