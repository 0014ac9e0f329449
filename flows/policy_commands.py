"""Commands about terms: import their history, watch their pages, list, show and confirm what changed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.failures import guarded
from flows.options import BrandPath, DebugOption, StoreOption

if TYPE_CHECKING:
    from brands.brand_file import Brand

app = typer.Typer(name="policy", help="Terms and policies: what changed, and when.", no_args_is_help=True)

OptionalBrandPath = Annotated[
    Path | None, typer.Argument(metavar="[BRAND.toml]", help="The brand file.", show_default=False)
]
DocumentArgument = Annotated[
    str, typer.Argument(metavar="DOCUMENT", help="Its name, such as 'Terms of Service'.", show_default=False)
]
DateArgument = Annotated[
    str, typer.Argument(metavar="DATE", help="The day, or time, of recording (UTC).", show_default=False)
]


@app.command(name="import")
@guarded
def import_(
    path: Annotated[
        Path,
        typer.Argument(
            metavar="PATH", help="A repository or bundle of Open Terms Archive, or dated files.", show_default=False
        ),
    ],
    brand_file: OptionalBrandPath = None,
    document: Annotated[
        list[str] | None, typer.Option("--document", metavar="NAME", help="Only this document; may be given again.")
    ] = None,
    service: Annotated[
        str, typer.Option("--service", metavar="NAME", help="Whose terms, where a repository has several services.")
    ] = "",
    store: StoreOption = None,
    debug: DebugOption = False,
) -> None:
    """Bring in the recorded history of terms."""
    from analytics.store import Store
    from flows import policy_output, policy_stages
    from flows.progress import shown_on_terminal

    brand = _load(brand_file)
    with shown_on_terminal():
        done = policy_stages.import_history(path, Store(store), brand=brand, service=service, documents=document or [])
    policy_output.show_import(done)


@app.command()
@guarded
def watch(
    brand_file: BrandPath,
    even_short: Annotated[
        bool, typer.Option("--even-short", help="Believe a page with less than half of the text it had.")
    ] = False,
    store: StoreOption = None,
    debug: DebugOption = False,
) -> None:
    """Look at the pages of terms, and keep what is new."""
    from analytics.store import Store
    from flows import policy_output, policy_stages
    from flows.loading import load_brand
    from flows.progress import shown_on_terminal

    brand = load_brand(brand_file)
    with shown_on_terminal():
        outcome = policy_stages.watch(brand, Store(store), even_short=even_short)
    policy_output.show_watch(outcome, brand_file)
    if outcome.failures:
        raise typer.Exit(1)


@app.command(name="list")
@guarded
def list_(
    brand_file: OptionalBrandPath = None,
    everything: Annotated[bool, typer.Option("--all", help="Also what is noise.")] = False,
    store: StoreOption = None,
    debug: DebugOption = False,
) -> None:
    """List the changes of terms."""
    from analytics.policy import listing
    from flows import policy_output
    from flows.errors import UsageError
    from flows.loading import existing_store

    brand, stored = _load(brand_file), existing_store(store)
    slug = brand.slug if brand is not None else None
    versions, failed = listing.list_versions(stored, slug), listing.list_failures(stored, slug)
    if not versions and not failed:
        whose = f" of {slug}" if slug is not None else ""
        raise UsageError(
            f"no terms{whose} are recorded; run: brandtrust policy import PATH, or policy watch BRAND.toml"
        )
    policy_output.show_versions(versions, failed, everything=everything)


@app.command()
@guarded
def show(
    document: DocumentArgument,
    date: DateArgument,
    brand: Annotated[
        str | None, typer.Option("--brand", metavar="SLUG", help="Whose, where several have one of this name.")
    ] = None,
    store: StoreOption = None,
    debug: DebugOption = False,
) -> None:
    """Show one change: the sentences that came and went."""
    from analytics.policy import listing
    from flows import policy_output
    from flows.loading import existing_store

    stored = existing_store(store)
    change = listing.find_change(stored, document, date, brand)
    policy_output.show_change(change, listing.compare(stored, change))


@app.command()
@guarded
def confirm(
    brand_file: BrandPath,
    document: DocumentArgument,
    date: DateArgument,
    event: Annotated[str, typer.Option("--event", metavar="ID", help="The id of a policy event.", show_default=False)],
    reject: Annotated[bool, typer.Option("--reject", help="Say that the change does not belong to it.")] = False,
    by: Annotated[str | None, typer.Option("--by", metavar="NAME", help="Who says so [default: your account].")] = None,
    store: StoreOption = None,
    debug: DebugOption = False,
) -> None:
    """Say, as a person, that a change of terms belongs to an event."""
    import getpass

    from analytics.policy import listing
    from flows import policy_output, policy_stages
    from flows.errors import UsageError
    from flows.loading import existing_store, load_brand

    brand, stored = load_brand(brand_file), existing_store(store)
    who = (by if by is not None else getpass.getuser()).strip()
    for name, given in (("--by", who), ("--event", event.strip())):
        if not given:
            raise UsageError(f"{name} is empty; give a name")
    change = listing.find_change(stored, document, date, brand.slug)
    policy_stages.confirm(brand, stored, change, event.strip(), who, confirmed=not reject)
    policy_output.show_confirmation(brand, change, event.strip(), who, confirmed=not reject)


@app.command()
@guarded
def notice(brand_file: BrandPath, store: StoreOption = None, debug: DebugOption = False) -> None:
    """Propose the day on which each event was noticed, from signals beside the posts."""
    from flows import notice_output, policy_stages
    from flows.loading import existing_store, load_brand

    brand = load_brand(brand_file)
    notice_output.show_notices(brand, policy_stages.propose_notices(brand, existing_store(store)))


def _load(brand_file: Path | None) -> Brand | None:
    from flows.loading import load_brand

    return None if brand_file is None else load_brand(brand_file)
