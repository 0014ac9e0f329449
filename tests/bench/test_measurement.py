from __future__ import annotations

import inspect
import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from tests.bench.__main__ import NAMES, OF_THEIR_OWN, SCALE, main, measure_all
from tests.bench.measurement import ROOT, circumstances, read_measured, write_file

FOLDER = ROOT / "tests/bench"

HEAD = '''"""What {name} is about.

More of it.
"""

from tests.bench.measurement import LeftOut, run
from tests.bench.tables import Table, note, promise

'''
ENDS = """

if __name__ == "__main__":
    run(main)
"""
MODULES = {
    "good": """def main(count: str = "2") -> None:
    table = Table("Squares", {"of": "<4", "square": ".1f"})
    for number in range(int(count)):
        table.add(str(number), number / 3)
    note("that was all")
""",
    "promising": """def main(measured: str = "1") -> None:
    promise("thirds", 1 / 3, at_least=0.5, unit="of all")
    promise("faults", int(measured), at_most=0)
    if int(measured) > 1:
        raise SystemExit("not as it must be")
""",
    "postless": """def main() -> None:
    raise LeftOut("no tweets here: set a folder")
""",
    "failing": """def main() -> None:
    Table("Half", {"a": ""}).add(1)
    raise KeyError("lost")
""",
    "dissatisfied": """import sys

def main() -> None:
    sys.exit("posts are missing")
""",
    "killed": """import os

def main() -> None:
    Table("Half", {"a": ""}).add(1)
    os._exit(7)
""",
}


@pytest.fixture
def modules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of small measurements that Python finds; the processes start there."""
    for name, text in MODULES.items():
        (tmp_path / f"{name}.py").write_text(HEAD.format(name=name) + text + ENDS, "utf-8")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), str(ROOT)]))
    monkeypatch.delenv("PYTHONUNBUFFERED", raising=False)  # with it every print is out at once
    monkeypatch.chdir(tmp_path)
    return tmp_path


def start(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", *command], capture_output=True, text=True, check=False)


def read(path: Path) -> dict[str, Any]:
    return dict(json.loads(path.read_text("utf-8")))


def test_one_measurement_writes_its_tables(modules: Path) -> None:
    """The file tells where and when, what it is about, and every number unrounded; arguments reach `main`."""
    ended = start("good", "4", "--json", "good.json")
    assert ended.returncode == 0, ended.stderr
    written = read(modules / "good.json")
    assert list(written["machine"]) == ["python", "platform", "processors"]
    assert written["date"].endswith("+00:00")
    [(name, found)] = written["measurements"].items()
    assert name == "good"
    assert found.pop("wall_seconds") > 0
    rows = [{"of": str(number), "square": number / 3} for number in range(4)]
    tables = [{"title": "Squares", "rows": rows}]
    assert found == {
        "about": "What good is about.",
        "arguments": ["4"],
        "tables": tables,
        "notes": ["that was all"],
        "promises": [],
    }
    [row] = written["table"]
    assert (row["measurement"], row["outcome"]) == ("good", "done")


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (("good", "1", "2"), "too many positional arguments"),
        (("good", "--jsno", "x"), "too many positional arguments"),
        (("good", "--json", "no/such/folder.json"), "cannot write no/such/folder.json"),
        (("tests.bench", "no_such_bench"), "nothing is called no_such_bench"),
        (("tests.bench", "--json", "no/such/folder.json"), "cannot write no/such/folder.json"),
        (("tests.bench", "--scale", "whole_path"), "nothing of --scale is called whole_path"),
        (("tests.bench", "--resume"), "--resume goes on with a file"),
        (("tests.bench", "--from", "bench.json", "kills"), "--from FILE measures nothing"),
        (("tests.bench", "--from", "no_such.json"), "cannot print no_such.json"),
        (("tests.bench", "--from", "good.py"), "cannot print good.py"),
    ],
)
def test_a_wrong_command_is_told_before_anything_is_measured(
    modules: Path, command: tuple[str, ...], told: str
) -> None:
    """One line behind the usage says what is wrong, and nothing was printed yet."""
    ended = start(*command)
    assert ended.returncode == 2
    assert told in ended.stderr.splitlines()[-1]
    assert not ended.stdout


def test_a_row_is_seen_at_once(modules: Path) -> None:
    """A row is out when it is added, even into a pipe: the process is killed right behind it."""
    assert start("killed").stdout.split() == ["Half", "a", "1"]


def test_all_go_on_behind_one_that_fails(modules: Path) -> None:
    """What raises, is dissatisfied or is killed stands there with its error and what it had; 1 is returned."""
    path = modules / "all.json"
    assert measure_all(dict.fromkeys(["failing", "dissatisfied", "killed", "good"], ()), path) == 1
    measurements = read(path)["measurements"]
    assert list(measurements) == ["failing", "dissatisfied", "killed", "good"]
    assert measurements["failing"]["error"] == "KeyError: 'lost'"
    assert measurements["failing"]["tables"] == [{"title": "Half", "rows": [{"a": 1}]}]
    assert measurements["dissatisfied"]["error"] == "posts are missing"
    assert measurements["killed"] == {"error": "its process ended with 7"}
    assert "error" not in measurements["good"]


def test_what_cannot_be_measured_here_is_left_out(modules: Path) -> None:
    """It stands there with its reason, and is no failure."""
    path = modules / "all.json"
    assert measure_all({"postless": ()}, path) == 0
    [found] = read(path)["measurements"].values()
    assert found["left_out"] == "no tweets here: set a folder"
    assert "error" not in found


def test_a_run_that_is_stopped_keeps_what_it_has(modules: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file is whole after each measurement, and there is none beside it."""
    seen: list[list[str]] = []
    measured = ["good", "postless"]

    def measure(module: str, arguments: Sequence[str]) -> dict[str, Any]:
        seen.append(list(read(modules / "all.json")["measurements"]) if seen else [])
        if len(seen) > 2:
            raise KeyboardInterrupt
        return {"about": module}

    monkeypatch.setattr("tests.bench.__main__.measure", measure)
    with pytest.raises(KeyboardInterrupt):
        measure_all(dict.fromkeys([*measured, "failing"], ()), modules / "all.json")
    assert seen == [[], ["good"], measured]
    assert list(read(modules / "all.json")["measurements"]) == measured
    assert not list(modules.glob("*.draft"))


