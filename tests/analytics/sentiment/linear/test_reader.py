"""N-grams are counted and weighed alike by the compiled reader and in plain Python, and they are the right ones."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from analytics import kept_files, machine_code
from analytics.sentiment.linear import reader, reference
from analytics.sentiment.linear.layout import BUCKETS, CELLS, CHARACTER_SEED, WORD_SEED
from analytics.sentiment.linear.normalisation import LINK, PERSON, hashable, readable
from analytics.sentiment.linear.reference import bucket, hash_of

WEIGHTS = np.random.default_rng(7).normal(size=BUCKETS * CELLS).astype(np.float32)

near_rules = st.text(alphabet="ab '’!?_0٣\n\u2003\x01\x02é😀ß:-", max_size=60)
texts = st.lists(near_rules | st.text(st.characters(), max_size=60), max_size=8)


@pytest.fixture(scope="module")
def compiled() -> machine_code.Code:
    code = reader.READER.load(compile_missing=True)
    assert code, "the reader cannot be compiled here: see the log"
    return code


@settings(max_examples=150, deadline=None)
@given(texts)
@example([])
@example(["", " ", "a", "I can't, I caaaaaan't 2023!!", "\ud83d half", "x" * 2_000, "’ ’a a’ a’b"])
def test_both_readers_give_the_same_numbers(compiled: machine_code.Code, texts: list[str]) -> None:
    """Counts in the same order, and sums to the last bit, on any text."""
    features, (sums, known) = [*reader.count(texts)], reader.weigh(texts, WEIGHTS)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reader.READER, "loaded", [None])
        plain, (plain_sums, plain_known) = [*reader.count(texts)], reader.weigh(texts, WEIGHTS)
    for ours, theirs in zip(joined(features), joined(plain), strict=True):
        assert ours == theirs
    assert sums.tolist() == plain_sums.tolist()
    assert known.tolist() == plain_known.tolist()


def joined(parts: list[reader.Features]) -> tuple[list[int], list[int], list[int]]:
    return (
        [each for part in parts for each in part.buckets.tolist()],
        [each for part in parts for each in part.counts.tolist()],
        [size for part in parts for size in np.diff(part.borders, prepend=0).tolist()],
    )


def test_texts_beyond_one_batch_are_counted_like_the_first(
    compiled: machine_code.Code, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the memory for features is used up, the next texts are counted in a new batch; none is lost."""
    texts = [f"post number {number} on privacy" for number in range(50)]
    whole = joined([*reader.count(texts)])
    monkeypatch.setattr(reader, "BATCH_BYTES", 100)
    parts = [*reader.count(texts)]
    assert len(parts) > 10
    assert joined(parts) == whole


def test_words_and_their_pairs_and_runs_of_characters_are_counted() -> None:
    """A word keeps its apostrophe, signs are a word, an emoji is one by itself; characters stay between spaces."""
    words, characters = reference.blocks("don’t go :) 😀😀")
    for word in ("don't", "go", ":)", "😀"):
        assert bucket(hash_of(word, WORD_SEED)) in words
    assert words[bucket(hash_of("😀", WORD_SEED))] == 2
    assert len(words) == 4 + 5  # the fifth pair is of the emoji with itself
    assert characters[bucket(hash_of(" go ", CHARACTER_SEED))] == 1
    assert bucket(hash_of("t g", CHARACTER_SEED)) not in characters


@given(near_rules)
def test_case_digits_and_length_of_runs_make_no_difference(text: str) -> None:
    """VERSION 7 is version 8, and "sooooo" is "sooo"."""
    assert blocks(f"{text} VERSION 71 soooo") == blocks(f"{text} version 85 sooo")


def blocks(text: str) -> list[dict[int, int]]:
    return [*reference.blocks(*hashable(readable([text], [])))]


def test_links_people_and_brand_names_have_one_sign_each() -> None:
    """Who is spoken to, and which link is given, is nothing to learn from; an address keeps its @."""
    seen = readable(["@Ann &amp; @bob: Zoom's terms https://zoom.us/terms?a=1 www.x.y me@home.example"], ["Zoom"])
    assert hashable(seen) == [f"{PERSON} & {PERSON}: {PERSON} terms {LINK} {LINK} me@home.example"]


WORD_BUCKETS = [433853, 617599, 250237, 553156, 392718, 498870]
CHARACTER_BUCKETS = [796256, 75272, 458059, 387917, 556595]


def test_a_bucket_is_never_numbered_anew() -> None:
    """Models on disk depend on these numbers: a change of them needs another `hashing` in `features.settings`."""
    words, characters = reference.blocks("they sell data")
    assert [*words] == WORD_BUCKETS
    assert [*characters][:5] == CHARACTER_BUCKETS


def test_a_reader_that_cannot_be_compiled_is_told_once_and_replaced(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The scores are the same, one line says why they come slowly, and the compiler is not called again."""

    def fail(assembly: str) -> bytes:
        raise OSError("no compiler")

    expected = reader.weigh(["good " * 5_000], WEIGHTS)[0].tolist()
    monkeypatch.setattr(reader.READER, "loaded", [])
    monkeypatch.setattr(kept_files, "folders", lambda: [tmp_path])
    monkeypatch.setattr(machine_code, "emit", fail)
    for _ in range(2):
        assert reader.weigh(["good " * 5_000], WEIGHTS)[0].tolist() == expected
    assert [record.getMessage() for record in caplog.records] == [
        "the linear scorer runs uncompiled, much slower and to the same result: no compiler"
    ]
