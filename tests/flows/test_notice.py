"""The day of notice through the command line: proposed from signals, printed to be pasted, decided by a person."""

from __future__ import annotations

import re
import tomllib
from datetime import date, timedelta
from pathlib import Path

import pytest

from analytics.signals import SignalArrival, save_signal
from analytics.store import Store, read
from brands.brand_file import load
from flows import stages
from tests.flows.acme import BRAND_FILE, write_acme
from tests.flows.conftest import BrandTrust

CLAUSE = date(2023, 4, 1)
NOTICED = date(2023, 7, 2)  # in the brand file
VIEWS = '\n[[signals]]\nconnector = "pageviews"\nname = "wikipedia"\narticles = ["Acme"]\n'
PANEL = '\n[[signals]]\nconnector = "csv"\nname = "panel"\nkind = "attention"\npath = "panel.csv"\n'
COUNTS = '\n[[signals]]\nconnector = "x_counts"\nname = "x_posts"\n'
X_SOURCE = '\n[[sources]]\nconnector = "x"\nname = "twitter"\n'


def write_brand(folder: Path, more: str = VIEWS, *, noticed: str = f"noticed = {NOTICED}") -> Path:
    """The brand file, with the day on which the clause came."""
    path = write_acme(folder, more=more)
    text = path.read_text("utf-8").replace(f"noticed = {NOTICED}", f"clause_first_seen = {CLAUSE}\n{noticed}")
    path.write_text(text, "utf-8")
    return path.relative_to(folder)


def save(name: str, surge: date | None, *, days: int = 200) -> None:
    """A signal with a weekly wave from New Year on, and four days of a surge."""
    first = date(2023, 1, 1)
    series = [(first + timedelta(days=n), 500.0 + 10 * (n % 7) + n * 37 % 29) for n in range(days)]
    if surge is not None:
        series = [(day, value * (8 if 0 <= (day - surge).days < 4 else 1)) for day, value in series]
    save_signal(Store(), SignalArrival("run-1", "acme", name, "attention", series))


@pytest.fixture
def started(workplace: Path) -> Path:
    """A folder with a store that holds nothing yet."""
    with Store().writer():
        return workplace


def test_a_day_is_proposed_with_its_evidence_and_what_to_paste(started: Path, brandtrust: BrandTrust) -> None:
    """Nothing is written into the brand file; what is printed is TOML; the proposal stands in a view."""
    path = write_brand(started, noticed="")
    before = path.read_text("utf-8")
    save("wikipedia", NOTICED)
    told = brandtrust("policy", "notice", path)
    assert told.exit_code == 0, told.stderr
    assert f"looked from {CLAUSE}" in told.stdout
    assert f"wikipedia: {NOTICED}, 4," in told.stdout
    assert re.search(r" [78]\.\d times as much", told.stdout)
    pasted = "\n".join(line.strip() for line in told.stdout.splitlines() if line.startswith("    "))
    assert tomllib.loads(pasted) == {"noticed": NOTICED, "noticed_basis": "independent"}
    assert path.read_text("utf-8") == before
    (row,) = read("notice_proposals", "acme").to_dict("records")
    assert (row["signal"], row["basis"], row["noticed"].date()) == ("wikipedia", "independent", NOTICED)
    assert row["times"] == pytest.approx(8, abs=0.6)


def test_signals_that_disagree_are_named(started: Path, brandtrust: BrandTrust) -> None:
    """The earliest is proposed, and how many stand near it is told."""
    path = write_brand(started, VIEWS + PANEL, noticed="")
    save("wikipedia", NOTICED)
    save("panel", NOTICED - timedelta(days=30))
    told = brandtrust("policy", "notice", path).stdout
    early = NOTICED - timedelta(days=30)
    assert f"1 of 2 independent signals within 3 days of {early}; others: {NOTICED}" in told
    assert f"    noticed = {early}" in told


def test_counts_of_the_tested_posts_are_no_independent_witness(started: Path, brandtrust: BrandTrust) -> None:
    """Where X is a source, its counts are its posts: they yield to a later independent signal, else same_posts."""
    path = write_brand(started, COUNTS + VIEWS + X_SOURCE, noticed="")
    save("x_posts", NOTICED - timedelta(days=9))
    told = brandtrust("policy", "notice", path).stdout
    assert "not independent: counts the posts of twitter, which are tested" in told
    assert '    noticed_basis = "same_posts"' in told
    assert "nothing is tested on a day that the tested posts gave" in told
    save("wikipedia", NOTICED)
    told = brandtrust("policy", "notice", path).stdout
    assert f'    noticed = {NOTICED}\n    noticed_basis = "independent"' in told
    apart = write_brand(started, COUNTS, noticed="")
    assert '    noticed_basis = "independent"' in brandtrust("policy", "notice", apart).stdout


