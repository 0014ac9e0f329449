"""A team's store: by changing --store alone, every command does what it does on a file."""

from __future__ import annotations

import shutil
from pathlib import Path
from urllib.parse import quote

import duckdb
import pandas as pd
import pytest

from analytics.store import Store, read
from analytics.store.catalogue import views
from analytics.store.compaction import compact, compaction_due
from analytics.store.purging import purge_posts
from brands.brand_file import load
from flows.demo_sample import write_sample
from flows.demo_terms import store_terms
from flows.deployments import plan_deployments
from flows.errors import UsageError
from flows.published_sql import ask, locked_copy
from flows.stages import weekly
from tests.flows.conftest import BrandTrust
from tests.lakes import GUARDED, PASSWORD, Lakes
from tests.stores import write_key

SECRET = quote(PASSWORD, safe="")
OF_EACH_RUN = {  # ids and times, which no two runs share
    *("run_id", "report_id", "published_at", "confirmed_at", "sql_hash"),
}


@pytest.fixture(scope="module")
def whole(lakes: Lakes, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Store]:
    """The demo's whole run on a file and on a lake, under one author key."""
    made = {}
    for kind in ("file", "lake"):
        folder = tmp_path_factory.mktemp(kind)
        brand = load(write_sample(folder))
        url = str(folder / "a.duckdb") if kind == "file" else lakes.url(lakes.new_database(), folder=folder / "shared")
        made[kind] = Store(url)
        write_key(made[kind])
        store_terms(made[kind], brand.slug)
        assert not [each for each in weekly(brand, made[kind], out=folder / "reports").sources if each.failure]
    return made


@pytest.mark.long
@pytest.mark.timeout(900)
def test_a_whole_run_gives_the_same_numbers_as_on_a_file(whole: dict[str, Store]) -> None:
    """Every view, row for row; floating-point sums may differ in the last digits, as between any two runs."""
    for name in views():
        on_file, on_lake = (
            read(name, store=whole[kind].url).drop(columns=list(OF_EACH_RUN), errors="ignore") for kind in whole
        )
        pd.testing.assert_frame_equal(on_file, on_lake, rtol=1e-9, atol=1e-12, obj=name)
    assert len(read("trust_weekly", store=whole["lake"].url)) > 100


@pytest.mark.long
def test_commands_work_on_a_lake(whole: dict[str, Store], tmp_path: Path, brandtrust: BrandTrust) -> None:
    """Asking, reading a question from the shell's pipe, verifying the report, and what doctor tells."""
    url = whole["lake"].url
    asked = brandtrust("sql", "SELECT count(*) > 100 AS many FROM trust_weekly", "--format", "csv", "--store", url)
    assert (asked.exit_code, asked.stdout) == (0, "many\nTrue\n")
    [pdf] = (whole["lake"].folder.parent / "reports").rglob("*.pdf")
    verified = brandtrust("verify", pdf, "--store", url)
    assert (verified.exit_code, verified.stderr) == (0, "")
    told = brandtrust("doctor", "--store", url).stdout
    assert f"{url}:" in told.replace("\n", "")


@pytest.mark.long
@pytest.mark.parametrize(
    "question",
    [
        "FROM postgres_query('catalogue', 'SELECT 1')", "FROM ducklake_snapshots('lake')", "FROM lake.snapshots()",
        "FROM __ducklake_metadata_lake.main.ducklake_data_file", "FROM ducklake_list_files('lake', 'posts')",
        "CALL ducklake_expire_snapshots('lake', older_than => now())", "DELETE FROM posts", "FROM duckdb_databases()",
        "ATTACH 'postgres:dbname=postgres' AS other", "FROM read_parquet('{file}')", "FROM '{key}'", "LOAD postgres",
    ],
)  # fmt: skip
def test_an_analyst_reaches_neither_catalogue_nor_files(
    whole: dict[str, Store], question: str, brandtrust: BrandTrust
) -> None:
    """Nothing but the tables and views of what is published, whatever is asked."""
    store = whole["lake"]
    file = next(store.folder.rglob("*.parquet"))
    told = brandtrust("sql", question.format(file=file, key=store.key_path), "--store", store.url)
    assert (told.exit_code, told.stdout) == (2, "")
    assert len(told.stderr.splitlines()) == 1
    assert "ducklake-" not in told.stderr


@pytest.mark.long
def test_the_engine_itself_refuses_what_the_guard_would(whole: dict[str, Store], tmp_path: Path) -> None:
    """Without the guard too: no file but those of what is published, no other database, nothing that writes."""
    (tmp_path / "other.csv").write_text("a\n1\n")
    store = whole["lake"]
    with locked_copy(store) as connection:
        assert connection.execute("SELECT count(*) > 0 FROM posts").fetchall() == [(True,)]
        for sql in (
            f"FROM read_csv('{tmp_path / 'other.csv'}')",
            f"FROM read_text('{store.key_path}')",
            f"ATTACH '{store.read_path}' AS again",
            "ATTACH 'dbname=postgres' AS other (TYPE postgres)",
            f"COPY posts TO '{tmp_path / 'stolen.csv'}'",
            f"COPY posts TO '{store.folder / 'files' / 'stolen.parquet'}'",
            "CREATE TABLE mine AS SELECT 1",
            "DELETE FROM posts",
            "CALL ducklake_delete_orphaned_files('lake', cleanup_all => true)",
            "SET enable_external_access = true",
        ):
            with pytest.raises(duckdb.Error):
                connection.execute(sql).fetchall()
    assert not list(store.folder.rglob("stolen*"))


