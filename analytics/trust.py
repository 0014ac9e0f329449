"""Net trust expression and attention by week, from votes: one vote an author, week and scope.

Net trust expression is 100·(P − N)/(P + N + U), −100 … 100, where a vote is the sign of the mean compound of that
author's posts (from 0.05, to −0.05; neutrals stay in). It is sentiment among people who posted, never customers who
trust. Attention to a theme is the share of the week's authors with a post on it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from analytics.intervals import net_trust_intervals
from analytics.registration import mark_all_weeks
from analytics.sentiment import scorer_version
from analytics.store import Store, first_row
from analytics.store.catalogue import statement
from analytics.store.gathering import SOON_GATHERED, gather, is_in_force, put_definition_in_force
from analytics.store.given_rows import insert_rows

if TYPE_CHECKING:
    from datetime import datetime

    import duckdb
    import pandas as pd

POSTS_COUNTED_AT_ONCE = 250_000


def update_weekly_numbers(
    store: Store, brands: Sequence[str], run_id: str, *, shared_files: Sequence[str] = (), rescore: bool = False
) -> int:
    """Count the weeks into which posts came since they were last counted; returns how many weeks.

    A week without new posts keeps its numbers, also when posts of it are deleted: what was published stays. `rescore`
    counts every week anew. `shared_files` are the archives whose posts are told apart by query or column.
    """
    with store.transaction() as connection:
        if rescore:
            for brand in brands:
                mark_all_weeks(connection, brand)
        _flag_sources(connection, brands, shared_files)
        weeks = sum(_count_brand(connection, brand, run_id) for brand in brands)
    return weeks


def _flag_sources(connection: duckdb.DuckDBPyConnection, brands: Sequence[str], shared_files: Sequence[str]) -> None:
    before = _flags(connection, brands)
    gather(connection, at_most=SOON_GATHERED)
    months = statement("count_stored_months" if is_in_force(connection) else "count_mentioned_months")
    found = connection.execute(
        statement("find_source_flags").replace("{months}", months),
        {"brands": list(brands), "shared": list(shared_files)},
    ).fetchall()
    if before == found:
        return
    put_definition_in_force(connection)
    connection.execute("DELETE FROM source_flags WHERE list_contains(?, brand)", [list(brands)])
    last = {row[:3]: row for row in found}
    insert_rows(connection, "source_flags", ("brand", "source", "flag", "detail"), list(last.values()))
    sparse = {(row[0], row[1]) for row in before if row[2] == "sparse_in_shared_file"}
    for brand, _ in sparse ^ {(row[0], row[1]) for row in found if row[2] == "sparse_in_shared_file"}:
        mark_all_weeks(connection, brand)


def _flags(connection: duckdb.DuckDBPyConnection, brands: Sequence[str]) -> list[tuple[str, ...]]:
    return connection.execute(
        "SELECT brand, source, flag, detail FROM source_flags WHERE list_contains(?, brand) ORDER BY ALL",
        [list(brands)],
    ).fetchall()


def _count_brand(connection: duckdb.DuckDBPyConnection, brand: str, run_id: str) -> int:
    stale = first_row(connection, "SELECT count(*) FROM stale_weeks WHERE brand = ?", [brand])
    configured = first_row(
        connection,
        "SELECT scorer, also_scored, masked_names, model, scorer_version FROM brands WHERE brand = ?",
        [brand],
    )
    if not stale or not stale[0] or not configured:
        return 0
    scorer, also, names, model, gathered_version = configured
    by_scorer = {
        each: {"brand": brand, "scorer": each, "version": scorer_version(each, names, model)}
        for each in (scorer, *also)
    }
    stands_there = is_in_force(connection) and by_scorer[scorer]["version"] == gathered_version
    gathered = scorer if stands_there else ""
    for each, counted in _count_votes(connection, brand, by_scorer, gathered).items():
        counted["low"], counted["high"] = net_trust_intervals(counted)
        counted["run_id"] = run_id
        connection.register("counted_weeks", counted.astype({"low": "Float64", "high": "Float64"}))
        connection.execute(statement("drop_emptied_numbers"), by_scorer[each])
        connection.execute(statement("replace_weekly_numbers"))
    connection.execute("DELETE FROM stale_weeks WHERE brand = ?", [brand])
    return int(stale[0])


def _count_votes(
    connection: duckdb.DuckDBPyConnection, brand: str, by_scorer: Mapping[str, Mapping[str, str]], gathered: str
) -> dict[str, pd.DataFrame]:
    """The numbers of the stale weeks by each scorer, counted some weeks at a time, which bounds the memory.

    `gathered`: the scorer whose results were gathered with the posts, empty where none were.
    """
    import pandas as pd

    found: dict[str, list[pd.DataFrame]] = {each: [] for each in by_scorer}
    for _ in fill_posts_to_count(connection, brand, "stale_weeks"):
        for each, values in by_scorer.items():
            scored = statement("read_gathered_scores" if each == gathered else "join_scores")
            count = statement("count_votes").replace("{scored}", scored)
            found[each].append(connection.execute(count, values).df())
    return {each: pd.concat(frames, ignore_index=True) for each, frames in found.items()}


def fill_posts_to_count(
    connection: duckdb.DuckDBPyConnection, brand: str, weeks: str
) -> Iterator[tuple[datetime, datetime]]:
    """Put posts that count into the temporary table posts_to_count, one stretch of time after the other.

    `weeks` is a table (brand, week). Each stretch is given from its first moment to the one after it. The temporary
    table scopes_of_posts holds the scopes of these posts, and perhaps of others. What was gathered is read where it is
    all there is: it costs the posts of those weeks, and the tables themselves cost all that is stored.
    """
    gathered = is_in_force(connection)
    if not gathered:
        for name in ("find_posts_in_another_language", "find_themes_to_count", "find_scopes_to_count"):
            connection.execute(statement(name), {"brand": brand})
    sql = f"SELECT min(week), max(week)::TIMESTAMP + INTERVAL 7 DAY FROM {weeks} WHERE brand = ?"
    begin, end = first_row(connection, sql, [brand]) or (None, None)
    stretches = connection.execute(
        statement("find_stretches_to_count").replace("{weeks}", weeks),
        {"brand": brand, "posts": POSTS_COUNTED_AT_ONCE, "first": begin, "after": end},
    ).fetchall()
    for first, after in stretches:
        stretch = {"brand": brand, "first": first, "after": after}
        find = "find_gathered_posts_to_count" if gathered else "find_posts_to_count"
        connection.execute(statement(find).replace("{weeks}", weeks), stretch)
        if gathered:
            connection.execute(statement("find_gathered_themes_to_count"), stretch)
            connection.execute(statement("find_scopes_to_count"), {"brand": brand})
        yield first, after
