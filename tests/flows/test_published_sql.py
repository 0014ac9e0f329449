"""`brandtrust sql`: reads the published copy and can do nothing else."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from analytics.store import Store
from analytics.store.catalogue import views
from brands.brand_file import load
from flows import stages
from flows.command_line import app
from flows.terminal import printable
from tests.flows.acme import write_acme, write_posts
from tests.flows.conftest import BrandTrust

HOSTILE = 'Acme \x1b]0;owned\x07\x1b[31mred\x9b2J \u202eback, =HYPERLINK("x"), \'; DROP TABLE posts; --, 日本語 🙂'


@pytest.fixture(scope="module")
def once_collected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a brand file and a store of two posts."""
    folder = tmp_path_factory.mktemp("collected")
    brand = load(write_acme(folder))
    write_posts(folder / "posts.csv", [("1", "a", "2023-01-02", HOSTILE), ("2", "b", "2023-01-03", "Acme, plain")])
    stages.collect(brand, Store(folder / "brandtrust.duckdb"))
    return folder


@pytest.fixture
def collected(once_collected: Path, workplace: Path) -> Path:
    """The brand file in a copy of that folder, which is the working folder."""
    shutil.copytree(once_collected, workplace, dirs_exist_ok=True)
    return Path("acme.toml")


@pytest.mark.parametrize(
    "question",
    [
        "SELECT 1 AS a; SELECT 2",
        "INSERT INTO posts SELECT * FROM posts",
        "WITH a AS (SELECT 1) DELETE FROM posts",
        "CREATE TABLE mine AS SELECT 1",
        "DROP VIEW trust_weekly",
        "COPY posts TO 'stolen.csv'",
        "EXPORT DATABASE 'stolen'",
        "ATTACH 'brandtrust.duckdb' AS store",
        "INSTALL httpfs",
        "SET enable_external_access = true",
        "PRAGMA threads = 4",
        "CALL pragma_version()",
        "SELECT * FROM read_csv('posts.csv')",
        "SELECT * FROM 'posts.csv'",
        "SELECT * FROM read_text('/etc/hostname')",
        "SELECT * FROM glob('*')",
        "EXPLAIN ANALYZE INSERT INTO posts SELECT * FROM posts",
        "SELECT $1",
        "SELEC 1",
        "SELECT nothing FROM posts",
        "",
    ],
)
def test_what_does_not_only_read_is_refused(
    question: str, collected: Path, workplace: Path, brandtrust: BrandTrust
) -> None:
    """One line, exit code 2, and nothing is changed or written."""
    before = {path: path.read_bytes() for path in workplace.iterdir() if path.is_file()}
    told = brandtrust("sql", question)
    assert told.exit_code == 2
    assert told.stdout == ""
    assert told.stderr.startswith("brandtrust: ")
    assert told.stderr.count("\n") == 1
    assert "unexpected" not in told.stderr
    assert {path: path.read_bytes() for path in workplace.iterdir() if path.is_file()} == before


@pytest.mark.parametrize(
    "question",
    [
        "SELECT 1 AS a",
        "WITH a AS (SELECT 1 AS b) SELECT * FROM a",
        "FROM posts",
        "DESCRIBE trust_weekly",
        "SHOW TABLES",
        "SUMMARIZE posts",
        "EXPLAIN SELECT * FROM brand_posts",
        "SELECT * FROM brand_posts WHERE false;",
        "-- What is it?\nSELECT 1 AS a",
    ],
)
def test_what_reads_is_answered(question: str, collected: Path, brandtrust: BrandTrust) -> None:
    """All that analysts use to look around works."""
    assert brandtrust("sql", question).exit_code == 0


def test_a_question_may_come_from_standard_input(collected: Path) -> None:
    """As `sql - < question.sql` sends it."""
    told = CliRunner().invoke(app, ["sql", "-", "--format", "csv"], input="-- one\nSELECT 40 + 2 AS answer")
    assert told.stdout.split() == ["answer", "42"]


