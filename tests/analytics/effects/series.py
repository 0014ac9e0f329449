"""Small weekly series for the tests of effects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import pandas as pd

EVENT = date(2023, 8, 6)


def weekly(values: Sequence[float | None], past: int, authors: int = 50) -> pd.DataFrame:
    """Bins whose values these are, `past` of them before the event."""
    starts = [EVENT + timedelta(days=7 * (week - past)) for week in range(len(values))]
    return pd.DataFrame(
        {
            "start": starts,
            "value": pd.array(values, dtype="Float64").to_numpy(float, na_value=float("nan")),
            "authors": authors,
        }
    )


def weekly_peers(values: Mapping[str, Sequence[float | None]], past: int) -> pd.DataFrame:
    """The same for peers by name."""
    return pd.concat([weekly(series, past).assign(brand=name) for name, series in values.items()], ignore_index=True)
