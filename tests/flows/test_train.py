"""`brandtrust train`, and the scorer that it makes in a brand file."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from analytics.sentiment import read_model
from analytics.store import Store
from brands.brand_file import load
from flows import stages
from tests.analytics.sentiment.linear.made_up_posts import made_up
from tests.flows.acme import BRAND_FILE
from tests.flows.conftest import BrandTrust

WORDS = {-1: "complaint", 0: "neutral", 1: "praise"}


def write_labelled(path: Path, of_each: int = 20, seed: int = 1) -> Path:
    """A CSV file of labelled posts: text, stance, app."""
    texts, labels = made_up(of_each, seed)
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("text", "stance", "app"))
        rows.writerows(
            (text, WORDS[int(label)], f"app{row % 3}")
            for row, (text, label) in enumerate(zip(texts, labels, strict=True))
        )
    return path


def train(brandtrust: BrandTrust, *more: str) -> str:
    """Train on labelled.csv and return what was told."""
    told = brandtrust("train", "labelled.csv", "--text", "text", "--label", "stance", "--out", "acme.model", *more)
    assert told.exit_code == 0, told.output
    return str(told.output)


def test_training_tells_what_it_read_and_how_well_the_model_reads(workplace: Path, brandtrust: BrandTrust) -> None:
    """Rows by class, rows left out and why, the model beside both VADERs, confusion, calibration, where it is."""
    path = write_labelled(workplace / "labelled.csv")
    with path.open("a") as file:
        file.write(",praise,app0\nno label here,,app1\n")
    told = train(brandtrust)
    assert "labelled.csv: 62 rows, 60 labelled (20 negative, 20 neutral, 20 positive)" in told
    assert "left out: 1 row, no text" in told
    assert "left out: 1 row, no label" in told
    assert "measured on 5 parts" in told
    lines = [line.split()[0] for line in told.splitlines() if line.strip()]
    assert {"linear", "vader", "vader_domain", "negative", "acme.model:"} <= set(lines)
    header = read_model(workplace / "acme.model").header
    assert f"{header['accuracy']['readings']['vader']['macro_recall']:.3f}" in told
    assert header["training"]["dropped"] == {"no text": 1, "no label": 1}


def test_the_same_files_give_the_same_bytes(workplace: Path, brandtrust: BrandTrust) -> None:
    """In whatever format and order they are given; a model is written over a model."""
    whole = write_labelled(workplace / "labelled.csv")
    train(brandtrust)
    before = read_model(workplace / "acme.model").header
    content = (workplace / "acme.model").read_bytes()
    train(brandtrust)
    assert (workplace / "acme.model").read_bytes() == content
    with whole.open(encoding="utf-8") as file:
        rows = [*csv.DictReader(file)]
    write_json(workplace / "one.ndjson", rows[40:])
    write_json(workplace / "two.ndjson", rows[:40])
    told = brandtrust(
        "train", "one.ndjson", "two.ndjson", "--text", "text", "--label", "stance", "--out", "acme.model",
        "--labels", "negative=complaint", "--group", "app",
    )  # fmt: skip
    assert told.exit_code == 0, told.output
    assert "3 parts of whole groups" in told.output
    assert "macro-recall on the unseen texts of one.ndjson: " in told.output
    after = read_model(workplace / "acme.model").header
    assert after["training"]["data_sha256"] == before["training"]["data_sha256"]
    assert after["accuracy"]["folds_by"] == "group"


def write_json(path: Path, rows: list[dict[str, str]]) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


STARS = ["train", "labelled.csv", "--text", "text", "--label", "stance", "--out", "acme.model"]
CASES = {
    "no such column": ([*STARS[:3], "body", *STARS[4:]], "labelled.csv: column 'body' is not there"),
    "no such file": (["train", "none.csv", *STARS[2:]], "none.csv: there is no such file"),
    "a folder": (["train", ".", *STARS[2:]], "is a folder"),
    "an empty file": (["train", "empty.csv", *STARS[2:]], "empty.csv: the file is empty"),
    "three rows": (["train", "three.csv", *STARS[2:]], "three.csv: 3 labelled texts, and 30 are needed"),
    "one class": ([*STARS, "--labels", "negative=neutral,negative=praise"], "every label is negative"),
    "unknown labels": (["train", "labelled.csv", "--text", "text", "--label", "app", *STARS[6:]], "'app0' (20)"),
    "another declaration": ([*STARS, "--labels", "angry=complaint"], "--labels angry=complaint"),
    "no such folder": ([*STARS[:7], "there/acme.model"], "--out there/acme.model: there is no folder there"),
    "out is a folder": ([*STARS[:7], "."], "--out .: is a folder"),
    "out is no model": ([*STARS[:7], "labelled.csv"], "--out labelled.csv: is there already and is no model"),
    "one group": ([*STARS, "--group", "same"], "column 'same' is not there"),
    "a group a class": ([*STARS, "--group", "stance"], "--group: without group"),
    "one file, equal": ([*STARS, "--equal-files"], "--equal-files: there is one file"),
    "a file twice": (["train", "labelled.csv", "./labelled.csv", *STARS[2:]], "a file is named twice"),
    "folds and groups": ([*STARS, "--group", "app", "--folds", "4"], "--folds and --group are two ways"),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_bad_input_is_one_line_and_nothing_is_written(case: str, workplace: Path, brandtrust: BrandTrust) -> None:
    """What is wrong and where; exit code 2; every file is as it was."""
    write_labelled(workplace / "labelled.csv")
    (workplace / "empty.csv").write_bytes(b"")
    (workplace / "three.csv").write_text("text,stance\ngood,praise\nbad,complaint\nso so,neutral\n")
    before = {path.name: path.read_bytes() for path in workplace.iterdir()}
    arguments, expected = CASES[case]
    told = brandtrust(*arguments)
    assert told.exit_code == 2
    assert expected in told.stderr
    assert told.stderr.count("\n") == 1
    assert {path.name: path.read_bytes() for path in workplace.iterdir()} == before


@pytest.fixture
def trained(acme: Path, workplace: Path, brandtrust: BrandTrust) -> Path:
    """The invented brand, scored by a model beside its brand file."""
    write_labelled(workplace / "labelled.csv")
    train(brandtrust)
    report = '\n[report]\nscorer = "linear"\nmodel = "acme.model"\nalso_scored = ["vader"]\n'
    acme.write_text(BRAND_FILE + report)
    return acme


def versions(store: Store) -> dict[tuple[str, str], int]:
    with store.reader() as connection:
        rows = connection.execute("SELECT scorer, version, count(*) FROM scores GROUP BY ALL").fetchall()
    return {(scorer, version): count for scorer, version, count in rows}


def test_a_brand_is_scored_by_its_model_and_anew_by_another_one(
    trained: Path, workplace: Path, brandtrust: BrandTrust
) -> None:
    """Scores carry the model's version; a new model reads every post again, other scorers do not."""
    store = Store()
    stages.collect(load(trained), store)
    first = stages.score(load(trained), store)
    assert first.scored
    assert stages.score(load(trained), store).scored == 0
    [(_, version)] = [key for key in versions(store) if key[0] == "linear"]
    assert version.startswith(read_model(workplace / "acme.model").version + "+names:")
    write_labelled(workplace / "labelled.csv", seed=8)
    train(brandtrust)
    again = stages.score(load(trained), store)
    assert again.scored == first.scored // 2
    assert again.weeks == first.weeks
    assert len([key for key in versions(store) if key[0] == "linear"]) == 2
    with store.reader() as connection:
        shown = connection.execute("SELECT DISTINCT scorer, version FROM weekly_numbers").fetchall()
    assert {each for scorer, each in shown if scorer == "linear"} > {version}
    assert stages.measure(load(trained), store).effects


