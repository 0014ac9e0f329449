"""Half of a big batch, scored by a second interpreter while this one scores the other half.

A plain interpreter and two pipes rather than multiprocessing: its workers run the caller's main script once more where
that script has no guard, and a pool inside a flow's thread or a daemon process cannot be had at all.
"""

from __future__ import annotations

import logging
import os
import pickle
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from analytics.sentiment.scorers import kernel
from analytics.sentiment.vader import FIELDS

ROOT = Path(__file__).resolve().parents[2]
COMMAND = "from analytics.sentiment.second_process import serve; serve()"

log = logging.getLogger(__name__)


def score_in_two(scorer: str, names: Sequence[str], texts: Sequence[str]) -> npt.NDArray[np.float64]:
    """Score as `kernel(scorer, names)` does; where a second process cannot be had, in this one alone."""
    score = kernel(scorer, names)
    ours, theirs = texts[0::2], texts[1::2]
    rows = np.empty((len(texts), len(FIELDS)))
    done = False
    try:
        with start() as other:
            assert other.stdin is not None
            assert other.stdout is not None
            pickle.dump((scorer, tuple(names), list(theirs)), other.stdin)
            other.stdin.close()
            rows[0::2] = score(ours)
            done = True
            rows[1::2] = np.frombuffer(other.stdout.read()).reshape(len(theirs), len(FIELDS))
    except (OSError, ValueError) as problem:  # ValueError: fewer numbers came back than texts went out
        log.warning("scoring in one process: the second one failed (%s)", problem)
        if not done:
            rows[0::2] = score(ours)
        rows[1::2] = score(theirs)
    return rows


def start() -> subprocess.Popen[bytes]:
    paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    return subprocess.Popen(
        [sys.executable, "-c", COMMAND],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
    )


def serve() -> None:
    """Score what the first process sends."""
    scorer, names, texts = pickle.load(sys.stdin.buffer)
    sys.stdout.buffer.write(kernel(scorer, names)(texts).tobytes())