@pytest.mark.long
def test_purged_posts_are_gone_from_the_lake(whole: dict[str, Store]) -> None:
    """As `comply` does it: rewritten, published, no file left that held them; who reads them meanwhile is told."""
    store = whole["lake"]
    with locked_copy(store) as early:
        source, post_id = early.execute("SELECT source, post_id FROM posts ORDER BY ALL LIMIT 1").fetchall()[0]
        assert purge_posts(store, source, {post_id: "deleted"}, "run2").posts == 1
        compact(store)
        with pytest.raises(UsageError, match="ask it again"):
            list(ask(early, "SELECT text FROM posts").rows())
    assert not compaction_due(store)
    with store.reader() as connection:
        found = connection.execute("SELECT 1 FROM posts WHERE source = ? AND post_id = ?", [source, post_id]).fetchall()
        assert found == []
        assert {*store.readable_files(connection)} == {*store.folder.rglob("*.parquet")}


@pytest.mark.parametrize("command", ["collect", "report", "comply", "sql", "doctor"])
@pytest.mark.parametrize(
    ("store", "told"),
    [
        ("s3://ann:hunter2@bucket/a", "unknown kind of store"),
        ("postgresql://ann:hunter2@host/a", "unknown kind of store"),
        ("ducklake:sqlite:a.db", "unknown kind of catalogue"),
        ("ducklake:postgresql://ann:hunter2@host/a", "names no folder"),
    ],
)
def test_a_store_of_an_unknown_kind_is_one_line(
    command: str, store: str, told: str, acme: Path, brandtrust: BrandTrust
) -> None:
    """Exit code 2, no password, nothing made."""
    before = sorted(Path().iterdir())
    argument = "SELECT 1" if command == "sql" else acme
    ended = brandtrust(command, argument, "--store", store)
    assert ended.exit_code == 2
    assert told in ended.stderr.splitlines()[-1]
    assert "hunter2" not in ended.output + ended.stderr
    assert sorted(Path().iterdir()) == before


@pytest.mark.long
@pytest.mark.parametrize("command", ["collect", "report", "comply", "doctor"])
def test_a_lake_that_cannot_be_opened_is_one_line(
    command: str, lakes: Lakes, acme: Path, workplace: Path, brandtrust: BrandTrust
) -> None:
    """A server that is not there, a wrong password: exit code 2, no password in any line, nothing made."""
    folder = workplace / "shared"
    gone = f"ducklake:postgresql://ann:{SECRET}@127.0.0.1:1/a?data={folder}"
    wrong = lakes.url(lakes.new_database(), user=f"{GUARDED}:hunter2", folder=folder)
    for store, told in ((gone, "no PostgreSQL server answers"), (wrong, "PGPASSWORD")):
        ended = brandtrust(command, acme, "--store", store)
        assert ended.exit_code == 2
        assert told in ended.stderr.splitlines()[-1]
        assert "hunter2" not in ended.output + ended.stderr
    assert not folder.exists()


def test_scheduled_runs_are_not_given_a_password(acme: Path) -> None:
    """Prefect shows the parameters of a run to everybody who sees its page."""
    store = Store(f"ducklake:postgresql://ann:{SECRET}@host/b?data=/shared")
    with pytest.raises(UsageError, match="PGPASSWORD") as refusal:
        plan_deployments(load(acme), acme, store.absolute_url)
    assert "hunter2" not in str(refusal.value)


@pytest.mark.long
def test_a_run_on_a_lake_tells_no_password(
    lakes: Lakes, acme: Path, workplace: Path, brandtrust: BrandTrust, caplog: pytest.LogCaptureFixture
) -> None:
    """A whole collection with the password in --store: it stands in nothing that is printed, logged or stored."""
    database = lakes.new_database()
    lakes.run(f"GRANT ALL ON SCHEMA public TO {GUARDED}", database)
    url = lakes.url(database, user=f"{GUARDED}:{SECRET}", folder=workplace / "shared")
    ended = brandtrust("collect", acme, "--store", url)
    assert ended.exit_code == 0, ended.stderr
    asked = brandtrust("sql", "SELECT count(*) AS posts FROM posts", "--format", "csv", "--store", url)
    assert int(asked.stdout.split()[1]) > 0
    assert "hunter2" not in ended.output + ended.stderr + asked.output + asked.stderr + caplog.text
    for path in workplace.rglob("*"):
        assert not path.is_file() or b"hunter2" not in path.read_bytes(), path
    shutil.rmtree(workplace / "shared")
