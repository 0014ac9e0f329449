"""A model's file: whole or not at all, refused where it is not what was trained."""

from __future__ import annotations

import json
import re
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analytics.sentiment import ModelError, read_model, score, scorer_version
from analytics.sentiment.linear import model_file
from analytics.sentiment.linear.model_file import hash_header, write_model
from analytics.sentiment.linear.training import Training, train
from tests.analytics.sentiment.linear.made_up_posts import made_up


@pytest.fixture(scope="module")
def training() -> Training:
    return train(*made_up(15), source={"rows": 45})


@pytest.fixture
def path(training: Training, tmp_path: Path) -> Path:
    path = tmp_path / "acme.model"
    write_model(training.model, path)
    return path


def test_a_model_read_again_scores_the_same(training: Training, path: Path) -> None:
    """To the last bit, by its path as text too."""
    texts = ["they read my calls", "version 3", ""]
    assert score(texts, "linear", ["Acme"], str(path)).to_numpy().tolist() == (
        training.model.scores(texts, ["Acme"]).tolist()
    )


def test_a_model_says_what_it_was_trained_on_and_how_well_it_reads(training: Training, path: Path) -> None:
    """Rows, classes, the data's hash, accuracy beside the other scorers, calibration, versions and day."""
    header = read_model(path).header
    assert header == training.model.header
    assert header["training"]["by_class"] == {"negative": 15, "neutral": 15, "positive": 15}
    assert re.fullmatch("[0-9a-f]{64}", header["training"]["data_sha256"])
    assert set(header["accuracy"]["readings"]) == {"linear", "vader", "vader_domain"}
    assert sum(part["texts"] for part in header["accuracy"]["calibration"]) == 45
    assert sum(map(sum, header["accuracy"]["readings"]["linear"]["confusion"])) == 45
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", header["trained_on"])
    assert header["made_with"]["vaderSentiment"] == "3.3.2"


