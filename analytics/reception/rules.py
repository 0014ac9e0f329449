"""The rules by which a post is read: `rules.toml` beside this file, checked and filled with a brand's own names."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from analytics.themes.taxonomy import check_keys, read_rules
from brands.folding import fold
from brands.syntax_tree import Node

PATH = Path(__file__).with_name("rules.toml")
ENTRIES = ("mention", "accepts", "rejects")
LANGUAGE = "en"
"""ISO 639-1, of the rules. Posts of brands that are spoken of in another one are not read."""


@dataclass(frozen=True, slots=True)
class Rules:
    """For each of ENTRIES its rules and the phrases that are blanked before them; `version` names file and names."""

    entries: dict[str, tuple[tuple[Node, ...], tuple[str, ...]]]
    version: str


@cache
def read_reception_rules(names: tuple[str, ...], path: Path = PATH) -> Rules:
    """Read the rules for a brand that is called by `names`. Raises ValueError with file, entry and what is wrong."""
    content = path.read_bytes()
    document = tomllib.loads(content.decode())
    lists = {"brand": _list_names(names)}
    for name, words in document["lists"].items():
        try:
            lists[name] = str(words).format_map(lists)
        except KeyError as missing:
            raise ValueError(f"{path.name}: list {name}: there is no list {missing} before it") from None
    entries = {}
    for name in ENTRIES:
        entry = {"name": name, **document[name]}
        check_keys(path, entry, {"name", "rules", "not_phrases"})
        entries[name] = read_rules(path, entry, lists)
    named = "\n".join(names).encode()
    return Rules(entries, hashlib.sha256(content + b"\n" + named).hexdigest()[:16])


def _list_names(names: Sequence[str]) -> str:
    """The names as the alternatives of a query; one without a letter or digit cannot be looked for."""
    quoted = [f'"{plain}"' for name in names if (plain := fold(name.replace('"', " ")).replace("@", " ").strip())]
    return " OR ".join(dict.fromkeys(quoted)) or '"the company"'
