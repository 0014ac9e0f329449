"""Approvals in writing that a platform asks of a business: asked for once, recorded, and held against every run."""

from __future__ import annotations

import getpass
from typing import TYPE_CHECKING

from analytics.store import Store
from analytics.store.approvals import Approval, record_approval, recorded_approval
from connectors.errors import AuthError
from flows.errors import UsageError
from flows.listening import requests
from flows.terminal import on_terminal

if TYPE_CHECKING:
    from brands.brand_file import Brand, Source

NEEDED = {"reddit": "a business needs Reddit's written approval (Developer Terms, section 4.1)"}


def require(source: Source, store: Store) -> None:
    """Raises AuthError where the platform of `source` needs an approval that is not recorded in `store`."""
    why = NEEDED.get(source.connector)
    if why and recorded_approval(store, source.connector) is None:
        command = f"brandtrust approve {source.connector} --reference TEXT"
        raise AuthError(source.name, "recorded approvals", f"{why}; with it in hand run: {command}")


def approve(platform: str, reference: str, store: Store, recorded_by: str | None = None) -> Approval:
    """Record the approval of `platform`; `reference` says where it is to be found. Raises UsageError."""
    if platform not in NEEDED:
        raise UsageError(f"{platform}: needs no recorded approval; those that do: {', '.join(sorted(NEEDED))}")
    told = " ".join(reference.split())
    if not told:
        raise UsageError("--reference is empty; say where the approval is to be found, such as the date of the mail")
    return record_approval(store, platform, told, recorded_by or _who())


def ask(brand: Brand, store: Store) -> None:
    """Ask once, on a terminal only, for each approval that the sources of `brand` need; no leaves it to `require`."""
    if not on_terminal():
        return
    import typer

    for platform in sorted({each.source.connector for each in requests(brand)} & set(NEEDED)):
        if recorded_approval(store, platform) is not None:
            continue
        if typer.confirm(f"{platform}: {NEEDED[platform]}. Does your business have it?"):
            approve(platform, typer.prompt("Where is it to be found (such as the date of the mail)"), store)


def _who() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # no such user in a container
        return "unknown"
