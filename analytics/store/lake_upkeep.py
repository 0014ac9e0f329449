"""Keeping a lake in order: small files are merged, and what nobody can read any more goes.

DuckLake deletes nothing by itself: a row that is deleted stays in its file, a file that is replaced stays in the
folder, and the catalogue remembers them until their snapshots are expired.
"""

from __future__ import annotations

import duckdb

from analytics.store.lake_engine import CATALOGUE, LAKE, ask

MANY_FILES = 12  # of one table; from here on they are merged
KEPT_FOR_READERS = "1 day"  # files that were replaced: who has an older publication open goes on with them
COUNTED = """
SELECT t.table_name, count(DISTINCT f.data_file_id) AS files,
    count(d.delete_file_id) AS deletions
FROM public.ducklake_table AS t JOIN public.ducklake_data_file AS f USING (table_id)
LEFT JOIN public.ducklake_delete_file AS d ON d.data_file_id = f.data_file_id AND d.end_snapshot IS NULL
WHERE t.end_snapshot IS NULL AND f.end_snapshot IS NULL
GROUP BY t.table_name ORDER BY t.table_name
"""
# Of a column of texts the catalogue keeps the first and the last in the alphabet, and does not always narrow that when
# they are deleted. To have none is no way out: the next insert would set them, without what is there already, and
# whoever asks for that would not find it. So they become those of all texts there can be.
FORGET_BOUNDS = """
UPDATE public.ducklake_table_column_stats AS s SET min_value = '', max_value = repeat(chr(1114111), 4)
FROM public.ducklake_column AS c
WHERE c.table_id = s.table_id AND c.column_id = s.column_id AND c.column_type = 'varchar' AND s.min_value IS NOT NULL
"""
WITH_BOUNDS = ("ducklake_table_column_stats", "ducklake_file_column_stats")


def merge_small_files(connection: duckdb.DuckDBPyConnection) -> None:
    """Merge the files of every table that has many, and write those anew of which much is deleted."""
    for table, files, deletions in _count_files(connection):
        if deletions >= MANY_FILES:
            connection.execute(f"CALL ducklake_rewrite_data_files('{LAKE}', '{table}', delete_threshold => 0)")
        if files >= MANY_FILES:
            connection.execute(f"CALL ducklake_merge_adjacent_files('{LAKE}', '{table}')")


def rewrite_files_with_deletions(connection: duckdb.DuckDBPyConnection) -> None:
    """Write every file anew of which anything is deleted, and have the catalogue forget the words in its bounds."""
    for table, _, deletions in _count_files(connection):
        if deletions:
            connection.execute(f"CALL ducklake_rewrite_data_files('{LAKE}', '{table}', delete_threshold => 0)")
    connection.execute("CALL postgres_execute(?, ?)", [CATALOGUE, FORGET_BOUNDS])


def drop_what_no_reader_needs(connection: duckdb.DuckDBPyConnection) -> None:
    """Forget all snapshots but the newest; files go when they have been out of use for long enough."""
    connection.execute(f"CALL ducklake_expire_snapshots('{LAKE}', older_than => now())")
    old = f"now() - INTERVAL '{KEPT_FOR_READERS}'"
    connection.execute(f"CALL ducklake_cleanup_old_files('{LAKE}', older_than => {old})")
    # Nobody else writes: a file that stands nowhere was left by a run that was killed.
    connection.execute(f"CALL ducklake_delete_orphaned_files('{LAKE}', cleanup_all => true)")


def drop_all_former(connection: duckdb.DuckDBPyConnection) -> None:
    """Erase all that was deleted or replaced, from the folder and from the catalogue."""
    connection.execute(f"CALL ducklake_expire_snapshots('{LAKE}', older_than => now())")
    connection.execute(f"CALL ducklake_cleanup_old_files('{LAKE}', cleanup_all => true)")
    connection.execute(f"CALL ducklake_delete_orphaned_files('{LAKE}', cleanup_all => true)")
    for table in WITH_BOUNDS:  # rows that were changed stay in PostgreSQL's files until then
        connection.execute(
            "CALL postgres_execute(?, ?, use_transaction => false)",
            [CATALOGUE, f"VACUUM (FULL, ANALYZE) public.{table}"],
        )


def _count_files(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, int, int]]:
    return ask(connection, COUNTED)
