"""Recorded versions from wherever they are kept on this machine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from connectors.errors import BadInput
from connectors.terms.dated_files import read_dated_files
from connectors.terms.repository import is_repository, read_repository
from connectors.terms.versions import SOURCE, Advance, History


def read_history(
    path: Path, *, service: str = "", documents: Sequence[str] = (), progress: Advance = lambda _: None
) -> History:
    """The versions of a git repository, a git bundle or a folder of dated files.

    `service` and `documents` choose among them; one document also names dated files that have no name but a date.
    Raises BadInput: one line that says what cannot be read and what to do.
    """
    if not path.exists():
        raise BadInput(SOURCE, str(path), "there is no such file or folder; check the path")
    if is_repository(path):
        return read_repository(path, service=service, documents=documents, progress=progress)
    if not path.is_dir():
        raise BadInput(SOURCE, str(path), "is neither a git bundle nor a folder; give a clone, a bundle or a folder")
    history = read_dated_files(path, documents[0] if len(documents) == 1 else "", progress)
    known = sorted({version.document for version in history.versions})
    for document in documents:
        if document not in known:
            raise BadInput(SOURCE, str(path), f'has no document "{document}"; name one of: {", ".join(known[:8])}')
    chosen = [version for version in history.versions if not documents or version.document in documents]
    return replace(history, versions=chosen)
