"""The report is a tagged PDF for archives (PDF/A-3a, PDF/UA-1), as far as free programs can see."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from analytics.report import Report, render_pdf
from analytics.report.attachment import ATTACHED_NAME, read_attachment


@pytest.fixture(scope="module")
def path(full_report: Report, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report with every part."""
    return render_pdf(full_report, tmp_path_factory.mktemp("standards") / "a.pdf").path


@pytest.fixture(scope="module")
def root(path: Path) -> Any:
    """The catalogue of the file, from which everything hangs."""
    return PdfReader(path).trailer["/Root"]


def structure(node: Any) -> Iterator[Any]:
    """Every element of the tree of tags."""
    stack = [node]
    while stack:
        entry = stack.pop().get_object()
        if isinstance(entry, list):
            stack.extend(child for child in entry if hasattr(child, "get_object"))
        elif hasattr(entry, "get"):
            yield entry
            if entry.get("/K") is not None:
                stack.append(entry["/K"])


def test_it_says_which_standards_it_keeps(root: Any) -> None:
    """In its metadata, where archives look: PDF/A-3 at level A, and PDF/UA-1."""
    metadata = root["/Metadata"].get_data().decode()
    said = dict(re.findall(r"<(pdfaid:part|pdfaid:conformance|pdfuaid:part)>(\w+)<", metadata))
    assert said == {"pdfaid:part": "3", "pdfaid:conformance": "A", "pdfuaid:part": "1"}


def test_a_reader_program_is_told_title_language_and_that_it_is_tagged(root: Any, path: Path) -> None:
    """The window shows the title and not the name of the file."""
    assert root["/Lang"] == "en"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert root["/MarkInfo"]["/Marked"]
    metadata = PdfReader(path).metadata
    assert metadata is not None
    assert str(metadata.title) == "Zoom: weekly report, week of 4\u00a0September 2023"


def test_every_figure_has_words_and_every_table_its_heads(root: Any) -> None:
    """What is not seen is heard: no picture without a text, no table without cells that name its columns."""
    elements = list(structure(root["/StructTreeRoot"]))
    kinds = [str(each.get("/S")) for each in elements]
    pictures = [each for each in elements if each.get("/S") == "/Figure"]
    assert len(pictures) == 6
    assert all(str(each.get("/Alt", "")).strip() for each in pictures)
    assert (
        kinds.count("/Table") == 5
    )  # effects, this week by source, who speaks, what was collected, sources and methods
    assert kinds.count("/TH") >= 2 * 8
    assert kinds.count("/H1") == 1


def test_headings_are_bookmarks_on_the_pages_where_they_stand(path: Path) -> None:
    """Every section can be reached from the outline."""
    reader = PdfReader(path)

    def flat(items: Any) -> Iterator[Any]:
        for each in items:
            yield from flat(each) if isinstance(each, list) else [each]

    marks = {str(each.title): reader.get_destination_page_number(each) for each in flat(reader.outline)}
    for section in ("How unusual is it?", "What was collected", "Method and definitions"):
        at = marks[section]
        assert at is not None
        assert section in " ".join(reader.pages[at].extract_text().split())
    assert marks["How unusual is it?"] == 0 < marks["Method and definitions"]  # type: ignore[operator]


def test_every_font_is_embedded_and_can_be_copied_from(path: Path) -> None:
    """Nothing is borrowed from the machine that shows it, and each glyph says which letter it is."""
    fonts = [font.get_object() for page in PdfReader(path).pages for font in page["/Resources"]["/Font"].values()]  # type: ignore[index]
    assert len(fonts) > 5
    for font in fonts:
        described = font["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
        assert {"/FontFile2", "/FontFile3"} & set(described), font["/BaseFont"]
        assert "/ToUnicode" in font


def test_nothing_in_it_acts(root: Any, path: Path) -> None:
    """No script, no form, nothing that happens on opening; a link leads to the web or to a place in the file."""
    assert not {"/OpenAction", "/AA", "/AcroForm"} & set(root)
    assert "/JavaScript" not in root["/Names"]
    kinds = {
        note.get_object()["/A"]["/S"]
        for page in PdfReader(path).pages
        for note in page.get("/Annots", [])
        if "/A" in note.get_object()
    }
    assert kinds <= {"/URI"}


def test_its_figures_are_attached_as_data(root: Any, path: Path, full_report: Report) -> None:
    """One file, named for what it is, with every figure and the SQL of each."""
    (file,) = [each.get_object() for each in root["/AF"]]
    assert (file["/UF"], file["/AFRelationship"]) == (ATTACHED_NAME, "/Data")
    assert file["/Desc"]
    assert file["/EF"]["/F"]["/Subtype"] == "/application/json"
    attached = read_attachment(PdfReader(path).attachments[ATTACHED_NAME][0])
    assert {each.figure_id: each.value for each in attached.figures} == {
        each.figure_id: each.value for each in full_report.figures
    }
    assert {each.sql_hash: each.sql for each in full_report.figures} == attached.queries


def test_qpdf_finds_no_fault(path: Path) -> None:
    """Its syntax is sound to a program that is not the one that wrote it."""
    told = run_program("qpdf", "--check", path)
    assert "No syntax or stream encoding errors found" in told


def test_poppler_finds_it_tagged_with_fonts_and_the_attachment(path: Path) -> None:
    """As Linux desktops show it."""
    told = run_program("pdfinfo", path)
    assert re.search(r"^Tagged: +yes$", told, re.MULTILINE)
    assert re.search(r"^JavaScript: +no$", told, re.MULTILINE)
    assert ATTACHED_NAME in run_program("pdfdetach", "-list", path)
    rows = run_program("pdffonts", path).splitlines()[2:]
    assert rows
    assert all(re.search(r" yes +yes +yes +\d+ +\d+$", row) for row in rows)


def run_program(name: str, *arguments: object) -> str:
    """What it prints; a test that needs it is skipped by name where it is not installed."""
    program = shutil.which(name)
    if program is None:
        pytest.skip(f"{name} is not installed")
    return subprocess.run(
        [program, *map(str, arguments)], check=True, capture_output=True, text=True, errors="replace"
    ).stdout
