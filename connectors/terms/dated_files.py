"""Versions that somebody kept as files: `Document/2023-03-31.md` or `Document_2023-03-31.txt`, the date in the name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from connectors.errors import BadInput
from connectors.terms.pages import NoTerms, read_page
from connectors.terms.versions import MOST_BYTES, SOURCE, Advance, History, RecordedVersion, arrange, decode, too_large

TEXTS, PAGES = (".md", ".markdown", ".txt"), (".html", ".htm")
NAME = re.compile(
    r"(?:(?P<document>.*\S)[_ -])?(?P<day>\d{4}-\d\d-\d\d)"
    r"(?:T(?P<hour>\d\d)-?(?P<minute>\d\d)(?:-?(?P<second>\d\d))?Z?)?"
)
DATED = "2023-03-31.md in a folder of the document's name, or Document_2023-03-31.md"


def read_dated_files(folder: Path, document: str = "", progress: Advance = lambda _: None) -> History:
    """Every file of `folder` and of the folders in it as a version; the date (UTC) is the one in the file's name.

    `document` names files that lie in `folder` itself and have no name but their date. Raises BadInput for whatever is
    no dated text, so that nothing is left out in silence.
    """
    versions = []
    for path in _list_files(folder):
        named, recorded_at = _read_name(path, document if path.parent == folder else path.parent.name)
        versions.append(RecordedVersion(named, recorded_at, _read_text(path), "file", str(path.relative_to(folder))))
        progress(1)
    if not versions:
        raise BadInput(SOURCE, str(folder), f"is no git repository and no folder of dated files; give one: {DATED}")
    return arrange(versions)


def _list_files(folder: Path) -> Iterator[Path]:
    for path in _entries(folder):
        if path.is_dir():
            for inner in _entries(path):
                if inner.is_dir():
                    raise BadInput(SOURCE, str(inner), "is a folder within a document's folder; take it out")
                yield inner
        else:
            yield path


def _entries(folder: Path) -> list[Path]:
    try:
        return sorted(path for path in folder.iterdir() if not path.name.startswith("."))
    except OSError as problem:
        raise BadInput(SOURCE, str(folder), f"cannot be read: {problem.strerror}; check who may read it") from None


def _read_name(path: Path, folder_name: str) -> tuple[str, datetime]:
    if path.suffix.lower() not in (*TEXTS, *PAGES):
        raise BadInput(SOURCE, str(path), f"only {', '.join((*TEXTS, *PAGES))} are read; take this file out")
    name = NAME.fullmatch(path.stem)
    if name is None:
        raise BadInput(SOURCE, str(path), f"has no date in its name; name it so: {DATED}")
    time = f"{name['hour'] or '00'}:{name['minute'] or '00'}:{name['second'] or '00'}"
    try:
        recorded_at = datetime.fromisoformat(f"{name['day']}T{time}")
    except ValueError:
        raise BadInput(SOURCE, str(path), f"{name['day']} {time} is no date; name it so: {DATED}") from None
    document = name["document"] or folder_name
    if not document:
        raise BadInput(SOURCE, str(path), "does not say of which document it is; add --document NAME")
    return document, recorded_at


def _read_text(path: Path) -> str:
    try:
        if not path.is_file():
            raise BadInput(SOURCE, str(path), "is no file; take it out")
        if path.stat().st_size > MOST_BYTES:
            raise too_large(str(path))
        content = path.read_bytes()
    except OSError as problem:
        raise BadInput(SOURCE, str(path), f"cannot be read: {problem.strerror}; check who may read it") from None
    text = decode(content, str(path))
    if path.suffix.lower() in TEXTS:
        return text
    try:
        return read_page(text)
    except NoTerms as problem:
        raise BadInput(SOURCE, str(path), str(problem)) from None
