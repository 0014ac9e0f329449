"""The wording of clauses: `vocabulary.toml` beside this file, read, checked and turned into patterns."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import re2

PATH = Path(__file__).with_name("vocabulary.toml")
MODALITIES = (
    "void", "blank", "duty", "unlimited", "refusal", "limit", "right", "no_right", "condition", "permission", "item",
    "narrowing_words", "exception_words",
)  # fmt: skip
PARTICULARS = ("data_wide", "data", "recipients_wide", "recipients", "definition")
ASKING = ("opt_in", "opt_out")


@dataclass(frozen=True, slots=True)
class Entry:
    """A practice, theme or class of data. `theme` is what a practice is called in the taxonomy, or empty."""

    name: str
    theme: str
    pattern: Any  # of RE2, which has no types

    def found_in(self, text: str) -> bool:
        return self.pattern.search(text) is not None


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Everything in the file; `modality`, `particulars` and `asking` hold a pattern for each of their names above."""

    practices: tuple[Entry, ...]
    themes: tuple[Entry, ...]
    data_classes: tuple[Entry, ...]
    modality: dict[str, Any]
    particulars: dict[str, Any]
    asking: dict[str, Any]


@cache
def read_vocabulary(path: Path = PATH) -> Vocabulary:
    """Read and check a vocabulary. Raises ValueError with file, entry and what is wrong."""
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    parts: dict[str, str] = content.get("parts", {})
    practices, themes, data_classes = (
        tuple(read_entry(path, kind, entry, parts) for entry in content.get(kind, []))
        for kind in ("practices", "themes", "data_classes")
    )
    named = (
        read_patterns(path, kind, names, content.get(kind, {}), parts)
        for kind, names in (("modality", MODALITIES), ("particulars", PARTICULARS), ("asking", ASKING))
    )
    return Vocabulary(practices, themes, data_classes, *named)


def read_patterns(
    path: Path, kind: str, names: tuple[str, ...], written: dict[str, str], parts: dict[str, str]
) -> dict[str, Any]:
    if set(written) != set(names):
        wrong = ", ".join(sorted(set(written) ^ set(names)))
        raise ValueError(f"{path.name}: {kind} has each of {', '.join(names)}; missing or unknown: {wrong}")
    return {name: compile_pattern(path, f"{kind} {name}", pattern, parts) for name, pattern in written.items()}


def read_entry(path: Path, kind: str, entry: dict[str, Any], parts: dict[str, str]) -> Entry:
    wanted = {"name", "patterns", "reason"} | ({"theme"} if kind == "practices" else set())
    place = f"{kind} {entry.get('name', 'without a name')}"
    if entry.keys() != wanted or not entry["reason"].strip():
        raise ValueError(f"{path.name}: {place}: write {', '.join(sorted(wanted))}, and nothing else")
    name = entry["name"]
    pattern = compile_pattern(path, place, "|".join(f"(?:{one})" for one in entry["patterns"]), parts)
    return Entry(name, entry.get("theme", name), pattern)


def compile_pattern(path: Path, place: str, pattern: str, parts: dict[str, str]) -> Any:
    for part, words in parts.items():
        pattern = pattern.replace(f"{{{part}}}", words)
    if unknown := re.search(r"\{[a-z_]+\}", pattern):
        raise ValueError(f"{path.name}: {place}: there is no part {unknown[0]}")
    options = re2.Options()
    options.log_errors = False
    options.max_mem = 64 << 20  # bytes; RE2's usual 8 MB make it forget what it has worked out
    try:
        return re2.compile(pattern, options)
    except re2.error as problem:
        raise ValueError(f"{path.name}: {place}: {problem.args[0].decode()}") from None
