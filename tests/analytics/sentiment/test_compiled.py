"""The compiled rules: what they look up, how they round and add, where their machine code is kept."""

from __future__ import annotations

import math
import string
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics import kept_files
from analytics.sentiment.batch import BatchVader
from analytics.sentiment.compiled.rules import RULES
from analytics.sentiment.compiled.scores import rounded, total_of
from analytics.sentiment.compiled.tables import (
    LOWER,
    PUNCTUATION,
    SPACE,
    UPPER,
    Kinds,
    ascii_letters,
    kinds_of_characters,
)
from analytics.sentiment.vader import Vader
from tests.analytics.sentiment.vader_texts import compiled

ROOT = Path(__file__).resolve().parents[3]

POSTS = ["I really LOVE it 😀!!", "not so good, but cheap", "", "\ud800 bad"]


def test_kinds_of_characters_are_those_of_the_interpreter() -> None:
    """Every code point is a space, a capital or a small letter exactly where str says so."""
    kinds = kinds_of_characters([], only_ascii=True)
    characters = [*map(chr, range(sys.maxunicode + 1))]
    assert [each for each in characters[128:] if each.lower().isascii()] == [*ascii_letters()]
    assert [each for each in characters if each.isspace()] == having(kinds, SPACE)
    assert [each for each in characters if each.isupper()] == having(kinds, UPPER)
    assert [each for each in characters if each.islower() or (each.istitle() and not each.isupper())] == having(
        kinds, LOWER
    )
    assert "".join(having(kinds, PUNCTUATION)) == "".join(sorted(string.punctuation))


def having(kinds: Kinds, wanted: int) -> list[str]:
    return [*map(chr, np.flatnonzero(kinds & wanted))]


HALVES = st.builds(
    lambda number, away: number / 20_000 * (1 + away * 2**-52), st.integers(-20_000, 20_000), st.integers(-2, 2)
)


@given(HALVES | st.floats(-1, 1))
def test_rounding_is_the_interpreters(value: float) -> None:
    """Three and four digits by the exact value, halves to even, the sign of zero kept."""
    for digits in (3, 4):
        ours, theirs = rounded.py_func(value, 10.0**digits), round(value, digits)
        assert (ours, math.copysign(1, ours)) == (theirs, math.copysign(1, theirs))


valences = st.lists(st.floats(-4, 4) | st.integers(-3, 3), max_size=12)


@given(valences)
def test_sums_are_the_interpreters(numbers: list[float]) -> None:
    """Added as sum() adds them in this Python, whole numbers among floats too."""
    wholes = [isinstance(number, int) for number in numbers]
    compensated = sum([0.1] * 10) == 1.0
    assert total_of.py_func(list(map(float, numbers)), wholes, len(numbers), compensated) == sum(numbers)


def test_sums_carry_the_error_of_rounding_where_python_does() -> None:
    """Python 3.12 adds ten tenths to 1, those before it to a little less."""
    tenths = [0.1] * 10
    assert total_of.py_func(tenths, [False] * 10, 10, True) == 1.0
    assert (
        total_of.py_func(tenths, [False] * 10, 10, False) == 0.1 + 0.1 + 0.1 + 0.1 + 0.1 + 0.1 + 0.1 + 0.1 + 0.1 + 0.1
    )


@pytest.fixture(scope="module")
def code() -> bytes:
    compiled()
    kept = kept_files.read(RULES.file_name())
    assert kept
    return kept


