from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.bench.__main__ import NAMES, OF_THEIR_OWN, measure_all
from tests.bench.measurement import ROOT

FOLDER = ROOT / "tests/bench"

HEAD = '''"""What {name} is about.

More of it.
"""

from tests.bench.measurement import LeftOut, run
from tests.bench.tables import Table, note

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
    assert found == {"about": "What good is about.", "tables": tables, "notes": ["that was all"]}


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (("good", "1", "2"), "too many positional arguments"),
        (("good", "--jsno", "x"), "too many positional arguments"),
        (("good", "--json", "no/such/folder.json"), "cannot write no/such/folder.json"),
        (("tests.bench", "no_such_bench"), "nothing is called no_such_bench"),
        (("tests.bench", "--json", "no/such/folder.json"), "cannot write no/such/folder.json"),
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
    assert measure_all(["failing", "dissatisfied", "killed", "good"], path) == 1
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
    assert measure_all(["postless"], path) == 0
    [found] = read(path)["measurements"].values()
    assert found["left_out"] == "no tweets here: set a folder"
    assert "error" not in found


def test_a_run_that_is_stopped_keeps_what_it_has(modules: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file is whole after each measurement, and there is none beside it."""
    seen: list[list[str]] = []
    measured = ["good", "postless"]

    def measure(module: str) -> dict[str, Any]:
        seen.append(list(read(modules / "all.json")["measurements"]) if seen else [])
        if len(seen) > 2:
            raise KeyboardInterrupt
        return {"about": module}

    monkeypatch.setattr("tests.bench.__main__.measure", measure)
    with pytest.raises(KeyboardInterrupt):
        measure_all([*measured, "failing"], modules / "all.json")
    assert seen == [[], ["good"], measured]
    assert list(read(modules / "all.json")["measurements"]) == measured
    assert not list(modules.glob("*.draft"))


def test_no_measurement_is_forgotten() -> None:
    """Every module here is run by `make bench` or `make bench-effects`, and hands its `main` to `run`."""
    texts = {path.stem: path.read_text("utf-8") for path in FOLDER.glob("*.py") if path.stem != "__main__"}
    known = (*NAMES, *OF_THEIR_OWN)
    assert sorted(known) == sorted(name for name, text in texts.items() if text.endswith(ENDS.lstrip("\n")))
    assert not [
        name for name, text in texts.items() if "def main(" in text and name not in (*known, "test_measurement")
    ]
