"""What a file carries about its report, beside the figures, that is not as it was written: brand, week, scorer."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from analytics.report.attachment import Attached
    from analytics.report.keeping import Kept

AS_READ = {
    "scorer": "scorer",
    "scorer_version": "the scorer's version",
    "taxonomy_version": "themes",
    "query_hash": "query",
}
"""How a brand was read, with the words for it."""
LONGEST = 48  # characters of a value that anybody may have written


def name_altered(
    attached: Attached, report_id: str, brand: str, week: date, queries: Collection[str], kept: Collection[Kept]
) -> list[str]:
    """What was altered in words, each with what the file says and what the report was written with.

    `brand` and `week` are those of the report, `queries` the hashes of its published SQL. Scorer, themes, query, store
    and paper are held against what is `kept` of the report, and are not looked at where nothing is.
    """
    expected: dict[str, tuple[str, object]] = {
        "report_id": ("report", report_id),
        "brand": ("brand", brand),
        "week": ("week", week),
    }
    for each in list(kept)[:1]:
        expected |= {name: (words, getattr(each.report, name)) for name, words in AS_READ.items()}
        expected["store_id"] = ("store", each.report.store_id)
    papers = [each.paper for each in kept]
    if papers and attached.paper not in papers:
        expected["paper"] = ("paper", papers[0])
    named = list(_differing(attached, expected))
    used = {figure.sql_hash for figure in attached.figures}
    if more := set(attached.queries) - set(queries) - used:  # that of a figure is told beside it
        named.append(f"SQL of no figure ({len(more)} added)")
    return named


def _differing(attached: Attached, expected: Mapping[str, tuple[str, object]]) -> Iterator[str]:
    for name, (words, written) in expected.items():
        said = getattr(attached, name)
        if said != written:
            yield f"{words} (it says {_short(said)}, written was {_short(written)})"


def _short(value: object) -> str:
    text = str(value) or "nothing"
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
