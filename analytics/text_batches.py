"""Many texts at once, as Arrow keeps them: UTF-8 one after the other, which compiled code reads where it lies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias, TypeGuard

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:  # whoever only asks which scorers there are must not wait for Arrow
    import pyarrow as pa

Texts: TypeAlias = "Sequence[str] | pa.Array | pa.ChunkedArray"
"""Texts as a batch may come; Arrow's without NULL."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Texts as compiled code reads them: text n lies from ends[n] to ends[n + 1] of `text`."""

    text: npt.NDArray[np.uint8]
    ends: npt.NDArray[np.int64]

    @property
    def size(self) -> int:
        """Bytes of all texts."""
        return int(self.ends[-1] - self.ends[0])

    @property
    def longest(self) -> int:
        """Bytes of the longest text."""
        return int(np.diff(self.ends).max(initial=0))


def as_batch(texts: pa.LargeStringArray) -> Batch:
    """The buffers of an array without NULL, and without copying; it must stay alive as long as they are read."""
    _, ends, text = texts.buffers()
    if not len(texts):
        return Batch(np.empty(0, np.uint8), np.zeros(1, np.int64))
    offsets = np.frombuffer(ends, np.int64)[texts.offset : texts.offset + len(texts) + 1]
    return Batch(np.frombuffer(text, np.uint8) if text else np.empty(0, np.uint8), offsets)


def as_arrow(texts: Texts) -> tuple[pa.LargeStringArray, list[int]]:
    """The texts as UTF-8, and the numbers of those that UTF-8 cannot hold: half a surrogate pair stands in them."""
    import pyarrow as pa

    if is_arrow(texts):
        whole = texts.combine_chunks() if isinstance(texts, pa.ChunkedArray) else texts
        return whole.cast(pa.large_string()), []
    try:
        return pa.array(texts, pa.large_string()), []
    except UnicodeEncodeError:
        near = [text.encode(errors="replace").decode() for text in texts]
        changed = [which for which, (text, other) in enumerate(zip(texts, near, strict=True)) if text != other]
        return pa.array(near, pa.large_string()), changed


def is_arrow(texts: Texts) -> TypeGuard[pa.Array | pa.ChunkedArray]:
    """Whether Arrow holds the texts."""
    return hasattr(texts, "to_pylist")


def as_strings(texts: Texts) -> Sequence[str]:
    """The texts as Python has them."""
    return list(texts.to_pylist()) if is_arrow(texts) else texts


def pick(texts: Texts, rows: npt.NDArray[np.int64]) -> list[str]:
    """Some of the texts, as Python has them."""
    if is_arrow(texts):
        return list(texts.take(rows).to_pylist())
    return [texts[row] for row in rows.tolist()]
