"""Keeping claims up to date: new posts are matched once, weeks with new numbers counted, new versions of terms read."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from analytics.claims.clause_states import read_states
from analytics.claims.registration import hash_claim
from analytics.claims.terms_sentences import RULES_VERSION
from analytics.store import Store, first_row
from analytics.store.catalogue import statement
from analytics.store.given_rows import insert_rows
from analytics.trust import fill_posts_to_count
from brands.query import parse

if TYPE_CHECKING:
    import duckdb

    from brands.brand_file import Brand, Claim


def update_claims(store: Store, brand: Brand) -> int:
    """Match, count and read what is new, for claims that are registered; returns how many weeks were counted.

    Call it after the weekly numbers: a week is counted anew when its numbers were, or when a claim's query is another.
    """
    if not brand.claims:
        return 0
    with store.transaction() as connection:
        _match_posts(connection, brand)
        weeks = _count_weeks(connection, brand.slug)
        _read_terms(connection, brand)
    return weeks


def _match_posts(connection: duckdb.DuckDBPyConnection, brand: Brand) -> None:
    hashes = {claim.id: hash_claim(claim) for claim in brand.claims}
    together = hashlib.sha256("\n".join(f"{claim} {hashes[claim]}" for claim in sorted(hashes)).encode()).hexdigest()[
        :16
    ]
    values = {"brand": brand.slug, "claims_hash": together}
    if first_row(connection, statement("find_former_claim_matches"), values):
        # One query changed: all of the brand's are asked again, so that each post carries one mark and not one a claim.
        connection.execute("DELETE FROM post_claims WHERE brand = ?", [brand.slug])
        connection.execute("DELETE FROM posts_matched_to_claims WHERE brand = ?", [brand.slug])
    connection.execute(statement("find_posts_to_match_to_claims"), values)
    if not first_row(connection, "SELECT 1 FROM posts_to_match LIMIT 1"):
        return
    for claim in brand.claims:
        _match_claim(connection, brand.slug, claim, hashes[claim.id])
    connection.execute(
        "INSERT INTO posts_matched_to_claims SELECT source, post_id, $brand, $claims_hash FROM posts_to_match", values
    )


def _match_claim(connection: duckdb.DuckDBPyConnection, brand: str, claim: Claim, claim_hash: str) -> None:
    voiced = parse(claim.query).sql("searched")
    denied = "false" if claim.denied_by is None else parse(claim.denied_by).sql("searched")
    connection.execute(
        statement("match_posts_to_claim").replace("{voiced}", voiced).replace("{denied}", denied),
        {"brand": brand, "claim": claim.id, "claim_hash": claim_hash},
    )


def _count_weeks(connection: duckdb.DuckDBPyConnection, brand: str) -> int:
    connection.execute(statement("drop_claim_weeks_without_numbers"), {"brand": brand})
    connection.execute(statement("find_claim_weeks_to_count"), {"brand": brand})
    row = first_row(connection, "SELECT count(*) FROM claim_weeks_to_count")
    if not row or not row[0]:
        return 0
    scorer = first_row(connection, "SELECT scorer, scorer_version FROM brands WHERE brand = ?", [brand]) or ("", "")
    values = {"brand": brand, "scorer": scorer[0], "version": scorer[1]}
    for first, after in fill_posts_to_count(connection, brand, "claim_weeks_to_count"):
        connection.execute(statement("count_claims"), values | {"first": first, "after": after})
    return int(row[0])


def _read_terms(connection: duckdb.DuckDBPyConnection, brand: Brand) -> None:
    """Read the versions of every document of which there are new ones, or that a clause asks in another way."""
    waiting: dict[str, str] = {}
    for claim in brand.claims:
        there = first_row(connection, statement("sign_versions"), {"brand": brand.slug, "document": claim.document})
        reading = f"{RULES_VERSION} {parse(claim.clause).hash} {claim.document} {there}"
        row = first_row(connection, "SELECT reading FROM claims WHERE brand = ? AND claim = ?", [brand.slug, claim.id])
        if row is not None and row[0] != reading:
            waiting[claim.id] = reading
    read = read_states(connection, brand.slug, [claim for claim in brand.claims if claim.id in waiting])
    for claim_id, states in read.items():
        connection.execute("DELETE FROM clause_states WHERE brand = ? AND claim = ?", [brand.slug, claim_id])
        rows = [(brand.slug, claim_id, each.recorded_at, each.state, list(each.quotations)) for each in states]
        columns = ("brand", "claim", "recorded_at", "state", "quotations")
        insert_rows(connection, "clause_states", columns, rows)
        connection.execute(
            "UPDATE claims SET reading = ? WHERE brand = ? AND claim = ?", [waiting[claim_id], brand.slug, claim_id]
        )
