"""The rules by which a speaker is told: `rules.toml` beside this file, read, checked and turned into patterns."""

from __future__ import annotations

import hashlib
import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import re2

PATH = Path(__file__).with_name("rules.toml")


@dataclass(frozen=True, slots=True)
class Speaker:
    """A kind of speaker: the patterns (RE2) of its rules, and one that takes every one of them back."""

    name: str
    patterns: tuple[str, ...]
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
    parts: dict[str, str] = {}
    for name, pattern in entries.get("parts", {}).items():
        parts[name] = _complete(path, f"part {name}", str(pattern), parts)
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
    patterns = tuple(_complete(path, f"speaker {name}", str(rule["pattern"]), parts) for rule in rules)
    unless = _complete(path, f"speaker {name}", str(entry["unless"]), parts)
    return Speaker(name, patterns, unless)


def _complete(path: Path, place: str, pattern: str, parts: dict[str, str]) -> str:
    """The pattern with the parts named in it filled in. A part may be made of those before it."""
    for part, words in parts.items():
        pattern = pattern.replace(f"{{{part}}}", words)
    quiet = re2.Options()
    quiet.log_errors = False
    try:
        re2.compile(pattern, quiet)
    except re2.error as problem:
        raise ValueError(f"{path.name}: {place}: {problem.args[0].decode()}: {pattern}") from None
    if unknown := re.search(r"\{[a-z]+\}", pattern):
        raise ValueError(f"{path.name}: {place}: there is no part {unknown[0]}")
    return pattern
