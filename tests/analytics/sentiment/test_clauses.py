"""vader_domain reads clause by clause: no word strengthens or negates one of another clause."""

from __future__ import annotations

import numpy as np
import pytest

from analytics.sentiment import score
from analytics.sentiment.clauses import GAP, ends_clause
from analytics.sentiment.vader import FIELDS, Vader
from tests.analytics.sentiment.vader_texts import by_library, compiled, made_up_posts

BY_CLAUSE = compiled(by_clause=True)
COMPOUND = FIELDS.index("compound")


def test_the_compiled_rules_part_clauses_as_the_others_do() -> None:
    """Bit for bit, on texts that are dense in rules, emoji, odd spaces and marks."""
    texts = [*made_up_posts(6_000, seed=3), "", ",", ", ,", "good,", 'not "good", bad', "a" * 30 + "!" * 200]
    one_by_one = Vader(by_clause=True).scores(texts)
    assert (BY_CLAUSE.scores(texts).view(np.int64) == one_by_one.view(np.int64)).all()


def test_it_is_the_library_with_words_that_it_does_not_know_between_clauses() -> None:
    """Three of them after each clause give the same compound: neutral words take no part in it."""
    texts = ["not now, good", "No! bad", "very. (kind) good; never so bad", "ok", "I do not, I think, like it. At all!"]
    parted = [
        " ".join(token + " qqq" * GAP if ends_clause(token) else token for token in text.split()) for text in texts
    ]
    assert BY_CLAUSE.scores(texts)[:, COMPOUND].tolist() == by_library(parted)[:, COMPOUND].tolist()


def test_the_gap_is_no_word_of_the_text() -> None:
    """Shares of neutral words are as in the library where nothing reaches from one clause into another."""
    texts = ["Good service, prompt answer. Bad coffee!", "GREAT, but dear; sad."]
    assert BY_CLAUSE.scores(texts).tolist() == by_library(texts).tolist()


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("Without my consent, outrageous", -1),
        ("They did not. Awful!", -1),
        ('"Never again", great company otherwise', 1),
        ("It was not good", -1),
        ("I don’t love that", -1),
    ],
)
def test_a_negation_ends_with_its_clause(text: str, sign: int) -> None:
    """And negates within it, with a typewriter's apostrophe or a printer's."""
    assert np.sign(score([text], "vader_domain")["compound"][0]) == sign


@pytest.mark.parametrize("token", ["now,", "now.", "now!?", 'now."', "now.)", "(now;", "now:'", ":"])
def test_marks_end_a_clause(token: str) -> None:
    """With quotes and brackets after them too."""
    assert ends_clause(token)


@pytest.mark.parametrize("token", ["now", "a.b", "3.14", "'now'", "(now)", "", "…", "don't", "-"])
def test_other_signs_do_not(token: str) -> None:
    """Nor does a mark within a word."""
    assert not ends_clause(token)
