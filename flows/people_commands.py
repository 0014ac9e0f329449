"""Commands about people's rights: the deletion sweep, forgetting an author, recording an approval."""

from __future__ import annotations

from typing import Annotated

import typer

from flows.failures import guarded
from flows.options import BrandPath, DebugOption, SourcesOption, StoreOption
from flows.terminal import on_terminal


@guarded
def comply(
    brand_file: BrandPath,
    source: SourcesOption = None,
    even_many: Annotated[
        bool, typer.Option("--even-many", help="Believe a source that says that more than half of its posts are gone.")
    ] = False,
    store: StoreOption = None,
    debug: DebugOption = False,
) -> None:
    """Erase what was deleted at its source, or is kept too long."""
    from flows import people_output, stages
    from flows.loading import existing_store, load_brand
    from flows.progress import shown_on_terminal

    brand, stored = load_brand(brand_file), existing_store(store)
    with shown_on_terminal():
        outcome = stages.comply(brand, stored, only_sources=source or [], even_many=even_many)
    people_output.show_compliance(outcome)
    if outcome.failures or people_output.needs_a_person(outcome.cleared):
        raise typer.Exit(1)


@guarded
def forget(
    handle: Annotated[
        str, typer.Argument(metavar="HANDLE", help="The author, as the platform shows the name.", show_default=False)
    ],
    source: Annotated[str | None, typer.Option("--source", metavar="NAME", help="Only on this source.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    store: StoreOption = None,
    debug: DebugOption = False,
) -> None:
    """Erase one author everywhere, for good."""
    from analytics.store.forgetting import count_author, known_sources
    from analytics.store.handle_forms import bare
    from flows import people_output, stages
    from flows.errors import UsageError
    from flows.loading import existing_store
    from flows.progress import shown_on_terminal

    stored = existing_store(store)
    if not bare(handle):
        raise UsageError("HANDLE is empty; give the author's name as the platform shows it")
    known = known_sources(stored)
    if source is not None and source not in known:
        raise UsageError(f"--source {source}: the store holds no such source; it holds: {', '.join(known) or 'none'}")
    if not yes:
        if not on_terminal():
            raise UsageError("forget asks before it erases, and there is no terminal to ask on; add --yes")
        if not typer.confirm(people_output.ask_to_forget(handle, count_author(stored, handle, source))):
            typer.echo("nothing was erased")
            return
    with shown_on_terminal():
        forgotten, cleared = stages.forget(stored, handle, source=source)
    people_output.show_forgotten(forgotten, cleared)
    if people_output.needs_a_person(cleared):
        raise typer.Exit(1)


@guarded
def approve(
    platform: Annotated[
        str, typer.Argument(metavar="PLATFORM", help="The platform that gave it: reddit.", show_default=False)
    ],
    reference: Annotated[str, typer.Option("--reference", metavar="TEXT", help="Where the approval is to be found.")],
    store: StoreOption = None,
    debug: DebugOption = False,
) -> None:
    """Record that the business has a platform's written approval."""
    from analytics.store import Store
    from flows import approvals
    from flows.terminal import printable

    made = approvals.approve(platform, reference, Store(store))
    told = (
        f"{made.platform}: approval recorded by {made.recorded_by}, {made.recorded_at:%Y-%m-%d} UTC: {made.reference}"
    )
    typer.echo(printable(told))
