"""The brand file: who we listen for, against whom, where, and which dates matter.

One TOML file a brand, validated in full before anything runs: an unknown key fails, a naive time is UTC. `load` reads
it with the files of its peers; the keys themselves stand in `brands.schema`.
"""

from __future__ import annotations

import hashlib
import re
import sys
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from brands.appearance import Logo, read_logo
from brands.claim_faults import find_claim_faults
from brands.faults import Fault, Known, explain, find_faults, find_loose_ends, find_unknown_names
from brands.query import Query, parse
from brands.schema import (
    BrandFile,
    Claim,
    Columns,
    Event,
    Gap,
    Peer,
    ReportSettings,
    Signal,
    SignalColumns,
    Source,
    SourceBreak,
    Strict,
    Terms,
    slugify,
)
from brands.toml_lines import find_line, find_lines
from brands.withheld_addresses import find_addresses, withhold

__all__ = [
    "Brand",
    "BrandFile",
    "BrandFileError",
    "Claim",
    "Columns",
    "Event",
    "Gap",
    "Known",
    "Peer",
    "PeerBrand",
    "ReportSettings",
    "Signal",
    "SignalColumns",
    "Source",
    "SourceBreak",
    "Strict",
    "Terms",
    "load",
    "slugify",
]

HasPath = TypeVar("HasPath", Source, Signal)


LARGEST_FILE = 1_000_000  # bytes


class BrandFileError(ValueError):
    """A brand file cannot be used: one line that says where and what to do. `line` counts from 1; None: the file.

    `others`: the faults that stand after the first one, each with its line, in the order of the file.
    """

    def __init__(self, path: Path, line: int | None, problem: str, others: Sequence[tuple[int, str]] = ()) -> None:
        place = f"{path}:{line}" if line else f"{path}"
        super().__init__(f"{place}: {problem}{f' (and {len(others):,} more)' if others else ''}")
        self.path = path
        self.line = line
        self.problem = problem
        self.others = others


@dataclass(frozen=True)
class PeerBrand:
    """A brand to compare with. One that has its own brand file (`path`) brings that file's query and sources."""

    slug: str
    name: str
    query: Query
    aliases: tuple[str, ...] = ()
    handles: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()
    source_breaks: tuple[SourceBreak, ...] = ()
    path: Path | None = None

    @property
    def by_file(self) -> bool:
        """Whether it has a brand file of its own; otherwise it is looked for in the sources of the brand."""
        return self.path is not None


@dataclass(frozen=True)
class Brand:
    """A brand file with everything resolved: queries parsed, paths of files absolute, peers' own files read.

    `fingerprint` is the SHA-256 of the files, this one and its peers', as hexadecimal digits.
    """

    file: BrandFile
    path: Path
    slug: str
    query: Query
    sources: tuple[Source, ...]
    peers: tuple[PeerBrand, ...]
    fingerprint: str
    logo: Logo | None = None
    signals: tuple[Signal, ...] = ()

    @property
    def name(self) -> str:
        """The name of the brand as people read it."""
        return self.file.name

    @property
    def events(self) -> tuple[Event, ...]:
        """The policy events that the file declares."""
        return self.file.events

    @property
    def claims(self) -> tuple[Claim, ...]:
        """What people say of the terms, as the file declares it."""
        return self.file.claims

    @property
    def model(self) -> Path | None:
        """The trained model that the file names, where it holds in any working folder."""
        model = self.file.report.model
        return None if model is None else self.path.parent.resolve() / model

    @property
    def names(self) -> tuple[str, ...]:
        """Everything that brand and peers are called, handles without `@`: what a scorer must not take for a mood."""
        names = [self.name, *self.file.aliases, *self.file.handles]
        for peer in self.peers:
            names += [peer.name, *peer.aliases, *peer.handles]
        return tuple(dict.fromkeys(name.removeprefix("@") for name in names))


def load(path: str | Path, known: Known | None = None) -> Brand:
    """Read the brand file at `path`, and one level of its peers' files. Raises BrandFileError.

    With `known`, a connector, theme or scorer that is not among the known ones is an error too.
    """
    path = Path(path)
    document = _read(path, known)
    peers: list[PeerBrand] = []
    contents = [document.content]
    for number, peer in enumerate(document.file.peers):
        if peer.file is None:
            query = parse(peer.query or "", peer.not_phrases)
            peers.append(PeerBrand(peer.slug or slugify(peer.name), peer.name, query, peer.aliases, peer.handles))
            continue
        peer_path = path.parent / peer.file
        if not peer_path.is_file():
            _fail(document, [Fault(("peers", number, "file"), f'there is no file "{peer_path}"; mend the path')])
        other = _read(peer_path, known)
        contents.append(other.content)
        peers.append(
            PeerBrand(
                slug=peer.slug or other.file.slug or slugify(other.file.name),
                name=peer.name,
                query=parse(other.file.query, other.file.not_phrases, other.file.exclude),
                aliases=tuple(dict.fromkeys((*peer.aliases, *other.file.aliases, other.file.name))),
                handles=tuple(dict.fromkeys((*peer.handles, *other.file.handles))),
                sources=_resolve(other.file.sources, peer_path),
                source_breaks=other.file.source_breaks,
                path=peer_path,
            )
        )
    logo = _read_logo(document)
    sources = _resolve(document.file.sources, path)
    slug = document.file.slug or slugify(document.file.name)
    all_sources = [source.name for group in (sources, *(peer.sources for peer in peers)) for source in group]
    _fail(document, find_loose_ends(document.file, [slug, *(peer.slug for peer in peers)], all_sources))
    return Brand(
        file=document.file,
        path=path,
        slug=slug,
        query=parse(document.file.query, document.file.not_phrases, document.file.exclude),
        sources=sources,
        peers=tuple(peers),
        fingerprint=hashlib.sha256(b"".join(hashlib.sha256(content).digest() for content in contents)).hexdigest(),
        signals=_resolve(document.file.signals, path),
        logo=logo,
    )


