"""Reading the published copy from Python."""

from __future__ import annotations

from contextlib import closing
from datetime import date, datetime
from typing import TYPE_CHECKING

from analytics.store.catalogue import views
from analytics.store.store import Store

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd


def _read_bound(bound: date | str) -> str:
    try:
        return datetime.fromisoformat(str(bound)).replace(tzinfo=None).isoformat()
    except ValueError:
        raise ValueError(f"{bound!r} is no date; give one such as 2023-08-06") from None


def read(
    view: str,
    brand: str | None = None,
    since: date | str | None = None,
    until: date | str | None = None,
    *,
    store: str | Path | None = None,
) -> pd.DataFrame:
    """The rows of a view as a DataFrame, ordered by the view's key.

    `brand` is a slug; `since` (inclusive) and `until` (exclusive) cut by the view's week, day or created_at. The store
    is BRANDTRUST_STORE or brandtrust.duckdb in the working folder unless given. Raises ValueError for an unknown view,
    or a cut that the view has no column for, and NothingPublished where no run has published yet.

    It opens what is published and closes it; whoever asks again and again takes a `Reader`.
    """
    sql, values = build_question(view, brand, since, until)
    with closing(Store(store).place.connect_apart()) as connection:
        return connection.execute(sql, values).df()


def build_question(
    view: str, brand: str | None, since: date | str | None, until: date | str | None
) -> tuple[str, list[str]]:
    """The SQL that `read` asks, and its values. Raises ValueError."""
    if view not in views():
        raise ValueError(f"no view {view!r}; there are: {', '.join(views())}")
    described = views()[view]
    conditions: list[str] = []
    values: list[str] = []
    if brand is not None:
        if "brand" not in described.columns:
            raise ValueError(f"the view {view} has no brand")
        conditions.append("brand = ?")
        values.append(str(brand))
    for bound, operator in ((since, ">="), (until, "<")):
        if bound is not None:
            moment = _read_bound(bound)
            if described.time_column is None:
                raise ValueError(f"the view {view} has no time to cut by")
            conditions.append(f"{described.time_column} {operator} ?::TIMESTAMP")
            values.append(moment)
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    return f"SELECT * FROM {view}{where} ORDER BY {', '.join(described.key)}", values
