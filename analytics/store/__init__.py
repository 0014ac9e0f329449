"""The store: where posts, scores and numbers are kept, and how they are read."""

from __future__ import annotations

from analytics.store.errors import KeyMismatch, NothingPublished, StoreBusy, StoreError, StoreUnusable
from analytics.store.reader import Reader
from analytics.store.reading import read
from analytics.store.store import Store, first_row, new_run_id, now, whole

__all__ = [
    "KeyMismatch",
    "NothingPublished",
    "Reader",
    "Store",
    "StoreBusy",
    "StoreError",
    "StoreUnusable",
    "first_row",
    "new_run_id",
    "now",
    "read",
    "whole",
]
