"""VADER's rules as a compiled program."""

from __future__ import annotations

import ctypes
from pathlib import Path

from analytics.machine_code import Code, Program
from analytics.sentiment.compiled.tables import Bytes, Floats, Tables, Workspace


def assembly() -> str:
    from analytics.sentiment.compiled.scores import llvm_of_rules

    return llvm_of_rules()


RULES = Program(
    "vader_rules", [Path(__file__).parent], assembly, "VADER's rules run uncompiled, slower and to the same result"
)


def score_texts(
    rules: Code, text: int, ends: int, texts: int, tables: Tables, space: Workspace, rows: Floats, unsure: Bytes
) -> None:
    """Call `scores.score_texts`; `text` and `ends` are addresses."""
    rules.call(ctypes.c_void_p(text), ctypes.c_void_p(ends), texts, *tables, *space, rows, unsure)