def test_equal_texts_make_equal_bytes(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On another day only the day differs, and the version does not."""
    again = tmp_path / "again.model"
    write_model(train(*made_up(15), source={"rows": 45}).model, again)
    assert again.read_bytes() == path.read_bytes()
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    write_model(train(*made_up(15), source={"rows": 45}).model, again)
    assert read_model(again).header["trained_on"] == "1970-01-02"
    assert read_model(again).version == read_model(path).version


def test_a_version_names_the_weights_and_the_masked_names(path: Path, tmp_path: Path) -> None:
    """A model of other texts has another one; another path or another order of names has not."""
    other = tmp_path / "other.model"
    write_model(train(*made_up(15, seed=4)).model, other)
    version = scorer_version("linear", ["Acme", "Bolt"], path)
    assert re.fullmatch(r"linear:[0-9a-f]{8}\+names:[0-9a-f]{8}", version)
    assert version == scorer_version("linear", ["bolt", "@ACME"], path)
    assert version != scorer_version("linear", ["Acme", "Bolt"], other)
    assert scorer_version("linear", (), path) == read_model(path).version


def test_no_text_stands_in_the_file(path: Path) -> None:
    """Neither a sentence nor a word of the training data: buckets are numbers."""
    content = path.read_bytes()
    for word in (b"calls", b"app", b"meeting", b"fine"):
        assert word not in content


def test_a_model_that_is_written_anew_is_read_anew(path: Path) -> None:
    """What is kept in memory follows the file."""
    before = read_model(path).version
    write_model(train(*made_up(15, seed=5)).model, path)
    assert read_model(path).version != before


def rewritten(path: Path, **changes: Any) -> None:
    """The same file with other arrays, or with other entries in its header under `header`, and a seal that is right."""
    with np.load(path) as content:
        arrays = {name: content[name] for name in content.files}
    header = json.loads(arrays["header"].tobytes()) | changes.pop("header", {})
    arrays |= {"header": np.frombuffer(json.dumps(header).encode(), np.uint8)} | changes
    with path.open("wb") as file:
        np.savez(file, allow_pickle=False, **arrays)
    with zipfile.ZipFile(path, "a") as whole:
        whole.comment = b"0" * model_file.SEAL
    path.write_bytes(model_file.seal_bytes(path.read_bytes()))


CHANGED = "was changed after training; train again"


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"intercept": np.zeros(3)}, CHANGED),
        ({"weights": np.zeros((1, 3), np.float32)}, CHANGED),
        ({"more": np.zeros(3)}, CHANGED),
        ({"header": {"temperature": 9.0}}, CHANGED),
        ({"header": {"accuracy": {"macro_recall": 1.0}}}, CHANGED),
        ({"header": {"version": "linear:00000000"}}, CHANGED),
        ({"header": {"format": 1}}, "is of format 1, this release reads 2; train again"),
        ({"header": {"kind": "another scorer"}}, "is no model that `brandtrust train` wrote"),
        ({"header": {"temperature": None}}, "is no model that `brandtrust train` wrote"),
    ],
)
def test_a_changed_model_is_refused(path: Path, changes: dict[str, Any], problem: str) -> None:
    """Weights, what is said of their accuracy, and the version: nothing may differ from what was trained."""
    rewritten(path, **changes)
    with pytest.raises(ModelError, match=rf"acme\.model: {re.escape(problem)}"):
        read_model(path)


@pytest.mark.parametrize("place", [10, -30, -300])
def test_a_single_other_byte_is_refused(path: Path, place: int) -> None:
    """Wherever it stands, in what no array is read from too."""
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(content)
    with pytest.raises(ModelError):
        read_model(path)


def test_a_byte_behind_the_model_is_refused(path: Path) -> None:
    """A reader of zip files would look past it."""
    path.write_bytes(path.read_bytes() + b"\0")
    with pytest.raises(ModelError, match=CHANGED):
        read_model(path)


def test_a_model_with_other_features_is_refused(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A release that cuts texts otherwise would give other scores under the same version."""
    monkeypatch.setattr(model_file, "settings", lambda changes: {"hashing": 2})
    model_file._read.cache_clear()
    with pytest.raises(ModelError, match="trained by a release that reads texts otherwise; train again"):
        read_model(path)


def test_a_later_change_of_the_lexicon_moves_no_score(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A model keeps the words that VADER was read with when it was trained."""
    texts = ["this is creepy", "they share it"]
    before, version = score(texts, "linear", model=path), scorer_version("linear", model=path)
    monkeypatch.setattr("analytics.sentiment.domain_lexicon.read_changes", lambda: {"creepy": 3.0})
    model_file._read.cache_clear()
    pd.testing.assert_frame_equal(score(texts, "linear", model=path), before)
    assert scorer_version("linear", model=path) == version
    assert read_model(path).header["features"]["lexicon"]["creepy"] < 0


def test_weights_that_do_not_fit_are_refused_though_their_hash_does(training: Training, tmp_path: Path) -> None:
    """A bucket outside the table is not written beside it."""
    path = tmp_path / "wrong.model"
    write_model(training.model, path)
    with np.load(path) as content:
        arrays = {name: content[name] for name in content.files if name != "header"}
    arrays["buckets"] = arrays["buckets"] + (1 << 20)
    header = dict(training.model.header)
    header["weights_sha256"] = model_file.hash_weights(arrays, header["temperature"], header["features"])
    header["version"] = f"linear:{header['weights_sha256'][:8]}"
    header["sha256"] = hash_header(header)
    rewritten(path, header=header, buckets=arrays["buckets"])
    with pytest.raises(ModelError, match="is no model"):
        read_model(path)


def test_what_is_no_model_is_told_in_one_line(training: Training, tmp_path: Path) -> None:
    """Text, a cut file, an archive of something else, objects to unpickle, a bomb, a folder, nothing."""
    whole = tmp_path / "whole"
    write_model(training.model, whole)
    (tmp_path / "text").write_text("not a model")
    (tmp_path / "empty").write_bytes(b"")
    (tmp_path / "cut").write_bytes(whole.read_bytes()[:-200])
    with zipfile.ZipFile(tmp_path / "zip", "w") as content:
        content.writestr("header.npy", "{}")
    with zipfile.ZipFile(tmp_path / "bomb", "w", zipfile.ZIP_DEFLATED) as content:
        content.writestr("header.npy", bytes(1 << 27))
    with (tmp_path / "pickle").open("wb") as file:
        np.savez(file, header=np.array([{"kind": "pickled"}], object))
    for name in ("text", "empty", "cut", "zip", "bomb", "pickle"):
        with pytest.raises(ModelError, match=f"{name}: is no model that `brandtrust train` wrote; mend the path"):
            read_model(tmp_path / name)
    with pytest.raises(ModelError, match="is a folder"):
        read_model(tmp_path)
    with pytest.raises(ModelError, match="there is no such model; `brandtrust train` writes one"):
        read_model(tmp_path / "none")


def test_a_model_is_written_whole_or_not_at_all(
    training: Training, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk leaves the model as it was, and no half of another beside it."""
    before = path.read_bytes()

    def fail(self: Path, target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(OSError, match="No space left"):
        write_model(training.model, path)
    assert path.read_bytes() == before
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_linear_needs_a_model() -> None:
    """The error says how one is made; other scorers need none and leave it aside."""
    with pytest.raises(ValueError, match="needs a model, which `brandtrust train` makes"):
        score(["x"], "linear")
    assert score(["good"], "vader", model="nowhere")["compound"][0] > 0