def test_a_declared_day_that_differs_is_told_in_one_line(started: Path, brandtrust: BrandTrust) -> None:
    """By check and by effects, from independent signals only; the same day needs no line."""
    path = write_brand(started)
    save("wikipedia", NOTICED)
    assert "look again: 2023-terms: noticed" not in brandtrust("check", path).stdout
    assert "declared already" in brandtrust("policy", "notice", path).stdout
    save("wikipedia", NOTICED - timedelta(days=5))
    (line,) = [line for line in brandtrust("check", path).stdout.splitlines() if line.startswith("look again: 2023-")]
    assert f"noticed = {NOTICED} is declared; wikipedia" in line
    assert "5 days earlier" in line
    assert line in brandtrust("effects", path).stdout.splitlines()
    assert "the file's date stands until you mend it" in brandtrust("policy", "notice", path).stdout
    counted = write_brand(started, COUNTS + X_SOURCE)
    save("x_posts", NOTICED - timedelta(days=5))
    assert "look again: 2023-terms: noticed" not in brandtrust("check", counted).stdout


@pytest.mark.parametrize(
    ("more", "event", "said"),
    [
        ("", f"clause_first_seen = {CLAUSE}", "no signal of attention is there"),
        (VIEWS, f"clause_first_seen = {CLAUSE}", "wikipedia: has no value on any day"),
        (VIEWS, f"noticed = {NOTICED}", "no day is known from which on to look"),
        (VIEWS, "effective = 2190-01-01", "there is nothing to look at yet"),
    ],
    ids=["no signals", "not collected", "no date", "future"],
)
def test_what_cannot_be_dated_has_a_reason(
    started: Path, brandtrust: BrandTrust, more: str, event: str, said: str
) -> None:
    """Nothing is proposed, and the line says why."""
    path = write_acme(started, more=more)
    path.write_text(path.read_text("utf-8").replace(f"noticed = {NOTICED}", event), "utf-8")
    told = brandtrust("policy", "notice", path)
    assert told.exit_code == 0, told.stderr
    assert said in told.stdout
    assert "    noticed =" not in told.stdout


def test_a_confirmed_change_without_an_event_is_dated_too(started: Path, brandtrust: BrandTrust) -> None:
    """From the day on which it can first have been read; what is to be pasted says that the event has to be added."""
    path = write_brand(started, noticed="")
    save("wikipedia", NOTICED)
    moment = "TIMESTAMP '2023-05-01'"
    key = f"'acme', 'Terms', {moment}"
    with Store().transaction() as connection:
        connection.execute(f"INSERT INTO policy_versions VALUES ({key}, 'text', 'file', 'a', false, {moment})")
        connection.execute(f"INSERT INTO policy_confirmations VALUES ({key}, 'quiet-change', true, 'Kim', {moment})")
    told = brandtrust("policy", "notice", path).stdout
    assert "quiet-change: Terms: changed\n  looked from 2023-05-01" in told
    assert f'add an event with id = "quiet-change" and paste in acme.toml:\n    noticed = {NOTICED}' in told


def test_stories_say_nothing_of_days_that_were_not_collected(workplace: Path, brandtrust: BrandTrust) -> None:
    """A burst of stories is proposed as same_posts; a day without collection is a gap, one with it 0."""
    columns = '\nkind = "kind"\n'
    path = workplace / "acme.toml"
    gap = "\n[[sources.gaps]]\nsince = 2023-05-01\nuntil = 2023-05-11\n"
    path.write_text(BRAND_FILE.replace(f"noticed = {NOTICED}", f"effective = {CLAUSE}") + columns + gap, "utf-8")
    days = [date(2023, 1, 1) + timedelta(days=n) for n in range(200)]
    days = [day for day in days if not date(2023, 5, 1) <= day < date(2023, 5, 11)]
    rows = [(f"{day}-{n}", f"u{n}", day, "acme", "story") for day in days for n in range(3 if day.day % 5 else 0)]
    rows += [(f"{NOTICED}-b{n}", f"b{n}", NOTICED + timedelta(days=n % 2), "acme", "story") for n in range(120)]
    lines = ["id,who,when,what,kind", *(",".join(map(str, row)) for row in rows)]
    (workplace / "posts.csv").write_text("\n".join(lines) + "\n", "utf-8")
    stages.collect(load(path), Store())
    told = brandtrust("policy", "notice", path).stdout
    assert f"stories of forum: {NOTICED}, " in told
    assert "10 days in between had no value" in told
    assert "not independent: these are posts of forum, which are tested" in told
    assert '    noticed_basis = "same_posts"' in told
