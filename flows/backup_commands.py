"""Commands that back a store up and restore it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from flows.failures import guarded
from flows.options import DebugOption, StoreOption


@guarded
def backup(
    where: Annotated[
        Path, typer.Argument(metavar="FOLDER_OR_FILE", help="Where it goes: a folder, or a file that is not there yet.")
    ] = Path(),
    with_key: Annotated[
        bool, typer.Option("--with-key", help="Put the author key in: whoever has both can test handles.")
    ] = False,
    store: StoreOption = None,
    debug: DebugOption = False,
) -> None:
    """Write the store to one file, also while runs go on."""
    from analytics.store.backups import back_up
    from brands.wording import write_count
    from flows.loading import existing_store
    from flows.terminal import printable

    stored = existing_store(store)
    path, manifest = back_up(stored, where, with_key=with_key)
    size = path.stat().st_size / 1e6
    typer.echo(printable(f"{path}: {write_count(manifest.posts, 'post')}, {size:,.1f} MB"))
    if manifest.with_key:
        typer.echo("The author key is in it: whoever has this file can test whose posts these are. Keep it as the key.")
    elif manifest.fingerprint:
        typer.echo(
            printable(f"The author key is not in it; keep a copy of {stored.key_path} elsewhere, or take --with-key.")
        )


@guarded
def restore(
    backup_file: Annotated[
        Path, typer.Argument(metavar="FILE", help="What `brandtrust backup` wrote.", show_default=False)
    ],
    replace: Annotated[bool, typer.Option("--replace", help="Put it in the place of the store that is there.")] = False,
    store: StoreOption = None,
    debug: DebugOption = False,
) -> None:
    """Put a backup in place, without what was erased since."""
    from analytics.store import Store
    from flows import people_output, stages
    from flows.restore_output import show_restored

    restored, cleared = stages.restore_backup(Store(store), backup_file, replace=replace)
    show_restored(restored, cleared)
    if restored.unreadable or people_output.needs_a_person(cleared):
        raise typer.Exit(1)
