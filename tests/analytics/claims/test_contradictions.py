"""Where a person's word and the recorded terms do not go together."""

from __future__ import annotations

from pathlib import Path

import pytest

from analytics.claims.contradictions import find_contradictions
from analytics.store import Store
from brands.brand_file import load
from tests.terms import record

CLAIM = """name = "Acme"
query = "acme"
[[claims]]
id = "trains"
says = "trains AI"
query = "train*"
document = "Terms"
clause = "train*"
checked_by = "N. N."
checked_on = 2023-06-01
"""
WITH, WITHOUT = "We train models. You agree.", "You agree."


@pytest.mark.parametrize(
    ("status", "versions", "says"),
    [
        ('"never"', {"2023-01-01": WITHOUT}, []),
        ('"never"', {"2023-01-01": WITH, "2023-02-01": WITHOUT}, ["recorded on 2023-01-01 has: “We train models.”"]),
        ('"in_text"', {"2023-01-01": WITHOUT, "2023-02-01": WITH}, []),
        ('"in_text"', {"2023-01-01": WITH, "2023-02-01": WITHOUT}, ["recorded on 2023-02-01 has no sentence on it"]),
        ('"was"\nuntil = 2023-02-01', {"2023-01-01": WITH, "2023-02-01": WITHOUT}, []),
        ('"was"\nuntil = 2023-02-01', {"2023-01-01": WITH}, ['"was" until 2023-02-01, but the newest version has']),
        ('"unconfirmed"', {"2023-01-01": WITH, "2023-09-01": WITHOUT}, []),
        (
            '"was"\nuntil = 2023-02-01',
            {"2023-01-01": WITH, "2023-07-01": WITHOUT},
            ["checked on 2023-06-01, but the v"],
        ),
        ('"never"', {}, ['no version of "Terms" is stored; there is: nothing']),
        ('"never"', {"2023-01-01": ""}, []),
    ],
)
def test_what_does_not_go_together_is_told(
    tmp_path: Path, status: str, versions: dict[str, str], says: list[str]
) -> None:
    """A sentence under "never", none under "in_text", one left under "was", one that came after the check."""
    path = tmp_path / "acme.toml"
    path.write_text(f"{CLAIM}status = {status}\n", encoding="utf-8")
    store = Store(tmp_path / "a.duckdb")
    record(store, versions)
    with store.writer() as connection:
        found = [told for _, told in find_contradictions(connection, load(path))]
    assert len(found) == len(says)
    for told, expected in zip(found, says, strict=True):
        assert expected in told


def test_a_document_of_another_name_is_told_with_those_that_there_are(tmp_path: Path) -> None:
    """A slip in the document's name would otherwise look like terms without the sentence."""
    path = tmp_path / "acme.toml"
    path.write_text(CLAIM, encoding="utf-8")
    store = Store(tmp_path / "a.duckdb")
    record(store, {"2023-01-01": WITH}, document="Terms of Service")
    with store.writer() as connection:
        (found,) = find_contradictions(connection, load(path))
    assert found == ("trains", 'no version of "Terms" is stored; there is: "Terms of Service"')
