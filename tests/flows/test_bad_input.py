"""Bad input: one line that names file and line, exit code 2, and a store as it was before."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from analytics.store import Store
from brands.brand_file import load
from flows import stages
from tests.flows.acme import BRAND_FILE, write_acme, write_posts
from tests.flows.conftest import BrandTrust


def edit(old: str, new: str) -> Callable[[Path], None]:
    """Change the brand file."""

    def apply(folder: Path) -> None:
        assert old in BRAND_FILE
        (folder / "acme.toml").write_text(BRAND_FILE.replace(old, new))

    return apply


def replace_posts(content: bytes | None) -> Callable[[Path], None]:
    """Put something else where the posts are; None is a directory."""

    def apply(folder: Path) -> None:
        path = folder / "posts.csv"
        path.unlink()
        if content is None:
            path.mkdir()
        else:
            path.write_bytes(content)

    return apply


def replace_brand_file(content: bytes | None) -> Callable[[Path], None]:
    def apply(folder: Path) -> None:
        path = folder / "acme.toml"
        path.unlink()
        if content is None:
            path.mkdir()
        else:
            path.write_bytes(content)

    return apply


CASES = {
    "unknown key": (edit('query = "acme"', 'query = "acme"\nqurey = "x"'), "acme.toml:4", "qurey"),
    "bad date": (edit("2023-07-02", "2023-07-32"), "acme.toml:", ""),
    "a date that is none": (edit("2023-07-02", '"last summer"'), "acme.toml:", "noticed"),
    "unbalanced query": (edit('query = "acme"', "query = '(acme'"), "acme.toml:3", ""),
    "bad cron": (edit("[[peers]]", '[report]\ncron = "every monday"\n[[peers]]'), "acme.toml:", "cron"),
    "unknown time zone": (edit('query = "acme"', 'query = "acme"\ntimezone = "Mars/Base"'), "acme.toml:", "Mars/Base"),
    "unknown connector": (
        edit('connector = "archive"', 'connector = "carrier_pigeon"'),
        "acme.toml:16",
        "carrier_pigeon",
    ),
    "missing column": (edit('text = "what"', 'text = "body"'), "posts.csv, line 1", "body"),
    "archive is a directory": (replace_posts(None), "posts.csv", "is a folder"),
    "archive is empty": (replace_posts(b""), "posts.csv", "empty"),
    "archive is binary": (replace_posts(b"\x89PNG\r\n\x1a\n\x00\x00" * 20), "posts.csv", ""),
    "archive is missing": (lambda folder: (folder / "posts.csv").unlink(), "posts.csv", ""),
    "brand file is a directory": (replace_brand_file(None), "acme.toml", "directory"),
    "brand file is empty": (replace_brand_file(b""), "acme.toml", "empty"),
    "brand file is binary": (replace_brand_file(b"\x89PNG\xff\x00"), "acme.toml", ""),
    "brand file is missing": (lambda folder: (folder / "acme.toml").unlink(), "acme.toml", ""),
}


@pytest.mark.parametrize("case", CASES)
def test_bad_input_makes_no_store(case: str, acme: Path, workplace: Path, brandtrust: BrandTrust) -> None:
    """What cannot be used is told in one line before anything is written: no store, no key."""
    spoil, where, what = CASES[case]
    spoil(workplace)
    told = brandtrust("collect", acme)
    lines = [line for line in told.stderr.splitlines() if line.startswith("brandtrust: ")]
    assert told.exit_code == 2
    assert len(lines) == 1
    assert told.stderr.splitlines()[-1] == lines[0]
    assert where in lines[0]
    assert what in lines[0]
    assert "unexpected" not in lines[0]
    assert [path.name for path in workplace.iterdir() if path.name.startswith("brandtrust")] == []


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with posts, brand file, store, key and published copy."""
    folder = tmp_path_factory.mktemp("made")
    stages.collect(load(write_acme(folder)), Store(folder / "brandtrust.duckdb"))
    return folder


