"""Published figures, computed again from the store as it is now, by the SQL that was published with them."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from analytics.report.figures import fill, read_query

Run = Callable[[str], list[tuple[Any, ...]]]
CLOSE = 1e-9  # sums of floating point numbers may differ in their last bits by the order in which they are added


class NotAnswered(Exception):
    """A published query does not run on the store as it is now; one line says why."""


class Numbers(NamedTuple):
    """What is printed of a figure."""

    value: float | None
    low: float | None
    high: float | None
    n: int | None


def compute_again(rows: Iterable[Mapping[str, Any]], report_id: str, run: Run) -> tuple[dict[str, Numbers], list[str]]:
    """Every figure that the store's own SQL gives now, by id, and what could not be asked.

    A weekly number is kept as it was counted, whatever is deleted later. Where the posts themselves count otherwise
    now, that is what a figure is now.
    """
    now: dict[str, Numbers] = {}
    problems = []
    wanted = {row["figure_id"]: row["sql_hash"] for row in rows}
    for sql_hash, sql in sorted({row["sql_hash"]: row["sql"] for row in rows}.items()):
        asked = sql.rstrip().rstrip(";")
        try:
            answered = run(f"SELECT figure_id, value::DOUBLE, low::DOUBLE, high::DOUBLE, n::BIGINT FROM (\n{asked}\n)")
        except NotAnswered as problem:
            problems.append(f"{sql_hash[:12]}: {problem}")
            continue
        now |= {row[0]: Numbers(*row[1:]) for row in answered if wanted.get(row[0]) == sql_hash and row[1] is not None}
    try:
        counted = run(fill(read_query("recount_figures"), {"report_id": report_id}))
    except NotAnswered as problem:
        counted, problems = [], [*problems, f"the count from posts: {problem}"]
    for figure_id, value, n in counted:
        kept = now.get(figure_id)
        if kept is None or value is None or not (is_close(kept.value, value) and kept.n == n):
            now[figure_id] = Numbers(value, None, None, n)
    if problems:
        return now, [
            f"Of the queries {len(problems)} do not run on the store as it is now; the first is {problems[0]}."
        ]
    return now, []


def still_stands(published: Numbers, now: Numbers | None) -> bool:
    """Whether the store gives the figure as it was published."""
    return now is not None and all(map(is_close, published, now))


def is_same(one: float | None, other: float | None) -> bool:
    """Whether two numbers are the same to the last bit, or neither is one."""
    if one is None or other is None:
        return one is other
    return one == other or (math.isnan(one) and math.isnan(other))


def is_close(one: float | None, other: float | None) -> bool:
    """Whether two numbers are the same but for the order in which floating point numbers were added."""
    if one is None or other is None:
        return one is other
    return is_same(one, other) or math.isclose(one, other, rel_tol=CLOSE, abs_tol=CLOSE)
