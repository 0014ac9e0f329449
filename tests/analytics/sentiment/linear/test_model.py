"""From probabilities to the compound score, and what a model makes of texts."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.sentiment.linear.model import Model, compound, soften
from analytics.sentiment.linear.training import train
from tests.analytics.sentiment.linear.made_up_posts import made_up

shares = st.tuples(*[st.integers(0, 50)] * 3).filter(any).map(lambda parts: np.array([parts]) / sum(parts))


@given(shares)
def test_the_displayed_vote_is_the_most_probable_class(probabilities: np.ndarray) -> None:
    """From 0.05 up is praise, from −0.05 down blame, between them neutral; a tie is neutral."""
    negative, neutral, positive = probabilities[0]
    [score] = compound(probabilities)
    assert -1 <= score <= 1
    assert (score >= 0.05) == (positive > negative and positive > neutral)
    assert (score <= -0.05) == (negative > positive and negative > neutral)


@given(shares, st.floats(0, 1))
def test_praise_in_place_of_blame_never_lowers_the_compound(probabilities: np.ndarray, part: float) -> None:
    """With neutral as probable as before, the score is monotone in praise against blame."""
    share = probabilities[0, 0] * part
    moved = probabilities + np.array([-share, 0, share])
    if share > 1e-12:
        assert compound(moved)[0] >= compound(probabilities)[0]


@given(st.lists(st.tuples(*[st.floats(-700, 700)] * 3), min_size=1, max_size=5))
def test_probabilities_add_up_to_one(logits: list[tuple[float, float, float]]) -> None:
    """However large the numbers are; a class that was not learned has none."""
    rows = soften(np.array(logits))
    assert np.allclose(rows.sum(axis=1), 1)
    assert soften(np.array([[1.0, -np.inf, 2.0]]))[0, 1] == 0


@pytest.fixture(scope="module")
def model() -> Model:
    return train(*made_up(20)).model


def test_unseen_posts_are_read_by_what_was_learned(model: Model) -> None:
    """Blame, neutral and praise in new words around the known ones."""
    scores = model.scores(["creepy, they read my calls again", "when is the meeting today", "we love and trust them"])
    assert scores[:, :3].argmax(axis=1).tolist() == [0, 1, 2]
    assert np.allclose(scores[:, :3].sum(axis=1), 1)
    assert scores[0, 3] <= -0.05 < scores[1, 3] < 0.05 <= scores[2, 3]


def test_a_text_of_which_nothing_is_known_is_neutral(model: Model) -> None:
    """No text and letters never seen are no opinion, and not what most of the training data was."""
    assert model.scores(["", " \n", "日本語"]).tolist() == [[0, 1, 0, 0]] * 3
    assert model.scores([]).shape == (0, 4)


def test_a_brands_name_is_no_feeling(model: Model) -> None:
    """A brand that is called like a word of the training data scores as any other brand does."""
    hate, other = model.scores(["HATE is an app"], ["Hate"]), model.scores(["Ann is an app"], ["Ann"])
    assert hate.tolist() == other.tolist()
    assert model.scores(["HATE is an app"])[0, 3] < hate[0, 3]


def test_a_text_scores_the_same_in_any_company(model: Model) -> None:
    """A batch changes no score: each post can be scored again, alone, to the last bit."""
    texts, _ = made_up(10, seed=2)
    together = model.scores(texts)
    assert [row for text in texts for row in model.scores([text]).tolist()] == together.tolist()


def test_the_temperature_cools_every_score(model: Model) -> None:
    """At twice the temperature the odds of any two classes are the root of what they were; the vote stays."""
    texts = ["they read my calls", "I trust them"]
    scores, cooled = (each.scores(texts) for each in (model, replace(model, temperature=model.temperature * 2)))
    assert np.allclose(np.log(cooled[:, 0] / cooled[:, 2]) * 2, np.log(scores[:, 0] / scores[:, 2]))
    assert (np.sign(cooled[:, 3]) == np.sign(scores[:, 3])).all()
