"""How a post sounds: VADER by its library's own rules and for posts on data and AI practices, or a regression."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from analytics.sentiment.errors import ModelError
from analytics.sentiment.scorers import KNOWN, SCORERS, can_score, kernel, read_model, scorer_version
from analytics.sentiment.vader import FIELDS
from analytics.text_batches import is_arrow
from brands.folding import READ_CHARACTERS

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

    from analytics.text_batches import Texts

__all__ = [
    "FIELDS",
    "KNOWN",
    "SCORERS",
    "ModelError",
    "can_score",
    "read_model",
    "score",
    "score_rows",
    "scorer_version",
]


def score(
    texts: Texts, scorer: str = "vader", names: Sequence[str] = (), model: Path | str | None = None
) -> pd.DataFrame:
    """Score texts: columns neg, neu, pos (shares, 0…1) and compound (−1…1), one row a text, index 0…n−1.

    `vader` equals the library in all four fields on every text and reads brand names as words. `vader_domain` masks
    `names` (aliases, @handles and #hashtags alike) and applies the changes of `domain_lexicon.toml`. `linear` masks
    `names` too and reads `model`, a file of `brandtrust train`; its neg, neu and pos are probabilities. A long text is
    scored on its first READ_CHARACTERS characters. `texts` may be an Arrow array without NULL. Raises ValueError for an
    unknown scorer or a model that cannot be used, TypeError for an item that is no string.
    """
    import pandas as pd

    return pd.DataFrame(score_rows(texts, scorer, names, model), columns=list(FIELDS))


def score_rows(
    texts: Texts, scorer: str, names: Sequence[str] = (), model: Path | str | None = None
) -> npt.NDArray[np.float64]:
    """The same as `score` gives, without pandas: one row a text, the columns of FIELDS."""
    return kernel(scorer, names, model)(beginnings(texts))


def beginnings(texts: Texts) -> Texts:
    """The part of each text that is scored."""
    if is_arrow(texts):
        import pyarrow.compute as pc

        longest = pc.max(pc.binary_length(texts)).as_py() or 0  # bytes, of which no text has fewer than characters
        return texts if longest <= READ_CHARACTERS else pc.utf8_slice_codeunits(texts, 0, READ_CHARACTERS)
    texts = list(texts)
    for row, text in enumerate(texts):
        if not isinstance(text, str):
            raise TypeError(f"text {row} is {type(text).__name__}, not a string; leave posts without text out")
    if max(map(len, texts), default=0) <= READ_CHARACTERS:
        return texts
    return [text[:READ_CHARACTERS] for text in texts]
