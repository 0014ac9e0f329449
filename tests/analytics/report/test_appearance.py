"""The brand's colour and logo in both views, and nothing else changed by them."""

from __future__ import annotations

import base64
from dataclasses import replace
from pathlib import Path

import pytest
from pypdf import PdfReader

from analytics.report import Appearance, Report, render_pdf
from analytics.report.html import compile_html
from analytics.report.pages import draw_charts
from analytics.report.palette import BRAND

COLOR = "#7a1f5c"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="30" height="10"><rect width="30" height="10"/></svg>'
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def looking(report: Report, kind: str = "svg", content: bytes = SVG) -> Report:
    """The report in another colour, with a logo."""
    return replace(report, appearance=Appearance(COLOR, kind, base64.b64encode(content).decode()))


def test_charts_and_page_take_the_colour(full_report: Report) -> None:
    """In place of blue, everywhere; the colour of the event stays."""
    branded = replace(full_report, appearance=Appearance(COLOR))
    for chart in draw_charts(branded).values():
        assert BRAND not in str(chart.specification)
    assert COLOR in str(draw_charts(branded)["trend"].specification)
    page = compile_html(branded).decode()
    assert f"--brand: {COLOR}" in page
    assert BRAND not in page.split("<script>")[0]
    assert "img-src" not in page


@pytest.mark.parametrize(("kind", "content"), [("svg", SVG), ("png", PNG)])
def test_the_logo_stands_in_both_views(full_report: Report, tmp_path: Path, kind: str, content: bytes) -> None:
    """In the page as part of the file, which its policy allows; in the PDF by its standards, twice the same bytes."""
    branded = looking(full_report, kind, content)
    page = compile_html(branded).decode()
    media_type = {"svg": "image/svg+xml", "png": "image/png"}[kind]
    assert f'src="data:{media_type};base64,{base64.b64encode(content).decode()}"' in page
    assert "img-src data:;" in page
    first = render_pdf(branded, tmp_path / "a.pdf").path.read_bytes()
    assert first == render_pdf(branded, tmp_path / "b.pdf").path.read_bytes()
    plain = render_pdf(full_report, tmp_path / "c.pdf").path
    with_logo, without = (PdfReader(tmp_path / name).pages[0].extract_text() for name in ("a.pdf", "c.pdf"))
    assert first != plain.read_bytes()
    assert with_logo == without
