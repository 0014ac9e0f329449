"""New stores for tests, of whichever kind."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from analytics.store import Store

NewStore: TypeAlias = Callable[..., Store]
"""Opens a new store in a folder of the given name below the test's own."""


def write_key(store: Store) -> None:
    """Give a store the same author key as others, so that what is kept can be compared."""
    store.key_path.parent.mkdir(parents=True, exist_ok=True)
    store.key_path.write_text("ab" * 32)
    store.key_path.chmod(0o600)
