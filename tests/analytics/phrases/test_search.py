"""Phrases are found by the compiled code where a plain reading of the folded text has them."""

from __future__ import annotations

import sys

import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from analytics.phrases import search
from analytics.phrases.search import CANDIDATES, CLASSES, CandidateSearch, ClassCounter
from analytics.phrases.trees import (
    DROPPED,
    OTHER_LETTER,
    SEPARATOR,
    UNSURE,
    cells,
    grow,
    kinds_of_characters,
    kinds_of_folded_characters,
)
from analytics.themes.matching import Branch, split
from brands.folding import fold

PHRASES = ["data", "dat*", "my data", "my dat* sold", "my", "a", "a a", "a a a", "sold", "x_1"]
BRANCH = Branch()
for phrase in PHRASES:
    BRANCH.add(phrase)

pieces = st.sampled_from([*PHRASES, "dáta", "da\u0301ta", "DATUM", "dat", "ﬁ", "Kß", "각", "\u1100\u1161", "\0", "京"])
between = st.sampled_from([" ", "", "'", "’", "-", "\n", "@", "#", "\u0301", "_", "😀", "\u3000"])
texts = st.lists(st.lists(pieces | between | st.text(max_size=3), max_size=10).map("".join), max_size=4)


@pytest.fixture(scope="module", autouse=True)
def compiled() -> None:
    for program in (CLASSES, CANDIDATES):
        assert program.load(compile_missing=True), "the search cannot be compiled here: see the log"


def make_search() -> CandidateSearch:
    """Every phrase alone is a rule, so that all texts with any phrase are told."""
    tree = grow(PHRASES, kinds_of_folded_characters())
    assert tree
    return CandidateSearch(tree, PHRASES, [[[phrase]] for phrase in PHRASES])


def found_in(texts: pa.Array, limit: int = 1_000) -> dict[int, dict[str, list[tuple[int, int]]]]:
    candidates = make_search().search(texts, limit)
    assert candidates is not None
    found = {}
    for candidate in candidates:
        assert not isinstance(candidate, int)
        assert [PHRASES[rule] for rule in candidate.rules] == [each for each in PHRASES if each in candidate.places]
        found[candidate.row] = candidate.places
    return found


def expected(texts: list[str]) -> dict[int, dict[str, list[tuple[int, int]]]]:
    places = {row: BRANCH.find(split(fold(text))) for row, text in enumerate(texts)}
    return {row: found for row, found in places.items() if found}


@given(texts)
@example(["a a a a", "", "my  data", "my dat sold data", "mydata", "my_data", "x" * 300])
def test_every_phrase_is_found_with_its_places(texts: list[str]) -> None:
    """Whatever stands between and inside words: accents, signs, marks, letters that are written in several ways."""
    texts = [text.encode(errors="replace").decode() for text in texts]
    assert found_in(pa.array(texts, pa.large_string())) == expected(texts)


def test_part_of_an_array_is_its_own_texts() -> None:
    """A slice shares the bytes of the whole, and rows count from its beginning."""
    texts = ["sold", "my data", "", "a a"]
    assert found_in(pa.array(texts, pa.large_string()).slice(1)) == expected(texts[1:])
    assert found_in(pa.array([], pa.large_string())) == {}


def test_only_the_first_characters_are_read() -> None:
    """The limit counts characters, not bytes, and what it cuts is a word."""
    assert found_in(pa.array(["éé data", "😀😀 mydata"], pa.large_string()), limit=6) == {0: {"dat*": [(1, 2)]}}


def test_a_batch_beyond_the_room_is_handed_over_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """No text is lost and none comes twice where what was found fills the room again and again."""
    texts = ["my data sold", "nothing", "a a"] * 50
    whole = found_in(pa.array(texts, pa.large_string()))
    monkeypatch.setattr(search, "SPANS_KEPT", 1)
    assert found_in(pa.array(texts, pa.large_string())) == whole == expected(texts)


