"""Records of an archive become posts: times, ratings, ids and authors, or a reason why a record is no post."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from brands.brand_file import Source, slugify
from connectors import posts
from connectors.archive_formats import Chunk, payload
from connectors.archive_span import Span
from connectors.batch import NAMED_BRANDS_SCHEMA, AuthorKey, Batch, Rejected, Window
from connectors.times import Times, read_times, without_zone

OPTIONAL = ("lang", "url", "parent_id", "thread_id")
NO_NUMBERS = ("", "nan", "none", "null", "na", "n/a")
CHANGING = ("id", "likes", "replies", "shares")  # a post stays the same post while people like it

LARGEST_COUNT = 2.0**62
EXACT_DIGITS = 15  # a float holds any number of so many
DAY_FIRST = re.compile(r"\s*(1[3-9]|2\d|3[01])[./-](0?[1-9]|1[0-2])[./-]\d{4}")
NO_TIME = "created_at is no time of a known form"
FUTURE = "created_at is in the future"
NO_RATING = "rating is no number"
NO_TEXT = "no text"
NO_SLUG = "brand has no name in ASCII letters or digits; map it in brand_values"
REPEATED = "the id came before in this file"
SHOWN = {NO_TIME: "created_at", FUTURE: "created_at", NO_RATING: "rating", REPEATED: "id"}


class Records:
    """Makes a batch of each chunk of one file; remembers what it saw of the file so far."""

    def __init__(self, settings: Source, author_key: AuthorKey, collected_at: datetime, window: Window) -> None:
        self.settings = settings
        self.author_key = author_key
        self.collected_at = collected_at
        self.since = without_zone(window.since) if window.since else None
        self.until = without_zone(window.until) if window.until else None
        self.span = Span(settings.gaps, window)
        self.ids, self.contents = posts.Seen(), posts.Seen()

    def batch(self, chunk: Chunk) -> Batch:
        """Posts of `chunk`, in its order; read = posts + rejected + outside. Neither cursor nor coverage yet."""
        columns = dict(chunk.columns)
        if "author" in columns:
            columns["author"] = posts.author_keys(self.settings.name, columns["author"], self.author_key)
        times, ratings, faults = self._values(columns, len(chunk.lines))
        self.span.look(times[faults == ""])
        outside = (faults == "") & self._outside(times)

        at = np.flatnonzero((faults == "") & ~outside)
        ids, repeated = self._identify(columns, at)
        faults[at[repeated]] = REPEATED
        at, post_ids = at[~repeated], ids.filter(pa.array(~repeated)) if repeated.any() else ids
        self.span.count(times[at])
        kept = _take(columns, at)
        rejected = [Rejected(str(self.settings.path), bad.line, bad.reason, bad.payload) for bad in chunk.rejected]
        rejected += self._rejected(chunk, faults)
        return Batch(
            posts=self._posts(kept, post_ids, times[at], ratings[at]),
            cursor=None,
            metrics=self._metrics(kept, post_ids),
            named_brands=self._named_brands(kept, post_ids),
            rejected=sorted(rejected, key=lambda bad: bad.line),
            read=len(chunk.lines) + len(chunk.rejected),
            outside=int(outside.sum()),
            replaced=chunk.replaced,
        )

    def _values(self, columns: Mapping[str, pa.Array], length: int) -> tuple[Times, np.ndarray, np.ndarray]:
        """Times, ratings, and for each record the first reason that it is no post ("": none)."""
        settings = self.settings
        times = read_times(columns["created_at"], day_first=settings.day_first, timezone=settings.timezone)
        ratings, no_rating = _numbers(columns.get("rating"), length)
        told = _known(columns["text"]) | ~np.isnan(ratings)
        if "title" in columns:
            told |= _known(columns["title"])
        reasons = {
            NO_TIME: np.isnat(times),
            FUTURE: times > np.datetime64(self.collected_at + timedelta(days=1), "us"),
            NO_RATING: no_rating,
            NO_TEXT: ~told,
        }
        if settings.match == "column":
            slugs = self._slugs(columns["brand"])
            reasons[NO_SLUG] = pc.equal(slugs, "").fill_null(False).to_numpy(zero_copy_only=False)
        faults = np.full(length, "", dtype=object)
        for reason, where in reasons.items():
            faults[where & (faults == "")] = reason
        return times, ratings, faults

    def _outside(self, times: Times) -> np.ndarray:
        outside = np.zeros(len(times), bool)
        if self.since is not None:
            outside |= times < np.datetime64(self.since, "us")
        if self.until is not None:
            outside |= times >= np.datetime64(self.until, "us")
        return outside

    def _identify(self, columns: Mapping[str, pa.Array], at: np.ndarray) -> tuple[pa.Array, np.ndarray]:
        """Ids of the records at `at`, and which of those came before: an id of the file names one record only."""
        ids = pa.nulls(len(at), pa.string())
        if "id" in columns:
            ids = posts.optional(pc.utf8_trim_whitespace(_take({"id": columns["id"]}, at)["id"]))
        texts = ids.to_numpy(zero_copy_only=False)
        without = pd.isna(texts)
        repeated = np.zeros(len(at), bool)
        # Nearly all ids differ, so that to look for equal ones before they are hashed gains nothing.
        repeated[~without] = self.ids.before(pd.util.hash_array(texts[~without], categorize=False)) > 0
        if without.any():
            content = _take({name: values for name, values in columns.items() if name not in CHANGING}, at[without])
            texts[without] = posts.content_ids(list(content.values()), self.contents)
            ids = pa.array(texts, pa.string())
        return ids, repeated

    def _posts(self, kept: Mapping[str, pa.Array], ids: pa.Array, times: Times, ratings: np.ndarray) -> pa.RecordBatch:
        columns = {name: posts.optional(kept[name]) for name in ("title", *OPTIONAL) if name in kept}
        kind = pa.repeat(pa.scalar(self.settings.kind), len(ids))
        columns["kind"] = pc.coalesce(posts.optional(kept["kind"]), kind) if "kind" in kept else kind
        columns["text"] = kept["text"].fill_null("")
        columns["rating"] = pa.array(ratings, pa.float64(), from_pandas=True)
        if "author" in kept:
            columns["author_key"] = kept["author"]
        return posts.assemble(
            self.settings.name, self.collected_at, {"post_id": ids, "created_at": pa.array(times), **columns}
        )

    def _metrics(self, kept: Mapping[str, pa.Array], ids: pa.Array) -> pa.RecordBatch | None:
        counted = {name: kept[name] for name in posts.METRICS if name in kept}
        if not counted:
            return None
        whole = {name: _whole_numbers(_numbers(values, len(ids))[0]) for name, values in counted.items()}
        return posts.assemble_metrics(self.settings.name, self.collected_at, ids, whole)

    def _slugs(self, values: pa.Array) -> pa.Array:
        encoded = posts.optional(values).dictionary_encode()
        mapped = self.settings.brand_values
        slugs = [mapped.get(value) or slugify(value) for value in encoded.dictionary.to_pylist()]
        return pa.array(slugs, pa.string()).take(encoded.indices)

    def _named_brands(self, kept: Mapping[str, pa.Array], ids: pa.Array) -> pa.RecordBatch | None:
        if self.settings.match != "column":
            return None
        slugs = self._slugs(kept["brand"])
        return pa.record_batch([ids, slugs], schema=NAMED_BRANDS_SCHEMA).filter(slugs.is_valid())

    def _hint(self, reason: str, written: str) -> str:
        if reason != NO_TIME or self.settings.day_first or not DAY_FIRST.match(written):
            return ""
        return "; where the day stands first, set day_first = true"

    def _rejected(self, chunk: Chunk, faults: np.ndarray) -> list[Rejected]:
        found = []
        for at in np.flatnonzero(faults != ""):
            record = {name: values[int(at)].as_py() for name, values in chunk.columns.items()}
            reason = str(faults[at])
            hint = self._hint(reason, str(record["created_at"]))
            # In a row whose fields are shifted any of them may hold a handle: then the file and the line must do.
            private = "author" in chunk.columns
            if reason in SHOWN and not private:
                reason += f": {str(record[SHOWN[reason]])[:60]!r}"
            shown = "" if private else payload(record)
            found.append(Rejected(str(self.settings.path), chunk.lines[at], reason + hint, shown))
        return found


def _take(columns: Mapping[str, pa.Array], at: np.ndarray) -> dict[str, pa.Array]:
    """The values at the places `at`, which are in ascending order; without a copy where that is all of them."""
    rows = pa.array(at)
    return {name: values if len(values) == len(at) else values.take(rows) for name, values in columns.items()}


def _whole_numbers(numbers: np.ndarray) -> pa.Array:
    """Counts; one that no 64 bits hold is not known."""
    possible = np.where(np.abs(numbers) < LARGEST_COUNT, np.round(numbers), np.nan)
    return pa.array(possible, pa.float64(), from_pandas=True).cast(pa.int64())


def _known(texts: pa.Array) -> np.ndarray:
    """Where there is anything but blanks."""
    result: np.ndarray = pc.invert(posts.are_blank(texts)).fill_null(False).to_numpy(zero_copy_only=False)
    return result


def _numbers(texts: pa.Array | None, length: int) -> tuple[np.ndarray, np.ndarray]:
    """Numbers (NaN: none), and where something stands that is no finite number."""
    if texts is None:
        return np.full(length, np.nan), np.zeros(length, bool)
    if (whole := _plain_whole_numbers(texts)) is not None:
        return whole, np.zeros(length, bool)
    trimmed = pc.utf8_trim_whitespace(texts.fill_null(""))
    numbers = pd.to_numeric(pd.Series(trimmed.to_pylist(), dtype=object), errors="coerce").to_numpy(float).copy()
    numbers[~np.isfinite(numbers)] = np.nan
    absent = pc.is_in(pc.utf8_lower(trimmed), pa.array(NO_NUMBERS)).to_numpy(zero_copy_only=False)
    return numbers, np.isnan(numbers) & ~absent


def _plain_whole_numbers(texts: pa.Array) -> np.ndarray | None:
    """`texts` as numbers where all that are there are digits alone, as counts mostly are; else None."""
    if not pc.all(pc.ascii_is_decimal(texts)).as_py() or (pc.max(pc.binary_length(texts)).as_py() or 0) > EXACT_DIGITS:
        return None
    numbers: np.ndarray = texts.cast(pa.int64()).cast(pa.float64()).to_numpy(zero_copy_only=False)
    return numbers
