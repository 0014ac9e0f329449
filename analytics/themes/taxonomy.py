"""The taxonomy of themes: `taxonomy.toml` beside this file, read, checked and turned into queries."""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, TypeAlias, get_args

from analytics.themes.matching import compile_rule
from brands.expression import parse_expression
from brands.query import Query
from brands.syntax_tree import Node

PATH = Path(__file__).with_name("taxonomy.toml")

Trustworthiness: TypeAlias = Literal["ability", "benevolence", "integrity"]


@dataclass(frozen=True, slots=True)
class Theme:
    """What a post may speak of. `trust_in`: the side of trustworthiness (Mayer, Davis and Schoorman 1995)."""

    name: str
    label: str
    definition: str
    trust_in: Trustworthiness
    practices: bool  # makes a post one about data and AI practices by itself
    rules: tuple[Node, ...]
    not_phrases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DataClass:
    """Which data a post on practices speaks of."""

    name: str
    label: str
    definition: str
    rules: tuple[Node, ...]
    not_phrases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """Themes and data classes by name, in the order of the file; `version` names the file's content."""

    themes: dict[str, Theme]
    data_classes: dict[str, DataClass]
    version: str


@cache
def read_taxonomy(path: Path = PATH) -> Taxonomy:
    """Read and check a taxonomy file. Raises ValueError with file, entry and what is wrong."""
    content = path.read_bytes()
    entries = tomllib.loads(content.decode())
    lists = {name: str(words) for name, words in entries.get("lists", {}).items()}
    for entry in (*entries.get("themes", []), *entries.get("data_classes", [])):
        entry["not_phrases"] = [*entries.get("not_phrases", []), *entry.get("not_phrases", [])]
    themes = [read_theme(path, entry, lists) for entry in entries.get("themes", [])]
    classes = [read_data_class(path, entry, lists) for entry in entries.get("data_classes", [])]
    names = [*(theme.name for theme in themes), *(data_class.name for data_class in classes)]
    for name in names:
        if names.count(name) > 1:
            raise ValueError(f"{path.name}: {name!r} is defined twice; keep one")
    return Taxonomy(
        {theme.name: theme for theme in themes},
        {data_class.name: data_class for data_class in classes},
        hashlib.sha256(content).hexdigest()[:8],
    )


def read_theme(path: Path, entry: dict[str, object], lists: dict[str, str]) -> Theme:
    check_keys(path, entry, {"name", "label", "definition", "trust_in", "practices", "rules", "not_phrases"})
    name, label, definition = (str(entry[key]) for key in ("name", "label", "definition"))
    sides: dict[object, Trustworthiness] = {side: side for side in get_args(Trustworthiness)}
    side = sides.get(entry["trust_in"])
    if side is None:
        known = ", ".join(map(str, sides))
        raise ValueError(f"{path.name}: entry {name}: trust_in is {entry['trust_in']!r}; write one of {known}")
    return Theme(name, label, definition, side, bool(entry["practices"]), *read_rules(path, entry, lists))


def read_data_class(path: Path, entry: dict[str, object], lists: dict[str, str]) -> DataClass:
    check_keys(path, entry, {"name", "label", "definition", "rules", "not_phrases"})
    name, label, definition = (str(entry[key]) for key in ("name", "label", "definition"))
    return DataClass(name, label, definition, *read_rules(path, entry, lists))


def check_keys(path: Path, entry: dict[str, object], keys: set[str]) -> None:
    name = entry.get("name", "without a name")
    for problem, found in (("lacks", keys - entry.keys()), ("has the unknown key", entry.keys() - keys)):
        if found:
            raise ValueError(f"{path.name}: entry {name} {problem} {', '.join(sorted(found))}")


def read_rules(path: Path, entry: dict[str, object], lists: dict[str, str]) -> tuple[tuple[Node, ...], tuple[str, ...]]:
    """The rules, each of which makes the theme, and the not_phrases. Raises ValueError where one cannot be read."""
    rules, not_phrases = entry["rules"], entry["not_phrases"]
    assert isinstance(rules, list)
    assert isinstance(not_phrases, list)
    try:
        nodes = tuple(parse_expression(rule.format_map(lists)) for rule in rules)
        for node in nodes:
            compile_rule(node)
        Query("one", tuple(not_phrases))
        return nodes, tuple(not_phrases)
    except KeyError as error:
        raise ValueError(f"{path.name}: entry {entry['name']}: there is no list {error}") from None
    except ValueError as error:  # QueryError too
        raise ValueError(f"{path.name}: entry {entry['name']}: {error}") from None
