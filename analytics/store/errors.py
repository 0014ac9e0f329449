"""What can go wrong with the store; each is one line that says where and what to do.

StoreError           anything below
├── StoreBusy        another run writes, or another program holds the file
├── StoreUnusable    the file is no store, of a newer release, or cannot be written
├── KeyMismatch      the author key is missing or is not this store's
└── NothingPublished there is no read-only copy yet
"""

from __future__ import annotations


class StoreError(Exception):
    """The store cannot do what was asked."""


class StoreBusy(StoreError):
    """Another run writes, or another program holds the file open."""


class StoreUnusable(StoreError):
    """The file is no store, of a newer release, or cannot be written."""


class KeyMismatch(StoreError):
    """The author key is missing or is not the one this store was made with."""


class NothingPublished(StoreError):
    """There is no read-only copy yet."""