@dataclass(frozen=True)
class _Document:
    path: Path
    content: bytes
    text: str
    values: dict[str, object]
    file: BrandFile


def _read(path: Path, known: Known | None) -> _Document:
    """One brand file by itself, checked."""
    content, text = _read_text(path)
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = re.search(r" \(at (?:line (\d+), column \d+|end of document)\)$", str(error))
        line = int(place[1]) if place and place[1] else len(text.splitlines())
        problem = _tidy(withhold(str(error)[: place.start()] if place else str(error), []))
        raise BrandFileError(path, line, f"this is not TOML: {problem}") from None
    except ValueError:  # of Python itself, about the only thing that it refuses to read for its length
        raise BrandFileError(path, _find_long_number(text), "this number is too long; write a smaller one") from None
    except RecursionError:
        raise BrandFileError(path, None, "this is not TOML that can be read: it is nested too deeply") from None
    try:
        document = _Document(path, content, text, values, BrandFile.model_validate(values))
    except ValidationError as error:
        raise _make_error(path, text, values, list(explain(error))) from None
    _fail(document, (*find_faults(document.file), *find_claim_faults(document.file)))
    if known is not None:
        _fail(document, find_unknown_names(document.file, known))
    return document


def _read_text(path: Path) -> tuple[bytes, str]:
    if path.is_dir():
        raise BrandFileError(path, None, "this is a directory; name the brand file, which ends in .toml")
    try:
        with path.open("rb") as file:  # a pipe may be one; what never ends, as a device, is not read to its end
            content = file.read(LARGEST_FILE + 1)
    except FileNotFoundError:
        raise BrandFileError(path, None, "there is no such file; `brandtrust init NAME` writes one") from None
    except (OSError, ValueError) as error:
        raise BrandFileError(path, None, f"this cannot be read: {getattr(error, 'strerror', None) or error}") from None
    if len(content) > LARGEST_FILE:
        raise BrandFileError(path, None, f"this has more than {LARGEST_FILE:,} bytes; name the brand file")
    if not content.strip():
        raise BrandFileError(path, None, "this file is empty; `brandtrust init NAME` writes one to begin with")
    try:
        return content, content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise BrandFileError(path, line, "this is not text in UTF-8; save the brand file as UTF-8") from None


def _read_logo(document: _Document) -> Logo | None:
    logo = document.file.report.logo
    if logo is None:
        return None
    try:
        return read_logo(document.path.parent / logo)
    except ValueError as error:
        _fail(document, [Fault(("report", "logo"), f"report.logo {error}")])
    return None


def _fail(document: _Document, faults: Iterable[Fault]) -> None:
    """Raise if there are any faults."""
    if found := list(faults):
        raise _make_error(document.path, document.text, document.values, found)


def _make_error(path: Path, text: str, values: dict[str, object], faults: list[Fault]) -> BrandFileError:
    """The fault that stands first in the file, with the others."""
    lines, addresses = find_lines(text), find_addresses(values)
    told = [(find_line(lines, fault.place), _tidy(withhold(fault.problem, addresses))) for fault in faults]
    (line, problem), *others = sorted(told, key=itemgetter(0))
    return BrandFileError(path, line, problem, others)


def _tidy(problem: str) -> str:
    """On one line, with what would steer a terminal written out."""
    line = " ".join(problem.split())
    return "".join(each if each.isprintable() else f"\\u{ord(each):04x}" for each in line)


def _find_long_number(text: str) -> int | None:
    """The line of the first number that Python refuses to read."""
    found = re.search(rf"\d(?:_?\d){{{sys.get_int_max_str_digits()},}}", text)
    return None if found is None else text.count("\n", 0, found.start()) + 1


def _resolve(tables: tuple[HasPath, ...], brand_file: Path) -> tuple[HasPath, ...]:
    """Sources or signals with paths that hold in any working folder; in the file they are relative to it."""
    folder = brand_file.parent.resolve()
    return tuple(
        table if table.path is None else table.model_copy(update={"path": folder / table.path}) for table in tables
    )
