"""Times of archives are read strictly, in every form that exports use."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from connectors.times import read_times, without_zone


def read(value: object, day_first: bool = False, timezone: str = "UTC") -> datetime | None:
    (moment,) = read_times(pa.array([value]), day_first=day_first, timezone=timezone).tolist()
    return moment  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2015-02-21 21:32:59 -0800", datetime(2015, 2, 22, 5, 32, 59)),
        ("2022-11-30 18:43:08+00:00", datetime(2022, 11, 30, 18, 43, 8)),
        ("2015-02-21T10:00:00+05:30", datetime(2015, 2, 21, 4, 30)),
        ("2015-02-21T21:32:59.123456789Z", datetime(2015, 2, 21, 21, 32, 59, 123456)),
        ("2022-01-13 23:07:56", datetime(2022, 1, 13, 23, 7, 56)),
        ("2022-01-13", datetime(2022, 1, 13)),
        ("2022/1/3 04:05", datetime(2022, 1, 3, 4, 5)),
        ("7/20/2023 11:53 PM", datetime(2023, 7, 20, 23, 53)),
        ("7/20/2023, 12:00 AM", datetime(2023, 7, 20)),
        ("  2022-01-13  ", datetime(2022, 1, 13)),
        ("2022-01-13 10:00 UTC", datetime(2022, 1, 13, 10)),
        ("1424582000", datetime(2015, 2, 22, 5, 13, 20)),
        ("1424582000.5", datetime(2015, 2, 22, 5, 13, 20, 500000)),
        ("1424582000123", datetime(2015, 2, 22, 5, 13, 20, 123000)),
        ("1424582000123456", datetime(2015, 2, 22, 5, 13, 20, 123456)),
        ("Sat Feb 21 21:32:59 +0000 2015", datetime(2015, 2, 21, 21, 32, 59)),
        ("Sat, 21 Feb 2015 21:32:59 -0800", datetime(2015, 2, 22, 5, 32, 59)),
        ("Feb 21, 2015", datetime(2015, 2, 21)),
        (1424582000, datetime(2015, 2, 22, 5, 13, 20)),
        (1424582000.25, datetime(2015, 2, 22, 5, 13, 20, 250000)),
        (date(2022, 1, 13), datetime(2022, 1, 13)),
        (datetime(2022, 1, 13, 4), datetime(2022, 1, 13, 4)),
        (datetime(2022, 1, 13, 4, tzinfo=timezone(timedelta(hours=2))), datetime(2022, 1, 13, 2)),
    ],
)
def test_known_forms_are_read(written: object, meant: datetime) -> None:
    """Offsets are applied, epochs are told apart by size, and typed values keep their type's meaning."""
    assert read(written) == meant


@pytest.mark.parametrize(
    "written",
    [
        "", None, "May", "10", "2023", "2023-07", "the other day", "2023-02-30", "2023-13-01", "31/12/2022 25:00",
        "0000-00-00", "20-07-2023 23:53", "7/20/23", "99999-12-31", "2023-07-05 10:61", "2023-07-05 13:00 PM",
        "1970-01-01", "0", "20230705", "2023-07-05 10:00 +0800 or so", float("nan"),
    ],
)  # fmt: skip
def test_what_is_no_full_date_is_no_time(written: object) -> None:
    """Nothing is guessed: parts of dates, dates that do not exist, month 20 and the zero of an epoch are unreadable."""
    assert read(written) is None


def test_day_first_is_a_matter_of_the_setting_alone() -> None:
    """05-07-2023 is the 5th of July or the 7th of May as declared; 20-07-2023 is readable in one of the two only."""
    assert read("05-07-2023 10:00", day_first=True) == datetime(2023, 7, 5, 10)
    assert read("05-07-2023 10:00") == datetime(2023, 5, 7, 10)
    assert read("20-07-2023 23:53", day_first=True) == datetime(2023, 7, 20, 23, 53)
    assert read("7/20/2023", day_first=True) is None
    assert read("2023-05-07", day_first=True) == datetime(2023, 5, 7)


