"""brandtrust evaluate through the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.flows.conftest import BrandTrust

WORDS = {"negative": "awful, it spies on us", "neutral": "the terms changed in May", "positive": "great, I love it"}


@pytest.fixture
def labelled(workplace: Path) -> Path:
    """Sixty labelled texts over six days of two brands; one in six is read wrongly by any scorer."""
    rows = ["what,said,when,whom"]
    for number in range(300):
        label = list(WORDS)[number % 3]
        text = WORDS[label] if number % 6 else WORDS["positive"]
        rows.append(f'"{text} {number}",{label},2023-01-{1 + number % 5:02d},{("united", "delta")[number % 2]}')
    (workplace / "labelled.csv").write_text("\n".join(rows))
    return Path("labelled.csv")


def test_it_prints_tables_and_draws_a_picture(labelled: Path, brandtrust: BrandTrust) -> None:
    """Every scorer with intervals and n, confusion, calibration, daily means, the difference, and a picture."""
    told = brandtrust(
        "evaluate", labelled, "--text", "what", "--label", "said", "--day", "when", "--brand", "whom", "--out", "a.svg"
    )
    assert told.exit_code == 0, told.stderr
    for words in ("macro-recall", "vader_domain − vader", "people \\ read as", "mean label", "within brand", "300"):
        assert words in told.stdout
    assert Path("a.svg").read_text().startswith("<svg")
    for name, start in (("a.png", b"\x89PNG"), ("a.html", b"<!doctype html>")):
        assert brandtrust("evaluate", labelled, "--text", "what", "--label", "said", "--out", name).exit_code == 0
        assert Path(name).read_bytes().startswith(start)
    assert "<script" not in Path("a.html").read_text()


def test_it_concludes_which_scorer_to_take(workplace: Path, brandtrust: BrandTrust) -> None:
    """The first one, unless another reads better by more than chance; no praise for texts that it learned."""
    for name, mark in (("learned.csv", "today"), ("other.csv", "again")):
        rows = [
            f"{word} {mark} {number},{label}"
            for number in range(40)
            for word, label in (("blorp", "negative"), ("quux", "neutral"), ("zindle", "positive"))
        ]
        (workplace / name).write_text("\n".join(["what,said", *rows]))
    columns = ("--text", "what", "--label", "said")
    assert "take vader, or label more" in brandtrust("evaluate", "other.csv", *columns).stdout
    assert brandtrust("train", "learned.csv", *columns, "--out", "a.model").exit_code == 0
    options = (*columns, "--scorer", "vader", "--scorer", "linear@a.model")
    told = brandtrust("evaluate", "learned.csv", *options).stdout
    assert "linear@a.model has learned from these very texts" in told
    assert "label texts that the model has not learned from" in told
    turned = (*columns, "--scorer", "linear@a.model", "--scorer", "vader")
    assert "label texts that the model has not learned from" in brandtrust("evaluate", "learned.csv", *turned).stdout
    told = brandtrust("evaluate", "other.csv", *options).stdout
    assert "Take linear@a.model: it reads these texts better than vader" in told


def test_json_holds_the_same_numbers(labelled: Path, brandtrust: BrandTrust) -> None:
    """One object on standard output, and nothing beside it."""
    options = ("--text", "what", "--label", "said", "--day", "when", "--scorer", "vader", "--json")
    told = json.loads(brandtrust("evaluate", labelled, *options).stdout)
    [scorer] = told["scorers"]
    assert (told["texts"], told["classes"]["negative"], told["dropped"]) == (300, 100, {})
    assert scorer["accuracy"]["confusion"][2] == [0, 0, 100]
    assert scorer["accuracy"]["macro_recall"]["low"] < scorer["accuracy"]["macro_recall"]["value"] < 1
    assert len(told["daily_means"]["cells"]) == 5
    assert told["differences"] == []


def test_names_are_masked_on_request(workplace: Path, brandtrust: BrandTrust) -> None:
    """A brand's name is praise to stock VADER; vader_domain leaves it out once it is named."""
    rows = ["what,said", *["united landed,neutral"] * 40, *["great,positive"] * 40]
    (workplace / "a.csv").write_text("\n".join(rows))
    (workplace / "united.toml").write_text('name = "United"\nquery = "united"\n')
    recalls = []
    for options in ((), ("--mask", "United"), ("--names-of", "united.toml")):
        options = ("--text", "what", "--label", "said", "--scorer", "vader_domain", "--json", *options)
        told = json.loads(brandtrust("evaluate", "a.csv", *options).stdout)
        recalls.append(told["scorers"][0]["accuracy"]["macro_recall"]["value"])
    assert recalls == [0.5, 1.0, 1.0]


BAD = {
    "no such column": (("--label", "nope"), "column 'nope' is not there; the columns are: what, said, when, whom"),
    "labels it does not know": (("--label", "whom"), "'delta' (150), 'united' (150)"),
    "a picture of no kind": (("--label", "said", "--out", "a.pdf"), "--out a.pdf"),
    "a folder that is not there": (("--label", "said", "--out", "no/a.svg"), "there is no folder no"),
    "no such scorer": (("--label", "said", "--scorer", "bert"), "known are vader"),
    "no such lexicon": (("--label", "said", "--scorer", "vader_domain@no.toml"), "No such file"),
    "brand without day": (("--label", "said", "--brand", "whom"), "--day"),
    "a day that is none": (("--label", "said", "--day", "what"), "holds no day"),
    "labels declared wrongly": (("--label", "said", "--labels", "angry"), "negative=WORD"),
    "no such brand file": (("--label", "said", "--names-of", "no.toml"), "no.toml"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_options_are_one_line(case: str, labelled: Path, workplace: Path, brandtrust: BrandTrust) -> None:
    """What, where and what to do; exit 2, nothing printed, nothing written."""
    options, words = BAD[case]
    there = set(workplace.iterdir())
    told = brandtrust("evaluate", labelled, "--text", "what", *options)
    assert (told.exit_code, told.stdout, told.stderr.count("\n")) == (2, "", 1)
    assert words in told.stderr
    assert set(workplace.iterdir()) == there


FILES = {
    "empty": ("", "the file is empty"),
    "three rows": ("what,said\na,pos\nb,neg\nc,neu\n", "3 labelled texts, and 30 are needed"),
    "one class": ("what,said\n" + "a,pos\n" * 40, "every label is positive"),
    "no labels": ("what,said\n" + "a,\n" * 40, "40 with no label"),
}


@pytest.mark.parametrize("case", FILES)
def test_bad_files_are_one_line(case: str, workplace: Path, brandtrust: BrandTrust) -> None:
    """A file that cannot carry an answer is named."""
    content, words = FILES[case]
    (workplace / "a.csv").write_text(content)
    told = brandtrust("evaluate", "a.csv", "--text", "what", "--label", "said", "--out", "a.svg")
    assert (told.exit_code, told.stdout, told.stderr.count("\n")) == (2, "", 1)
    assert "a.csv: " in told.stderr
    assert words in told.stderr
    assert not Path("a.svg").exists()
