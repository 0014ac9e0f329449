"""Agreement with people: metrics, intervals, calibration, daily means."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.evaluation import EvaluationError, read_labelled
from analytics.evaluation.accuracy import compare_accuracy, measure_accuracy, read_votes
from analytics.evaluation.calibration import bin_scores
from analytics.evaluation.daily_means import compare_correlations, correlate, gather_daily_means
from analytics.evaluation.evaluation import evaluate
from analytics.evaluation.picture import draw_evaluation, write_alt
from tests.bench.airline_correlation import NAMES

READINGS = st.lists(st.tuples(st.sampled_from([-1, 0, 1]), st.sampled_from([-1, 0, 1])), min_size=2, max_size=60)


def votes(values: Sequence[int]) -> np.ndarray:
    return np.array(values, np.int8)


def test_the_metrics_are_those_of_the_textbook() -> None:
    """A table small enough to count by hand."""
    found = measure_accuracy(votes([-1, -1, -1, -1, 0, 0, 1, 1]), votes([-1, -1, 0, 1, 0, 1, 1, 1]))
    assert found.confusion == ((2, 1, 1), (0, 1, 1), (0, 0, 2))
    assert found.recalls == (0.5, 0.5, 1.0)
    assert found.precisions == (1.0, 0.5, 0.5)
    assert found.macro_recall.value == pytest.approx(2 / 3)
    assert found.macro_f1.value == pytest.approx((2 / 3 + 1 / 2 + 2 / 3) / 3)


@given(READINGS)
def test_intervals_hold_what_they_belong_to(readings: list[tuple[int, int]]) -> None:
    """Metrics and bounds lie from 0 to 1, bounds are in order, and who copies people reaches 1."""
    labels, read = votes([label for label, _ in readings]), votes([each for _, each in readings])
    for each in (measure_accuracy(labels, read).macro_recall, measure_accuracy(labels, read).macro_f1):
        assert each.low is not None
        assert each.high is not None
        assert 0 <= each.low <= each.high <= 1
    assert measure_accuracy(labels, labels).macro_recall.value == 1


@settings(max_examples=settings.default.max_examples // 5)
@given(READINGS)
def test_a_difference_is_the_difference(readings: list[tuple[int, int]]) -> None:
    """Of two scorers it is their metrics' difference, turned around with its sign; of a scorer from itself it is 0."""
    labels, read = votes([label for label, _ in readings]), votes([each for _, each in readings])
    other = read[::-1].copy()
    recall, f1 = compare_accuracy(labels, read, other)
    one, two = measure_accuracy(labels, read), measure_accuracy(labels, other)
    assert recall.value == pytest.approx(two.macro_recall.value - one.macro_recall.value)
    assert f1.value == pytest.approx(two.macro_f1.value - one.macro_f1.value)
    assert compare_accuracy(labels, other, read)[0].value == pytest.approx(-recall.value)
    assert {compare_accuracy(labels, read, read)[0].low, compare_accuracy(labels, read, read)[0].high} == {0}


