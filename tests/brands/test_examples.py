"""The brand files that people start from load, and so does every setting that they show as a comment."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import brands
from brands.brand_file import Brand, load
from brands.syntax_tree import fold_words
from brands.template import TEMPLATE_FILE, render

EXAMPLES = sorted((Path(brands.__file__).parent / "examples").glob("*.toml"))


def uncomment(text: str) -> str:
    """Take away the first # of every setting; prose has a space behind it."""
    return re.sub(r"^#(?=[\w\[])", "", text, flags=re.MULTILINE)


@pytest.fixture
def zoom() -> Brand:
    return load(next(path for path in EXAMPLES if path.name == "zoom.toml"))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_every_example_loads(path: Path) -> None:
    """As it stands, by the command that a reader copies."""
    assert load(path).sources


@pytest.mark.parametrize(
    "text", [*(path.read_text(encoding="utf-8") for path in EXAMPLES), render("Acme")], ids=[*map(str, EXAMPLES), "new"]
)
def test_every_setting_shown_as_a_comment_is_a_real_one(text: str, tmp_path: Path) -> None:
    """A comment that shows a key which no longer exists would teach it."""
    path = tmp_path / "brand.toml"
    path.write_text(uncomment(text), encoding="utf-8")
    (tmp_path / "logo.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>', encoding="utf-8")

    brand = load(path)

    connectors = [source.connector for source in brand.sources]
    assert {"hackernews", "archive"} <= set(connectors)
    assert len(connectors) == len(set(connectors))
    assert brand.events
    assert brand.file.source_breaks


@pytest.mark.parametrize(
    ("text", "matches"),
    [
        ("How do I zoom in on a photo?", False),
        ("The zoom lens is blurred, and zoom out does nothing. Zoom in!", False),
        ("I zoomed past", False),
        ("Zooming is slow", False),
        ("Zoom's new terms let it train AI on our calls. Zoom in on section 10.4", True),
        ("we moved to Zoom last year", True),
        ("Zoom to use customer data for AI", True),
        ("@zoom_us why", False),
        ("#Zoom why", True),
    ],
)
def test_zoom_is_told_from_zooming(zoom: Brand, text: str, matches: bool) -> None:
    """The hard case of this brand: its name is an English word."""
    assert zoom.query.matches(text) is matches


def test_zoom_has_its_true_timeline(zoom: Brand) -> None:
    """The clause came in March, was noticed in August, answered the next day, withdrawn four days later."""
    (event,) = zoom.events

    assert (event.clause_first_seen, event.noticed) == (date(2023, 3, 31), date(2023, 8, 6))
    assert (event.responded, event.reversed) == (date(2023, 8, 7), date(2023, 8, 11))
    assert "ai_training" in event.themes
    assert [peer.name for peer in zoom.peers] == ["Microsoft Teams", "Google Meet", "Webex"]


def test_peers_of_zoom_are_found(zoom: Brand) -> None:
    """Each by the ways in which people write it, and not by the bare words teams and meet."""
    found = {
        text: [peer.slug for peer in zoom.peers if peer.query.matches(text)]
        for text in ("MS Teams crashed", "Microsoft's Teams", "our teams meet", "Google Meet vs. WebEx")
    }

    assert list(found.values()) == [["teams"], ["teams"], [], ["meet", "webex"]]


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20))
def test_a_new_brand_file_loads_for_any_name(tmp_path_factory: pytest.TempPathFactory, name: str) -> None:
    """Quotes, backslashes, braces, control characters and any script; a name may be refused, in words."""
    path = tmp_path_factory.mktemp("new") / "brand.toml"
    if not any(word.strip("_") for word in fold_words(name.replace("*", " "))):
        with pytest.raises(ValueError, match="cannot be looked for"):
            render(name)
        return
    if not " ".join(name.split()).isprintable():
        with suppress(ValueError):  # a mark that turns lines is refused, a soft hyphen is not
            path.write_text(render(name.replace("_", "-")), encoding="utf-8")
        if not path.exists():
            return
    else:
        path.write_text(render(name.replace("_", "-")), encoding="utf-8")

    brand = load(path)

    assert brand.name == " ".join(name.replace("_", "-").split())
    assert brand.query.matches(f"say {brand.name} again")
    assert [source.connector for source in brand.sources] == ["hackernews"]


@pytest.mark.parametrize(
    ("name", "said"), [("A\u202eB", "nobody sees"), ("A\x1b[31m", "U+001B"), ("W" * 61, "61 char")]
)
def test_no_brand_file_is_begun_that_would_not_load(name: str, said: str) -> None:
    """A name that a brand file may not have is refused before one is written."""
    with pytest.raises(ValueError, match=re.escape(said)):
        render(name)


@pytest.mark.parametrize("name", ["{{slug}} {{query}}", 'O\'Neil "X"', "A\\B", "ズーム", "x*y", "“Z”"])
def test_a_new_brand_file_loads_for_an_awkward_name(tmp_path: Path, name: str) -> None:
    """What looks like the template's own placeholder, or ends a string, stays text."""
    path = tmp_path / "brand.toml"
    path.write_text(render(name), encoding="utf-8")

    assert load(path).name == name


def test_a_new_brand_file_keeps_no_placeholder() -> None:
    """Every placeholder of the template is filled in."""
    assert "{{" in TEMPLATE_FILE.read_text(encoding="utf-8")
    assert "{{" not in render("Acme")
