"""Claims of a brand file: what they need, and that a status is a person's word."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from brands.brand_file import BrandFileError, load

CLAIM = """name = "Acme"
query = "acme"
[[claims]]
id = "trains"
says = "trains AI on our calls"
query = "train* AND calls"
document = "Terms"
clause = "train*"
"""
EVENT = '[[events]]\nid = "e"\ntitle = "E"\nnoticed = 2023-08-06\nclaims = ["trains"]\n'
CHECKED = 'checked_by = "N. N."\nchecked_on = 2023-08-14\n'


def write(folder: Path, text: str) -> Path:
    path = folder / "acme.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_claim_is_unconfirmed_until_a_person_says_otherwise(tmp_path: Path) -> None:
    """The default says nothing about the terms; a status comes with who read them and when."""
    plain = load(write(tmp_path, CLAIM + EVENT))
    assert (plain.claims[0].status, plain.events[0].claims) == ("unconfirmed", ("trains",))

    dates = 'status = "was"\nsince = 2023-03-31\nuntil = 2023-08-11\n'
    (claim,) = load(write(tmp_path, CLAIM + dates + CHECKED)).claims
    assert (claim.status, claim.until, claim.checked_by) == ("was", date(2023, 8, 11), "N. N.")


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        (CLAIM.replace("AND calls", "AND ("), 6, 'query of claim "trains", character 12'),
        (CLAIM.replace('clause = "train*"', 'clause = "(train*"'), 8, 'clause of claim "trains", character 1'),
        (CLAIM + 'denied_by = "NOT"\n', 9, 'denied_by of claim "trains"'),
        (CLAIM + CLAIM.partition("[[claims]]")[2].join(["[[claims]]", ""]), 10, "a second entry of claims has the id"),
        (CLAIM.replace('"Terms"', '" "'), 7, "a claim needs a text in document"),
        (CLAIM.replace('id = "trains"\n', ""), 3, 'claims needs the key "id"'),
        (CLAIM + 'status = "maybe"\n', 9, "should be 'in_text', 'was', 'never' or 'unconfirmed'"),
        (CLAIM + 'status = "never"\nchecked_on = 2023-08-14\n', 9, "needs checked_by"),
        (CLAIM + 'status = "in_text"\nchecked_by = "N. N."\n', 9, "needs checked_on"),
        (CLAIM + 'status = "in_text"\nchecked_by = " "\nchecked_on = 2023-08-14\n', 9, "needs checked_by"),
        (CLAIM + CHECKED + 'status = "was"\n', 11, "needs until"),
        (CLAIM + CHECKED + 'status = "in_text"\nuntil = 2023-08-11\n', 12, 'the status is "was"'),
        (CLAIM + CHECKED + 'status = "never"\nsince = 2023-08-11\n', 12, "takes no since"),
        (CLAIM + "since = 2023-08-11\nuntil = 2023-08-11\n", 10, "should end after it began"),
        (CLAIM + EVENT.replace('["trains"]', '["train"]'), 13, 'names the claim "train", which no [[claims]] has'),
        (CLAIM + EVENT.replace('["trains"]', '["train"]'), 13, 'did you mean "trains"?'),
        (CLAIM.replace("trains", "x", 1) + EVENT, 13, "there are: x"),
        (CLAIM + 'colour = "red"\n', 9, 'unknown key "colour" in claims'),
    ],
)
def test_a_claim_that_cannot_be_used_says_where_and_why(tmp_path: Path, text: str, line: int, says: str) -> None:
    """One line with the line of the file, as for every other key."""
    with pytest.raises(BrandFileError) as caught:
        load(write(tmp_path, text))
    assert says in str(caught.value)
    assert caught.value.line == line
    assert "\n" not in str(caught.value)


def test_an_event_may_have_a_claim_in_words(tmp_path: Path) -> None:
    """Words for a reader need no entry that says how to find them; a file without entries may name what it likes."""
    words = EVENT.replace('["trains"]', '["trains AI on our calls", "trains"]')
    assert load(write(tmp_path, CLAIM + words)).events[0].claims == ("trains AI on our calls", "trains")
    assert load(write(tmp_path, CLAIM.partition("[[claims]]")[0] + words)).events[0].claims == (
        "trains AI on our calls",
        "trains",
    )
