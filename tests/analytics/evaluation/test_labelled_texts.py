"""Reading files that people labelled."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.evaluation import EvaluationError, read_label_words, read_labelled
from analytics.evaluation.label_words import classify, fold
from analytics.evaluation.labelled_texts import require_enough

ROWS = [('I love it, "truly"', "positive"), ("two\nlines", "neg"), ("plain ünïcode", "Neutral"), ("", "pos"), ("x", "")]


def write(folder: Path, name: str, rows: list[tuple[str, str]] = ROWS) -> Path:
    """The rows as columns `what` and `said`, in the format of the name."""
    path, plain = folder / name, name.removesuffix(".gz")
    records = [{"what": text, "said": label} for text, label in rows]
    if plain.endswith(".parquet"):
        pq.write_table(pa.Table.from_pylist(records), path)
        return path
    quoted = [['"' + cell.replace('"', '""') + '"' for cell in row] for row in [("what", "said"), *rows]]
    content = {
        "csv": "\r\n".join(",".join(row) for row in quoted),
        "tsv": "\n".join("\t".join(row) for row in quoted),
        "ndjson": "\n".join(map(json.dumps, records)) + "\n",
        "json": json.dumps(records),
    }[plain.rpartition(".")[2]].encode()
    path.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    return path


@pytest.mark.parametrize("name", ["a.csv", "a.csv.gz", "a.tsv", "a.ndjson", "a.ndjson.gz", "a.json", "a.parquet"])
def test_every_format_gives_the_same_texts(name: str, tmp_path: Path) -> None:
    """Whatever the format, the same rows come, and what is left out is counted with its reason."""
    read = read_labelled(write(tmp_path, name), "what", "said")
    assert list(read.texts) == [text for text, _ in ROWS[:3]]
    assert read.labels.tolist() == [1, -1, 0]
    assert read.rows == len(read.texts) + sum(read.dropped.values()) == 5
    assert dict(read.dropped) == {"no text": 1, "no label": 1}


@pytest.mark.parametrize(
    ("labels", "values"),
    [
        (["1", "2", "3", "4", "5"], [-1, -1, 0, 1, 1]),
        (["1.0", "5.0", "3.0"], [-1, 1, 0]),
        (["0", "1", "2"], [-1, 0, 1]),
        (["-1", "0", "1"], [-1, 0, 1]),
        (["Complaint", " PRAISE ", "neu"], [-1, 1, 0]),
    ],
)
def test_stars_words_and_numbers_are_understood(labels: list[str], values: list[int], tmp_path: Path) -> None:
    """Stars 1–2, 3, 4–5; the numbers of the usual data sets; words in any case."""
    rows = [(f"text {at}", label) for at, label in enumerate(labels)]
    assert read_labelled(write(tmp_path, "a.csv", rows), "what", "said").labels.tolist() == values


@pytest.mark.parametrize("labels", [["0", "1"], ["1", "2"], ["0", "4"], ["1", "7"], ["angry", "pos"]])
def test_what_could_mean_two_things_is_asked_and_not_guessed(labels: list[str], tmp_path: Path) -> None:
    """Labels that are not known are named with their rows, and --labels settles them."""
    path = write(tmp_path, "a.csv", [("some text", label) for label in labels])
    with pytest.raises(EvaluationError, match=rf"a\.csv: labels that are not known.*'{labels[0]}' \(1\).*--labels"):
        read_labelled(path, "what", "said")
    words = {labels[0]: "negative", labels[1]: "drop"}
    read = read_labelled(path, "what", "said", words)
    assert (read.labels.tolist(), dict(read.dropped)) == ([-1], {"label declared as drop": 1})


def test_declared_words_are_read_with_their_commas() -> None:
    """CLASS=WORD, several with commas, a comma inside quotes kept; anything else says how to write it."""
    words = read_label_words(['negative=angry,"drop=well, no"', "positive=Happy "])
    assert words == {"angry": "negative", "well, no": "drop", "happy": "positive"}
    for wrong in ("angry", "angry=negative", "negative=", "negative=x,positive=x"):
        with pytest.raises(EvaluationError, match="--labels"):
            read_label_words([wrong])


@given(st.dictionaries(st.sampled_from(["1", "2", "3", "4", "5", "pos", "neg"]), st.integers(1, 9), min_size=1))
def test_no_label_gets_two_meanings(labels: dict[str, int]) -> None:
    """Either all labels are understood, each in one way, or some are named: never some guessed."""
    if labels.keys() & {"1", "2"} and not labels.keys() & {"3", "4", "5"}:
        with pytest.raises(EvaluationError, match=r"'[12]'"):
            classify(labels, {})
        return
    classes = classify(labels, {})
    assert classes.keys() == labels.keys()
    assert all(classify({**labels, **{label: 1}}, {})[label] == classes[label] for label in labels)


@given(st.integers(-9, 9), st.integers(0, 3))
def test_a_whole_number_is_the_same_with_decimals(number: int, zeros: int) -> None:
    """Spreadsheets write 4 as 4.0."""
    assert fold(f" {number}.{'0' * zeros}") == str(number)


BAD = {
    "no file": (None, "there is no such file"),
    "empty": (b"", "empty"),
    "blank": (b" \n\n", "empty"),
    "no column": (b"a,b\n1,2\n", "column 'what' is not there; the columns are: a, b"),
    "twice": (b"what,what,said\n1,2,3\n", "more than once"),
    "header only": (b"what,said\n", "no row has both a text and a label"),
    "not utf-8": ("what,said\nn\u00e4,pos\n".encode("latin-1"), "--encoding"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_file_that_cannot_be_used_is_told_in_one_line(case: str, tmp_path: Path) -> None:
    """What is wrong, in which file."""
    content, words = BAD[case]
    path = tmp_path / "a.csv"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(EvaluationError) as told:
        read_labelled(path, "what", "said")
    assert str(told.value).startswith(f"{path}: ")
    assert words in str(told.value)
    assert "\n" not in str(told.value)


@pytest.mark.parametrize(("name", "content"), [("a.xlsx", b"PK"), ("a.csv.gz", b"no gzip"), ("a.parquet", b"PAR1 cut")])
def test_formats_that_are_not_what_they_say_are_told(name: str, content: bytes, tmp_path: Path) -> None:
    """An ending that is not known, damaged compression, damaged Parquet: one line each."""
    (tmp_path / name).write_bytes(content)
    with pytest.raises(EvaluationError, match=rf"^[^\n]*{name}: [^\n]*$"):
        read_labelled(tmp_path / name, "what", "said")


def test_semicolons_and_other_encodings_are_read(tmp_path: Path) -> None:
    """What a spreadsheet writes where a comma is a decimal; ragged lines are counted, not fatal."""
    (tmp_path / "a.csv").write_bytes("id;what;said\n1;größer, besser;pos\n2;x\n".encode("latin-1"))
    read = read_labelled(tmp_path / "a.csv", "what", "said", encoding="latin-1")
    assert list(read.texts) == ["größer, besser"]
    assert sum(read.dropped.values()) == 1


def test_too_little_is_refused_by_name(tmp_path: Path) -> None:
    """Too few texts, one class, a class with hardly a text."""
    for rows, words in (
        ([("t", "pos")] * 3, "3 labelled texts, and 30 are needed"),
        ([("t", "pos")] * 40, "every label is positive"),
        ([("t", "pos")] * 40 + [("t", "neg")] * 2, "negative 2"),
    ):
        read = read_labelled(write(tmp_path, "a.csv", rows), "what", "said")
        with pytest.raises(EvaluationError, match=words):
            require_enough(read, 30, 5)


def test_real_files_are_read_whole(shared_data: Path) -> None:
    """No row of a large labelled file is lost."""
    read = read_labelled(shared_data / "semeval_train/tweets.csv.gz", "text", "label")
    assert (read.rows, dict(read.dropped)) == (47_649, {})
    assert read.by_class == {"negative": 7_451, "neutral": 21_355, "positive": 18_843}
