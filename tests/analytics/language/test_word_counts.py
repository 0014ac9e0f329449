"""What compiled code tells of a post's words is what the statement tells, and it tells nearly all of it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from analytics.language import detect
from analytics.language.clear_cases import (
    FEWEST_LETTERS,
    READ_FIRST,
    SCRIPTS,
    SHARED_SCRIPTS,
    class_of,
    find_clear_cases,
    read_words,
)
from analytics.language.word_counts import PLAIN, tell_by_words
from analytics.phrases.search import CLASSES
from tests.analytics.sentiment.vader_texts import real_texts

WORDS = [word for words in read_words().values() for word in words]
SIGNS = ["'", "’", "''", "_", "1", ".", " ", "  ", "\n", "\0", "-", "👍"]
LETTERS = ["ü", "é", "è", "ſ", "\u212a", "İ", "ß", "京", "я"]
PARTS = ["c", "l", "s", "t", "don", "ve", "k", "fü", "x" * (READ_FIRST - 4)]

words = st.sampled_from(WORDS)
pieces = words | words | words.map(str.upper) | st.sampled_from(SIGNS) | st.sampled_from([*SIGNS, *LETTERS, *PARTS])
posts = st.builds(str.join, st.sampled_from(["", " ", " "]), st.lists(pieces, max_size=8))


@pytest.fixture(scope="module", autouse=True)
def compiled() -> None:
    assert CLASSES.load(compile_missing=True), "the counting cannot be compiled here: see the log"


def check(texts: Iterable[str]) -> tuple[int, int]:
    """Compare the two; returns how many are told at once, and how many of these the words tell."""
    array = pa.array([text.encode(errors="replace").decode() for text in texts], pa.large_string())
    by_statement, told = find_clear_cases(array).to_pydict(), tell_by_words(array)
    # The statement leaves no words for the library where it told the language by words or by length.
    at_once = [
        language if words is None else None
        for language, words in zip(by_statement["language"], by_statement["words"], strict=True)
    ]
    for text, ours, theirs in zip(array.to_pylist(), told, at_once, strict=True):
        assert ours in (None, theirs), text
        assert ours == theirs or not text.isascii(), text
    return sum(each is not None for each in at_once), sum(each is not None for each in told)


@settings(max_examples=30, deadline=None)
@given(st.lists(posts, max_size=60))
@example(
    ["don't don't", "don't", "it's", "can't it's my", "the c'est", "the l'est", "the and der", "the and der die das"]
)
@example(
    ["für die", "xfür the", "FÜR the word", "juſt a long post", "a long post, the iſt", "çok için the", "i’m very"]
)
@example(["not the very même", "c'est'c'est the the", "i'm i'm", "the_the the very long", "i''m here and so am we"])
@example(["a long post, don''t", "x" * 398 + " the the", "x" * 396 + " the", "x" * (FEWEST_LETTERS - 1)])
def test_words_tell_what_the_statement_tells(texts: list[str]) -> None:
    """Any text in ASCII is told where the statement tells it at once; any other one so, or not at all."""
    check(texts)


def test_signs_emoji_and_accents_leave_a_post_to_be_told_by_its_words() -> None:
    """Most posts hold no letter beyond Latin ones, so hardly any goes the slow way."""
    texts = ["I don’t like “this” – you’re the café owner… 👍🏽 ❤️", "São Paulo and München are the places", "ok 👍"]
    assert tell_by_words(pa.array(texts, pa.large_string())) == ["en", "en", "und"]


def test_no_sign_that_is_plain_belongs_to_a_script_that_tells_a_language() -> None:
    """A letter in a circle can be Hangul, and the sign for ohm is Greek."""
    scripts = "".join(map(class_of, (SCRIPTS | SHARED_SCRIPTS).values()))
    plain = [chr(code) for first, last in PLAIN for code in range(first, last + 1)]
    [(found,)] = duckdb.execute(f"SELECT regexp_matches(?, '[{scripts}]')", ["".join(plain)]).fetchall()
    assert not found


def test_languages_are_the_same_where_nothing_is_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    """An array of any kind or a list, compiled or not: the same answers."""
    texts = ["The new terms are not what you said", "Das ist nicht wahr, und das wissen wir", "ok", "京京京京京京京京"]
    expected = ["en", "de", "und", "zh"]
    assert detect(texts) == detect(pa.array(["", *texts]).slice(1)) == detect(pa.chunked_array([texts])) == expected
    monkeypatch.setattr(CLASSES, "loaded", [None])
    assert tell_by_words(pa.array(texts, pa.large_string())) == [None] * 4
    assert detect(texts) == expected


@pytest.mark.long
def test_real_posts_are_told_as_the_statement_tells_them(shared_data: Path) -> None:
    """Tweets, reviews, forums, terms and answers of APIs; words tell nearly all that the statement tells at once."""
    counts = [check(texts) for _, texts in real_texts(shared_data)]
    at_once, told = (sum(count) for count in zip(*counts, strict=True))
    assert told > 0.97 * at_once
