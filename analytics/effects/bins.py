"""Tables of 7-day bins, read onto one grid that is counted from the event's own bin.

Everything that is wrong with the call itself ends here, as a ValueError of one line.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]

DAYS_A_BIN = 7
LARGEST = 1e100  # of a number: its square can still be computed


@dataclass(frozen=True, slots=True)
class Bins:
    """One brand's bins in order of time. `weeks` counts from the event's bin, which is 0; NaN in `value` is no data.

    `variance`, the sampling variance of `value`, is None where the table has none; NaN where a bin cannot tell.
    """

    weeks: Integers
    value: Floats
    authors: Floats
    comparable: Flags
    variance: Floats | None = None


@dataclass(frozen=True, slots=True)
class PeerBins:
    """Bins of several peers, one row a peer and bin; `peer` is the index into `names`. NaN authors: not told."""

    names: tuple[str, ...]
    peer: Integers
    weeks: Integers
    value: Floats
    authors: Floats
    variance: Floats | None = None


def read_date(value: object, what: str, *, with_time: bool = False) -> date:
    """A calendar day from a date, datetime, Timestamp, datetime64 or ISO string; a zone is dropped, not converted.

    A bin starts at a local midnight, also across a change to daylight-saving time: the day is read off the wall clock.
    `with_time=False` refuses a time of day other than midnight: it would be a bin of another grid or of another zone.
    """
    moment: date | datetime | None = None
    if isinstance(value, str):
        try:
            moment = datetime.fromisoformat(value.strip())
        except ValueError:
            raise ValueError(f"{what} is {value!r}: give a date such as 2023-08-06") from None
    elif isinstance(value, np.datetime64):
        moment = None if np.isnat(value) else pd.Timestamp(value)
    elif isinstance(value, date) and not pd.isna(value):
        moment = value
    if moment is None:
        raise ValueError(f"{what} is {value!r}: give a date such as 2023-08-06")
    if not isinstance(moment, datetime):
        return moment
    if not with_time and (moment.hour, moment.minute, moment.second, moment.microsecond) != (0, 0, 0, 0):
        raise ValueError(f"{what} is {moment.isoformat()}, which is not a midnight: bins start at the event's midnight")
    return moment.date()


def read_known_events(known_events: Iterable[object]) -> list[date]:
    """The days of other known events; a time of day is allowed, since an event falls into the bin that contains it."""
    if isinstance(known_events, (str, date)):  # a lone date would be read letter by letter, or not at all
        known_events = (known_events,)
    return [read_date(value, "a known event", with_time=True) for value in known_events]


def read_bins(bins: pd.DataFrame, event_date: date, value: str) -> Bins:
    """The brand's bins. Raises ValueError where the table cannot be read as bins on the event's weekday grid."""
    _require_columns(bins, ("start", "authors", value), "bins")
    weeks = _read_weeks(bins["start"], event_date, "bins")
    _refuse_duplicates(weeks, "bins", event_date)
    authors = _read_numbers(bins, "authors", "bins")
    if (authors < 0).any():
        raise ValueError("bins: column 'authors' holds a negative number")
    variance = _read_variance(bins, "bins")
    order = np.argsort(weeks, kind="stable")
    return Bins(
        weeks=weeks[order],
        value=_read_numbers(bins, value, "bins")[order],
        authors=np.nan_to_num(authors)[order],
        comparable=_read_comparable(bins, "bins")[order],
        variance=None if variance is None else variance[order],
    )


def read_peers(peers: pd.DataFrame | None, event_date: date, value: str) -> PeerBins:
    """The peers' bins; one that is not comparable counts as no data. No peers: empty arrays."""
    if peers is None or (peers.empty and len(peers.columns) == 0):
        nothing = np.empty(0, dtype=np.int64)
        return PeerBins((), nothing, nothing, np.empty(0), np.empty(0))
    _require_columns(peers, ("brand", "start", value), "peers", may_be_empty=True)
    try:
        codes, names = pd.factorize(peers["brand"], sort=True)
    except TypeError:
        raise ValueError("peers: column 'brand' holds something that is no name") from None
    if (codes < 0).any():
        raise ValueError("peers: column 'brand' is empty in a row")
    codes = codes.astype(np.int64)
    weeks = _read_weeks(peers["start"], event_date, "peers")
    for code, name in enumerate(names):
        _refuse_duplicates(weeks[codes == code], f"peers: {name}", event_date)
    numbers = _read_numbers(peers, value, "peers")
    variance = _read_variance(peers, "peers")
    counted = variance is not None and "authors" in peers.columns  # nothing else asks for a peer's authors
    authors = _read_numbers(peers, "authors", "peers") if counted else np.full(len(peers), np.nan)
    if (authors < 0).any():
        raise ValueError("peers: column 'authors' holds a negative number")
    return PeerBins(
        names=tuple(str(name) for name in names),
        peer=codes,
        weeks=weeks,
        value=np.where(_read_comparable(peers, "peers"), numbers, np.nan),
        authors=authors,
        variance=variance,
    )


