"""The rules by which a speaker is told: `rules.toml` beside this file, read, checked and turned into patterns."""

from __future__ import annotations

import hashlib
import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

PATH = Path(__file__).with_name("rules.toml")


@dataclass(frozen=True, slots=True)
class Speaker:
    """A kind of speaker: one pattern (RE2) of all its rules, and one that takes them back.

    One for all speakers would take six times as long: it outgrows the memory that RE2 gives a pattern.
    """

    name: str
    pattern: str
    unless: str


@dataclass(frozen=True, slots=True)
class Rules:
    """Speakers in order of precedence; `version` names the file's content."""

    speakers: tuple[Speaker, ...]
    version: str


@cache
def read_rules(path: Path = PATH) -> Rules:
    """Read and check a file of rules. Raises ValueError with file, entry and what is wrong."""
    content = path.read_bytes()
    entries = tomllib.loads(content.decode())
    parts = {name: str(pattern) for name, pattern in entries.get("parts", {}).items()}
    speakers = tuple(_read_speaker(path, entry, parts) for entry in entries.get("speakers", []))
    names = [speaker.name for speaker in speakers]
    for name in names:
        if names.count(name) > 1:
            raise ValueError(f"{path.name}: {name!r} is defined twice; keep one")
    return Rules(speakers, hashlib.sha256(content).hexdigest()[:8])


def _read_speaker(path: Path, entry: dict[str, object], parts: dict[str, str]) -> Speaker:
    if entry.keys() != {"name", "unless", "rules"}:
        raise ValueError(f"{path.name}: a speaker has name, unless and rules, not {', '.join(sorted(entry))}")
    name, rules = str(entry["name"]), entry["rules"]
    assert isinstance(rules, list)
    for rule in rules:
        if set(rule) != {"pattern", "reason"} or not str(rule["reason"]).strip():
            raise ValueError(
                f"{path.name}: speaker {name}: a rule needs a pattern and a reason, and nothing else: {rule}"
            )
    written = [_complete(path, name, str(rule["pattern"]), parts) for rule in rules]
    unless = _complete(path, name, str(entry["unless"]), parts)
    return Speaker(name, "|".join(f"(?:{pattern})" for pattern in written), unless)


def _complete(path: Path, name: str, pattern: str, parts: dict[str, str]) -> str:
    for part, words in parts.items():
        pattern = pattern.replace(f"{{{part}}}", words)
    try:
        re.compile(pattern)
    except re.error as problem:
        raise ValueError(f"{path.name}: speaker {name}: {problem}: {pattern}") from None
    if unknown := re.search(r"\{[a-z]+\}", pattern):
        raise ValueError(f"{path.name}: speaker {name}: there is no part {unknown[0]}")
    return pattern
