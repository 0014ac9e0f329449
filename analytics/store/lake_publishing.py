"""What a lake publishes: its catalogue as it stands, copied out of PostgreSQL into a file beside the Parquet files.

DuckLake opens such a file as it opens the catalogue itself. It holds what is in force and nothing of what was: no older
snapshot, no file that was replaced, no words of posts that were erased. It is renamed into place: readers that have the
one before open keep it, need no server, and keep nobody out.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

import duckdb

from analytics.store.errors import NothingPublished, StoreUnusable
from analytics.store.file_modes import open_to_group
from analytics.store.lake_engine import CATALOGUE, LAKE, ask, load_extension, quoted
from analytics.store.transactions import whole

METADATA = f"__ducklake_metadata_{LAKE}"  # DuckLake's own name for the catalogue that it has open
FROZEN = "frozen"
IN_FORCE = "end_snapshot IS NULL"
OF_FILES_IN_FORCE = f"data_file_id IN (SELECT data_file_id FROM public.ducklake_data_file WHERE {IN_FORCE})"
NEWEST = "snapshot_id = (SELECT max(snapshot_id) FROM public.ducklake_snapshot)"
WHICH = {  # of tables that do not say themselves until which snapshot a row holds
    "ducklake_snapshot": NEWEST,
    "ducklake_snapshot_changes": NEWEST,
    "ducklake_file_column_stats": OF_FILES_IN_FORCE,
    "ducklake_file_partition_value": OF_FILES_IN_FORCE,
    "ducklake_file_variant_stats": OF_FILES_IN_FORCE,
    "ducklake_files_scheduled_for_deletion": "false",
}

TABLES = r"""
SELECT t.table_name, bool_or(c.column_name = 'end_snapshot') AS has_end
FROM information_schema.tables AS t JOIN information_schema.columns AS c USING (table_schema, table_name)
WHERE t.table_schema = 'public' AND t.table_name LIKE 'ducklake\_%'
    AND t.table_name NOT LIKE 'ducklake\_inlined\_data\__%\__%'
GROUP BY t.table_name ORDER BY t.table_name
"""


def publish(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Write the catalogue of the lake to `path`, under the lock. Raises StoreUnusable."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.draft")
    try:
        draft.unlink(missing_ok=True)
        connection.execute(f"ATTACH {quoted(draft)} AS {FROZEN}")
        try:
            with whole(connection):
                _copy(connection)
            connection.execute(f"CHECKPOINT {FROZEN}")
        finally:
            connection.execute(f"DETACH {FROZEN}")
        with draft.open("rb+") as file:
            os.fsync(file.fileno())
        open_to_group(draft, like=path)
        draft.replace(path)
    except (OSError, duckdb.IOException) as problem:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
        told = problem.strerror if isinstance(problem, OSError) else " ".join(str(problem).split())[:200]
        raise StoreUnusable(f"{path}: cannot be published: {told}") from None


def _copy(connection: duckdb.DuckDBPyConnection) -> None:
    for name, has_end in ask(connection, TABLES):
        which = WHICH.get(name, IN_FORCE if has_end else "true")
        connection.execute(
            f'CREATE TABLE {FROZEN}."{name}" AS SELECT * FROM postgres_query(?, ?)',
            [CATALOGUE, f'SELECT * FROM public."{name}" WHERE {which}'],
        )


def connect(path: Path, files: Path) -> duckdb.DuckDBPyConnection:
    """Open what was published, read-only; `files`: where this machine sees the Parquet files.

    Raises NothingPublished, StoreUnusable.
    """
    if not path.exists():
        raise NothingPublished(
            f"{path}: nothing is published yet; run: brandtrust run BRAND.toml, or name the store that "
            "is meant: --store URL"
        )
    connection = duckdb.connect()
    try:
        load_extension(connection, "ducklake")
        where = f"READ_ONLY, DATA_PATH {quoted(files)}, OVERRIDE_DATA_PATH true"
        connection.execute(f"ATTACH {quoted(f'ducklake:{path}')} AS {LAKE} ({where})")
        connection.execute(f"USE {LAKE}")
        connection.execute("SET TimeZone = 'UTC'")
    except duckdb.Error as problem:
        connection.close()
        if "ermission" in str(problem):
            raise StoreUnusable(f"{path}: no right to read it; ask its owner to let your group in") from None
        raise StoreUnusable(f"{path}: is not what this release publishes; run: brandtrust run BRAND.toml") from None
    except BaseException:
        connection.close()
        raise
    return connection


def list_files(connection: duckdb.DuckDBPyConnection, files: Path) -> list[Path]:
    """Every file that a question to what was published may have to read."""
    rows = connection.execute(
        f"SELECT s.path || t.path || f.path FROM (FROM {METADATA}.ducklake_data_file SELECT table_id, path "
        f"UNION ALL FROM {METADATA}.ducklake_delete_file SELECT table_id, path) AS f "
        f"JOIN {METADATA}.ducklake_table AS t USING (table_id) JOIN {METADATA}.ducklake_schema AS s USING (schema_id)"
    ).fetchall()
    return [files / str(row[0]) for row in rows]
