"""Colour and logo of a brand file: what cannot be read or does more than be looked at is refused with a line."""

from __future__ import annotations

import base64
from pathlib import Path
from zlib import compress as deflate
from zlib import crc32

import pytest

from brands.appearance import LARGEST_LOGO, contrast_to_white, read_logo
from brands.brand_file import BrandFileError, load
from brands.png_files import PNG_START

SVG = '<svg xmlns="http://www.w3.org/2000/svg"><style>{style}</style><rect {rect} width="9" height="9"/>{more}</svg>'

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def part(kind: bytes, body: bytes) -> bytes:
    return len(body).to_bytes(4) + kind + body + crc32(kind + body).to_bytes(4)


def png(width: int, height: int, data: bytes, more: bytes = b"") -> bytes:
    head = part(b"IHDR", width.to_bytes(4) + height.to_bytes(4) + b"\x08\x06\0\0\0")
    return PNG_START + head + more + part(b"IDAT", data) + part(b"IEND", b"")


def svg(style: str = "", rect: str = "", more: str = "") -> str:
    return SVG.format(style=style, rect=rect, more=more)


def load_with(folder: Path, report: str) -> object:
    path = folder / "acme.toml"
    path.write_text(f'name = "Acme"\nquery = "acme"\n[report]\n{report}\n', "utf-8")
    return load(path)


def test_a_dark_colour_and_a_plain_logo_are_read(tmp_path: Path) -> None:
    """The logo relative to the brand file, whatever its ending; without them there are none."""
    (tmp_path / "logo.svg").write_text(svg("rect { fill: url(#g) }", 'fill="#00f"'), "utf-8")
    brand = load_with(tmp_path, 'color = "#7A1F5C"\nlogo = "logo.svg"')
    assert brand.file.report.color == "#7a1f5c"  # type: ignore[attr-defined]
    assert brand.logo.kind == "svg"  # type: ignore[attr-defined]
    assert load_with(tmp_path, "").logo is None  # type: ignore[attr-defined]


@pytest.mark.parametrize(("color", "said"), [("#ffcc00", "cannot be read on white"), ("blue", "is no colour")])
def test_a_colour_that_cannot_be_read_is_refused(tmp_path: Path, color: str, said: str) -> None:
    """With the line of the file and what to do."""
    with pytest.raises(BrandFileError) as caught:
        load_with(tmp_path, f'color = "{color}"')
    assert said in str(caught.value)
    assert "acme.toml:4" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_contrast_is_that_of_the_guidelines() -> None:
    """Black 21, white 1, and the grey #767676, the palest that may be words, 4.54."""
    assert contrast_to_white("#000000") == pytest.approx(21)
    assert contrast_to_white("#ffffff") == pytest.approx(1)
    assert contrast_to_white("#767676") == pytest.approx(4.54, abs=0.005)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (svg(more="<script>alert(1)</script>"), "holds a script"),
        (svg(rect='onload="alert(1)"'), "holds a script"),
        (svg(more="<foreignObject/>"), "holds a script"),
        (svg(more='<image href="https://x.invalid/a.png"/>'), "fetches something"),
        (svg(more='<use xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href="other.svg#a"/>'), "fetches something"),
        (svg(more='<a href="javascript:alert(1)"/>'), "fetches something"),
        (svg(style="@import 'x.css';"), "fetches something"),
        (svg(rect='style="fill: url(https://x.invalid/a)"'), "fetches something"),
        ('<!DOCTYPE svg [<!ENTITY a "b">]>' + svg(), "declares entities"),
        ('<?xml-stylesheet href="a.css"?>' + svg(), "fetches a style"),
        ("<html></html>", "is no PNG and no SVG"),
        ("<svg></svg>", "is no PNG and no SVG"),
        ("GIF89a", "is no PNG and no SVG"),
        ("", "is no PNG and no SVG"),
        (svg(more="<!--" + "x" * LARGEST_LOGO + "-->"), "a logo has at most 1,000,000"),
    ],
)
def test_a_logo_that_is_more_than_a_picture_is_refused(tmp_path: Path, content: str, said: str) -> None:
    """Scripts, what is fetched from elsewhere, entities, other kinds of files, and what is too large."""
    (tmp_path / "logo.svg").write_text(content, "utf-8")
    with pytest.raises(BrandFileError) as caught:
        load_with(tmp_path, 'logo = "logo.svg"')
    assert said in str(caught.value)
    assert "acme.toml:4" in str(caught.value)
    assert "\n" not in str(caught.value)


