"""Scorers against labelled texts: what each gets right, and how two of them differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from analytics.evaluation.accuracy import Accuracy, Estimate, Floats, compare_accuracy, measure_accuracy, read_votes
from analytics.evaluation.calibration import Bin, bin_scores
from analytics.evaluation.daily_means import (
    Correlation,
    DailyMeans,
    compare_correlations,
    correlate,
    gather_daily_means,
)
from analytics.evaluation.errors import EvaluationError
from analytics.evaluation.labelled_texts import LabelledTexts, require_enough
from analytics.sentiment import read_model, score, scorer_version
from analytics.sentiment.batch import BatchVader
from analytics.sentiment.domain_lexicon import read_changes
from analytics.sentiment.names import normalise
from analytics.sentiment.scorers import LINEAR, as_domain_reads, domain_version, short_hash
from analytics.sentiment.vader import FIELDS

FEWEST_TEXTS = 30
FEWEST_A_CLASS = 5
WITH_LEXICON, WITH_MODEL = "vader_domain@", "linear@"


@dataclass(frozen=True, slots=True)
class ScorerResult:
    """One scorer on the file. `daily` is None where no day was given."""

    scorer: str
    version: str
    accuracy: Accuracy
    calibration: tuple[Bin, ...]
    daily: Correlation | None


@dataclass(frozen=True, slots=True)
class Difference:
    """What `scorer` reaches beyond `base` on the same texts."""

    scorer: str
    base: str
    macro_recall: Estimate
    macro_f1: Estimate
    read_otherwise: int  # texts
    daily: Correlation | None


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Every scorer, and each one after the first against the first."""

    labelled: LabelledTexts
    scorers: tuple[ScorerResult, ...]
    differences: tuple[Difference, ...]
    daily: DailyMeans | None
    trained_on: tuple[str, ...] = ()  # the scorers whose models have learned from these very texts

    @property
    def best(self) -> Difference | None:
        """The best of those that read better than the first by more than chance; none that has learned the texts."""
        surely = [
            each
            for each in self.differences
            if each.scorer not in self.trained_on and each.macro_recall.low is not None and each.macro_recall.low > 0
        ]
        return max(surely, key=lambda each: each.macro_recall.value, default=None)


def evaluate(
    labelled: LabelledTexts,
    scorers: Sequence[str],
    names: Sequence[str] = (),
    *,
    days: Sequence[str] | None = None,
    brands: Sequence[str] | None = None,
    day_first: bool = False,
) -> Evaluation:
    """Score the texts with each of `scorers` and hold the readings against the labels.

    A scorer is a name that `score` knows, vader_domain@FILE (vader_domain with another lexicon of changes) or
    linear@MODEL. `names` are masked as everywhere.

    `days` and `brands`: one a text, for daily means. Raises EvaluationError where there are
    too few texts or classes, or a scorer is not known.
    """
    require_enough(labelled, FEWEST_TEXTS, FEWEST_A_CLASS)
    scorers = list(dict.fromkeys(scorers))
    read = {scorer: read_scores(labelled.texts, scorer, names) for scorer in scorers}
    compound: Mapping[str, Floats] = {scorer: scores for scorer, (_, scores) in read.items()}
    votes = {scorer: read_votes(scores) for scorer, scores in compound.items()}
    daily = (
        gather_daily_means(labelled.labels, dict(compound), days, brands, day_first=day_first)
        if days is not None
        else None
    )
    results = tuple(
        ScorerResult(
            scorer,
            read[scorer][0],
            measure_accuracy(labelled.labels, votes[scorer]),
            bin_scores(labelled.labels, compound[scorer]),
            correlate(daily, scorer) if daily else None,
        )
        for scorer in scorers
    )
    base = scorers[0]
    differences = tuple(
        Difference(
            scorer,
            base,
            *compare_accuracy(labelled.labels, votes[base], votes[scorer]),
            int((votes[base] != votes[scorer]).sum()),
            compare_correlations(daily, base, scorer) if daily else None,
        )
        for scorer in scorers[1:]
    )
    trained_on = tuple(each for each in scorers if _has_learned_from(each, labelled))
    return Evaluation(labelled, results, differences, daily, trained_on)


def _has_learned_from(scorer: str, labelled: LabelledTexts) -> bool:
    if not scorer.startswith(WITH_MODEL):
        return False
    from analytics.sentiment.linear.training import hash_data

    training = read_model(scorer.removeprefix(WITH_MODEL)).header["training"]
    return hash_data(labelled.texts, labelled.labels) in (training["data_sha256"], *training.get("files_sha256", ()))


def read_scores(texts: Sequence[str], scorer: str, names: Sequence[str]) -> tuple[str, Floats]:
    """The version of a scorer and its compound of each text. Raises EvaluationError where it is not known."""
    try:
        if scorer.startswith(WITH_LEXICON):
            return _read_with_lexicon(texts, Path(scorer.removeprefix(WITH_LEXICON)), names)
        if scorer.startswith(WITH_MODEL):
            model = scorer.removeprefix(WITH_MODEL)
            scores = score(texts, LINEAR, names, model)
            return scorer_version(LINEAR, names, model), scores["compound"].to_numpy(float)
        if scorer == LINEAR:
            raise EvaluationError(f"name its model, {WITH_MODEL}MODEL; `brandtrust train` makes one")
        return scorer_version(scorer, names), score(texts, scorer, names)["compound"].to_numpy(float)
    except (ValueError, OSError) as problem:
        told = problem.strerror if isinstance(problem, OSError) else problem
        raise EvaluationError(f"--scorer {scorer}: {told}") from None


def _read_with_lexicon(texts: Sequence[str], lexicon: Path, names: Sequence[str]) -> tuple[str, Floats]:
    try:
        changes = read_changes(lexicon)
    except UnicodeDecodeError:
        raise EvaluationError(
            f"{lexicon}: is no text in UTF-8; name a lexicon of changes, as domain_lexicon.toml"
        ) from None
    version = domain_version(changes)
    if plain := normalise(names):
        version += f"+names:{short_hash(plain)}"
    scores = BatchVader(changes, by_clause=True).scores(as_domain_reads(texts, names))
    return version, np.asarray(scores[:, FIELDS.index("compound")], float)
