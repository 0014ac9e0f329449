"""How a post sounds: VADER by its library's own rules and for posts on data and AI practices, or a regression."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from analytics.sentiment.errors import ModelError
from analytics.sentiment.scorers import KNOWN, SCORERS, can_score, kernel, read_model, scorer_version
from analytics.sentiment.vader import FIELDS
from brands.folding import READ_CHARACTERS

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["FIELDS", "KNOWN", "SCORERS", "ModelError", "can_score", "read_model", "score", "scorer_version"]


def score(
    texts: Sequence[str], scorer: str = "vader", names: Sequence[str] = (), model: Path | str | None = None
) -> pd.DataFrame:
    """Score texts: columns neg, neu, pos (shares, 0…1) and compound (−1…1), one row a text, index 0…n−1.

    `vader` equals the library in all four fields on every text and reads brand names as words. `vader_domain` masks
    `names` (aliases, @handles and #hashtags alike) and applies the changes of `domain_lexicon.toml`. `linear` masks
    `names` too and reads `model`, a file of `brandtrust train`; its neg, neu and pos are probabilities. Equal texts are
    scored once, a long one on its first READ_CHARACTERS characters. Raises ValueError for an unknown scorer or a model
    that cannot be used, TypeError for an item that is no string.
    """
    import pandas as pd

    score_batch = kernel(scorer, names, model)
    order: dict[str, int] = {}
    rows = [order.setdefault(read(text, row), len(order)) for row, text in enumerate(texts)]
    different = list(order)
    scores = score_batch(different)
    return pd.DataFrame(scores[rows] if rows else scores, columns=list(FIELDS))


def read(text: str, row: int) -> str:
    """The part of a text that is scored."""
    if not isinstance(text, str):
        raise TypeError(f"text {row} is {type(text).__name__}, not a string; leave posts without text out")
    return text[:READ_CHARACTERS] if len(text) > READ_CHARACTERS else text
