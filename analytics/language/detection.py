"""The language of each text: clear cases first, the library `py3langid` for what they leave open."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import numpy as np

from analytics.language.clear_cases import UNDETERMINED, clear_cases_sql, find_clear_cases
from analytics.language.word_counts import tell_by_words
from analytics.text_batches import Texts, as_arrow

if TYPE_CHECKING:
    pass

CANDIDATES = (
    *("en", "de", "fr", "es", "pt", "it", "nl", "sv", "da", "no", "fi", "pl", "cs", "sk", "hu", "ro", "hr", "sl"),
    *("tr", "id", "ms", "vi", "tl", "ca", "et", "lt", "lv", "sw", "af"),
)
"""Languages in Latin letters between which the library decides; each more takes some short texts for its own."""

SURE = 0.5
"""The library's probability from which its answer is taken; below, a text is undetermined and scored as before."""


ASKED_FIRST = 200  # characters; the library's time grows with them


def detect(texts: Texts) -> list[str]:
    """The language of each text as an ISO 639-1 code, `und` where it cannot be told (few letters, a near tie).

    Only the first READ_FIRST characters of a text are read, without addresses, accounts and tags.
    """
    given, _ = as_arrow(texts)
    languages = tell_by_words(given)
    open_rows = [row for row, language in enumerate(languages) if language is None]
    if open_rows:
        found = find_clear_cases(given.take(open_rows)).select(["language", "words"]).to_pydict()
        for row, language, words in zip(open_rows, found["language"], found["words"], strict=True):
            languages[row] = language or ask_library(words)
    return [language or UNDETERMINED for language in languages]


def ask_library(words: str) -> str:
    """What the library says of cleaned words, from their beginning: twice as much changes 3 answers in 1,000."""
    language, probability = identifier().classify(words[:ASKED_FIRST])
    return str(language) if probability >= SURE else UNDETERMINED


@cache
def identifier() -> Any:
    """The library's model, loaded once: about 0.5 s and 100 MB."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    model = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    model.set_languages(CANDIDATES)
    # As the library has it, in half precision and column by column, each text takes twice as long.
    model.nb_ptc = np.ascontiguousarray(model.nb_ptc, np.float32)
    return model


@cache
def detector_version() -> str:
    """Names everything that an answer depends on, such as "py3langid 0.4.0+rules:1a2b3c4d"."""
    rules = json.dumps([clear_cases_sql(), CANDIDATES, SURE])
    return f"py3langid {version('py3langid')}+rules:{hashlib.sha256(rules.encode()).hexdigest()[:8]}"