def _require_columns(frame: pd.DataFrame, needed: Iterable[str], what: str, *, may_be_empty: bool = False) -> None:
    present = list(frame.columns)
    for name in needed:
        if present.count(name) != 1:
            problem = "has no" if name not in present else "has more than one"
            raise ValueError(f"{what} {problem} column {name!r}: it has {', '.join(map(str, present)) or 'none'}")
    if frame.empty and not may_be_empty:
        raise ValueError(f"{what} has no rows: give one row a 7-day bin")


def _read_weeks(starts: pd.Series, event_date: date, what: str) -> Integers:
    if isinstance(starts.dtype, (np.dtypes.DateTime64DType, pd.DatetimeTZDtype)):
        wall = starts if starts.dt.tz is None else starts.dt.tz_localize(None)
        moments = wall.to_numpy()
        midnights = moments.astype("datetime64[D]")
        odd = moments != midnights  # NaT differs from itself, so it is caught here too
        if odd.any():
            read_date(wall.iloc[int(np.argmax(odd))], f"{what}: start")
        days = midnights.astype(np.int64)
    else:
        ordinals = [read_date(start, f"{what}: start").toordinal() for start in starts.tolist()]
        days = np.array(ordinals, dtype=np.int64) - date(1970, 1, 1).toordinal()
    distance = days - (event_date.toordinal() - date(1970, 1, 1).toordinal())
    off = distance % DAYS_A_BIN
    if off.any():
        first = event_date + timedelta(days=int(distance[0]))
        if (off == off[0]).all():
            raise ValueError(
                f"{what} start on a {first:%A} ({first}), the event {event_date} is a {event_date:%A}: "
                "make 7-day bins that start on the event's own date"
            )
        other = event_date + timedelta(days=int(distance[int(np.argmax(off != off[0]))]))
        raise ValueError(f"{what} start on {first} and on {other}, which are not whole weeks apart")
    return distance // DAYS_A_BIN


def _refuse_duplicates(weeks: Integers, what: str, event_date: date) -> None:
    ordered = np.sort(weeks)
    twice = ordered[1:][ordered[1:] == ordered[:-1]]
    if len(twice):
        start = event_date + timedelta(days=int(twice[0]) * DAYS_A_BIN)
        raise ValueError(f"{what}: the bin that starts on {start} is there more than once")


def _read_numbers(frame: pd.DataFrame, column: str, what: str) -> Floats:
    try:
        numbers = frame[column].to_numpy(dtype=np.float64, na_value=np.nan)
    except (TypeError, ValueError):
        raise ValueError(f"{what}: column {column!r} holds something that is not a number") from None
    if np.isinf(numbers).any():
        raise ValueError(f"{what}: column {column!r} holds an infinite number")
    if (np.abs(numbers) > LARGEST).any():
        raise ValueError(f"{what}: column {column!r} holds a number beyond ±{LARGEST:g}: nothing can be computed of it")
    return numbers


def _read_variance(frame: pd.DataFrame, what: str) -> Floats | None:
    """None where the column is absent or empty: the table does not say how noisy its values are."""
    if "variance" not in frame.columns:
        return None
    variance = _read_numbers(frame, "variance", what)
    if (variance < 0).any():
        raise ValueError(f"{what}: column 'variance' holds a negative number: give the sampling variance of each value")
    return None if np.isnan(variance).all() else variance


def _read_comparable(frame: pd.DataFrame, what: str) -> Flags:
    if "comparable" not in frame.columns:
        return np.ones(len(frame), dtype=np.bool_)
    flags = frame["comparable"]
    if flags.dtype != np.bool_:
        try:
            flags = flags.astype("boolean").fillna(False)  # not known to be comparable is not comparable
        except (TypeError, ValueError):
            raise ValueError(f"{what}: column 'comparable' holds something that is neither true nor false") from None
    return flags.to_numpy(dtype=np.bool_)
