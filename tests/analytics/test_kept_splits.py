"""What a change is made of is read of all voices once, and again only where they are others."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pandas as pd
import pytest

from analytics import effect_context
from analytics.effects.decomposition import Decomposition, decompose_change
from analytics.store import Store
from analytics.store.purging import purge_posts
from analytics.store.saving import Listener, save_arrival
from tests.analytics.test_effect_context import PAST, brand, crowd, measured, quiet, said, tell
from tests.posts import START, arrival, covered, posts

MEASURES = ("net_trust", "attention")


@pytest.fixture
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    made = Store(tmp_path_factory.mktemp("acme") / "a.duckdb")
    _ = made.author_keys  # made before anything is in the store
    own = quiet(1, 12) + [said(week, crowd("a", 30), -0.9, True) for week in range(4)]
    tell(made, "acme", own, weeks=12)
    return made


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many voices each split was made of, from here on."""
    voices: list[int] = []

    def decompose(said: pd.DataFrame, seed: int = 0) -> Decomposition:
        voices.append(len(said))
        return decompose_change(said, seed=seed)

    monkeypatch.setattr(effect_context, "decompose_change", decompose)
    return voices


def splits(store: Store) -> dict[str, Decomposition]:
    found = measured(store, brand())
    contexts = {measure: found["terms", measure].context for measure in MEASURES}
    return {measure: context.decomposition for measure, context in contexts.items() if context is not None}


def bring(store: Store, week: int) -> None:
    """A post of that week counted from the event, scored."""
    batch = posts([{"post_id": "new", "author_key": "new", "created_at": START + timedelta(weeks=PAST + week)}])
    window = covered(START, 7 * (PAST + 12))
    save_arrival(store, arrival(batch, listeners=[Listener("acme", "q1", "all")], coverage=[window]))
    with store.transaction() as connection:
        connection.execute("INSERT INTO scores SELECT 'forum', 'new', scorer, scorer_version, 0, 1, 0, 0.9 FROM brands")


def forget_kept(store: Store) -> None:
    with store.writer() as connection:
        connection.execute("DELETE FROM kept_splits")


def test_a_split_is_read_as_it_was_made(store: Store, made: list[int]) -> None:
    """A second run reads no voices, and has the same splits to their last digit."""
    first = splits(store)
    once = len(made)
    assert once >= len(MEASURES)
    assert splits(store) == first
    assert len(made) == once
    assert all(split.parts and split.low is not None for split in first.values())


@pytest.mark.parametrize(
    ("change", "again"),
    [
        (lambda store: bring(store, 1), True),
        (lambda store: bring(store, -2), True),
        (lambda store: bring(store, 11), False),
        (lambda store: purge_posts(store, "forum", {"acme3": "deleted"}, "r"), False),  # of the first week
        (lambda store: purge_posts(store, "forum", {f"acme{40 * PAST + 90}": "deleted"}, "r"), True),
    ],
    ids=["a post after", "a post before", "a post later on", "a purge long before", "a purge after"],
)
def test_a_split_is_made_anew_where_its_windows_change(
    store: Store, made: list[int], change: Callable[[Store], object], again: bool
) -> None:
    """What comes into a window or goes out of it changes the split, as making it anew would; all else leaves it."""
    first = splits(store)
    change(store)
    made.clear()
    then = splits(store)
    assert bool(made) is again
    assert (then != first) is again
    forget_kept(store)
    assert splits(store) == then
