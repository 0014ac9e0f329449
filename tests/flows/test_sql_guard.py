"""What a question may ask: everything that reads the store, nothing that tells of the machine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.store import Store
from analytics.store.catalogue import views
from flows import sql_guard
from flows.errors import UsageError
from flows.published_sql import asked
from flows.sql_guard import HARMLESS, TABLE_FUNCTIONS, check_function, check_question, functions, split_statements


def publish_empty(folder: Path) -> Store:
    """A published store without a post."""
    made = Store(folder / "brandtrust.duckdb")
    made.publish()
    return made


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A published store without a post."""
    return publish_empty(tmp_path_factory.mktemp("told-by-nobody"))


@pytest.fixture(scope="module")
def connection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """Another, open and not locked: what a question would tell were there no guard."""
    with publish_empty(tmp_path_factory.mktemp("told-by-nobody")).reader() as opened:
        yield opened


TELLING = [  # each tells a path or a setting of the machine, or runs what the guard cannot see
    "SELECT * FROM duckdb_databases()",
    "SELECT * FROM duckdb_databases",
    'SELECT * FROM "DuckDB_Databases"()',
    "SELECT * FROM main.duckdb_databases()",
    "SELECT * FROM system.main.duckdb_databases()",
    "FROM pragma_database_list",
    "FROM duckdb_settings()",
    "FROM pg_catalog.pg_settings",
    "FROM duckdb_extensions()",
    "FROM duckdb_secrets()",
    "FROM duckdb_logs",
    "FROM duckdb_temporary_files()",
    "SELECT current_setting('temp_directory')",
    "SELECT Current_Setting('temp_directory')",
    "SELECT system.main.\"current_setting\"('temp_directory')",
    "SELECT list_transform(['temp_directory'], lambda name: current_setting(name))",
    "SELECT [current_setting(name) FOR name IN ['temp_directory']]",
    "SELECT 1 AS a ORDER BY (SELECT value FROM duckdb_settings() LIMIT 1)",
    "SELECT 1 AS a LIMIT length(current_setting('temp_directory'))",
    "SELECT 1 AS a WHERE EXISTS (FROM duckdb_settings())",
    "WITH told AS MATERIALIZED (FROM duckdb_settings()) SELECT count(*) FROM told",
    "SELECT 1 UNION ALL (SELECT 2 FROM duckdb_settings())",
    "FROM posts, LATERAL (SELECT current_setting('temp_directory'))",
    "VALUES (current_setting('temp_directory'))",
    "SELECT sum(length(current_setting('temp_directory'))) OVER () FROM range(2)",
    "SELECT * FROM duckdb_views, (WITH duckdb_views AS (SELECT 1) FROM duckdb_views)",
    "DESCRIBE FROM duckdb_settings()",
    "SUMMARIZE FROM duckdb_settings()",
    "SUMMARIZE pragma_database_list",
    "SHOW temp_directory",
    "EXPLAIN SELECT current_setting('temp_directory')",
    "EXPLAIN ANALYZE FROM duckdb_databases()",
    "EXPLAIN (FORMAT json) FROM duckdb_databases()",
    "SELECT json_serialize_plan('SELECT current_setting(''temp_directory'')')",
    "FROM json_execute_serialized_sql(json_serialize_sql('FROM duckdb_databases()'))",
    "FROM query('FROM duckdb_databases()')",
    "FROM query_table('duckdb_databases')",
    "FROM histogram('duckdb_databases', 'path')",
    "PIVOT duckdb_databases ON path USING count(*)",
    "PIVOT duckdb_databases() ON path USING count(*)",
    'PIVOT "duckdb_databases" /* ( */ ( ) ON path USING count(*)',
    "PIVOT (FROM query('FROM duckdb_databases()')) ON path USING count(*)",
    "PIVOT (SELECT \"current_setting\" -- (\n ('temp_directory') AS a) ON a USING count(*)",
    "SELECT * FROM (PIVOT duckdb_databases ON path USING count(*))",
    "WITH told AS (PIVOT duckdb_databases ON path USING count(*)) FROM told",
]
REACHING = [  # each would read a file, reach the network, or write
    "FROM 'posts.csv'",
    'FROM "/etc/hostname"',
    "FROM read_csv('posts.csv')",
    "FROM read_text('/etc/hostname')",
    "FROM read_blob('/etc/hostname')",
    "FROM glob('/*')",
    "FROM sniff_csv('posts.csv')",
    "FROM parquet_metadata('a.parquet')",
    "FROM read_parquet('http://127.0.0.1:9/a.parquet')",
    "FROM read_duckdb('other.duckdb')",
    "PIVOT 'posts.csv' ON a USING count(*)",
    "COPY posts TO 'a.csv'",
    "COPY (PIVOT posts ON source USING count(*)) TO 'a.csv'",
    "CREATE TEMP TABLE mine AS PIVOT posts ON source USING count(*)",
    "ATTACH 'other.duckdb'",
    "ATTACH ':memory:' AS other",
    "DETACH brandtrust",
    "INSTALL httpfs",
    "LOAD httpfs",
    "IMPORT DATABASE '/etc'",
    "EXPORT DATABASE 'a'",
    "PRAGMA database_list",
    "PRAGMA threads = 4",
    "CALL duckdb_settings()",
    "SET VARIABLE a = 1",
    "RESET memory_limit",
    "USE system",
    "CHECKPOINT",
    "VACUUM",
    "BEGIN",
    "PREPARE a AS FROM duckdb_settings()",
    "EXECUTE a",
    "CREATE MACRO a() AS TABLE FROM duckdb_settings()",
    "CREATE TEMP VIEW a AS FROM duckdb_settings()",
    "SELECT write_log('a')",
    "SELECT nextval('a')",
    "EXPLAIN ANALYZE COPY (SELECT 1) TO 'a.csv'",
    "SELECT 1 AS a; FROM duckdb_settings()",
    "SELECT 1 AS a /* ; */ ; -- ;\nDROP VIEW trust_weekly",
    "PIVOT posts ON source USING count(*); SELECT 1",
]


