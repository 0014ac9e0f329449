"""How well scorers read posts: held against labelled files, and against a random sample of a brand's own posts."""

from __future__ import annotations

from analytics.evaluation.errors import EvaluationError
from analytics.evaluation.label_words import CLASSES, DROP, read_label_words
from analytics.evaluation.labelled_texts import LabelledTexts, read_labelled

__all__ = ["CLASSES", "DROP", "EvaluationError", "LabelledTexts", "read_label_words", "read_labelled"]
