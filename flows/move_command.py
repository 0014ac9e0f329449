"""The command `move`: everything of a store into another, empty one."""

from __future__ import annotations

import shlex
from typing import Annotated

import typer

from flows.failures import guarded
from flows.options import DebugOption, StoreOption


@guarded
def move(
    to: Annotated[
        str, typer.Option("--to", metavar="URL", help="The new store: a file, or a lake; empty, or not there yet.")
    ],
    store: StoreOption = None,
    debug: DebugOption = False,
) -> None:
    """Copy everything into another store, such as from a file to a lake."""
    from analytics.store import Store
    from analytics.store.moving import move as move_store
    from brands.wording import write_count
    from flows.loading import existing_store
    from flows.terminal import printable

    old, new = existing_store(store), Store(to)
    moved = move_store(old, new)
    told = [write_count(*each) for each in ((moved.posts, "post"), (moved.rows, "row"), (moved.tables, "table"))]
    typer.echo(printable(f"{new.url}: {told[0]}; {told[1]} in {told[2]}, each the same as in {old.url}"))
    if moved.key:
        typer.echo(printable(f"author key copied: {moved.key}; keep a copy of it elsewhere"))
    if moved.reports:
        typer.echo(printable(f"{write_count(moved.reports, 'report')}: the files stay where they are"))
    named = shlex.quote(new.absolute_url)
    typer.echo(printable(f"next: export BRANDTRUST_STORE={named}, and start serve or deploy again with it"))
    typer.echo(
        printable(
            f"{old.url}: is still there. Let nothing collect into it any more, and no deletion is followed in it: "
            "delete it, its copy and its backups once the new one has served you"
        )
    )
