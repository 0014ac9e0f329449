"""A logo is drawn once, as small as reports draw it, before a run relies on it."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

HEIGHT, WIDEST = 11, 110  # points; reports give a logo so high a place in their first line, beside names and dates
SOURCE = """#set page(width: auto, height: auto)
#set document(date: datetime(year: 2000, month: 1, day: 1))
#let logo = image("{file}", height: {height}pt, alt: "logo")
#context assert(measure(logo).width > 0.5pt and measure(logo).width <= {widest}pt, message: "shape")
#logo
"""


def try_drawing(kind: Literal["svg", "png"], content: bytes) -> None:
    """Raises ValueError, how a line about the file goes on, where it cannot be drawn. Takes some milliseconds."""
    import typst  # only where there is a logo: a brand file is read by every command

    with TemporaryDirectory(prefix="brandtrust-logo-") as folder:
        file = f"logo.{kind}"
        (Path(folder) / file).write_bytes(content)
        page = Path(folder) / "page.typ"
        page.write_text(SOURCE.format(file=file, height=HEIGHT, widest=WIDEST), "utf-8")
        try:
            typst.compile(page, root=Path(folder), ignore_system_fonts=True, format="pdf", pdf_standards=["a-3a"])
        except RuntimeError as error:
            raise ValueError(_say(" ".join(str(error).split()))) from None


def _say(problem: str) -> str:
    if "assertion failed: shape" in problem:
        return f"has a shape that fits no line; a logo is at most {WIDEST // HEIGHT} times as wide as high"
    if "could not be displayed with a font" in problem:
        return "holds letters that no font has; save it with its letters turned into paths"
    return f"cannot be drawn ({problem}); save it anew"