def test_the_interval_of_recall_covers_as_it_says() -> None:
    """Drawn anew 150 times, the interval holds the true macro-recall about 95 times in 100."""
    random, inside = np.random.default_rng(4), 0
    shares = np.array([[0.3, 0.1, 0.1], [0.05, 0.15, 0.05], [0.05, 0.05, 0.15]])
    truth = float(np.mean(np.diagonal(shares) / shares.sum(axis=1)))
    for _ in range(150):
        cells = random.choice(9, size=300, p=shares.ravel())
        recall = measure_accuracy(votes(cells // 3 - 1), votes(cells % 3 - 1)).macro_recall
        inside += recall.low <= truth <= recall.high  # type: ignore[operator]
    assert 0.9 <= inside / 150 <= 0.99


def test_a_score_at_the_bound_has_the_vote_of_its_bin() -> None:
    """±0.05 are votes, and stand in the bins of votes; every text is in one bin."""
    compound = np.array([-1, -0.6, -0.05, -0.049, 0, 0.049, 0.05, 0.6, 1])
    assert read_votes(compound).tolist() == [-1, -1, -1, 0, 0, 0, 1, 1, 1]
    bins = bin_scores(read_votes(compound), compound)
    assert [each.texts for each in bins] == [2, 0, 1, 3, 1, 0, 2]
    assert [each.label.value for each in bins if each.label] == [-1, -1, 0, 1, 1]
    assert all(each.label is None or each.label.low is None for each in bins)  # under 10 texts


def days_of(means: dict[str, list[float]], texts: int = 40) -> tuple[np.ndarray, np.ndarray, list[str], list[str]]:
    """Labels, compound, days and brands; a brand's day has `texts` texts with its mean."""
    labels, scores, days, brands = [], [], [], []
    for brand, values in means.items():
        for at, value in enumerate(values):
            positive = round(texts * (value + 1) / 2)
            labels += [1] * positive + [-1] * (texts - positive)
            scores += [value / 2 + (0.4 if brand == "united" else 0.0)] * texts
            days += [str(date(2023, 1, 1) + timedelta(days=at))] * texts
            brands += [brand] * texts
    return votes(labels), np.array(scores), days, brands


def test_a_brands_name_read_as_praise_hides_the_days() -> None:
    """A brand that is read too well spoils the pooled correlation and leaves that within brands alone."""
    means = {"united": [-0.9, -0.7, -0.5, -0.6], "delta": [0.1, 0.3, 0.2, 0.5], "jet": [-0.2, 0.0, 0.2, 0.1]}
    labels, scores, days, brands = days_of(means)
    gathered = gather_daily_means(labels, {"a": scores, "b": labels / 2}, days, brands)
    found = correlate(gathered, "a")
    assert found.pooled is not None
    assert found.within is not None
    assert found.within.value == pytest.approx(1, abs=0.01)
    assert found.pooled.value < 0.9
    better = compare_correlations(gathered, "a", "b")
    assert better.pooled is not None
    assert better.pooled.value == pytest.approx(1 - found.pooled.value)


def test_small_cells_and_unreadable_days_are_left_out_and_counted() -> None:
    """A day with fewer than 20 texts of a brand says nothing; a day that is none is not guessed."""
    labels, scores, days, brands = days_of({"acme": [0.0, 0.1, 0.2, 0.3, 0.4]})
    days = [*days[:-1], "yesterday"]
    extra = (np.append(labels, votes([1] * 19)), np.append(scores, [0.1] * 19))
    gathered = gather_daily_means(extra[0], {"a": extra[1]}, [*days, *["2024-01-01"] * 19], [*brands, *["acme"] * 19])
    assert (len(gathered.cells), gathered.left_out) == (5, 20)
    assert correlate(gathered, "a").within is None
    with pytest.raises(EvaluationError, match="no day that can be read"):
        gather_daily_means(labels, {"a": scores}, ["?"] * len(labels), brands)
    with pytest.raises(EvaluationError, match="1 cells"):
        gather_daily_means(labels, {"a": scores}, ["2023-01-01"] * len(labels), brands)


def test_a_changed_lexicon_shows_as_a_difference(tmp_path: Path) -> None:
    """The same scorer under two lexicons has two versions, and the texts read otherwise are counted."""
    lexicon = tmp_path / "lexicon.toml"
    lexicon.write_text('[valence]\nblargh = {valence = -2.0, reason = "a test"}\n')
    rows = ["blargh,neg"] * 20 + ["great stuff,pos"] * 20
    (tmp_path / "a.csv").write_text("\n".join(["t,l", *rows]))
    found = evaluate(read_labelled(tmp_path / "a.csv", "t", "l"), ["vader_domain", f"vader_domain@{lexicon}"])
    assert found.scorers[0].version != found.scorers[1].version
    assert (found.differences[0].read_otherwise, found.differences[0].macro_recall.value) == (20, 0.5)
    assert found.scorers[0].daily is None
    chart = draw_evaluation(found)
    assert "<svg" in chart.svg
    assert "macro-recall 1.000" in write_alt(found)


def test_on_real_tweets_masked_names_follow_people(shared_data: Path) -> None:
    """The published figures of stock VADER: macro-recall 0.538, daily means 0.22 pooled and 0.81 within brand."""
    [path] = shared_data.glob("airline_tweets/*.csv")
    read = read_labelled(path, "text", "airline_sentiment", others=("tweet_created", "airline"))
    columns = {"days": read.others["tweet_created"], "brands": read.others["airline"]}
    found = evaluate(read, ["vader", "vader_domain"], NAMES, **columns)  # type: ignore[arg-type]
    stock, domain = found.scorers
    assert stock.accuracy.macro_recall.value == pytest.approx(0.538, abs=0.001)
    assert stock.daily is not None
    assert stock.daily.pooled is not None
    assert stock.daily.within is not None
    assert stock.daily.pooled.value == pytest.approx(0.22, abs=0.01)
    assert stock.daily.within.value == pytest.approx(0.81, abs=0.01)
    difference = found.differences[0]
    assert difference.macro_recall.low is not None
    assert difference.macro_recall.low > 0
    assert domain.daily is not None