def test_no_measurement_is_forgotten() -> None:
    """Every module here is run by `make bench`, `bench-scale` or `bench-effects`, and hands its `main` to `run`."""
    texts = {path.stem: path.read_text("utf-8") for path in FOLDER.glob("*.py") if path.stem != "__main__"}
    known = {*NAMES, *SCALE, *OF_THEIR_OWN}
    assert sorted(known) == sorted(name for name, text in texts.items() if text.endswith(ENDS.lstrip("\n")))
    assert not [
        name for name, text in texts.items() if "def main(" in text and name not in (*known, "test_measurement")
    ]


@pytest.fixture
def commit(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Have the files stand at a commit."""

    def stand_at(name: str) -> None:
        here = {"machine": circumstances()["machine"], "date": "2024-01-01T00:00:00+00:00", "commit": name}
        monkeypatch.setattr("tests.bench.measurement.circumstances", lambda: here)

    stand_at("c1")
    return stand_at


def ended_with(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    """What `python -m tests.bench` with these arguments returns."""
    monkeypatch.setattr(sys, "argv", ["bench", *arguments])
    return main()


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """The modules that are run, with their arguments; none takes any time, and a second `kills` is stopped."""
    seen: list[tuple[str, ...]] = []

    def measure(module: str, arguments: Sequence[str]) -> dict[str, Any]:
        seen.append((module.removeprefix("tests.bench."), *arguments))
        if [each[0] for each in seen].count("kills") > 1:
            raise KeyboardInterrupt
        return {"about": module, "arguments": list(arguments), "wall_seconds": 1.5}

    monkeypatch.setattr("tests.bench.__main__.measure", measure)
    return seen


def test_a_promise_is_kept_beside_the_tables(modules: Path) -> None:
    """With value, bound and whether it is held, also of a measurement that fails behind it; a line says so at once."""
    ended = start("promising", "2", "--json", "one.json")
    assert ended.stdout.splitlines() == [
        "SHORT: thirds: 0.33 (at least 0.5 of all)",
        "SHORT: faults: 2 (at most 0)",
    ]
    [found] = read(modules / "one.json")["measurements"].values()
    assert found["promises"] == [
        {"what": "thirds", "measured": 1 / 3, "at_least": 0.5, "unit": "of all", "held": False},
        {"what": "faults", "measured": 2, "at_most": 0, "unit": "", "held": False},
    ]
    assert found["error"] == "not as it must be"


def test_arguments_reach_a_module_and_one_table_of_all_is_last(
    modules: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Behind all that the modules print; a promise that is not held is no failure. The file has its rows, too."""
    assert measure_all({"good": (), "promising": ("0",), "postless": ()}, modules / "all.json") == 0
    written = read(modules / "all.json")
    rows = written["table"]
    keys = ("measurement", "what is promised", "measured", "bound", "outcome")
    assert [tuple(row[key] for key in keys) for row in rows] == [
        ("good", "", "", "", "done"),
        ("promising", "thirds", "0.33", "at least 0.5 of all", "SHORT"),
        ("promising", "faults", "0", "at most 0", "held"),
        ("postless", "", "", "", "left out: no tweets here: set a folder"),
    ]
    printed = capfd.readouterr().out.splitlines()
    assert "== promising 0" in printed
    assert printed[-6].startswith("All that was measured (")
    for line, row in zip(printed[-4:], rows, strict=True):
        assert all(row[key] in line for key in keys)


def test_a_run_that_is_stopped_prints_the_table_of_what_was_done(
    modules: Path, ran: list[tuple[str, ...]], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """And `--from` prints the same again of the file, and runs nothing."""
    ran.append(("kills",))
    assert ended_with(monkeypatch, "lake", "kills", "readers", "--json", "all.json") == 130
    *_, title, head, row, _, stopped = capsys.readouterr().out.splitlines()
    assert title.startswith("All that was measured")
    assert row.split() == ["lake", "1.5", "done"]
    assert stopped == "stopped"
    count = len(ran)
    assert ended_with(monkeypatch, "--from", "all.json") == 0
    assert capsys.readouterr().out.splitlines()[-3:] == [title, head, row]
    assert len(ran) == count


def test_at_scale_modules_get_the_promised_sizes(ran: list[tuple[str, ...]], monkeypatch: pytest.MonkeyPatch) -> None:
    """All of the group, or those that are named; each module takes as many arguments as it gets."""
    assert ended_with(monkeypatch, "--scale") == 0
    assert ended_with(monkeypatch, "--scale", "weekly_trends") == 0
    assert ran == [(name, *arguments) for name, arguments in SCALE.items()] + [("weekly_trends", "1000000", "100")]
    for name, arguments in SCALE.items():
        inspect.signature(import_module(f"tests.bench.{name}").main).bind(*arguments)


def test_a_run_is_resumed_where_it_was_stopped(
    modules: Path, ran: list[tuple[str, ...]], commit: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What failed, was left out or had other arguments is measured again, nothing else; unasked everything is."""
    path, whole = modules / "all.json", {"about": "before", "arguments": [], "wall_seconds": 9.0}
    before = {
        "speakers": whole,
        "lake": whole,
        "readers": {**whole, "error": "lost"},
        "dask": {**whole, "left_out": "none here"},
        "kills": {**whole, "arguments": ["3"]},
    }
    write_file(path, before)
    asked = ("lake", "readers", "dask", "kills", "pipeline", "--json", "all.json")
    assert ended_with(monkeypatch, *asked, "--resume") == 0
    assert ran == [("readers",), ("dask",), ("kills",), ("pipeline",)]
    after = read(path)["measurements"]
    assert list(after) == ["speakers", "lake", "readers", "dask", "kills", "pipeline"]
    assert [name for name, found in after.items() if found == whole] == ["speakers", "lake"]
    ran.clear()
    assert ended_with(monkeypatch, *asked) == 0
    assert [name for (name,) in ran] == ["lake", "readers", "dask", "kills", "pipeline"]
    assert "speakers" not in read(path)["measurements"]


def test_a_resumed_run_that_is_stopped_loses_nothing(
    modules: Path, ran: list[tuple[str, ...]], commit: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Within the first that is left to measure: the file still has what it had."""
    ran.append(("kills",))
    write_file(modules / "all.json", {"lake": {"about": "before"}})
    assert ended_with(monkeypatch, "lake", "kills", "--resume", "--json", "all.json") == 130
    assert read(modules / "all.json")["measurements"] == {"lake": {"about": "before"}}


def test_a_run_without_a_file_is_begun_when_resumed(
    modules: Path, ran: list[tuple[str, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """So the same command can be given again and again."""
    assert ended_with(monkeypatch, "lake", "--resume", "--json", "all.json") == 0
    assert ran == [("lake",)]


def test_a_file_of_another_state_is_neither_gone_on_with_nor_overwritten(
    modules: Path, ran: list[tuple[str, ...]], commit: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of another commit, another machine, or of files that differ from their commit: a resumed run ends at once."""
    path = modules / "all.json"
    write_file(path, {"lake": {"about": "before"}})
    written = path.read_text("utf-8")
    assert list(read_measured(path)) == ["lake"]
    for name, text, told in (
        ("c2", written, "of commit c1"),
        ("c1-dirty", written.replace('"c1"', '"c1-dirty"'), "files differ"),
        ("c1", written.replace('"processors": ', '"processors": 1'), "another machine"),
        ("c1", "half a fi", "Expecting value"),
    ):
        commit(name)
        path.write_text(text, "utf-8")
        with pytest.raises(ValueError, match=told):
            read_measured(path)
        with pytest.raises(SystemExit):
            ended_with(monkeypatch, "--resume", "--json", "all.json")
        assert path.read_text("utf-8") == text
    assert ran == []
