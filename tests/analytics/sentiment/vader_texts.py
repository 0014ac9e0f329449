"""Texts to compare VADER's scores on, with the library's own scores beside ours: made up by a seed, and real ones."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
from vaderSentiment.vaderSentiment import BOOSTER_DICT, NEGATE, SPECIAL_CASES, SentimentIntensityAnalyzer

from analytics.sentiment.batch import BatchVader
from analytics.sentiment.compiled.rules import RULES
from analytics.sentiment.vader import FIELDS
from brands.folding import READ_CHARACTERS

LIBRARY = SentimentIntensityAnalyzer()

PHRASES = ["kind of", "at least", "the least", "very least", "no or", "never so", "never this", "without doubt", "but"]
PHRASES += ["no", "no", "this", "so", "doubt"]
PLAIN = ["table", "I", "IBM", "data", "cloud's", "https://a.b/c?d!", "2023", "ß", "İ", "\u212aiss", "it's", "N'T"]
SPACES = [" ", " ", " ", "  ", "\n", "\t", "\u00a0", "\u2003", "\u3000", "\x1f", "\x00", "", "\u200b", "\x85"]
ENDS = ["", "", "", "!", "?", "...", ",", "'s", "'", "!!!!!", "???", "?!", ")"]


def by_library(texts: Iterable[str], library: SentimentIntensityAnalyzer = LIBRARY) -> npt.NDArray[np.float64]:
    scores = [library.polarity_scores(text) for text in texts]
    return np.array([[each[field] for field in FIELDS] for each in scores]).reshape(-1, len(FIELDS))


def compiled(changes: dict[str, float | None] | None = None, *, by_clause: bool = False) -> BatchVader:
    """A scorer that is sure to run compiled, on the smallest batch too."""
    assert RULES.load(compile_missing=True), "the rules cannot be compiled here: see the log"
    return BatchVader(changes, by_clause=by_clause)


def differences(
    texts: Sequence[str], ours: npt.NDArray[np.float64], library: SentimentIntensityAnalyzer = LIBRARY
) -> list[str]:
    """The texts of which any field differs from the library's in any bit."""
    differ = (ours.view(np.int64) != by_library(texts, library).view(np.int64)).any(axis=1)
    return [texts[row] for row in np.flatnonzero(differ)]


def made_up_posts(count: int, seed: int) -> Iterator[str]:
    """Posts that are dense in what the rules know: idioms, emoji, capitals, contractions, marks, odd spaces."""
    chance = random.Random(seed)
    lexicon, faces = sorted(LIBRARY.lexicon), sorted(LIBRARY.emojis)
    phrases = [*SPECIAL_CASES, *BOOSTER_DICT, *NEGATE, *PHRASES]
    inner = [word for phrase in phrases for word in phrase.split()]
    for _ in range(count):
        pieces: list[str] = []
        for _ in range(chance.randrange(1, 14)):
            word = chance.choice(chance.choice([lexicon, lexicon, phrases, inner, inner, PLAIN, faces]))
            word = chance.choice([str, str, str, str.upper, str.title])(word)
            pieces += [word, chance.choice(ENDS), chance.choice(SPACES)]
        yield "".join(pieces)


COLUMNS = {
    "airline_tweets/*.csv": "text",
    "apple_tweets/*.csv": "text",
    "chatgpt_tweets/*.csv": "Tweet",
    "semeval_train/*.csv.gz": "text",
    "sxsw_brands/*.csv": "tweet_text",
    "app_store_reviews/*.csv.gz": "content",
    "privacy_reviews/*.csv": "content",
    "threads_reviews/*.csv": "review_description",
    "zoom_play_reviews/*.csv": "content",
    "tosdr_points/*.csv": "quote_text",
}
UNNAMED = {"goemotions/[dt]*.tsv": 0, "vader_groundtruth/*_GroundTruth.txt": 2}


def real_texts(folder: Path) -> Iterator[tuple[str, list[str]]]:
    """Folder and texts of each file of real ones, every text as far as it is scored."""
    for pattern, column in COLUMNS.items():
        for path in sorted(folder.glob(pattern)):
            yield path.parent.name, shown(pd.read_csv(path, encoding_errors="replace", low_memory=False)[column])
    for path in sorted(folder.glob("browser_forum/*.parquet")):
        yield path.parent.name, shown(pd.read_parquet(path, columns=["text"])["text"])
    for pattern, place in UNNAMED.items():
        for path in sorted(folder.glob(pattern)):
            lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
            yield path.parent.name, [line.split("\t")[place] for line in lines if line.count("\t") >= place]
    for path in folder.glob("tweeteval_val/val_text.txt"):
        yield path.parent.name, path.read_text(encoding="utf-8").splitlines()
    terms = sorted(folder.glob("terms_history/*.md"))
    yield "terms_history", [path.read_text(encoding="utf-8")[:READ_CHARACTERS] for path in terms]
    answers = sorted(folder.glob("api_responses/**/*.json"))
    yield "api_responses", [text for path in answers for text in strings(read_json(path))]


def shown(texts: pd.Series) -> list[str]:
    return [text[:READ_CHARACTERS] for text in texts.dropna()]


def read_json(path: Path) -> object:
    try:
        return json.loads(path.read_bytes())
    except ValueError:  # some of the recorded answers are broken
        return None


def strings(value: object) -> Iterator[str]:
    """Every text of two words or more in a JSON value."""
    if isinstance(value, str):
        if " " in value:
            yield value[:READ_CHARACTERS]
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from strings(each)
