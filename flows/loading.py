"""Reading a brand file for a run: what it names must be there in the rooms that give the names meaning."""

from __future__ import annotations

from pathlib import Path

from analytics.sentiment.scorers import KNOWN
from analytics.themes import read_taxonomy
from brands.brand_file import Brand, Known, load
from connectors.registry import names


def load_brand(path: str | Path) -> Brand:
    """The brand file at `path`, with every connector, theme and scorer known. Raises BrandFileError."""
    return load(path, Known(connectors=names(), themes=list(read_taxonomy().themes), scorers=KNOWN))
