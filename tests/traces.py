"""Looking for what must be gone: in the bytes of every file, in every value of every table, inside PDFs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import duckdb
import re2
from pypdf import PdfReader
from pypdf.generic import StreamObject

OPTIONS = re2.Options()
OPTIONS.encoding = re2.Options.Encoding.LATIN1
OPTIONS.max_mem = 1 << 28


def found_in_bytes(folder: Path, needles: Iterable[str], *, but: Iterable[str] = ()) -> set[str]:
    """Which of the needles stand in a file of the folder, drafts and hidden files too; PDFs are unpacked as well.

    `but`: names of files that are somebody else's, such as the archive that was imported.
    """
    wanted = {needle.encode(): needle for needle in needles}
    any_of_them = re2.compile(b"|".join(re2.escape(raw) for raw in wanted), OPTIONS)
    found: set[str] = set()
    for path in folder.rglob("*"):
        if path.is_file() and path.name not in but:
            for content in (path.read_bytes(), *(unpacked(path) if path.suffix == ".pdf" else ())):
                found |= (here := {wanted[raw] for raw in any_of_them.findall(content)})
                # A match may hide another that overlaps it; where there is none at all, there is none to hide.
                if here:
                    found |= {needle for raw, needle in wanted.items() if needle not in found and raw in content}
    return found


def unpacked(path: Path) -> Iterator[bytes]:
    """The text of every page, every stream without its compression, and every string of the PDF's objects."""
    reader = PdfReader(path)
    for page in reader.pages:
        yield " ".join(page.extract_text().replace("\u200b", "").split()).encode()
    for number in range(1, len(reader.xref_objStm) + sum(len(each) for each in reader.xref.values()) + 1):
        thing = reader.get_object(number)
        if isinstance(thing, StreamObject):
            yield thing.get_data()
        yield str(thing).encode()


def found_in_tables(path: Path, needles: Iterable[str]) -> set[str]:
    """Which of the needles stand in a value of any table of the database, however it is compressed on disk."""
    with duckdb.connect(str(path), read_only=True) as connection:
        columns = connection.execute(
            "SELECT table_name, column_name FROM duckdb_columns() WHERE NOT internal AND data_type LIKE 'VARCHAR%' "
            "AND table_name IN (SELECT table_name FROM duckdb_tables())"
        ).fetchall()
        values = set()
        for table, column in columns:
            values |= {
                row[0] for row in connection.execute(f'SELECT DISTINCT "{column}"::VARCHAR FROM "{table}"').fetchall()
            }
    everything = "\n".join(value for value in values if value)
    return {needle for needle in needles if needle in everything}
