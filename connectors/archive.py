"""Archives: a file of posts that someone else collected, read in full and every record accounted for."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from brands.schema import ArchiveFormat, Source
from brands.wording import write_count
from connectors import archive_files, archive_formats, posts
from connectors.archive_formats import Chunk
from connectors.archive_records import Records
from connectors.batch import AuthorKey, Batch, Window
from connectors.errors import BadInput
from connectors.json_records import FileError
from connectors.ndjson import read_ndjson
from connectors.times import without_zone

if TYPE_CHECKING:
    from brands.query import Query

RULES = 1  # to be counted up whenever the same file would give other rows
NEEDED_KEYS = frozenset({"created_at", "text", "id", "author", "brand"})
log = logging.getLogger(__name__)


class Archive:
    """The posts of one file.

    All posts of the window are yielded, whatever the query says: which brands a post speaks of is found in the store,
    for every brand at once. With `match = "column"` each batch says which brand its records name.
    """

    def __init__(self, source: Source, author_key: AuthorKey, collected_at: datetime) -> None:
        self.source = source.name
        self.settings = source
        self.author_key = author_key
        self.collected_at = without_zone(collected_at)
        problem = _setting_problem(source)
        if problem or source.path is None or source.columns is None:
            raise BadInput(source.name, f'[[sources]] "{source.name}"', problem)
        self.path = source.path
        self.mapping: dict[str, str] = source.columns.model_dump(exclude_none=True)

    def batches(self, query: Query, window: Window, cursor: str | None) -> Iterator[Batch]:
        """Yield the file's posts in its own order; one batch without any where `cursor` says that they were read.

        The cursor comes with the last batch, together with the coverage: it names the file's bytes, how they are read
        and the window. Raises BadInput for what spoils the whole file, before the first batch where that can be seen.
        """
        with archive_files.told(self.source, self.path):
            kind = archive_files.format_of(self.path, self.settings.format)
            written = archive_files.when_written(self.path)
            content = archive_files.check(self.path, kind, self.settings.encoding)
            fingerprint = self._fingerprint(content, window)
            if cursor == fingerprint:
                yield Batch(posts.no_posts(), cursor)
                return
            records = Records(self.settings, self.author_key, self.collected_at, window)
            waiting: Batch | None = None
            for chunk in self._chunks(kind):
                if waiting is not None:
                    yield waiting
                batch = records.batch(chunk)
                if waiting is None:
                    _require_any(batch)
                waiting = batch
            if records.span.first is None:
                log.warning("%s: no post in %s", self.source, self.path)
            # A file that grew while it was read is read again the next time.
            unchanged = archive_files.when_written(self.path) == written
            if waiting is not None:
                yield replace(waiting, cursor=fingerprint if unchanged else None, coverage=records.span.coverage())

    def try_first(self) -> None:
        """Read the first records and throw them away. Raises BadInput where the settings do not fit the file."""
        with archive_files.told(self.source, self.path):
            kind = archive_files.format_of(self.path, self.settings.format)
            archive_files.check_beginning(self.path, kind, self.settings.encoding)
            first = next(self._chunks(kind), None)
            if first is not None:
                _require_any(Records(self.settings, self.author_key, self.collected_at, Window()).batch(first))

    def _fingerprint(self, content: str, window: Window) -> str:
        settings = self.settings.model_dump(mode="json", exclude={"path", "since", "url"})
        parts = [RULES, content, settings, str(window.since), str(window.until)]
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()

    def _chunks(self, kind: ArchiveFormat) -> Iterator[Chunk]:
        if kind == "parquet":
            yield from archive_formats.read_parquet(self.path, self.mapping)
            return
        if kind == "ndjson" and (lines := archive_files.open_lines(self.path, self.settings.encoding)):
            with lines:
                yield from read_ndjson(lines, self.mapping, NEEDED_KEYS)
            return
        with archive_files.open_text(self.path, self.settings.encoding) as stream:
            if kind in ("csv", "tsv"):
                delimiter = "\t" if kind == "tsv" else ","
                yield from archive_formats.read_delimited(stream, self.mapping, delimiter, self.settings.encoding)
            else:
                yield from archive_formats.read_json(stream, self.mapping, NEEDED_KEYS, lines=kind == "ndjson")


def _setting_problem(source: Source) -> str:
    if source.path is None:
        return 'an archive needs a path; write path = "..."'
    if source.columns is None:
        return "an archive needs [sources.columns] with created_at and text; write them"
    if source.match == "column" and source.columns.brand is None:
        return 'match = "column" needs the column of the brand; write columns.brand'
    try:
        ZoneInfo(source.timezone)
    except (KeyError, ValueError, OSError):
        return f'there is no time zone "{source.timezone}"; write one such as Europe/Berlin'
    return ""


def _require_any(first: Batch) -> None:
    """One bad record is quarantined; where all of the first ones are bad, the settings do not fit the file."""
    if first.rejected and first.posts.num_rows == 0 and first.outside == 0:
        bad = first.rejected[0]
        count = len(first.rejected)
        raise FileError(
            f"none of the first {write_count(count, 'record')} can be used, to begin with: {bad.reason}; "
            "check [sources.columns]",
            bad.line,
        )
