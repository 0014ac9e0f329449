"""The fast analyzers say what the library says, in all four fields, on any text.

Two are held to it: the compiled rules, and the ones that take a text at a time where those cannot be had.
"""

from __future__ import annotations

import random
from itertools import product
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from vaderSentiment.vaderSentiment import BOOSTER_DICT, NEGATE, SPECIAL_CASES, SentimentIntensityAnalyzer

from analytics.sentiment.vader import Vader, Words
from tests.analytics.sentiment.vader_texts import (
    LIBRARY,
    PHRASES,
    PLAIN,
    SPACES,
    by_library,
    compiled,
    differences,
    made_up_posts,
    real_texts,
)

COMPILED, ONE_BY_ONE = compiled(), Vader()

SAMPLE = 6_000  # real texts compared by the quick test, over all sets; the library is what takes the time
LONGEST = 1_500  # characters of a real text in the quick test: the library is quadratic

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
@example("\u212aiss \u212aISS \u212aISS bad")
@example("ⓜ Ⓜ great DŽ ǅ ª GREAT")
@example("not the bomb, this is the shit!! the most badass kiss of death to die for")
@example("never so good without a doubt, without doubt good, never this bad")
@example("no good, no fun or joy, no bad or good, kind of kind, sort of good, least good, at least good")
@example("TERRIBLE SERVICE NO HELP")
@example("greatly least bad, really least good, very least good, at least good")
def test_every_text_scores_as_in_the_library(text: str) -> None:
    """Emoji, capitals, contractions, idioms, runs of punctuation, odd spaces and NUL change nothing."""
    assert_same([text])


@settings(max_examples=500, deadline=None)
@given(st.text(st.characters(), max_size=200))
@example("good \ud83d bad")
def test_arbitrary_unicode_scores_as_in_the_library(text: str) -> None:
    """Any string that Python can hold, lone surrogates too, scores as in the library."""
    assert_same([text])


def test_many_made_up_posts_score_as_in_the_library() -> None:
    """Words, idioms and emoji in every order score as in the library, remembered from other posts or not."""
    assert_same(list(made_up_posts(4_000, seed=20140601)))


@pytest.mark.long
@pytest.mark.timeout(1_200)
def test_a_hundred_thousand_made_up_posts_score_as_in_the_library() -> None:
    """The same on enough of them that a rule forgotten in one place shows."""
    texts = list(made_up_posts(100_000, seed=20231122))
    assert differences(texts, COMPILED.scores(texts)) == []


NEAR_WORDS = ["no", "or", "nor", "never", "so", "this", "without", "doubt", "at", "very", "least", "kind", "of", "but"]
NEAR_WORDS += ["x", "X", "not", "isn't", "VERY", "hardly", "good", "the"]


@pytest.mark.parametrize("word", ["good", "BAD", "no", "kind", "shit"])
def test_every_three_words_before_a_word_act_as_in_the_library(word: str) -> None:
    """All that the rules ask for by name, in every order before a word with a valence."""
    texts = [" ".join((*before, word)) for before in product(NEAR_WORDS, repeat=3)]
    assert_same(texts)


def test_every_idiom_acts_as_in_the_library_wherever_it_stands() -> None:
    """Idioms and degree phrases before, over and after a word with a valence, and cut short."""
    words = sorted(
        {word for phrase in (*SPECIAL_CASES, "kind of", "sort of", "just enough") for word in phrase.split()}
    )
    texts = [" ".join(("x", *around)) for around in product([*words, "good", "x"], repeat=3)]
    texts += [f"x {first} {phrase} {last}" for phrase in SPECIAL_CASES for first in NEAR_WORDS for last in NEAR_WORDS]
    assert_same(texts)


def test_but_weighs_equal_valences_as_the_library_does() -> None:
    """The library looks valences up by their value: one that was just halved may be taken for a later one."""
    by_valence = {valence: word for word, valence in LIBRARY.lexicon.items() if word.isalpha() and word != "no"}
    pairs = [(word, by_valence[valence / 2]) for valence, word in by_valence.items() if valence / 2 in by_valence]
    assert pairs
    assert_same([f"{word} but {half}" for word, half in pairs])