def test_a_misspelled_option_is_no_question(collected: Path, brandtrust: BrandTrust) -> None:
    """It is told, though a question may begin with -- as well."""
    for arguments in (("SELECT 1", "--fromat", "csv"), ("--fromat", "csv", "SELECT 1"), ("--schem",)):
        assert brandtrust("sql", *arguments).exit_code == 2


def test_the_age_of_the_copy_goes_to_standard_error(collected: Path, brandtrust: BrandTrust) -> None:
    """Rows alone are on standard output."""
    told = brandtrust("sql", "SELECT 42 AS answer", "--format", "csv")
    assert told.stdout == "answer\n42\n"
    assert "brandtrust.read.duckdb: published" in told.stderr


def test_a_brand_by_its_name_is_told_its_slug(collected: Path, brandtrust: BrandTrust) -> None:
    """An empty answer to a question that names the brand as people write it says how the views call it."""
    result = brandtrust("sql", "SELECT * FROM trust_weekly WHERE brand = 'Acme'")
    assert "no row: in the column brand Acme is called 'acme'" in result.stderr
    assert "is called" not in brandtrust("sql", "SELECT 1 WHERE 'acme' = 'b'").stderr


def test_texts_come_back_unchanged_in_files(collected: Path, workplace: Path, brandtrust: BrandTrust) -> None:
    """CSV, JSON and Parquet carry every character, lists as lists where the format has them."""
    question = "SELECT text, ['a', 'b'] AS list, NULL AS nothing FROM posts ORDER BY post_id"
    as_csv = list(csv.DictReader(io.StringIO(brandtrust("sql", question, "--format", "csv").stdout)))
    assert [row["text"] for row in as_csv] == [HOSTILE, "Acme, plain"]
    assert as_csv[0]["list"] == '["a", "b"]'
    as_json = json.loads(brandtrust("sql", question, "--format", "json").stdout)
    assert as_json[0] == {"text": HOSTILE, "list": ["a", "b"], "nothing": None}
    assert brandtrust("sql", question, "--format", "parquet", "--out", "posts.parquet").exit_code == 0
    assert pq.read_table(workplace / "posts.parquet").column("text").to_pylist() == [HOSTILE, "Acme, plain"]
    assert brandtrust("sql", question, "--format", "parquet").exit_code == 2


def test_memory_and_raw_are_options_of_the_command(
    collected: Path, brandtrust: BrandTrust, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The memory comes from the environment too."""
    told = brandtrust("sql", "SELECT '=1' AS a", "--format", "csv", "--raw", "--memory", "300MB")
    assert told.stdout == "a\n=1\n"
    monkeypatch.setenv("BRANDTRUST_SQL_MEMORY", "plenty")
    told = brandtrust("sql", "SELECT 1 AS a")
    assert told.exit_code == 2
    assert "plenty: is no size" in told.stderr


def test_no_answer_at_all_is_valid_json(collected: Path, brandtrust: BrandTrust) -> None:
    """An empty result is an empty array."""
    assert json.loads(brandtrust("sql", "SELECT 1 AS a WHERE false", "--format", "json").stdout) == []


def test_a_table_carries_nothing_that_a_terminal_obeys(collected: Path, brandtrust: BrandTrust) -> None:
    """Posts are written by strangers."""
    shown = brandtrust("sql", "SELECT text FROM posts").stdout
    assert not set("\x1b\x07\x9b\u202e") & set(shown)
    assert "日本語 🙂" in shown
    assert printable("a\x1b[1m\x00b\nc\td") == "a�[1m�b\nc\td"


def test_before_the_first_run_there_is_nothing_to_ask(workplace: Path, brandtrust: BrandTrust) -> None:
    """It says what to run, and makes no file."""
    told = brandtrust("sql", "SELECT 1")
    assert told.exit_code == 2
    assert "brandtrust run" in told.stderr
    assert list(workplace.iterdir()) == []


def test_the_schema_shows_every_view_with_key_and_columns(workplace: Path, brandtrust: BrandTrust) -> None:
    """It needs no store."""
    told = brandtrust("sql", "--schema").stdout
    for view in views().values():
        assert f"{view.name}\n  {view.summary}\n  key: {', '.join(view.key)}\n" in told
        for column, meaning in view.columns.items():
            assert f"    {column} " in told
            assert meaning in told
