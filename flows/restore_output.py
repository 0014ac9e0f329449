"""What restoring a backup prints: what is there now, what was erased again, and what is left for a person."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import typer

from brands.wording import write_count
from flows.people_output import tell_cleared
from flows.terminal import printable

if TYPE_CHECKING:
    from analytics.store.restoring import Restored
    from flows.compliance import Cleared


def show_restored(restored: Restored, cleared: Cleared) -> None:
    """As `brandtrust restore` tells it."""
    made = restored.manifest
    when = f"{made.made_at:%Y-%m-%d %H:%M} UTC"
    typer.echo(f"restored as of {when}: {write_count(made.posts, 'post')} then")
    if restored.marks:
        marks = write_count(restored.marks, "mark was", "marks were")
        erased = write_count(restored.erased, "post or record of the backup was", "posts or records of the backup were")
        typer.echo(f"erased since: {marks} taken over, and {erased} erased again")
    tell_cleared(cleared)
    if restored.key_restored:
        typer.echo(printable(f"author key restored: {restored.key_restored}"))
    if restored.unreadable:
        _warn(f"{restored.unreadable}: could not be read, so what it alone knew of what was erased is lost")
    if not restored.marks_from or restored.unreadable:
        _warn(
            f"what was deleted or forgotten after {when} may not be known here: run comply, and forget again who has "
            "asked since"
        )
    if restored.key_missing:
        _warn(f"{restored.key_missing}: put the author key there before the next run, or set BRANDTRUST_KEY_FILE")


def _warn(line: str) -> None:
    sys.stderr.write(f"brandtrust: {printable(line)}\n")
