"""A PDF as somebody hands it in: whatever is wrong with it is one line, and nothing in it is believed."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from analytics.report.attachment import ATTACHED_NAME
from analytics.report.model import ReportError
from analytics.report.text import BREAK

if TYPE_CHECKING:
    from pypdf import PageObject

LARGEST = 20_000_000  # bytes; reports have less than one million
LARGEST_PAGE = 5_000_000  # bytes of drawing; reports have a tenth of that
MOST_PAGES = 40  # reports have up to six
MOST_WORDS = 20_000  # reports have a quarter of that
AGAIN = "get the file again from whoever sent it"


class UnreadablePdf(ReportError):
    """The file is missing or is no PDF that can be read; one line says what it is."""


def read_file(path: Path) -> bytes:
    """The bytes of a PDF that is whole from its first line to its last. Raises UnreadablePdf."""
    if path.exists() and not path.is_file():
        _refuse(path, "is a folder or a device; give the path of a report")
    try:
        size = path.stat().st_size
        content = path.read_bytes() if size <= LARGEST else b""
    except FileNotFoundError:
        _refuse(path, "is not there; give the path of a report")
    except OSError as problem:
        _refuse(path, f"cannot be read: {problem.strerror}")
    if size > LARGEST:
        _refuse(path, "is larger than any report; give the path of a report")
    if not content:
        _refuse(path, f"is empty; {AGAIN}")
    if content[:20].lstrip().lower().startswith(b"<!doctype html"):
        _refuse(path, "is a page for a browser; only the PDF that was written beside it can be verified: give that one")
    if not content.startswith(b"%PDF-"):
        _refuse(path, "is no PDF; give the path of a report")
    if b"%%EOF" not in content[-1_024:]:
        _refuse(path, f"is cut off, its end is missing; {AGAIN}")
    return content


class PdfFile:
    """A PDF that can be read. Raises UnreadablePdf where it is locked, damaged, or too long to be a report."""

    def __init__(self, path: Path, content: bytes) -> None:
        from pypdf import PdfReader

        self.path = path
        self._words: list[list[str]] | None = None
        logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it would tell of each fault in lines of its own
        with self._told_in_one_line():
            self._reader = PdfReader(BytesIO(content))
            if self._reader.is_encrypted:
                _refuse(path, "is locked with a password, which no report is; give the file as it was written")
            pages = len(self._reader.pages)
            if pages > MOST_PAGES:
                _refuse(path, f"has {pages} pages, which no report has; give the path of a report")

    def read_attached(self) -> list[bytes]:
        """Each file that it carries under the name that reports use; a report carries one."""
        with self._told_in_one_line():
            return [bytes(each.content) for each in self._reader.attachment_list if each.name == ATTACHED_NAME]

    def read_words(self) -> list[list[str]]:
        """The words of each page, without the places at which long ones may break."""
        if self._words is None:
            with self._told_in_one_line():
                self._words = [self._read_page(page) for page in self._reader.pages]
                if sum(map(len, self._words)) > MOST_WORDS:
                    self._refuse_size()
        return self._words

    def _read_page(self, page: PageObject) -> list[str]:
        drawing = page.get_contents()
        if drawing is not None and len(drawing.get_data()) > LARGEST_PAGE:
            self._refuse_size()
        return page.extract_text().replace(BREAK, "").split()

    def _refuse_size(self) -> NoReturn:
        _refuse(self.path, "holds more than any report; give the path of a report")

    @contextmanager
    def _told_in_one_line(self) -> Iterator[None]:
        try:
            yield
        except UnreadablePdf:
            raise
        except Exception:  # whatever a broken or hostile file makes the parser stumble over
            _refuse(self.path, f"is damaged and cannot be read; {AGAIN}")


def _refuse(path: Path, told: str) -> NoReturn:
    raise UnreadablePdf(f"{path}: {told}") from None
