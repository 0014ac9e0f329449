from __future__ import annotations

import stat
from pathlib import Path

import pytest

from analytics.store import KeyMismatch, Store
from analytics.store.author_keys import load_keys
from tests.posts import arrival, posts


def test_a_handle_has_one_key_a_source(tmp_path: Path) -> None:
    """The same handle on the same source is one author, on another source another; capitals make no difference."""
    keys = load_keys(tmp_path / "a.key", None)
    assert keys.key("forum", "Ann") == keys.key("forum", "ann")
    assert keys.key("forum", "ann") != keys.key("microblog", "ann")


def test_the_key_file_is_for_its_owner_only(tmp_path: Path) -> None:
    """The key is written with mode 600, and one that others can read is refused."""
    path = tmp_path / "a.key"
    load_keys(path, None)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.chmod(0o644)
    with pytest.raises(KeyMismatch, match="chmod 600"):
        load_keys(path, None)


def test_the_secret_is_in_no_repr(tmp_path: Path) -> None:
    """Neither repr nor str of the keys tells the secret."""
    path = tmp_path / "a.key"
    keys = load_keys(path, None)
    assert path.read_text().strip() not in repr(keys) + str(keys)


@pytest.mark.parametrize("damage", ["missing", "other", "garbage"])
def test_another_key_is_an_error_never_a_new_key(store: Store, damage: str) -> None:
    """A store whose key is missing, changed or garbled is refused: its authors would count twice."""
    _ = store.author_keys
    from analytics.store.saving import save_arrival

    save_arrival(store, arrival(posts([{}])))
    path = store.key_path
    if damage == "missing":
        path.unlink()
    else:
        path.write_text("00" * 32 if damage == "other" else "not a key")
    with pytest.raises(KeyMismatch, match=r"\.key: "):
        _ = Store(store.url).author_keys
    assert path.exists() == (damage != "missing")