@pytest.mark.parametrize("question", TELLING + REACHING)
def test_what_tells_of_the_machine_or_reaches_out_is_refused(store: Store, question: str) -> None:
    """By one line, which holds no path that the question did not hold itself."""
    with pytest.raises(UsageError) as refused, asked(store, question):
        pass
    told = str(refused.value)
    assert "\n" not in told
    assert str(store.path.parent) not in told


READING = [
    "FROM posts",
    "TABLE posts",
    "SELECT count(*) FROM main.posts",
    "SELECT count(*) FROM brandtrust.main.posts",
    "WITH a AS (SELECT 1 AS b) SELECT * FROM A",
    "WITH RECURSIVE a AS (SELECT 1 AS b UNION ALL SELECT b + 1 FROM a WHERE b < 3) FROM a",
    "PIVOT posts ON source USING count(*) GROUP BY kind",
    "SELECT * FROM (PIVOT posts ON source IN ('forum') USING count(*))",
    "FROM (PIVOT posts ON source, kind USING count(*), max(upper(text)))",
    "UNPIVOT (SELECT 1 AS a, 2 AS b) ON a, b",
    "SHOW TABLES",
    "SHOW ALL TABLES",
    "DESCRIBE posts",
    "DESCRIBE SELECT 1",
    "SUMMARIZE trust_weekly",
    "EXPLAIN FROM posts",
    "EXPLAIN (FORMAT json) FROM posts",
    "EXPLAIN (SELECT 1)",
    "EXPLAIN ANALYZE FROM brand_posts",
    "FROM information_schema.columns",
    "FROM range(3)",
    "FROM generate_series(DATE '2024-01-01', DATE '2024-02-01', INTERVAL 1 WEEK)",
    "SELECT unnest(['a', 'b'])",
    """FROM json_each('{"a": 1}')""",
    "SELECT now(), current_date, today(), random(), uuid(), current_timestamp, ago(INTERVAL 1 DAY)",
    "SELECT ROW_NUMBER() OVER (ORDER BY week), lag(net_trust) OVER w FROM trust_weekly WINDOW w AS (ORDER BY week)",
    "SELECT list_avg([1, 2]), split_part('a b', ' ', 1), array_to_string(['a'], ','), nullif(1, 2), date_add(now(), "
    "INTERVAL 1 DAY), geomean(a), strftime(now(), '%Y'), regexp_matches('a', 'b') FROM (VALUES (1)) AS t (a)",
    "SELECT * FROM posts ASOF JOIN post_metrics ON posts.created_at >= post_metrics.observed_at",
    "SELECT 'FROM duckdb_settings(); COPY x TO y' AS text -- duckdb_databases()",
    'SELECT 1 AS "current_setting", 2 AS glob',
]


@pytest.mark.parametrize("question", READING)
def test_what_reads_the_store_is_answered(store: Store, question: str) -> None:
    """All that DuckDB's SQL has for looking at tables works, whatever words stand in it as text or as a name."""
    with asked(store, question) as answer:
        answer.fetch(10)


def test_every_view_can_be_asked(connection: duckdb.DuckDBPyConnection) -> None:
    """The views are made of functions too; the rule is for the question alone."""
    for view in views():
        check_question(connection, f"FROM {view}")


