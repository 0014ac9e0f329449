"""What a text is known by among its near-copies: bands of a MinHash signature over its runs of characters.

MinHash (Broder 1997): the chance that one value of two signatures agrees is the Jaccard similarity J of their sets of
runs. BANDS bands of ROWS values each (locality-sensitive hashing, Indyk and Motwani 1998) share one with the chance
1 − (1 − J^ROWS)^BANDS: 0.02 at J = 0.4, 0.5 at 0.7, 0.9 at 0.8, 0.999 at 0.9. Unrelated posts have J below 0.1.
"""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from analytics.scratch_database import scratch_database
from analytics.text_batches import Texts, as_arrow

if TYPE_CHECKING:
    import pyarrow as pa

FEWEST_CHARACTERS = 40
"""Shorter texts are never grouped: many people say "great app, works well" without copying."""

READ_FIRST = 1_000  # characters
RUN = 5  # bytes of folded text
ROWS, BANDS = 8, 12
SEED = 20230806
CHUNK = 10_000  # texts; bounds memory to some 150 MB

# Where copies differ without being any less copies: addresses, accounts and tags.
PASSING = r"(?:https?://|www\.)\S+|[@#][\p{L}\p{N}_.-]+"

Words = npt.NDArray[np.uint64]


def sign(texts: Texts) -> tuple[npt.NDArray[np.int64], Words]:
    """Rows of the texts that are long enough, and for each its bands: shape (rows, BANDS).

    Case, punctuation, addresses, accounts and tags make no difference. Only the first READ_FIRST characters
    are read.
    """
    given, _ = as_arrow(texts)
    parts = [_sign_chunk(given.slice(start, CHUNK), start) for start in range(0, len(given), CHUNK)]
    rows = np.concatenate([part[0] for part in parts]) if parts else np.empty(0, np.int64)
    return rows, np.concatenate([part[1] for part in parts]) if parts else np.empty((0, BANDS), np.uint64)


def sign_rows(texts: Texts) -> pa.ListArray:
    """The bands of each text: none where it is too short to be grouped."""
    import pyarrow as pa

    rows, bands = sign(texts)
    counts = np.zeros(len(texts), np.int32)
    counts[rows] = BANDS
    ends = np.concatenate([[0], np.cumsum(counts)])
    return pa.ListArray.from_arrays(pa.array(ends, pa.int32()), pa.array(bands.ravel(), pa.uint64()))


def signatures_version() -> str:
    """Names everything that the bands of a text depend on."""
    from rensa import RMinHash

    settings = f"{FEWEST_CHARACTERS}-{READ_FIRST}-{RUN}-{ROWS}-{BANDS}"
    return f"rensa {version('rensa')}/{RMinHash.ALGORITHM_VERSION}:{settings}"


def _sign_chunk(texts: pa.Array, start: int) -> tuple[npt.NDArray[np.int64], Words]:
    from rensa import RMinHash

    rows, content, ends = _fold(texts)
    if not len(rows):
        return rows, np.empty((0, BANDS), np.uint64)
    hashes = np.zeros(len(content) - RUN + 1, np.uint64)
    for place in range(RUN):
        hashes = (hashes << np.uint64(8)) | content[place : len(content) - RUN + 1 + place]
    hashes = mix(hashes)
    begins = np.concatenate([[0], ends[:-1]])
    inside = np.ones(len(hashes), bool)  # runs that do not reach into the next text
    for back in range(1, RUN):
        inside[np.clip(ends[:-1] - back, 0, None)] = False
    offsets = np.concatenate([[0], np.cumsum(ends - begins - RUN + 1)])
    offsets = offsets.astype(np.uint64)
    digests = RMinHash.digest_matrix_from_flat_token_hashes(hashes[inside], offsets, ROWS * BANDS, SEED)
    return rows + start, fold_bands(np.array(digests.to_rows(), np.uint64))


def fold_bands(digests: Words) -> Words:
    """Each band's values as one number, another for each place that a band can have."""
    bands = np.broadcast_to(np.arange(1, BANDS + 1, dtype=np.uint64), (len(digests), BANDS)).copy()
    for row in range(ROWS):
        bands = mix(bands ^ mix(digests[:, row::ROWS]))
    return bands


def mix(values: Words) -> Words:
    """The finaliser of splitmix64 (Steele, Lea and Flood 2014): every bit of the result depends on every bit."""
    values = values + np.uint64(0x9E3779B97F4A7C15)
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def _fold(texts: pa.Array) -> tuple[npt.NDArray[np.int64], Words, npt.NDArray[np.int64]]:
    """Rows of the texts that are long enough once folded, their bytes one after the other, and where each ends.

    Letters of ASCII become small; what is neither letter nor digit there, typographic marks and emoji become one blank.
    """
    import pyarrow as pa

    with scratch_database() as connection:
        connection.register("texts", pa.table({"row": pa.array(range(len(texts)), pa.int64()), "text": texts}))
        long = connection.execute(rf"""
            SELECT row, CASE WHEN regexp_matches(beginning, '[@#]|www|://')
                THEN regexp_replace(beginning, '{PASSING}', ' ', 'gi') ELSE beginning END AS words
            FROM (SELECT row, left(text, {READ_FIRST}) AS beginning
                FROM texts WHERE length(text) >= {FEWEST_CHARACTERS})
            ORDER BY row""").fetchnumpy()
    encoded = [words.encode() for words in long["words"]]
    content = FOLDED[np.frombuffer(b"".join(encoded), np.uint8)]
    for start, size in (((0xE2, 0x80), 3), ((0xF0, 0x9F), 4)):  # typographic marks; emoji
        places = np.flatnonzero((content[:-1] == start[0]) & (content[1:] == start[1]))
        for place in range(size):
            content[np.minimum(places + place, len(content) - 1)] = BLANK
    kept = np.ones(len(content), bool)
    kept[1:] = (content[1:] != BLANK) | (content[:-1] != BLANK)
    ends = np.cumsum([len(each) for each in encoded], dtype=np.int64)
    text_of = np.repeat(np.arange(len(encoded)), [len(each) for each in encoded])
    sizes = np.bincount(text_of[kept], minlength=len(encoded)) if len(ends) else np.empty(0, np.int64)
    enough = sizes >= FEWEST_CHARACTERS
    kept &= enough[text_of]
    rows = np.asarray(long["row"], np.int64)
    return rows[enough], content[kept].astype(np.uint64), np.cumsum(sizes[enough], dtype=np.int64)


def _folded_bytes() -> npt.NDArray[np.uint8]:
    written = "".join(chr(byte).lower() if byte < 128 and chr(byte).isalnum() else " " for byte in range(128))
    return np.concatenate([np.frombuffer(written.encode(), np.uint8), np.arange(128, 256, dtype=np.uint8)])


BLANK = ord(" ")
FOLDED = _folded_bytes()
"""For each byte of UTF-8 what it is read as."""
