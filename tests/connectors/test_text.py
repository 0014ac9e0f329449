"""Text stays as it was written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.text import from_html, strings


@given(st.lists(st.none() | st.text(st.characters(codec="utf-8"), max_size=50)))
def test_text_that_utf8_can_hold_is_unchanged(values: list[str | None]) -> None:
    """NUL, controls, emoji and every script come back as they were, and nothing is counted."""
    column, replaced = strings(values)
    assert column.to_pylist() == values
    assert replaced == 0


def test_lone_surrogates_are_replaced_and_counted() -> None:
    """What UTF-8 cannot hold becomes U+FFFD, one for one; a pair is one character and stays."""
    column, replaced = strings(["a\ud800b\udfff", "😀", None, "plain"])
    assert column.to_pylist() == ["a�b�", "😀", None, "plain"]
    assert replaced == 2


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("plain", "plain"),
        ("AT&amp;T &lt;3 it&#x27;s", "AT&T <3 it's"),
        ("one<p>two<p>three", "one\n\ntwo\n\nthree"),
        ("a<br>b", "a\nb"),
        ("<i>so</i> good", "so good"),
        (
            'see <a href="https:&#x2F;&#x2F;a.org&#x2F;a&#x2F;long&#x2F;way">https:&#x2F;&#x2F;a.org&#x2F;a...</a>',
            "see https://a.org/a/long/way",
        ),
        ('the <a href="https://example.org">terms</a>', "the terms"),
        ("<p><pre><code>x = 1\n  y &lt; 2</code></pre>", "x = 1\n  y < 2"),
        ("ok<script>alert(1)</script>", "ok"),
        ("", ""),
        ("<p>", ""),
    ],
)
def test_html_becomes_what_a_reader_sees(html: str, text: str) -> None:
    """Paragraphs are empty lines, addresses are whole, code keeps its form, scripts are gone."""
    assert from_html(html) == text