def test_the_model_is_found_beside_the_brand_file(
    trained: Path, workplace: Path, brandtrust: BrandTrust, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From whatever folder the command is given."""
    (workplace / "elsewhere").mkdir()
    monkeypatch.chdir(workplace / "elsewhere")
    told = brandtrust("check", "../acme.toml")
    assert told.exit_code == 0, told.output
    assert "linear:" in told.output


@pytest.mark.parametrize("command", ["check", "run", "score"])
@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (None, "acme.model: there is no such model; `brandtrust train` writes one"),
        (b"weights of another program", "acme.model: is no model that `brandtrust train` wrote"),
    ],
)
def test_a_model_that_cannot_be_used_stops_before_anything_is_done(
    command: str, content: bytes | None, problem: str, acme: Path, workplace: Path, brandtrust: BrandTrust
) -> None:
    """One line, exit code 2, no store."""
    acme.write_text(BRAND_FILE + '\n[report]\nscorer = "linear"\nmodel = "acme.model"\n')
    if content is not None:
        (workplace / "acme.model").write_bytes(content)
    told = brandtrust(command, acme)
    assert told.exit_code == 2
    assert problem in told.stderr
    assert told.stderr.count("\n") == 1
    assert not list(workplace.glob("*.duckdb"))


@pytest.mark.parametrize(
    ("report", "problem"),
    [
        ('scorer = "linear"', 'the scorer "linear" needs a model: model = "PATH"'),
        ('also_scored = ["vader", "linear"]', 'the scorer "linear" needs a model'),
        ('model = "acme.model"', 'only the scorer "linear" reads a model'),
    ],
)
def test_a_scorer_and_its_model_come_together(report: str, problem: str, acme: Path, brandtrust: BrandTrust) -> None:
    """One without the other is a slip, told with its line."""
    acme.write_text(BRAND_FILE + f"\n[report]\n{report}\n")
    told = brandtrust("check", acme)
    assert told.exit_code == 2
    assert problem in told.stderr
    assert f"acme.toml:{acme.read_text().splitlines().index(report) + 1}" in told.stderr


def test_a_model_is_held_against_labels_like_any_scorer(workplace: Path, brandtrust: BrandTrust) -> None:
    """`linear@MODEL` stands beside the others, under the version that its scores carry in a store."""
    write_labelled(workplace / "labelled.csv")
    train(brandtrust)
    write_labelled(workplace / "others.csv", seed=9)
    options = ("--text", "text", "--label", "stance", "--scorer", "vader", "--scorer", "linear@acme.model", "--json")
    told = json.loads(brandtrust("evaluate", "others.csv", *options).stdout)
    vader, linear = told["scorers"]
    assert linear["version"] == read_model(workplace / "acme.model").version
    assert linear["accuracy"]["macro_recall"]["value"] > vader["accuracy"]["macro_recall"]["value"]


UNUSABLE = {
    "no model named": ("linear", "name its model, linear@MODEL"),
    "no such model": ("linear@none.model", "none.model: there is no such model"),
    "no model": ("linear@labelled.csv", "labelled.csv: is no model that `brandtrust train` wrote"),
    "a model that was changed": ("linear@changed.model", "changed.model: "),
}


@pytest.mark.parametrize("case", UNUSABLE)
def test_a_model_that_cannot_be_used_is_one_line_to_evaluate(
    case: str, workplace: Path, brandtrust: BrandTrust
) -> None:
    """What is wrong with it; exit code 2 and nothing printed."""
    write_labelled(workplace / "labelled.csv")
    train(brandtrust)
    content = bytearray((workplace / "acme.model").read_bytes())
    content[-200] ^= 1
    (workplace / "changed.model").write_bytes(content)
    scorer, problem = UNUSABLE[case]
    told = brandtrust("evaluate", "labelled.csv", "--text", "text", "--label", "stance", "--scorer", scorer)
    assert (told.exit_code, told.stdout, told.stderr.count("\n")) == (2, "", 1)
    assert problem in told.stderr
