"""A user's file before any record is read: is it there, is it what it says, is it whole, has it changed."""

from __future__ import annotations

import gzip
import hashlib
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, TextIO, cast

import pyarrow as pa

from brands.schema import ArchiveFormat
from connectors.errors import BadInput, MissingFile
from connectors.json_records import FileError, array_records

ENDINGS: dict[str, ArchiveFormat] = {
    ".csv": "csv",
    ".tsv": "tsv",
    ".tab": "tsv",
    ".json": "json",
    ".ndjson": "ndjson",
    ".jsonl": "ndjson",
    ".parquet": "parquet",
}
COMPRESSED = (".gz", ".zst")
BINARY_STARTS = {
    b"PK\x03\x04": "a ZIP file or a spreadsheet",
    b"PAR1": "Parquet",
    b"%PDF": "a PDF",
    b"\x1f\x8b": "compressed by gzip (its name should end in .gz)",
    b"\x28\xb5\x2f\xfd": "compressed by zstd (its name should end in .zst)",
    b"SQLite format 3": "a database",
}
PIECE = 1 << 20
START = 1 << 16


@contextmanager
def told(source: str, path: Path) -> Iterator[None]:
    """Turn what can go wrong with a file into one BadInput that names the file, and the line where it is known."""
    try:
        yield
    except FileNotFoundError:
        raise MissingFile(source, str(path), "there is no such file; check path in the brand file") from None
    except FileError as error:
        raise _bad_input(source, path, error.problem, error.line) from error
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise _bad_input(source, path, f"the compressed file is cut off or damaged: {error}; copy it again") from error
    except UnicodeError as error:
        raise _bad_input(source, path, f"cannot be decoded: {error}; declare the file's encoding") from error
    except (OSError, pa.ArrowException) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise _bad_input(source, path, f"cannot be read: {reason}; check the file and the right to read it") from error


def _bad_input(source: str, path: Path, problem: str, line: int | None = None) -> BadInput:
    one_line = " ".join(problem.encode("utf-8", "backslashreplace").decode().split())
    return BadInput(source, f"{path}, line {line}" if line else str(path), one_line)


def format_of(path: Path, declared: ArchiveFormat | None) -> ArchiveFormat:
    """The declared format, or the one that the file's ending names."""
    name = path.with_suffix("") if path.suffix.lower() in COMPRESSED else path
    found = declared or ENDINGS.get(name.suffix.lower())
    if found is None:
        raise FileError(f'no format is known by the ending "{name.suffix}"; set format to csv, tsv, json, …')
    if found == "parquet" and path.suffix.lower() in COMPRESSED:
        raise FileError("Parquet is compressed inside; unpack the file once")
    return found


def open_text(path: Path, encoding: str) -> TextIO:
    """The file's text, unpacked; bytes that are no text become lone surrogates, which UTF-8 itself cannot hold."""
    # A line ends where an editor ends it: at \n, or at \r in a file of an old Mac. Elsewhere \r is part of a text.
    newline = "" if _is_of_an_old_mac(path) else "\n"
    known = "utf-8-sig" if _is_utf_8(encoding) else encoding
    return io.TextIOWrapper(_open_unpacked(path), encoding=known, errors="surrogateescape", newline=newline)


def open_lines(path: Path, encoding: str) -> BinaryIO | None:
    """The file's bytes, unpacked, where they are UTF-8 with lines that end at \n; else None."""
    return None if not _is_utf_8(encoding) or _is_of_an_old_mac(path) else _open_unpacked(path)


def _is_utf_8(encoding: str) -> bool:
    return encoding.lower() in ("utf-8", "utf8", "utf_8")


def _is_of_an_old_mac(path: Path) -> bool:
    with _open_unpacked(path) as raw:
        start = raw.read(START)
    return b"\r" in start and b"\n" not in start


def _open_unpacked(path: Path) -> BinaryIO:
    if path.suffix.lower() == ".gz":
        return cast(BinaryIO, gzip.open(path))
    if path.suffix.lower() == ".zst":
        return cast(BinaryIO, io.BufferedReader(pa.input_stream(str(path), compression="zstd")))
    return path.open("rb")


def check_beginning(path: Path, kind: ArchiveFormat, encoding: str) -> None:
    """Find what shows in a file's first bytes: that it is no text, empty or a folder."""
    if path.is_dir():
        raise FileError("is a folder; name a file in it")
    if path.stat().st_size == 0:
        raise FileError("the file is empty; check path in the brand file")
    if kind != "parquet":
        with _open_unpacked(path) as unpacked:
            _check_start(unpacked.read(START), encoding)


def check(path: Path, kind: ArchiveFormat, encoding: str) -> str:
    """Find what spoils a whole file before its first record is used. Returns the SHA-256 of its bytes, in hex."""
    check_beginning(path, kind, encoding)
    content = content_hash(path)
    if kind == "parquet":
        return content
    with _open_unpacked(path) as unpacked:
        if path.suffix.lower() in COMPRESSED:
            while unpacked.read(PIECE):
                pass  # a cut or damaged file shows here, before anything of it is stored
    if kind == "json":
        with open_text(path, encoding) as stream:
            for _ in array_records(stream):
                pass
    return content


def when_written(path: Path) -> tuple[int, int, int]:
    """What differs once a file was written to or another put in its place."""
    status = path.stat()
    return status.st_ino, status.st_size, status.st_mtime_ns


def content_hash(path: Path) -> str:
    """The SHA-256 of a file's bytes, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _check_start(start: bytes, encoding: str) -> None:
    if not start:
        raise FileError("the file is empty; check path in the brand file")
    try:
        "".encode(encoding)
    except LookupError:
        raise FileError(f'no encoding is called "{encoding}"; set encoding to one such as utf-8 or latin-1') from None
    for magic, what in BINARY_STARTS.items():
        if start.startswith(magic):
            raise FileError(f"is {what}, not text; unpack it, or name another file")
    wide = encoding.lower().replace("_", "-").startswith(("utf-16", "utf-32"))
    if wide:
        return
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise FileError('starts like UTF-16; set encoding = "utf-16"')
    # Posts may hold any character, a header line none of these.
    first_line = start.split(b"\n", 1)[0]
    if any(byte < 32 and chr(byte) not in "\t\v\f\r" for byte in first_line):
        raise FileError("looks like a binary file, not text; name another file, or set format")
