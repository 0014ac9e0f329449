"""What a brand file says of itself and its peers, as the store knows it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from analytics.registration import register, rename
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


def test_a_new_name_is_taken_over_without_counting_anew(tmp_path: Path) -> None:
    """Brand, peer and event; a peer of another file keeps its name, and no week waits to be counted for that."""
    event = '[[events]]\nid = "terms"\ntitle = "{title}"\nnoticed = 2023-06-01\n'
    peer = '[[peers]]\nname = "{name}"\nslug = "rival"\nquery = "rival"\n'
    store, path = Store(tmp_path / "brandtrust.duckdb"), tmp_path / "acme.toml"

    def write(name: str, rival: str, title: str) -> None:
        head = f'name = "{name}"\nslug = "acme"\nquery = "acme"\n'
        path.write_text(head + peer.format(name=rival) + event.format(title=title), "utf-8")

    write("Acme", "Rival", "New terms")
    register(store, load(path))
    with store.writer() as connection:
        connection.execute("INSERT INTO brands SELECT * REPLACE ('other' AS brand) FROM brands WHERE brand = 'acme'")
        before = connection.execute("SELECT * EXCLUDE name FROM brands ORDER BY brand").fetchall()
    write("Acme & Co", "Rival Ltd", "New terms of service")
    rename(store, load(path))
    with store.writer() as connection:
        names = dict(connection.execute("SELECT brand, name FROM brands").fetchall())
        titles = connection.execute("SELECT title FROM policy_events").fetchall()
        assert connection.execute("SELECT * EXCLUDE name FROM brands ORDER BY brand").fetchall() == before
    assert names == {"acme": "Acme & Co", "rival": "Rival Ltd", "other": "Acme"}
    assert titles == [("New terms of service",)]