def test_a_text_with_more_beginnings_than_there_is_room_for_is_to_be_read_another_way(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It is said, by the bare row, and its neighbours are read."""
    monkeypatch.setattr(search, "MOST_WAITING", 1)
    found = make_search().search(pa.array(["sold", "a a a", "data"], pa.large_string()), 1_000)
    assert found is not None
    assert [each if isinstance(each, int) else each.row for each in found] == [0, 1, 2]
    again = make_search().search(pa.array(["sold", "a a a", "data"], pa.large_string()), 1_000)
    assert again is not None
    assert [each for each in again if isinstance(each, int)] == [1]
    monkeypatch.setattr(search, "SPANS_KEPT", 1)
    again = make_search().search(pa.array(["sold", "data", "a a a"], pa.large_string()), 1_000)
    assert again is not None
    assert [each for each in again if isinstance(each, int)] == [2]


def test_a_rule_has_what_it_needs_when_each_of_its_sets_is_met() -> None:
    """Two phrases of one set are not one of each, and one phrase may be of two sets."""
    tree = grow(PHRASES, kinds_of_folded_characters())
    assert tree
    needs = [[["my", "data"], ["sold"]], [["my"], ["my", "a"]], [["a"], ["data"], ["sold"]]]
    found = CandidateSearch(tree, PHRASES, needs).search(
        pa.array(["my data my data", "sold data", "a data a", "a sold data"], pa.large_string()), 1_000
    )
    assert found is not None
    assert {each.row: each.rules for each in found if not isinstance(each, int)} == {0: [1], 1: [0], 3: [0, 2]}


def test_each_character_is_to_a_phrase_what_its_fold_is() -> None:
    """Every 7th of all characters, and all of the first plane's Latin, Greek and signs."""
    cell_of, kinds = cells(""), kinds_of_folded_characters()
    for code in [*range(1, 0x3000), *range(0x3000, sys.maxunicode, 7)]:
        if not 0xD800 <= code < 0xE000:
            folded = fold(chr(code))[1:-1]
            known = SEPARATOR if folded in ("@", "#") else cell_of.get(folded, OTHER_LETTER)
            assert kinds[code] == (known if folded else DROPPED), hex(code)


def test_phrases_that_the_tree_cannot_hold_are_refused() -> None:
    """Another alphabet or a sign: whoever asks goes another way."""
    kinds = kinds_of_folded_characters()
    assert grow(["данные"], kinds) is None
    assert grow(["it's"], kinds) is None
    assert grow(["it's"], kinds, "'") is not None


COUNTED = ["it", "it's", "don't", "c'est", "est", "no"]
CLASS_OF = [0, 0, 0, 1, 1, 1]
KINDS = kinds_of_characters(beyond_ascii=UNSURE, ranges=[(0xA0, 0xFF, SEPARATOR)], others={0x2019: 39}, joiners="'")


def count(*texts: str) -> tuple[list[list[int]], list[bool]]:
    tree = grow(COUNTED, KINDS, "'")
    assert tree
    counted = ClassCounter(tree, CLASS_OF).count(pa.array(texts, pa.large_string()), 20)
    assert counted is not None
    return counted[0].tolist(), counted[1].tolist()


def test_phrases_that_overlap_count_once_and_two_are_enough() -> None:
    """Of each class as many as can stand side by side, and no more than two are told."""
    counts, unread = count(
        "it's it", "it's", "c'est", "c'est est", "it it it no", "it''s", "c’est", "", "itno", "c'est'est"
    )
    assert counts == [[2, 0], [1, 0], [0, 1], [0, 2], [2, 1], [1, 0], [0, 1], [0, 0], [0, 0], [0, 2]]
    assert count("don't", "don''t", "don ' t", "don 't", "don’t")[0] == [[1, 0], [0, 0], [0, 0], [0, 0], [1, 0]]
    assert not any(unread)


def test_a_character_that_nothing_is_known_of_leaves_a_text_unread() -> None:
    """But not behind the characters that are read."""
    assert count("it \u0416", "it é", "it" + " " * 20 + "\u0416")[1] == [True, False, False]
