"""Times as archives write them, read strictly: a value in no known form is no time, never a guess.

Known forms: year-month-day, day-month-year or month-day-year in digits (`day_first` says which) with `-`, `/` or `.`
between them, a time of day with or without seconds, fraction, AM or PM; an offset, Z, UTC or GMT; seconds, milli-,
micro- or nanoseconds since 1970; the forms of RFC 2822 and of Twitter; English month names.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

DIGITS = (
    r"^\s*(?P<a>\d{1,4})[-/.](?P<b>\d{1,2})[-/.](?P<c>\d{1,4})"
    r"(?:(?:[Tt]|,?\s+)(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,](?P<fraction>\d{1,9}))?)?"
    r"\s*(?P<half>[AaPp][Mm])?\s*(?P<zone>[Zz]|UTC|GMT|(?:UTC|GMT)?[+-]\d{2}:?\d{2})?)?\s*$"
)
EPOCH = r"^\s*\d{9,19}(?:\.\d+)?\s*$"
NAMED_MONTHS = (
    "%a %b %d %H:%M:%S %z %Y",  # Twitter
    "%a, %d %b %Y %H:%M:%S %z",  # RFC 2822
    "%d %b %Y %H:%M:%S %z",
    "%d %b %Y %H:%M:%S",
    "%d %b %Y",
    "%d %B %Y",
    "%b %d, %Y",
    "%B %d, %Y",
    "%b %d, %Y %I:%M %p",
    "%B %d, %Y %I:%M %p",
)
ISO_ENDINGS = ("Z", "+00:00", "")  # the last: without an offset
SHORTEST_ISO = len("2022-01-13T23:07")  # what Arrow takes beyond that, all take alike; an hour alone is no time to us
EARLIEST = np.datetime64("1971-01-01", "us")  # an empty field of many exports reads as 1970-01-01

Times = np.ndarray[tuple[int], np.dtype[np.datetime64]]


def without_zone(moment: datetime) -> datetime:
    """`moment` in UTC without a zone, as the store keeps it; a naive one is UTC already."""
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment


def from_seconds(seconds: object) -> datetime | None:
    """Seconds since 1970 (int or float) as UTC without a zone; None for what is no such time, as JSON may hold."""
    if not isinstance(seconds, int | float) or isinstance(seconds, bool):
        return None
    try:
        return datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None)
    except (ValueError, OverflowError, OSError):
        return None


def from_iso(text: object) -> datetime | None:
    """An ISO 8601 time as UTC without a zone, and without one it is UTC already; None for what is no such time."""
    try:
        return without_zone(datetime.fromisoformat(text)) if isinstance(text, str) else None
    except (ValueError, OverflowError):
        return None


def floor_to_day(moment: datetime) -> datetime:
    """The start of its UTC day."""
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)


def ceil_to_day(moment: datetime) -> datetime:
    """The end of its UTC day, which is the start of the next."""
    return floor_to_day(moment) + timedelta(days=1)


def read_times(values: pa.Array, *, day_first: bool = False, timezone: str = "UTC") -> Times:
    """`values` as UTC without zone, to the microsecond (datetime64[us], as long as `values`); NaT where unreadable.

    A time without an offset stands in `timezone`. The hour that a clock shows twice in autumn is read as the first, the
    hour that it skips in spring as the moment after it. Typed values (timestamps, dates, numbers) keep their type's
    meaning: a number is a time since 1970.
    """
    if pa.types.is_timestamp(values.type) or pa.types.is_date(values.type):
        aware = pa.types.is_timestamp(values.type) and values.type.tz is not None
        times = values.cast(pa.timestamp("us", tz=values.type.tz if aware else None), safe=False)
        moments: Times = times.cast(pa.timestamp("us"), safe=False).to_numpy(zero_copy_only=False)
        return _plausible(moments if aware else _to_utc(moments, timezone))
    if pa.types.is_integer(values.type) or pa.types.is_floating(values.type):
        return _plausible(_from_epoch(values.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False)))
    texts = values.cast(pa.string())
    uniform = _from_one_form(texts, timezone)
    if uniform is not None:
        return _plausible(uniform)
    times_read = _from_digits(texts, day_first, timezone)
    for at, moment in _rest(texts, times_read, pc.match_substring_regex(texts, EPOCH)):
        times_read[at] = _from_epoch(moment.astype(float))
    # Month names are rare in exports, so that one pass for each form costs little.
    for form in NAMED_MONTHS:
        for at, moment in _rest(texts, times_read, pc.match_substring_regex(texts, "[A-Za-z]{3}")):
            zoned = "%z" in form
            parsed = pd.to_datetime(pd.Series(moment), format=form, errors="coerce", utc=zoned)
            naive = (parsed.dt.tz_localize(None) if zoned else parsed).to_numpy().astype("datetime64[us]")
            times_read[at] = naive if zoned else _to_utc(naive, timezone)
    return _plausible(times_read)


def _rest(texts: pa.Array, times: Times, wanted: pa.Array) -> list[tuple[np.ndarray, np.ndarray]]:
    """Where no time is read yet and `wanted` holds, with the values there; nothing where there is none."""
    at = np.flatnonzero(np.isnat(times) & wanted.fill_null(False).to_numpy(zero_copy_only=False))
    return [(at, texts.take(pa.array(at)).to_numpy(zero_copy_only=False))] if len(at) else []


def _plausible(times: Times) -> Times:
    return np.where(times >= EARLIEST, times, np.datetime64("NaT", "us"))


def _from_epoch(numbers: np.ndarray) -> Times:
    """Seconds, milli-, micro- or nanoseconds since 1970, told apart by their size (each spans 1973 to 5138)."""
    with np.errstate(invalid="ignore"):
        scale = np.select([numbers < 1e8, numbers < 1e11, numbers < 1e14, numbers < 1e17], [np.nan, 1e6, 1e3, 1], 1e-3)
        micros = np.round(numbers * scale)
        whole = np.where(np.isfinite(micros), micros, 0).astype("int64").astype("datetime64[us]")
    return np.where(np.isfinite(micros), whole, np.datetime64("NaT", "us"))


def _from_one_form(texts: pa.Array, timezone: str) -> Times | None:
    """The times where all are of one ISO form, by Arrow's parser, some forty times as fast; None where any is not."""
    for ending in ISO_ENDINGS:
        if pc.all(pc.ends_with(texts, ending)).as_py():
            break
    shortest = pc.min(pc.binary_length(texts)).as_py()
    if shortest is None or shortest < SHORTEST_ISO + len(ending):
        return None
    try:
        times = texts.cast(pa.timestamp("us", tz="UTC" if ending else None))
    except pa.ArrowInvalid:
        return None
    naive: Times = times.cast(pa.timestamp("us")).to_numpy(zero_copy_only=False)
    return naive if ending else _to_utc(naive, timezone)


