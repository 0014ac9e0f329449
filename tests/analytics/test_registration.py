"""What a brand file says of itself and its peers, as the store knows it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from analytics.registration import register
from analytics.store import Store
from brands.brand_file import load

BREAK = '[[source_breaks]]\nsource = "forum"\ndate = {day}\nnote = "{note}"\n'
SOURCE = (
    '[[sources]]\nconnector = "archive"\nname = "forum"\npath = "a.csv"\ncolumns = { created_at = "at", text = "t" }\n'
)


def test_a_peers_own_breaks_are_known_too(tmp_path: Path) -> None:
    """A peer by file is no steadier than its source: breaks of its file bar windows as those of the brand's do."""
    rival = 'name = "Rival"\nquery = "rival"\n' + SOURCE
    own = 'name = "Acme"\nquery = "acme"\n' + SOURCE + '[[peers]]\nname = "Rival"\nfile = "rival.toml"\n'
    (tmp_path / "rival.toml").write_text(rival + BREAK.format(day="2023-05-01", note="theirs"), "utf-8")
    (tmp_path / "acme.toml").write_text(own + BREAK.format(day="2023-06-01", note="ours"), "utf-8")
    store = Store(tmp_path / "brandtrust.duckdb")

    register(store, load(tmp_path / "acme.toml"))
    assert breaks(store) == [("acme", date(2023, 6, 1), "ours"), ("rival", date(2023, 5, 1), "theirs")]

    (tmp_path / "rival.toml").write_text(rival, "utf-8")
    register(store, load(tmp_path / "acme.toml"))
    assert breaks(store) == [("acme", date(2023, 6, 1), "ours")]


def breaks(store: Store) -> list[tuple[object, ...]]:
    with store.writer() as connection:
        return connection.execute("SELECT brand, break_date, note FROM source_breaks ORDER BY brand").fetchall()
