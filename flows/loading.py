"""Reading a brand file for a run: what it names must be there in the rooms that give the names meaning."""

from __future__ import annotations

from pathlib import Path

from analytics.sentiment import SCORERS, read_model
from analytics.store import Store
from analytics.themes import read_taxonomy
from brands.brand_file import Brand, Known, load
from connectors.registry import names
from connectors.signals import registry as signals_registry
from flows.errors import UsageError


def load_brand(path: str | Path) -> Brand:
    """The brand file at `path`, with every connector, theme and scorer known, and its model fit for use.

    Raises BrandFileError, ModelError.
    """
    known = Known(
        connectors=names(), themes=list(read_taxonomy().themes), scorers=SCORERS, signals=signals_registry.names()
    )
    brand = load(path, known)
    if brand.model is not None:
        read_model(brand.model)
    return brand


def existing_store(url: str | None) -> Store:
    """The store at `url`, where there is one: what works on stored posts makes no empty store. Raises UsageError."""
    stored = Store(url)
    if not stored.exists:
        raise UsageError(f"{stored.url}: there is no store yet; run: brandtrust collect BRAND.toml")
    return stored