@pytest.mark.parametrize("case", CASES)
def test_bad_input_leaves_the_store_as_it_was(case: str, made: Path, workplace: Path, brandtrust: BrandTrust) -> None:
    """A store that is there keeps every byte, and so does the published copy."""
    spoil, _, _ = CASES[case]
    shutil.copytree(made, workplace, dirs_exist_ok=True)
    before = {path.name: path.read_bytes() for path in workplace.glob("brandtrust*")}
    assert {"brandtrust.duckdb", "brandtrust.key", "brandtrust.read.duckdb"} <= set(before)
    spoil(workplace)
    assert brandtrust("collect", "acme.toml").exit_code == 2
    assert {path.name: path.read_bytes() for path in workplace.glob("brandtrust*")} == before


@pytest.mark.parametrize("written", ["15.04.2024", "2024-02-30", "monday"])
@pytest.mark.parametrize("command", [("report", "--week"), ("run", "--since"), ("collect", "--until")])
def test_what_is_no_day_is_told_with_one_that_is(
    command: tuple[str, str], written: str, acme: Path, brandtrust: BrandTrust
) -> None:
    """Whoever writes a day as at home reads how it is written here."""
    told = brandtrust(command[0], acme, command[1], written)
    assert told.exit_code == 2
    assert f"'{written}' is no day; write year-month-day, such as 2024-04-15" in " ".join(told.stderr.split())


@pytest.mark.parametrize("written", ["0001-01-01", "9999-12-31"])
def test_a_day_that_no_calendar_of_posts_reaches_is_told(written: str, acme: Path, brandtrust: BrandTrust) -> None:
    """Weeks before and after it could not be counted."""
    told = brandtrust("report", acme, "--week", written)
    assert told.exit_code == 2
    assert "give a day of the years 1900 to 9000" in " ".join(told.stderr.split())


def test_one_bad_file_keeps_the_good_ones_out_too(acme: Path, workplace: Path, brandtrust: BrandTrust) -> None:
    """Every archive is looked at before the first row of any is saved."""
    second = BRAND_FILE[BRAND_FILE.index("[[sources]]") :].replace("forum", "second").replace("posts.csv", "second.csv")
    acme.write_text(BRAND_FILE + second)
    (workplace / "second.csv").write_text("a,b\n1,2\n")
    told = brandtrust("collect", acme)
    assert told.exit_code == 2
    assert "second.csv, line 1" in told.stderr
    assert not (workplace / "brandtrust.duckdb").exists()


def test_a_bad_row_among_good_ones_is_quarantined_and_counted(
    acme: Path, workplace: Path, brandtrust: BrandTrust
) -> None:
    """Nothing is dropped in silence: the output counts it and the store says why."""
    good = ("a", "someone", "2023-01-02", "Acme is fine")
    write_posts(
        workplace / "posts.csv", [good, ("b", "someone", "no date", "Acme is bad"), ("c", "x", "2023-01-03", "Bolt")]
    )
    told = brandtrust("collect", acme)
    assert told.exit_code == 0
    row = next(line for line in told.stdout.splitlines() if line.startswith("forum")).split()
    assert row[2:] == ["3", "2", "0", "1", "0", "0"]
    assert "found for the first time: acme 1, bolt 1" in told.stdout
    asked = brandtrust("sql", "SELECT line, reason FROM quarantine", "--format", "csv").stdout.splitlines()
    assert asked[0] == "line,reason"
    assert asked[1].startswith("3,")
    assert len(asked) == 2


def test_a_store_that_is_none_is_told(acme: Path, workplace: Path, brandtrust: BrandTrust) -> None:
    """A file of something else is never written into."""
    other = workplace / "other.duckdb"
    other.write_bytes(b"not a store" * 100)
    told = brandtrust("collect", acme, "--store", other)
    assert told.exit_code == 2
    assert "other.duckdb" in told.stderr.splitlines()[-1]
    assert other.read_bytes() == b"not a store" * 100
    assert brandtrust("collect", acme, "--store", "redis://somewhere").exit_code == 2
