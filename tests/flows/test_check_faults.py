"""`brandtrust check` of a brand file with many faults, and of one with rules that never speak."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from brands import faults
from brands.brand_file import BrandFileError, load
from tests.flows.conftest import BrandTrust

HEAD = 'name = "Acme"\nquery = "acme"\n'
MISSPELT = '[[decisions]]\nadvise = "hold"\nbecase = "x"\nwhn = ["reversed is yes"]\n'


def test_many_faults_are_listed_up_to_twenty(workplace: Path, brandtrust: BrandTrust) -> None:
    """Each with its line, then how many there are more; the last line says where to begin."""
    (workplace / "acme.toml").write_text(HEAD + MISSPELT * 1000)
    told = brandtrust("check", "acme.toml")
    lines = told.stderr.splitlines()
    assert told.exit_code == 2
    assert lines[0] == 'acme.toml:4: unknown key "advise" in decisions; did you mean "advice"?'
    assert lines[20:] == [
        "and 2,980 more",
        "brandtrust: acme.toml:4: the first of 3,000 faults, listed above; mend them all",
    ]


def test_two_faults_are_both_listed(workplace: Path, brandtrust: BrandTrust) -> None:
    """Nobody has to mend one to be told the next."""
    (workplace / "acme.toml").write_text(HEAD + 'timezone = "Nowhere"\nlanguage = "English"\n')
    lines = brandtrust("check", "acme.toml").stderr.splitlines()
    assert [line.split(": ")[0] for line in lines] == ["acme.toml:3", "acme.toml:4", "brandtrust"]


def test_the_next_command_can_be_pasted(workplace: Path, brandtrust: BrandTrust) -> None:
    """Whatever the file is called: a shell reads its name as one word."""
    name = 'b r\'and "ü" 名.toml'
    (workplace / name).write_text(HEAD)
    last = brandtrust("check", name).stdout.splitlines()[-1]
    assert shlex.split(last) == ["next:", "brandtrust", "run", name]


def test_a_slip_made_in_every_entry_is_looked_up_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Looking for the nearest name is slow: it must not be done anew for each of thousands of entries."""
    asked: list[str] = []
    look_up = faults.get_close_matches

    def count(word: str, *arguments: object, **options: object) -> object:
        asked.append(word)
        return look_up(word, *arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(faults, "get_close_matches", count)
    path = tmp_path / "acme.toml"
    path.write_text(HEAD + MISSPELT.replace("whn", "wenn") * 300)
    with pytest.raises(BrandFileError):
        load(path)
    assert len(asked) < 10


def test_a_rule_that_never_speaks_is_told_in_one_line(workplace: Path, brandtrust: BrandTrust) -> None:
    """It can be read, so the file is valid; nobody would notice that the rule is dead."""
    rule = '[[decisions]]\nadvice = "hold"\nbecause = "x"\nwhen = ["reversed is yes"]\n'
    dead = rule.replace("yes", 'yes", "reversed is no')
    (workplace / "acme.toml").write_text(HEAD + rule + dead)
    told = brandtrust("check", "acme.toml")
    assert told.exit_code == 0
    (line,) = [line for line in told.stdout.splitlines() if line.startswith("look again")]
    assert line.startswith("look again: acme.toml:10: this rule never speaks: ")
