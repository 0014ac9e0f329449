"""`brandtrust move`, as a person meets it."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import pytest

from analytics.store import Store
from tests.flows.conftest import BrandTrust
from tests.lakes import GUARDED, PASSWORD, Lakes


def test_a_store_is_moved_and_listening_goes_on(acme: Path, workplace: Path, brandtrust: BrandTrust) -> None:
    """It is told what came along and what to do next; the next run finds nothing new and knows whom to leave out."""
    brandtrust("collect", acme)
    assert brandtrust("forget", "user3", "--yes").exit_code == 0
    moved = brandtrust("move", "--to", "team/b.duckdb")
    assert (moved.exit_code, moved.stderr) == (0, "")
    lines = moved.stdout.splitlines()
    assert lines[0].startswith("team/b.duckdb: 280 posts; ")
    assert lines[0].endswith(" tables, each the same as in brandtrust.duckdb")
    assert lines[1] == "author key copied: team/b.key; keep a copy of it elsewhere"
    assert (
        lines[2] == f"next: export BRANDTRUST_STORE={workplace}/team/b.duckdb, and start serve or deploy again with it"
    )
    assert lines[3].startswith("brandtrust.duckdb: is still there. Let nothing collect into it any more")
    assert brandtrust("collect", acme, "--store", "team/b.duckdb").exit_code == 0
    told = brandtrust("sql", "SELECT count(*) AS posts FROM brand_posts", "--format", "csv", "--store", "team/b.duckdb")
    assert told.stdout.split() == ["posts", "320"]


def test_what_cannot_be_moved_is_one_line(acme: Path, workplace: Path, brandtrust: BrandTrust) -> None:
    """No store, no target, one that is taken, the store itself, another kind: exit code 2, and nothing is made."""
    ended = brandtrust("move", "--to", "b.duckdb")
    assert ended.exit_code == 2
    assert "there is no store yet" in ended.stderr
    brandtrust("collect", acme)
    brandtrust("collect", acme, "--store", "taken.duckdb")
    before = {path: path.stat().st_size for path in workplace.iterdir()}
    for to, told in (
        ("taken.duckdb", "is not empty"),
        ("./brandtrust.duckdb", "is the store itself"),
        ("s3://ann:hunter2@bucket/a", "unknown kind of store"),
        ("ducklake:postgresql://ann:hunter2@127.0.0.1:1/a?data=shared", "no PostgreSQL server answers"),
        (".", "is a directory"),
    ):
        ended = brandtrust("move", "--to", to)
        assert (ended.exit_code, ended.stdout) == (2, "")
        assert len(ended.stderr.splitlines()) == 1
        assert told in ended.stderr
        assert "hunter2" not in ended.stderr
    assert brandtrust("move").exit_code == 2
    assert {path: path.stat().st_size for path in workplace.iterdir()} == before


@pytest.mark.parametrize("kind", ["embedded", pytest.param("lake", marks=pytest.mark.long)])
def test_reports_from_before_are_still_identical(
    kind: str, demo_store: Store, workplace: Path, brandtrust: BrandTrust, request: pytest.FixtureRequest
) -> None:
    """A report that was written from the old store, held against the new one."""
    url = "new/b.duckdb"
    if kind == "lake":
        lakes: Lakes = request.getfixturevalue("lakes")
        url = lakes.url(lakes.new_database(), folder=workplace / "shared")
    moved = brandtrust("move", "--store", demo_store.url, "--to", url)
    assert "report: the files stay where they are" in moved.stdout.replace("reports:", "report:")
    [pdf] = demo_store.folder.rglob("*.pdf")
    verified = brandtrust("verify", pdf, "--store", url)
    assert verified.exit_code == 0
    assert verified.stdout == brandtrust("verify", pdf, "--store", demo_store.url).stdout
    assert "is IDENTICAL" in verified.stdout.splitlines()[0]


@pytest.mark.long
def test_a_password_in_the_url_is_told_nowhere(
    lakes: Lakes, acme: Path, workplace: Path, brandtrust: BrandTrust
) -> None:
    """Neither in what is printed nor in any file, whichever of the two stores has one."""
    database = lakes.new_database()
    lakes.run(f"GRANT ALL ON SCHEMA public TO {GUARDED}", database)
    url = lakes.url(database, user=f"{GUARDED}:{quote(PASSWORD, safe='')}", folder=workplace / "shared")
    brandtrust("collect", acme)
    told = brandtrust("move", "--to", url)
    assert told.exit_code == 0, told.stderr
    back = brandtrust("move", "--store", url, "--to", "back.duckdb")
    assert back.exit_code == 0, back.stderr
    assert back.stdout.startswith("back.duckdb: 320 posts")
    assert "hunter2" not in told.output + told.stderr + back.output + back.stderr
    assert not [path for path in workplace.rglob("*") if path.is_file() and b"hunter2" in path.read_bytes()]
