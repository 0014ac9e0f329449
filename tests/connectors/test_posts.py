"""What came before is counted, and blank texts are none."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from brands.folding import READ_CHARACTERS
from connectors import posts

MOST = 2**64 - 1


@given(st.lists(st.lists(st.one_of(st.integers(0, 12), st.sampled_from([MOST, MOST - 1])), max_size=12), max_size=8))
def test_equal_records_are_counted_in_their_order(calls: list[list[int]]) -> None:
    """Over all calls, the n-th of equal keys has n before it."""
    seen, counts = posts.Seen(), Counter[int]()
    for keys in calls:
        expected = []
        for key in keys:
            expected.append(counts[key])
            counts[key] += 1
        assert seen.before(np.array(keys, np.uint64)).tolist() == expected


@given(st.lists(st.integers(1, 60), max_size=60))
def test_few_runs_hold_each_key_once(sizes: list[int]) -> None:
    """The keys of a long file stand in runs of which each is at least twice as long as the next."""
    seen = posts.Seen()
    for number, size in enumerate(sizes):
        seen.before(np.arange(size, dtype=np.uint64) * 7 + number * 1_000)
    lengths = [len(keys) for keys, _ in seen.runs]
    assert all(longer >= 2 * shorter for longer, shorter in pairwise(lengths))
    assert sum(lengths) == sum(sizes)


def test_only_texts_of_white_space_are_blank() -> None:
    """White space of any script is blank, and so is nothing at all; everything else stays as it was written."""
    texts = pa.array(["", " \t\n", "　\xa0", " a ", None, "​"])
    assert posts.are_blank(texts).to_pylist() == [True, True, True, False, None, False]
    assert posts.optional(texts).to_pylist() == [None, None, None, " a ", None, "​"]
    assert posts.optional(texts.slice(3)).to_pylist() == [" a ", None, "​"]


def test_length_is_told_in_characters() -> None:
    """A text is truncated where it has more characters than are read, however many bytes they take."""
    times = pa.array([0, 0, 0], pa.timestamp("us"))
    texts = pa.array(["é" * READ_CHARACTERS, "é" * (READ_CHARACTERS + 1), "a" * READ_CHARACTERS])
    columns = {"post_id": pa.array(["1", "2", "3"]), "created_at": times, "kind": pa.array(["post"] * 3)}
    for given_texts, expected in ((texts, [False, True, False]), (pa.array(["a", "", "b"]), [False] * 3)):
        batch = posts.assemble("here", np.datetime64(0, "us").item(), {**columns, "text": given_texts})
        assert batch.column("truncated").to_pylist() == expected
