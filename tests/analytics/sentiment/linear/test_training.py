"""What training promises: the same model from the same texts, measured on texts it has not seen."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.evaluation import EvaluationError
from analytics.sentiment.linear.calibration import bin_confidence, find_temperature
from analytics.sentiment.linear.folds import fold_by_group, fold_by_text
from analytics.sentiment.linear.matrix import count_texts, design, rarity
from analytics.sentiment.linear.model import soften
from analytics.sentiment.linear.model_file import arrays_of
from analytics.sentiment.linear.normalisation import hashable, readable
from analytics.sentiment.linear.reader import weigh
from analytics.sentiment.linear.regression import balance, learn
from analytics.sentiment.linear.training import train
from tests.analytics.sentiment.linear.made_up_posts import made_up


def test_the_order_of_the_texts_makes_no_difference() -> None:
    """Files in another order, or rows, give the same model to the last bit."""
    texts, labels = made_up(15)
    order = [*range(len(texts))]
    random.Random(3).shuffle(order)
    one, other = train(texts, labels), train([texts[row] for row in order], labels[order])
    assert one.model.header == other.model.header
    for ours, theirs in zip(arrays_of(one.model).values(), arrays_of(other.model).values(), strict=True):
        assert ours.tobytes() == theirs.tobytes()


def test_the_scorer_gives_what_was_learned() -> None:
    """Compiled scoring from the table of buckets equals the matrix that was trained on, to the precision of float32."""
    texts, labels = made_up(20)
    counted = count_texts(texts)
    learned = learn(counted, labels)
    unseen, _ = made_up(5, seed=9)
    expected = learned.logits(count_texts(unseen))
    sums, _ = weigh(hashable(readable(unseen, [])), learned.table().ravel())
    assert np.allclose(sums + count_texts(unseen).vader @ learned.vader + learned.intercept, expected, atol=1e-4)


def test_every_text_has_words_and_characters_of_length_one() -> None:
    """A long text has no more say than a short one."""
    texts = ["good app", "good app that I use every day at work and at home, good", "good"]
    counted = count_texts(texts)
    rows = design(counted, rarity(counted))[:, : int((rarity(counted) > 0).sum())]
    assert np.allclose(rows.multiply(rows).sum(axis=1), 2, atol=1e-5)


def test_what_only_one_text_has_is_not_learned() -> None:
    """A name or a number that stands in one text leaves no trace in the model."""
    texts, _ = made_up(15)
    with_secret = [*texts[:-1], texts[-1] + " qzxwvkj"]
    rare = rarity(count_texts(with_secret))
    secret = count_texts(["qzxwvkj"]).blocks.indices
    assert not rare[secret].any() or set(secret[rare[secret] > 0]) <= set(count_texts(texts).blocks.indices)


def test_two_classes_are_enough() -> None:
    """Stars without a middle: neutral is then no answer, unless nothing in a text is known."""
    training = train(*made_up(20, classes=(-1, 1)))
    assert training.model.header["classes"] == ["negative", "positive"]
    scores = training.model.scores(["they read my calls", "I trust them", ""])
    assert scores[:, 1].tolist() == [0, 0, 1]
    assert scores[0, 3] <= -0.05
    assert scores[1, 3] >= 0.05


def test_each_group_is_measured_by_a_model_that_never_saw_it() -> None:
    """What is learned of one app and holds of no other earns nothing when apps are the groups."""
    texts, _ = made_up(60, classes=(0,))
    labels = np.random.default_rng(2).permutation(np.array([-1, 1] * 30, np.int8))
    groups = [f"app{row % 3}" for row in range(60)]
    # In each app another word tells all: worth everything where the app is known, nothing where it is not.
    tells = [("plimo", "drenk"), ("vasty", "gombu"), ("hirfa", "tocle")]
    secret = [f"{text} {tells[row % 3][int(labels[row] > 0)]}" for row, text in enumerate(texts)]
    within = train(secret, labels, folds=3).readings[0].accuracy.macro_recall.value
    across = train(secret, labels, groups=groups).readings[0].accuracy.macro_recall.value
    assert within > 0.8
    assert across < 0.65


folding = st.lists(st.tuples(st.sampled_from("abcdefgh"), st.sampled_from([-1, 1])), min_size=20, max_size=60)


@settings(max_examples=60)
@given(folding, st.integers(2, 4))
def test_equal_texts_are_never_measured_by_themselves(rows: list[tuple[str, int]], folds: int) -> None:
    """All copies of a text are in one part, in whatever order they come."""
    texts, labels = [text for text, _ in rows], np.array([label for _, label in rows], np.int8)
    try:
        parts = fold_by_text(texts, labels, folds)
    except EvaluationError:
        return
    assert len(set(zip(texts, parts.tolist(), strict=True))) == len(set(texts))
    backwards = fold_by_text(texts[::-1], labels[::-1], folds)
    assert backwards[::-1].tolist() == parts.tolist()


def test_parts_have_the_classes_in_proportion() -> None:
    """A rare class is in every part."""
    texts, labels = made_up(10)
    parts = fold_by_text(texts, labels, 5)
    assert all((labels[parts == part] == label).sum() == 2 for part in range(5) for label in (-1, 0, 1))


def test_groups_that_cannot_be_measured_are_refused() -> None:
    """One group only, or one that has all there is of a class: named in one line."""
    labels = np.array([-1, -1, 0, 0], np.int8)
    with pytest.raises(EvaluationError, match="every row has the same value"):
        fold_by_group(["a"] * 4, labels)
    with pytest.raises(EvaluationError, match="without group a no text is negative"):
        fold_by_group(["a", "a", "b", "b"], labels)


def test_many_groups_share_ten_parts() -> None:
    """A column of authors does not make a thousand models; a group is never cut."""
    groups = [f"g{row // 2}" for row in range(100)]
    parts = fold_by_group(groups, np.array([-1, 1] * 50, np.int8))
    assert len(set(parts.tolist())) == 10
    assert len(set(zip(groups, parts.tolist(), strict=True))) == 50


def test_calibrated_probabilities_are_right_as_often_as_they_say() -> None:
    """Logits made too sure by a factor are found out, and in each bin the share right is near the probability."""
    random = np.random.default_rng(5)
    logits = random.normal(size=(20_000, 3))
    labels = np.array([random.choice(3, p=row) for row in soften(logits)], np.int8) - 1
    temperature = find_temperature(logits * 4, labels)
    assert temperature == pytest.approx(4, rel=0.06)
    for each in bin_confidence(soften(logits * 4 / temperature), labels):
        if each.texts > 300 and each.probability is not None and each.right is not None:
            assert each.right == pytest.approx(each.probability, abs=0.05)


def test_a_few_texts_that_are_all_read_right_make_no_certainty() -> None:
    """Ten of ten is not always."""
    logits = np.array([[5.0, 0, -5], [-5, 0, 5]] * 10)
    temperature = find_temperature(logits, np.array([-1, 1] * 10, np.int8))
    assert soften(logits / temperature).max() < 0.97


def test_classes_have_the_same_say() -> None:
    """Weights add up to 1, each class has the same part of them."""
    weights = balance(np.array([-1, -1, -1, 1], np.int8))
    assert weights.tolist() == pytest.approx([1 / 6, 1 / 6, 1 / 6, 1 / 2])


def test_files_have_the_same_say_on_request() -> None:
    """However many texts one holds, and each class within it; a file without a class gives its part to the others."""
    labels = np.array([-1, -1, -1, 1, 1, 1], np.int8)
    weights = balance(labels, np.array([0, 0, 0, 0, 0, 1]))
    assert weights.tolist() == pytest.approx([1 / 12] * 3 + [1 / 8] * 2 + [1 / 2])
    texts, labels = made_up(40)
    few, few_labels = [text + " plimo" for text in texts[:6]], -labels[:6]
    together, both = [*texts, *few], np.concatenate([labels, few_labels])
    files = ["large"] * len(texts) + ["small"] * len(few)
    alike, equal = (train(together, both, files=files, equal_files=each) for each in (False, True))
    assert equal.by_file["small"] > alike.by_file["small"]
    assert [*alike.by_file] == ["large", "small"]
    assert equal.model.header["training"]["equal_files"]


def test_one_class_cannot_be_learned() -> None:
    """There is nothing to tell it from."""
    with pytest.raises(ValueError, match="one class only"):
        learn(count_texts(["a b", "a c"]), np.array([1, 1], np.int8))