def test_forgetting_changes_no_score(monkeypatch: pytest.MonkeyPatch) -> None:
    """Scores stay the same where memory is full and what was remembered is thrown away in the middle of a batch."""
    monkeypatch.setattr("analytics.sentiment.vader.MEMORY", 7)
    texts = ["I really do NOT love this, but the price is good!", "Not good? Not bad :)", "hardly a great idea"] * 3
    assert differences(texts, Vader().scores(texts)) == []


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


def test_a_changed_lexicon_scores_as_in_a_library_with_the_same_change() -> None:
    """Words taken out, put in and given another valence, in capitals, negated and near "but"."""
    library = SentimentIntensityAnalyzer()
    changes = {"good": None, "table": -2.0, "ibm": 1.7, "data": 3.1, "bad": 1.0, "great": None}
    for word, valence in changes.items():
        library.lexicon.pop(word, None)
        if valence is not None:
            library.lexicon[word] = valence
    texts = [*made_up_posts(2_000, seed=5), "IBM is not good, but the table is GREAT", "no bad data, no table"]
    assert differences(texts, compiled(changes).scores(texts), library) == []


def test_a_lexicon_beyond_ascii_scores_as_in_the_library() -> None:
    """A word with other letters is found in any case, by the exact path."""
    library = SentimentIntensityAnalyzer()
    library.lexicon["ärgerlich"] = -2.1
    texts = ["Das ist ÄRGERLICH!", "sehr ärgerlich", "no ärgerlich good", "plain and good", "éa good"]
    ours = compiled({"ärgerlich": -2.1}).scores(texts)
    assert differences(texts, ours, library) == []
    assert (ours[:2, 3] < 0).all()


def test_shares_that_end_on_a_half_are_rounded_to_even() -> None:
    """One neutral word in sixteen is 0.0625: 0.062 in the library, while 0.9375 beside it becomes 0.938."""
    word = next(word for word, valence in LIBRARY.lexicon.items() if valence == 1.5 and word.isalpha())
    texts = [f"table{f' {word}' * 6}", f"table chair{f' {word}' * 12}", f"table{f' {word}' * 12} chair!"]
    assert by_library(texts)[0, :3].tolist() == [0, 0.062, 0.938]
    assert_same(texts)


def test_a_text_of_nothing_but_emoji_has_room() -> None:
    """An emoji grows many times over in words; twenty thousand of them are still read."""
    widest = max((emoji for emoji in LIBRARY.emojis if len(emoji) == 1), key=lambda emoji: len(LIBRARY.emojis[emoji]))
    assert COMPILED.scores([widest * 20_000]).tolist() == ONE_BY_ONE.scores([widest * 20_000]).tolist()


def test_real_posts_score_as_in_the_library(shared_data: Path) -> None:
    """A seeded sample of real posts from every set, each field equal to the last bit."""
    sets = [[text for text in texts if len(text) <= LONGEST] for _, texts in real_texts(shared_data)]
    chance = random.Random(20230806)
    sample = [text for texts in sets for text in chance.sample(texts, min(len(texts), SAMPLE // len(sets)))]
    assert len(sample) > SAMPLE / 2
    assert_same(sample)


@pytest.mark.long
@pytest.mark.timeout(1_200)
def test_every_real_text_scores_as_in_the_library(shared_data: Path) -> None:
    """Each of more than a hundred thousand real texts, as far as it is scored, each field equal to the last bit."""
    compared = 0
    for name, texts in real_texts(shared_data):
        different = differences(texts, COMPILED.scores(texts))
        assert not different, f"{len(different)} of {len(texts)} in {name} differ, the first is {different[0]!r}"
        compared += len(texts)
    assert compared > 100_000


def assert_same(texts: list[str]) -> None:
    """Both of ours equal the library."""
    expected = by_library(texts).tolist()
    for ours in (COMPILED, ONE_BY_ONE):
        rows = ours.scores(texts).tolist()
        assert [text for text, row, theirs in zip(texts, rows, expected, strict=True) if row != theirs] == []
