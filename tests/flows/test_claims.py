"""`brandtrust claims` and what `check` says of claims, from the command line to the published copy."""

from __future__ import annotations

from pathlib import Path

import pytest

from analytics.store import Store
from tests.flows.acme import write_acme
from tests.flows.conftest import BrandTrust
from tests.terms import record

CLAIMS = """
[[claims]]
id = "trains"
says = "trains AI on our data"
query = "train* AND data"
document = "Terms"
clause = "train* AND data"
"""
CHECKED = 'status = "never"\nchecked_by = "N. N."\nchecked_on = 2023-03-01\n'
HOSTILE = "We may train on \x1b[2J\x1b]0;gone\x07 your data\u202e."


@pytest.fixture
def claimed(workplace: Path) -> Path:
    """The invented brand with one claim."""
    return write_acme(workplace, more=CLAIMS).relative_to(workplace)


def test_claims_are_counted_with_the_weeks_and_shown_beside_the_terms(brandtrust: BrandTrust, claimed: Path) -> None:
    """A run of the stages matches them; the command prints the share, the clause and the person's word."""
    assert brandtrust("collect", claimed).exit_code == 0
    assert brandtrust("score", claimed).exit_code == 0
    store = Store("brandtrust.duckdb")
    with store.writer() as connection:
        weeks = connection.execute("SELECT DISTINCT authors, posts FROM claim_weeks").fetchall()
    assert weeks == [(2, 2)]

    record(store, {"2023-04-01": HOSTILE})
    told = brandtrust("claims", claimed)
    assert told.exit_code == 0, told.stderr
    assert "said of Acme: “trains AI on our data”" in told.stdout
    assert "Nobody has confirmed yet whether it stands in the Terms." in told.stdout
    assert "We may train on �[2J�]0;gone� your data�." in told.stdout
    assert "\x1b" not in told.stdout
    assert "\u202e" not in told.stdout
    store.publish()
    with store.reader() as connection:
        assert connection.execute("SELECT command, status FROM runs ORDER BY started_at DESC").fetchall()[0] == (
            "claims",
            "done",
        )


def test_claims_of_a_store_without_numbers_are_not_counted_yet(brandtrust: BrandTrust, claimed: Path) -> None:
    """Before the first score there is nothing to show and nothing to fail on."""
    brandtrust("collect", claimed)
    told = brandtrust("claims", claimed)
    assert told.exit_code == 0, told.stderr
    assert "is not counted yet" in told.stdout
    assert 'look again: trains: no version of "Terms" is stored; there is: nothing' in told.stdout


@pytest.mark.parametrize("stored", [True, False])
def test_check_tells_what_contradicts_the_terms(brandtrust: BrandTrust, workplace: Path, stored: bool) -> None:
    """Where there is a store; it makes none, and a contradiction is a reason to read and no bad input."""
    path = write_acme(workplace, more=CLAIMS + CHECKED)
    if stored:
        record(Store("brandtrust.duckdb"), {"2023-02-01": HOSTILE})
    told = brandtrust("check", path)
    assert told.exit_code == 0, told.stderr
    assert "claim: trains: trains AI on our data (never); in Terms: train* AND data" in told.stdout
    assert ('look again: claim trains: status "never", but the version recorded on 2023-02-01' in told.stdout) == stored
    assert "\x1b" not in told.stdout
    assert Path("brandtrust.duckdb").exists() == stored


def test_check_does_not_wait_for_a_run(brandtrust: BrandTrust, claimed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While another run writes, the terms are left out and the rest is told."""
    from flows import checking

    monkeypatch.setattr(checking, "BUSY_SECONDS", 0.0)
    store = Store("brandtrust.duckdb")
    with store.writer():
        told = brandtrust("check", claimed)
    assert told.exit_code == 0
    assert "another run is writing" in told.stdout


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ("", "declares no claims; add a [[claims]] table"),
        (CLAIMS.replace("AND data", "AND ("), 'query of claim "trains", character 12'),
        (CLAIMS + 'status = "was"\n', "needs checked_by"),
    ],
)
def test_claims_that_cannot_be_shown_are_one_line(
    brandtrust: BrandTrust, workplace: Path, more: str, says: str
) -> None:
    """No traceback, exit code 2."""
    told = brandtrust("claims", write_acme(workplace, more=more))
    assert told.exit_code == 2
    assert says in told.stderr
    assert told.stderr.count("\n") == 1
