"""The language of posts: clear cases, what the library decides, and what nobody can tell."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.language import UNDETERMINED, detect, detector_version
from analytics.language.clear_cases import read_words
from analytics.language.detection import CANDIDATES, identifier
from tests.labelled.labelled_files import read_rows


def test_nearly_all_labelled_posts_are_told_and_no_english_one_is_taken_for_another() -> None:
    """Of 13 languages 95 in 100 are right; English is never left out, and too little to tell is undetermined."""
    rows = read_rows("languages.csv", ["id", "text", "language", "half"])
    found = detect([row["text"] for row in rows])
    pairs = Counter((row["language"], language) for row, language in zip(rows, found, strict=True))
    assert sum(count for (right, told), count in pairs.items() if right == told) >= 0.95 * len(rows)
    assert {told for right, told in pairs if right == "en"} <= {"en", UNDETERMINED}
    assert {told for right, told in pairs if right == UNDETERMINED} == {UNDETERMINED}


@pytest.mark.parametrize(
    "text", ["", " ", "👍", "ok", "@zoom", "https://example.org/der/und/das", "#privacy #ai", "\x00", "5.16.2"]
)
def test_what_holds_no_words_is_undetermined(text: str) -> None:
    """Signs, addresses, accounts, tags and a few letters tell no language."""
    assert detect([text]) == [UNDETERMINED]


def test_words_of_another_language_inside_english_do_not_make_it_another_one() -> None:
    """A quoted word, a name or a script in passing leaves a post English."""
    texts = [
        "The word Gemütlichkeit is all over their new terms and nobody knows why",
        "They translated it as 同意 which is not what the button does at all, is it",
    ]
    assert detect(texts) == ["en", "en"]


def test_only_the_beginning_is_read() -> None:
    """A post that goes on in another language after its first characters is of the language that it begins in."""
    assert detect(
        ["This is what they answered when I asked them about it. " * 10 + "Das ist nicht wahr und wir wissen es. " * 50]
    ) == ["en"]


@settings(max_examples=25)
@given(st.lists(st.text(max_size=60), max_size=8))
def test_every_text_gets_one_language_in_whatever_order_they_come(texts: list[str]) -> None:
    """A batch is as long as its answer, and neighbours change nothing."""
    found = detect(texts)
    assert len(found) == len(texts)
    assert found == detect(texts[::-1])[::-1]


def test_no_word_belongs_to_both_lists() -> None:
    """A word that English and another language share would decide nothing."""
    words = read_words()
    assert set(words["english"]) & set(words["other"]) == set()
    assert [word for many in words.values() for word in many if not (word[0] + word[-1]).isascii()] == []


def test_the_version_names_library_and_rules() -> None:
    """What changes an answer changes the version."""
    assert detector_version().startswith("py3langid 0.")
    assert "+rules:" in detector_version()


def test_the_library_answers_as_it_would_by_itself() -> None:
    """Its numbers laid out for speed give the same language with the same probability, to the last bit."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    library = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    library.set_languages(CANDIDATES)
    for row in read_rows("languages.csv", ["id", "text", "language", "half"])[::4]:
        assert identifier().classify(row["text"]) == library.classify(row["text"])
