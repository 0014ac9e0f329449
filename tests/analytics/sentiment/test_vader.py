"""The fast analyzer says what the library says, in all four fields, on any text."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from vaderSentiment.vaderSentiment import BOOSTER_DICT, NEGATE, SPECIAL_CASES, SentimentIntensityAnalyzer

from analytics.sentiment.vader import FIELDS, Vader, Words

LIBRARY = SentimentIntensityAnalyzer()
FAST = Vader()

SAMPLE = 20_000  # real texts compared, over all sets; the library is what takes the time
LONGEST = 1_500  # characters of a real text: the library is quadratic


def by_library(text: str) -> tuple[float, ...]:
    scores = LIBRARY.polarity_scores(text)
    return tuple(scores[field] for field in FIELDS)


def by_us(text: str) -> tuple[float, ...]:
    scores = FAST.polarity_scores(text)
    return tuple(scores[field] for field in FIELDS)


PHRASES = ["kind of", "at least", "the least", "very least", "no or", "never so", "never this", "without doubt", "but"]
PHRASES += ["no", "no", "this", "so", "doubt"]
PLAIN = ["table", "I", "IBM", "data", "cloud's", "https://a.b/c?d!", "2023", "ß", "İ"]
SPACES = [" ", " ", " ", "  ", "\n", "\t", "\u00a0", "\u2003", "\u3000", "\x1f", "\x00", "", "\u200b"]

rule_words = st.sampled_from([*NEGATE, *BOOSTER_DICT, *SPECIAL_CASES, *PHRASES])
lexicon_words = st.sampled_from(sorted(LIBRARY.lexicon))
emoji = st.sampled_from(sorted(LIBRARY.emojis))
plain_words = st.sampled_from(PLAIN)
stretches = st.text(alphabet="!?.,:;)(*'\"-#@&", max_size=6)
spaces = st.sampled_from(SPACES)


@st.composite
def posts(draw: st.DrawFn) -> str:
    """A post made of what VADER has rules for, joined by every kind of space and punctuation."""
    pieces: list[str] = []
    words = st.one_of(rule_words, rule_words, lexicon_words, lexicon_words, plain_words, emoji, st.text(max_size=4))
    for _ in range(draw(st.integers(0, 24))):
        word = draw(words)
        case = draw(st.sampled_from(["as it is", "as it is", "upper", "title"]))
        word = word.upper() if case == "upper" else word.title() if case == "title" else word
        pieces += [draw(stretches) if draw(st.booleans()) else "", word, draw(spaces)]
    return "".join(pieces)


@settings(max_examples=300, deadline=None)
@given(posts())
@example("")
@example(" \n\u2003")
@example("\x00")
@example("GREAT product but GREAT price, good but bad, bad, good, good")
@example("😀😀great😀 😀")
@example("ok ☺️👍🏽 5⃣")
@example("not the bomb, this is the shit!! the most badass kiss of death to die for")
@example("never so good without a doubt, without doubt good, never this bad")
@example("no good, no fun or joy, no bad or good, kind of kind, sort of good, least good, at least good")
@example("TERRIBLE SERVICE NO HELP")
def test_every_text_scores_as_in_the_library(text: str) -> None:
    """Emoji, capitals, contractions, idioms, runs of punctuation, odd spaces and NUL change nothing."""
    assert by_us(text) == by_library(text)


@settings(max_examples=500, deadline=None)
@given(st.text(max_size=200))
def test_arbitrary_unicode_scores_as_in_the_library(text: str) -> None:
    """Any string that Python can hold, lone surrogates too, scores as in the library."""
    assert by_us(text) == by_library(text)


def made_up_posts(count: int, seed: int) -> Iterator[str]:
    """Posts that are dense in what the rules know, drawn by a seed: cheaper than hypothesis, so there are many."""
    chance = random.Random(seed)
    lexicon, faces = sorted(LIBRARY.lexicon), sorted(LIBRARY.emojis)
    phrases = [*SPECIAL_CASES, *BOOSTER_DICT, *NEGATE, *PHRASES]
    inner = [word for phrase in phrases for word in phrase.split()]
    for _ in range(count):
        pieces: list[str] = []
        for _ in range(chance.randrange(1, 14)):
            word = chance.choice(chance.choice([lexicon, lexicon, phrases, inner, inner, PLAIN, faces]))
            word = chance.choice([str, str, str, str.upper, str.title])(word)
            pieces += [word, chance.choice(["", "", "", "!", "?", "...", ",", "'s", "'"]), chance.choice(SPACES)]
        yield "".join(pieces)


def test_many_made_up_posts_score_as_in_the_library() -> None:
    """Words, idioms and emoji in every order score as in the library, remembered from other posts or not."""
    texts = list(made_up_posts(10_000, seed=20140601))
    rows = FAST.scores(texts)
    assert [text for text, row in zip(texts, rows, strict=True) if tuple(row) != by_library(text)] == []


NEAR_WORDS = ["no", "or", "nor", "never", "so", "this", "without", "doubt", "at", "very", "least", "kind", "of", "but"]
NEAR_WORDS += ["x", "X", "not", "isn't", "VERY", "hardly", "good", "the"]


@pytest.mark.parametrize("word", ["good", "BAD", "no", "kind", "shit"])
def test_every_three_words_before_a_word_act_as_in_the_library(word: str) -> None:
    """All that the rules ask for by name, in every order before a word with a valence."""
    texts = [" ".join((*before, word)) for before in product(NEAR_WORDS, repeat=3)]
    rows = FAST.scores(texts)
    assert [text for text, row in zip(texts, rows, strict=True) if tuple(row) != by_library(text)] == []


def test_every_idiom_acts_as_in_the_library_wherever_it_stands() -> None:
    """Idioms and degree phrases before, over and after a word with a valence, and cut short."""
    words = sorted(
        {word for phrase in (*SPECIAL_CASES, "kind of", "sort of", "just enough") for word in phrase.split()}
    )
    texts = [" ".join(("x", *around)) for around in product([*words, "good", "x"], repeat=3)]
    texts += [f"x {first} {phrase} {last}" for phrase in SPECIAL_CASES for first in NEAR_WORDS for last in NEAR_WORDS]
    rows = FAST.scores(texts)
    assert [text for text, row in zip(texts, rows, strict=True) if tuple(row) != by_library(text)] == []


def test_but_weighs_equal_valences_as_the_library_does() -> None:
    """The library looks valences up by their value: one that was just halved may be taken for a later one."""
    by_valence = {valence: word for word, valence in LIBRARY.lexicon.items() if word.isalpha() and word != "no"}
    pairs = [(word, by_valence[valence / 2]) for valence, word in by_valence.items() if valence / 2 in by_valence]
    assert pairs
    for word, half in pairs:
        text = f"{word} but {half}"
        assert by_us(text) == by_library(text)


def test_forgetting_changes_no_score(monkeypatch: pytest.MonkeyPatch) -> None:
    """Scores stay the same where memory is full and what was remembered is thrown away in the middle of a batch."""
    monkeypatch.setattr("analytics.sentiment.vader.MEMORY", 7)
    texts = ["I really do NOT love this, but the price is good!", "Not good? Not bad :)", "hardly a great idea"] * 3
    rows = Vader().scores(texts)
    assert [tuple(row) for row in rows] == [by_library(text) for text in texts]


def test_changes_reach_the_rules() -> None:
    """A word taken out has no valence and a new one is negated and strengthened as any other."""
    vader = Vader({"share": None, "creepy": -2.0})
    assert vader.polarity_scores("they share it")["compound"] == 0
    plain, strong, negated = (
        vader.polarity_scores(f"it is {how} creepy")["compound"] for how in ("so so", "very", "not")
    )
    assert negated > 0 > plain
    assert strong < vader.polarity_scores("it is a creepy")["compound"]


def test_common_words_share_their_memory() -> None:
    """Words that no rule knows cost one record for all of them, however many a batch holds."""
    words = Words(LIBRARY.lexicon)
    assert words["table"] is words["chair,"] is None
    assert words["TABLE"] is words["CHAIR"]


COLUMNS = {
    "airline_tweets/*.csv": "text",
    "apple_tweets/*.csv": "text",
    "sxsw_brands/*.csv": "tweet_text",
    "privacy_reviews/*.csv": "content",
    "zoom_play_reviews/*.csv": "content",
    "threads_reviews/*.csv": "review_description",
    "chatgpt_tweets/*.csv": "Tweet",
    "app_store_reviews/*.csv.gz": "content",
}


def real_texts(folder: Path) -> Iterator[list[str]]:
    """The posts of each file of real ones that the library can score in fair time."""
    columns = [
        pd.read_csv(path, encoding="latin-1", low_memory=False)[column]
        for pattern, column in COLUMNS.items()
        for path in sorted(folder.glob(pattern))
    ]
    columns += [pd.read_parquet(path)["text"] for path in sorted(folder.glob("browser_forum/*.parquet"))]
    columns += [pd.read_csv(path, sep="\t", header=None)[0] for path in sorted(folder.glob("goemotions/*.tsv"))]
    for texts in columns:
        yield [text for text in texts.dropna() if len(text) <= LONGEST]


def test_real_posts_score_as_in_the_library(shared_data: Path) -> None:
    """A seeded sample of real posts from every set, each field equal to the last bit."""
    sets = list(real_texts(shared_data))
    chance = random.Random(20230806)
    sample = [text for texts in sets for text in chance.sample(texts, min(len(texts), SAMPLE // len(sets)))]
    assert len(sample) > SAMPLE / 2
    rows = FAST.scores(sample)
    different = [text for text, row in zip(sample, rows, strict=True) if tuple(row) != by_library(text)]
    assert not different, f"{len(different)} of {len(sample)} differ"