def _from_digits(texts: pa.Array, day_first: bool, timezone: str) -> Times:
    parts = pc.extract_regex(texts, DIGITS)
    if parts.null_count == len(texts):
        return np.full(len(texts), "NaT", "datetime64[us]")

    def shown(name: str) -> pa.Array:
        return pc.struct_field(parts, name).fill_null("")

    def number(name: str) -> np.ndarray:
        digits = shown(name)
        return _numpy(pc.if_else(pc.equal(digits, ""), "0", digits).cast(pa.int64()))

    first, second, third = number("a"), number("b"), number("c")
    first_digits, third_digits = _numpy(pc.utf8_length(shown("a"))), _numpy(pc.utf8_length(shown("c")))
    year_first = first_digits == 4
    year = np.where(year_first, first, third)
    month = np.where(year_first | day_first, second, first)
    day = np.where(year_first, third, first if day_first else second)
    hour, minute, seconds = number("hour"), number("minute"), number("second")
    half = pc.utf8_upper(shown("half"))
    twelve_hours, afternoon = _numpy(pc.not_equal(half, "")), _numpy(pc.equal(half, "PM"))
    good = (
        _numpy(parts.is_valid())
        & np.where(year_first, third_digits <= 2, (first_digits <= 2) & (third_digits == 4))
        & ((year > 0) & (month >= 1) & (month <= 12) & (day >= 1) & (minute < 60) & (seconds < 60))
        & np.where(twelve_hours, (hour >= 1) & (hour <= 12), hour < 24)
    )
    hour = np.where(twelve_hours, hour % 12 + 12 * afternoon, hour)
    months = np.where(good, (year - 1970) * 12 + month - 1, 0).astype("datetime64[M]")
    days = months.astype("datetime64[D]") + (day - 1)
    good &= days.astype("datetime64[M]") == months  # the 30th of February
    micros = _numpy(pc.utf8_slice_codeunits(pc.utf8_rpad(shown("fraction"), 6, "0"), 0, 6).cast(pa.int64()))
    naive: Times = days.astype("datetime64[us]") + (((hour * 60 + minute) * 60 + seconds) * 1_000_000 + micros)
    naive = np.where(good, naive, np.datetime64("NaT", "us"))

    zones = pc.utf8_upper(shown("zone")).dictionary_encode()
    zone = _numpy(zones.indices)
    times = naive.copy()
    for code, spelled in enumerate(zones.dictionary.to_pylist()):
        here = zone == code
        offset = spelled.removeprefix("UTC").removeprefix("GMT").removeprefix("Z").replace(":", "")
        if not spelled:
            times[here] = _to_utc(naive[here], timezone)
        elif offset:
            minutes = int(offset[1:3]) * 60 + int(offset[3:5])
            times[here] = naive[here] - np.timedelta64(minutes if offset[0] == "+" else -minutes, "m")
    return times


def _numpy(values: pa.Array) -> np.ndarray:
    result: np.ndarray = values.to_numpy(zero_copy_only=False)
    return result


def _to_utc(naive: Times, timezone: str) -> Times:
    if timezone == "UTC":
        return naive
    near = naive < np.datetime64("9999-12-30", "us")  # beyond, no zone can be told, nor need be: it is the future
    shifted = naive.copy()
    local = pd.DatetimeIndex(naive[near]).tz_localize(
        ZoneInfo(timezone), ambiguous=np.ones(int(near.sum()), dtype=bool), nonexistent="shift_forward"
    )
    shifted[near] = local.tz_convert("UTC").tz_localize(None).to_numpy().astype("datetime64[us]")
    return shifted
