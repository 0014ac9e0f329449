"""Lists on a terminal of any width: what a user copies from them stands whole on one line."""

from __future__ import annotations

import io
import shutil
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table

from analytics.alerts.incidents import Incident
from analytics.alerts.looks import Alarm
from analytics.policy.listing import ListedVersion
from analytics.store import Store
from flows import alert_output, output, policy_output
from flows.fitting_tables import print_fitting
from tests.flows.conftest import BrandTrust

ID = "2023-09-terms-allow-training-on-what-was-said"
CELLS = st.lists(
    st.sampled_from([ID, "2023-09-04", "ズーム", "a longer sentence of several words", "", "12"]),
    min_size=1,
    max_size=9,
)


def make_incident() -> Incident:
    hour, peak = datetime(2023, 7, 1, 12), Alarm(3, 240, 90, 60, 130, 240, 2.7)
    known = Incident("volume_surge-2023-07-01T12-4f5e6d", "acme", "volume_surge", hour, hour, hour, peak)
    return replace(known, acknowledged_by="somebody with a long name", note="a note " * 20)


def make_version() -> ListedVersion:
    told = "You grant us a licence. " * 6
    recorded, effective = datetime(2023, 9, 4), date(2023, 9, 11)
    themes = ("ai_training", "consent")
    return ListedVersion("acme", "Terms", recorded, effective, "widens", themes, told, None, (ID,), (), False)


def draw(rows: list[list[str]], names: list[str], width: int, **column: bool) -> list[str]:
    told = Console(file=io.StringIO(), width=width, highlight=False)
    table = Table(box=None, pad_edge=False)
    for name in names:
        table.add_column(name, **column)  # type: ignore[arg-type]
    for row in rows:
        table.add_row(*row)
    print_fitting(told, table)
    return told.file.getvalue().splitlines()  # type: ignore[attr-defined,no-any-return]


@given(st.lists(CELLS, max_size=4), st.integers(20, 200))
def test_every_word_stands_whole_on_a_line(cells: list[list[str]], width: int) -> None:
    """Whatever the width and the number of columns; a word longer than the terminal is left to the terminal."""
    columns = min(map(len, cells), default=1)
    rows = [row[:columns] for row in cells]
    lines = draw(rows, [f"name {at}" for at in range(columns)], width)
    words = [word for row in rows for cell in row for word in cell.split()]
    assert all(any(word in line for line in lines) for word in words)
    assert all(cell_len(line.rstrip()) <= max(width, len(ID) + 10) for line in lines)


def test_a_table_that_fits_is_a_table() -> None:
    """The room goes to the column that needs it, and sentences wrap between words."""
    lines = draw([["acme", ID, "one sentence that is too long for its column"]], ["brand", "event", "said"], 80)
    assert lines[0].split() == ["brand", "event", "said"]
    assert lines[1].startswith(f"acme   {ID}  one sentence")
    assert lines[2].strip() == "long for its column"


def test_a_row_that_fits_no_table_is_a_paragraph() -> None:
    """Names with their values, none broken, empty ones left out, and a long one on lines of its own."""
    sentence = "one sentence that is long enough to need a line of its own, whatever else"
    lines = draw([["acme", ID, "2023-09-04", "·", sentence]], ["brand", "event", "recorded", "by", "said"], 60)
    assert lines == [
        "acme",
        f"  event: {ID}",
        "  recorded: 2023-09-04",
        "  said: one sentence that is long enough to need a line of",
        "    its own, whatever else",
    ]


@pytest.mark.parametrize("width", [40, 80, 120, 160])
def test_ids_and_dates_of_each_list_can_be_copied(
    width: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of incidents and of changes of terms, on a narrow terminal and on a wide one."""
    monkeypatch.setattr(output, "WIDE", width)
    incident = make_incident()
    alert_output.show_incidents([incident], every=True)
    policy_output.show_versions([make_version()], [], everything=True)
    lines = capsys.readouterr().out.splitlines()
    for whole in (incident.incident_id, "2023-07-01 12:00", "2023-09-04", "2023-09-11", ID):
        assert any(whole in line for line in lines), whole


def test_effects_at_eighty_columns_leave_nothing_out(
    demo_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, brandtrust: BrandTrust
) -> None:
    """Every event, verdict, interval and the last of the columns."""
    monkeypatch.setattr(output, "WIDE", 80)
    own = shutil.copytree(demo_store.folder, tmp_path / "demo")  # what is measured anew is written down
    told = brandtrust("effects", own / "lumio.toml", "--store", own / demo_store.path.name).stdout
    lines = told.splitlines()
    for whole in ("2023-ai-clause", "verdict: rose", "95 % interval: 32 … 36.6", "smallest visible: 2.3"):
        assert any(whole in line for line in lines), whole
    assert not [line for line in lines if line.endswith("…")]