@pytest.fixture
def places(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[Path]:
    """As in a new process on a new machine: nothing is loaded, and the places for machine code are empty."""
    places = [tmp_path / "first", tmp_path / "second"]
    monkeypatch.setattr(RULES, "loaded", [])
    monkeypatch.setattr(kept_files, "folders", lambda: places)
    return places


def test_kept_machine_code_is_loaded_by_the_next_process(places: list[Path], code: bytes) -> None:
    """It is not compiled again: a batch of one text runs compiled at once."""
    kept_files.keep(code, RULES.file_name())
    rules = RULES.load(compile_missing=False)
    assert rules is not None
    assert rules is RULES.load(compile_missing=False)
    assert BatchVader().scores(POSTS).tolist() == Vader().scores(POSTS).tolist()


def test_machine_code_is_kept_in_the_next_place_where_the_first_cannot_be_written(
    places: list[Path], code: bytes
) -> None:
    """A read-only package does not make every process compile."""
    places[0].write_text("in the way")
    kept_files.keep(code, RULES.file_name())
    assert [path.name for path in places[1].iterdir()] == [RULES.file_name()]
    assert kept_files.read(RULES.file_name()) == code


def test_machine_code_that_cannot_be_kept_serves_its_process(places: list[Path], code: bytes) -> None:
    """Nowhere to write is no error."""
    for place in places:
        place.write_text("in the way")
    assert kept_files.keep(code, RULES.file_name()) == code
    assert kept_files.read(RULES.file_name()) is None


def test_a_place_that_takes_no_file_is_left_as_it_was(places: list[Path], code: bytes) -> None:
    """What was written beside the name that could not be had goes again, and nobody's home is no fault."""
    (places[0] / RULES.file_name()).mkdir(parents=True)
    kept_files.keep(code, RULES.file_name())
    assert [path.name for path in places[0].iterdir()] == [RULES.file_name()]


def test_a_user_without_a_home_has_one_place_less(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a container with a user id of its own."""

    def nobody(path: Path) -> Path:
        raise RuntimeError("Could not determine home directory.")

    for name in ("NUMBA_CACHE_DIR", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(Path, "expanduser", nobody)
    assert [place.name for place in kept_files.folders()] == ["__pycache__"]


def test_the_users_choice_of_a_place_comes_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """NUMBA_CACHE_DIR, then beside the byte code, then the user's cache."""
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "chosen"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    chosen, beside, users = kept_files.folders()
    assert (chosen, users) == (tmp_path / "chosen", tmp_path / "cache" / "brandtrust")
    assert beside.name == "__pycache__"


@pytest.mark.parametrize("damage", [lambda content: content[:-1], lambda content: b"", lambda content: b"x" + content])
def test_damaged_machine_code_is_not_run(places: list[Path], code: bytes, damage: Callable[[bytes], bytes]) -> None:
    """A file cut short by a full disk or changed by accident counts as none, and the scores stay the same."""
    kept_files.keep(code, RULES.file_name())
    path = places[0] / RULES.file_name()
    path.write_bytes(damage(path.read_bytes()))
    assert RULES.load(compile_missing=False) is None
    assert BatchVader().scores(POSTS).tolist() == Vader().scores(POSTS).tolist()


@pytest.fixture
def failed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A compiler that fails, and its calls."""
    calls: list[str] = []

    def fail() -> str:
        calls.append("called")
        raise ImportError("no module named numba")

    monkeypatch.setattr(RULES, "assembly", fail)
    return calls


def test_a_compiler_that_fails_costs_nothing_but_time(
    places: list[Path], failed: list[str], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The scores are the same, one line says why they come slowly, and the compiler is not called again."""
    monkeypatch.setattr("analytics.sentiment.batch.WORTH_COMPILING", 1)
    vader = BatchVader()
    for _ in range(2):
        assert vader.scores(POSTS).tolist() == Vader().scores(POSTS).tolist()
    assert len(failed) == 1
    assert [record.getMessage() for record in caplog.records] == [
        "VADER's rules run uncompiled, slower and to the same result: no module named numba"
    ]


def test_a_small_batch_does_not_wait_for_a_compiler(places: list[Path], failed: list[str]) -> None:
    """Where nothing was compiled yet, a few texts are scored without; a big batch compiles."""
    BatchVader().scores(POSTS)
    assert not failed
    BatchVader().scores(["good " * 20, *["bad " * 1_000] * 25])
    assert failed


def test_importing_the_scorers_imports_no_compiler() -> None:
    """Neither numba nor llvmlite nor pandas: the command line must start quickly."""
    seen = "import sys, analytics.sentiment; print({'numba', 'llvmlite', 'pandas', 'pyarrow'} & set(sys.modules))"
    ran = subprocess.run([sys.executable, "-c", seen], capture_output=True, text=True, check=True, cwd=ROOT)
    assert ran.stdout == "set()\n"
