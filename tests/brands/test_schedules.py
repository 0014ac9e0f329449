"""When things happen: crons of a brand file, each of which must fire."""

from __future__ import annotations

from pathlib import Path

import pytest

from brands.brand_file import BrandFileError, load

MINIMAL = 'name = "Acme"\nquery = "acme"\n'


@pytest.mark.parametrize(
    ("schedule", "told"),
    [
        ('collect = "0 0 31 2 *"', "it never fires"),
        ('collect = "0 0 30 2 *"', "it never fires"),
        ('comply = "0 0 31 4,6 *"', "it never fires"),
        ('analyse = "61 * * * *"', "bad minute"),
        ('report = "0 7 * *"', "wrong number of fields"),
        ('analyse = "0 0 * * 5L"', "no L after a number"),
        ('analyse = "0 0 LW * *"', "no L after a number"),
        ('comply = ""', "wrong number of fields"),
        ('comply = "Off "', "wrong number of fields"),
        ("comply = 3", "should be text in quotes"),
        ('weekly = "0 7 * * 1"', "unknown key"),
        ('alerts = "0 * * * *"', "needs a table [alerts]"),
        ('policy_watch = "0 * * * *"', "needs [[terms]]"),
    ],
)
def test_a_schedule_that_would_do_nothing_is_an_error(schedule: str, told: str, tmp_path: Path) -> None:
    """One line that names file and line, and what is wrong."""
    path = tmp_path / "acme.toml"
    path.write_text(f"{MINIMAL}[schedules]\n{schedule}\n")
    with pytest.raises(BrandFileError) as caught:
        load(path)
    assert str(caught.value).startswith(f"{path}:4: ")
    assert told in str(caught.value)


def test_a_schedule_is_a_cron_or_off(tmp_path: Path) -> None:
    """Days that come seldom are still days; off needs nothing."""
    path = tmp_path / "acme.toml"
    path.write_text(f'{MINIMAL}[schedules]\ncollect = "0 0 29 2 *"\nanalyse = "off"\nalerts = "off"\n')
    schedules = load(path).file.schedules
    assert (schedules.collect, schedules.analyse, schedules.alerts, schedules.report) == (
        "0 0 29 2 *",
        "off",
        "off",
        None,
    )
