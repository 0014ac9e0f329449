"""Versions kept as files are dated by their names, and what is no dated text stops the import."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from connectors.errors import BadInput
from connectors.terms import dated_files, versions
from connectors.terms.reading import read_history
from connectors.terms.versions import RecordedVersion
from tests.recorded_terms import FIRST, SECOND


def write(folder: Path, **texts: str) -> Path:
    """Files by their paths in the folder."""
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return folder


def found(folder: Path, *documents: str) -> list[tuple[str, datetime, str]]:
    return [(each.document, each.recorded_at, each.text) for each in read_history(folder, documents=documents).versions]


def refused(folder: Path) -> str:
    with pytest.raises(BadInput) as told:
        read_history(folder)
    assert "\n" not in str(told.value)
    return str(told.value)


def test_names_give_document_and_date(tmp_path: Path) -> None:
    """A folder a document, or the document in the file's name; a time of day where there is one."""
    write(tmp_path, **{"Terms/2023-03-31.md": SECOND, "Terms/2023-01-02T0630.txt": FIRST})
    write(tmp_path, **{"Privacy Policy_2023-03-31.txt": FIRST, "Cookies-2023-04-01T10-20-30Z.markdown": FIRST})
    assert found(tmp_path) == [
        ("Cookies", datetime(2023, 4, 1, 10, 20, 30), FIRST),
        ("Privacy Policy", datetime(2023, 3, 31), FIRST),
        ("Terms", datetime(2023, 1, 2, 6, 30), FIRST),
        ("Terms", datetime(2023, 3, 31), SECOND),
    ]
    assert found(tmp_path, "Cookies") == [("Cookies", datetime(2023, 4, 1, 10, 20, 30), FIRST)]


def test_files_that_have_only_a_date_are_named_by_the_user(tmp_path: Path) -> None:
    """--document names them; without it nobody knows what they are."""
    write(tmp_path, **{"2023-03-31.md": SECOND, ".hidden": "left alone"})
    assert found(tmp_path, "Terms of Service") == [("Terms of Service", datetime(2023, 3, 31), SECOND)]
    assert "add --document NAME" in refused(tmp_path)


def test_pages_are_read_as_pages(tmp_path: Path) -> None:
    """Of HTML the main part is taken, as of a page that is watched; line ends and byte order marks are no text."""
    paragraphs = "".join(f"<p>{line}</p>" for line in FIRST.splitlines() if line)
    write(tmp_path, **{"Terms/2023-01-02.html": f"<nav>Menu</nav><main>{paragraphs}</main>"})
    write(tmp_path, **{"Terms/2023-01-03.txt": "\ufeff" + SECOND.replace("\n", "\r\n")})
    (_, _, page), (_, _, text) = found(tmp_path)
    assert "We delete your files" in page
    assert "Menu" not in page
    assert text == SECOND


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("Terms/terms.md", "has no date in its name; name it so: 2023-03-31.md"),
        ("Terms/2023-02-30.md", "2023-02-30 00:00:00 is no date"),
        ("Terms/2023-02-01.docx", "only .md, .markdown, .txt, .html, .htm are read"),
        ("Terms/2023/2023-02-01.md", "a folder within a document's folder"),
    ],
)
def test_a_file_that_is_not_dated_or_no_text_is_told(tmp_path: Path, name: str, told: str) -> None:
    """Where it is and what to do; nothing is left out in silence."""
    write(tmp_path, **{"Terms/2023-01-01.md": FIRST, name: SECOND})
    assert told in refused(tmp_path)
    assert Path(name).parts[1] in refused(tmp_path)


def test_an_empty_folder_is_told(tmp_path: Path) -> None:
    """With both forms that are read."""
    assert "no git repository and no folder of dated files" in refused(tmp_path)


def test_binary_and_huge_files_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A huge one before it is read."""
    (tmp_path / "Terms").mkdir()
    path = tmp_path / "Terms/2023-01-01.md"
    path.write_bytes(b"%PDF\0\0")
    assert "binary" in refused(tmp_path)
    monkeypatch.setattr(dated_files, "MOST_BYTES", 100)
    monkeypatch.setattr(versions, "MOST_BYTES", 100)
    path.write_text(FIRST)
    monkeypatch.setattr(Path, "read_bytes", lambda _: pytest.fail("was read"))
    assert "larger than 0.0001 MB" in refused(tmp_path)


def test_two_files_of_one_day_are_told(tmp_path: Path) -> None:
    """Both by name."""
    write(tmp_path, **{"Terms/2023-01-01.md": FIRST, "Terms_2023-01-01.txt": SECOND})
    told = refused(tmp_path)
    assert "Terms/2023-01-01.md" in told
    assert "Terms_2023-01-01.txt" in told


def test_what_may_not_be_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Folder or file: root may read all, so the refusal is put in the system's mouth."""
    write(tmp_path, **{"Terms/2023-01-01.md": FIRST})

    def deny(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied", str(path))

    with monkeypatch.context() as patched:
        patched.setattr(Path, "read_bytes", deny)
        assert "cannot be read: Permission denied" in refused(tmp_path)
    monkeypatch.setattr(Path, "iterdir", deny)
    assert "cannot be read: Permission denied" in refused(tmp_path)


def test_versions_are_values(tmp_path: Path) -> None:
    """What was read twice is equal."""
    write(tmp_path, **{"Terms/2023-01-01.md": FIRST})
    wanted = RecordedVersion("Terms", datetime(2023, 1, 1), FIRST, "file", "Terms/2023-01-01.md")
    assert read_history(tmp_path).versions == [wanted]
