"""What a hand with a PDF editor can do to a report: other glyphs on a page, another attachment, another file's page."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from io import BytesIO
from typing import Any

from pypdf import PdfReader, PdfWriter
from pypdf.generic import ByteStringObject, ContentStream, NameObject

from analytics.report.attachment import ATTACHED_NAME


def edit_words(content: bytes, written: str, instead: str, page: int = 0) -> bytes:
    """The first `written` that stands in one line of the page as `instead`, glyph by glyph out of the same font."""
    assert len(written) == len(instead)
    writer = PdfWriter(clone_from=BytesIO(content))
    sheet = writer.pages[page]
    stream = ContentStream(sheet["/Contents"].get_object(), writer)
    glyphs: dict[str, bytes] = {}
    done = False
    operations = []
    for operands, operator in stream.operations:
        if operator == b"Tf":
            glyphs = _glyphs(sheet["/Resources"]["/Font"][operands[0]])  # type: ignore[index]
        if operator == b"TJ" and not done:
            letters = {glyph: letter for letter, glyph in glyphs.items()}
            line = [
                (place, at)
                for place, each in enumerate(operands[0])
                if isinstance(each, (str, bytes))
                for at in range(0, len(_bytes(each)), 2)
            ]
            drawn = "".join(letters.get(_bytes(operands[0][place])[at : at + 2], "\0") for place, at in line)
            begins = drawn.find(written)
            if begins >= 0:
                for offset, letter in enumerate(instead):
                    place, at = line[begins + offset]
                    before = _bytes(operands[0][place])
                    operands[0][place] = ByteStringObject(before[:at] + glyphs[letter] + before[at + 2 :])
                done = True
        operations.append((operands, operator))
    assert done, f"{written} stands in no line of the page"
    stream.operations = operations
    sheet[NameObject("/Contents")] = writer._add_object(stream)
    return _written(writer)


def edit_letters(content: bytes, written: str, instead: str, page: int = 0) -> bytes:
    """The page looks as before, and whoever copies its text gets `instead` for the letter `written`, everywhere."""
    writer = PdfWriter(clone_from=BytesIO(content))
    for font in writer.pages[page]["/Resources"]["/Font"].values():  # type: ignore[index]
        mapping = font.get_object()["/ToUnicode"].get_object()
        before, after = f"<{ord(written):04X}>".encode(), f"<{ord(instead):04X}>".encode()
        mapping.set_data(re.sub(rb"(<[0-9A-F]{4}> )" + before, rb"\1" + after, mapping.get_data()))
    return _written(writer)


def edit_attachment(content: bytes, change: Callable[[dict[str, Any]], None]) -> bytes:
    """The file with another attachment, and every page as it was."""
    attached = json.loads(read_attachment(content))
    change(attached)
    return replace_attachment(content, json.dumps(attached).encode())


def replace_attachment(content: bytes, attached: bytes) -> bytes:
    """The file with these bytes attached."""
    writer = PdfWriter(clone_from=BytesIO(content))
    (entry,) = [each for each in writer.attachment_list if each.name == ATTACHED_NAME]
    entry.content = attached
    return _written(writer)


def take_out_attachment(content: bytes) -> bytes:
    """The pages alone."""
    writer = PdfWriter(clone_from=BytesIO(content))
    for name in ("/Names", "/AF"):
        del writer.root_object[name]
    return _written(writer)


def swap_page(content: bytes, other: bytes, page: int = 0) -> bytes:
    """The file with one page out of another one."""
    writer = PdfWriter(clone_from=BytesIO(content))
    writer.remove_page(page)
    writer.insert_page(PdfReader(BytesIO(other)).pages[page], page)
    return _written(writer)


def take_out_page(content: bytes, page: int = 0) -> bytes:
    """The file without one of its pages."""
    writer = PdfWriter(clone_from=BytesIO(content))
    writer.remove_page(page)
    return _written(writer)


def save_again(content: bytes) -> bytes:
    """The same, as another program writes it."""
    return _written(PdfWriter(clone_from=BytesIO(content)))


def read_attachment(content: bytes) -> bytes:
    """What the file carries."""
    return PdfReader(BytesIO(content)).attachments[ATTACHED_NAME][0]


def blank(pages: int) -> bytes:
    """A PDF of nothing."""
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(595, 842)
    return _written(writer)


def lock(content: bytes) -> bytes:
    """The file behind a password."""
    writer = PdfWriter(clone_from=BytesIO(content))
    writer.encrypt("secret", algorithm="RC4-128")
    return _written(writer)


def _glyphs(font: Any) -> dict[str, bytes]:
    """Each letter that the font can draw, with its glyph."""
    mapping = font.get_object()["/ToUnicode"].get_object().get_data().decode("latin-1")
    found = re.findall(r"<([0-9A-F]{4})> <([0-9A-F]{4})>\n", mapping)
    return {chr(int(letter, 16)): bytes.fromhex(glyph) for glyph, letter in found}


def _bytes(each: Any) -> bytes:
    return bytes(each) if isinstance(each, bytes) else bytes(each.original_bytes)


def _written(writer: PdfWriter) -> bytes:
    out = BytesIO()
    writer.write(out)
    return out.getvalue()