def test_no_table_function_that_may_be_asked_tells_a_path(connection: duckdb.DuckDBPyConnection) -> None:
    """Of all that this DuckDB has; those that are refused do tell: the test would see it."""
    told = {}
    named = {name for name, each in functions().items() if any(one.kind in ("table", "table_macro") for one in each)}
    for name in sorted(named):
        try:
            rows = connection.execute(f"FROM {name}()").fetchall()
        except duckdb.Error:  # needs arguments
            continue
        told[name] = "told-by-nobody" in str(rows)
    assert told["duckdb_databases"]
    for name, path in told.items():
        if path:
            with pytest.raises(UsageError):
                check_question(connection, f"FROM {name}()")
    assert named >= TABLE_FUNCTIONS - {"unnest"}


def test_no_view_of_duckdb_that_may_be_asked_tells_a_path(connection: duckdb.DuckDBPyConnection) -> None:
    """Those of information_schema may be asked and tell none."""
    rows = connection.execute("SELECT schema_name, view_name FROM duckdb_views() WHERE internal").fetchall()
    for schema, name in rows:
        told = "told-by-nobody" in str(connection.execute(f'FROM "{schema}"."{name}"').fetchall())
        assert not (told and schema == "information_schema")
        if schema != "information_schema":
            with pytest.raises(UsageError):
                check_question(connection, f'FROM "{schema}"."{name}"')


def test_a_function_that_duckdb_does_not_call_pure_is_refused_until_it_is_named_harmless() -> None:
    """Macros are what they are made of: one that sleeps, and one that reads a table of DuckDB's own."""
    for name, found in functions().items():
        if any(each.kind == "scalar" and not each.pure for each in found) and name not in HARMLESS:
            assert not check_function(name)
    assert not check_function("pg_sleep")
    assert not check_function("get_block_size")
    assert not check_function("CURRENT_SETTING")
    assert all(check_function(name) for name in ("ago", "date_add", "list_avg", "sum", "upper", "now", "+"))


def test_a_kind_of_table_that_is_not_known_is_refused(
    connection: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a later DuckDB may bring is not answered before somebody has looked at it."""
    check_question(connection, "SELECT * FROM posts JOIN posts AS b USING (source)")
    monkeypatch.setattr(sql_guard, "TABLE_KINDS", sql_guard.TABLE_KINDS - {"JOIN"})
    with pytest.raises(UsageError, match="JOIN"):
        check_question(connection, "SELECT * FROM posts JOIN posts AS b USING (source)")


def test_a_table_that_is_not_there_is_told_with_the_one_that_was_meant(store: Store) -> None:
    """Its name alone, on one line."""
    with pytest.raises(UsageError, match=r"trust_weekl: .*did you mean trust_weekly"), asked(store, "FROM trust_weekl"):
        pass


def test_a_variable_of_the_program_is_no_table(store: Store) -> None:
    """DuckDB would look for a data frame of that name."""
    import pandas as pd

    secrets = pd.DataFrame({"a": [1]})
    assert len(secrets)
    with pytest.raises(UsageError), asked(store, "FROM secrets"):
        pass


@pytest.mark.parametrize(
    ("text", "statements", "rest"),
    [
        ("SELECT 1; SELECT 2;", ["SELECT 1", " SELECT 2"], ""),
        ("SELECT ';' AS \"a;b\" /* ; */ ;", ["SELECT ';' AS \"a;b\" /* ; */ "], ""),
        ("SELECT 1 -- ;\n", [], "SELECT 1 -- ;\n"),
        ("SELECT 'begun;\n", [], "SELECT 'begun;\n"),
        ("SELECT /* begun;\n", [], "SELECT /* begun;\n"),
        ("SELECT $$;$$ AS ä; FROM", ["SELECT $$;$$ AS ä"], " FROM"),
        (";; ;", [], ""),
        ("", [], ""),
    ],
)
def test_a_semicolon_ends_a_statement_only_where_sql_says_so(text: str, statements: list[str], rest: str) -> None:
    """Not inside a string, a quoted name or a comment, nor where one of these has begun."""
    assert split_statements(text) == (statements, rest)


@given(st.lists(st.sampled_from(["a", " ", ";", "'", '"', "--", "/*", "*/", "\n", "ä", "$$", "🙂", "("]), max_size=14))
def test_nothing_of_a_text_is_lost_when_it_is_split(pieces: list[str]) -> None:
    """Statements and rest are the text again, but for semicolons and what is blank."""
    text = "".join(pieces)
    statements, rest = split_statements(text)
    place = 0
    for each in [*statements, rest]:
        place = text.index(each, place) + len(each)
    assert text.endswith(rest)


def test_a_statement_that_is_refused_has_read_no_file(store: Store, tmp_path: Path) -> None:
    """To parse IMPORT DATABASE, DuckDB would open the folder's files and tell of them in its message."""
    (tmp_path / "load.sql").touch()
    (tmp_path / "schema.sql").write_text("kept secret;")
    with pytest.raises(UsageError) as refused, asked(store, f"IMPORT DATABASE '{tmp_path}'"):
        pass
    assert "kept" not in str(refused.value)