HUGE = png(30_000, 30_000, deflate(b"\0" * 1_000))
PROFILE = png(1, 1, deflate(b"\0" * 5), part(b"iCCP", b"a\0\0" + deflate(b"\0" * 4_000_001)))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (png(4, 4, b"no stream of zlib"), "cannot be drawn"),
        (png(4, 4, deflate(b"\0")), "cannot be drawn"),
        (PNG_START + part(b"IEND", b""), "does not begin with its size"),
        (png(0, 0, deflate(b"")), "has 0 by 0 pixels"),
        (HUGE, "has 30,000 by 30,000 pixels; a logo has 1 by 1 to 4,000 by 4,000"),
        (PROFILE, "colour profile that is too large"),
        (png(400, 1, deflate(b"\0" * 1_601)), "at most 10 times as wide as high"),
        (svg(more="<g>" * 20_000 + "</g>" * 20_000), "more than 100 deep"),
        (svg().replace("<svg", '<svg width="9" height="NaN"'), "has no size"),
        (svg().replace("<svg", '<svg width="1e999" height="9"'), "has no size"),
        (svg().replace("<svg", '<svg width="0" height="9"'), "has no size"),
        (svg().replace("<svg", '<svg viewBox="0 0 9 inf"'), "has no size"),
        (svg().replace("<svg", '<svg width="900" height="9"'), "at most 10 times as wide as high"),
        (svg(more="<text>日</text>"), "letters turned into paths"),
        (svg(more='<image href="data:image/svg+xml;base64,AAAA"/>'), "holds a picture that is no PNG"),
        (
            svg(more=f'<image href="data:image/png;base64,{base64.b64encode(HUGE).decode()}"/>'),
            "PNG that is damaged or",
        ),
    ],
)
def test_a_logo_that_no_report_can_draw_is_refused(tmp_path: Path, content: str | bytes, said: str) -> None:
    """By the check of the file, in one line with its key, and not at the end of a run."""
    (tmp_path / "logo").write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(BrandFileError) as caught:
        load_with(tmp_path, 'logo = "logo"')
    assert said in str(caught.value)
    assert "acme.toml:4: report.logo " in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "content",
    [
        png(4_000, 4_000, deflate(b"\0" * 4_000 * 16_001)),
        png(10, 1, deflate(b"\0" * 41)),
        svg().replace("<svg", '<svg width="100%" height="auto" viewBox="0,0 9 9.5e0"').encode(),
        svg(more="<g>" * 90 + "</g>" * 90).encode(),
        svg(more=f'<image href="data:image/png;base64,{base64.b64encode(PNG).decode()}"/>').encode(),
    ],
)
def test_a_logo_at_the_edge_of_what_is_allowed_is_read(tmp_path: Path, content: bytes) -> None:
    """As large, as wide and as deep as a logo may be, with sizes in every way that SVG writes them."""
    (tmp_path / "logo").write_bytes(content)
    assert read_logo(tmp_path / "logo").content == content


def test_only_a_file_is_read_as_a_logo_and_never_more_than_may_be(tmp_path: Path) -> None:
    """A link to a device has no end and tells a size of 0; a link to a picture is as good as the picture."""
    (tmp_path / "logo.png").write_bytes(PNG)
    (tmp_path / "link.png").symlink_to("logo.png")
    (tmp_path / "device.png").symlink_to("/dev/null")  # its end comes at once, so this test ends too where it fails
    assert read_logo(tmp_path / "link.png").kind == "png"
    for path in (tmp_path / "device.png", tmp_path):
        with pytest.raises(ValueError, match="is no file but a directory or a device"):
            read_logo(path)


def test_a_png_is_known_by_its_bytes(tmp_path: Path) -> None:
    """And one that is cut off is refused, as is a file that is not there."""
    path = tmp_path / "logo.svg"
    path.write_bytes(PNG)
    assert read_logo(path).kind == "png"
    for broken in (PNG[:-20], PNG[:40] + b"x" + PNG[41:], PNG[:8]):
        path.write_bytes(broken)
        with pytest.raises(ValueError, match="damaged or cut off"):
            read_logo(path)
    with pytest.raises(ValueError, match="there is no file"):
        read_logo(tmp_path / "none.png")