def test_naive_times_stand_in_the_declared_zone() -> None:
    """A naive time is local, an offset wins over the setting; the clock's changes do not lose a post."""
    assert read("2023-07-05 10:00", timezone="America/New_York") == datetime(2023, 7, 5, 14)
    assert read("2023-07-05 10:00Z", timezone="America/New_York") == datetime(2023, 7, 5, 10)
    assert read("2023-11-05 01:30", timezone="America/New_York") == datetime(2023, 11, 5, 5, 30)  # shown twice
    assert read("2023-03-12 02:30", timezone="America/New_York") == datetime(2023, 3, 12, 7)  # never shown
    assert read(datetime(2023, 7, 5, 10), timezone="America/New_York") == datetime(2023, 7, 5, 14)
    assert read("Feb 21, 2015", timezone="America/New_York") == datetime(2015, 2, 21, 5)


@given(st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1)), st.integers(-14 * 60, 14 * 60))
def test_iso_times_come_back(moment: datetime, minutes: int) -> None:
    """Whatever the offset, an ISO time is read as the same moment in UTC, and so is its epoch."""
    aware = moment.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    utc = aware.astimezone(UTC).replace(tzinfo=None)
    assert read(aware.isoformat()) == utc
    assert read(aware.strftime("%Y-%m-%d %H:%M:%S.%f %z")) == utc
    micros = (utc - datetime(1970, 1, 1)) // timedelta(microseconds=1)
    assert read(str(micros)) == utc


def test_each_value_is_read_by_itself() -> None:
    """Forms may be mixed in one column; an unreadable value does not spoil the others."""
    times = read_times(pa.array(["2023-07-05", "nonsense", "1424582000", None, "Feb 21, 2015"]))
    assert np.isnat(times).tolist() == [False, True, False, True, False]
    assert times.dtype == np.dtype("datetime64[us]")
    assert len(read_times(pa.array([], pa.string()))) == 0


def test_zones_are_dropped_after_they_are_applied() -> None:
    """The store's times have no zone."""
    assert without_zone(datetime(2023, 7, 5, 10, tzinfo=timezone(timedelta(hours=2)))) == datetime(2023, 7, 5, 8)
    assert without_zone(datetime(2023, 7, 5, 10)) == datetime(2023, 7, 5, 10)


near_iso = st.builds(
    "".join,
    st.tuples(
        st.sampled_from(["0000", "0001", "1969", "1971", "2023", "2024", "9999", "+2023", "202"]),
        st.sampled_from(["-02-28", "-02-29", "-02-30", "-12-31", "-13-01", "-00-10", "-1-1", "/02/03", "0203"]),
        st.sampled_from(["T", " ", "t", "  ", ""]),
        st.sampled_from(["00:00:00", "23:59:59", "23:59:60", "24:00:00", "07:08", "07", "0708", "7:08:09", "07:08:9"]),
        st.sampled_from(["", ".5", ".123456", ".1234567", ",5", "."]),
        st.sampled_from(["", "Z", "z", " Z", "+00:00", "+01:00", "+0000", "+00", "-00:00", "+99:99", " PM", " "]),
    ),
)
even_iso = st.builds(
    lambda moment, space, ending: moment.isoformat(" " if space else "T") + ending,
    st.datetimes(datetime(1960, 1, 1)),
    st.booleans(),
    st.sampled_from(["", "Z", "+00:00"]),
)


@given(st.lists(st.one_of(near_iso, even_iso, st.none()), max_size=3), st.sampled_from(["UTC", "America/New_York"]))
@example(["2023-02-28T07Z"], "UTC")
@example(["2023-02-28T07", None], "UTC")
@example(["2023-02-28T07+00:00"], "UTC")
@example(["0000-02-28T07:08"], "America/New_York")
def test_what_stands_beside_a_time_does_not_change_it(written: list[str | None], timezone: str) -> None:
    """A column of one ISO form is read in another way than a mixed one, and means the same."""
    alone = read_times(pa.array(written, pa.string()), timezone=timezone)
    beside = read_times(pa.array([*written, "no time"], pa.string()), timezone=timezone)
    np.testing.assert_array_equal(alone, beside[:-1])
