"""Writing down in the store which claims a brand file declares."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from analytics.store import first_row
from analytics.store.catalogue import statement
from brands.query import parse

if TYPE_CHECKING:
    import duckdb

    from brands.brand_file import Brand, Claim

OF_ONE_CLAIM = ("claims", "claim_weeks", "clause_states")
MATCHES = ("post_claims", "posts_matched_to_claims")


def register_claims(connection: duckdb.DuckDBPyConnection, brand: Brand) -> None:
    """Write the claims of the brand file; what was found of one that it names no longer goes."""
    kept = [claim.id for claim in brand.claims]
    former = "FROM {table} WHERE brand = ? AND NOT list_contains(?, claim)"
    if first_row(connection, f"SELECT 1 {former.format(table='claims')} LIMIT 1", [brand.slug, kept]):
        # Posts are marked as matched to all claims together: one that comes back must not find them marked.
        for table in MATCHES:
            connection.execute(f"DELETE FROM {table} WHERE brand = ?", [brand.slug])
    for table in OF_ONE_CLAIM:
        connection.execute(f"DELETE {former.format(table=table)}", [brand.slug, kept])
    for place, claim in enumerate(brand.claims):
        connection.execute(
            statement("upsert_claim"),
            {
                "brand": brand.slug,
                "claim": claim.id,
                "place": place,
                "says": claim.says,
                "claim_hash": hash_claim(claim),
                "document": claim.document,
                "clause": claim.clause,
                "status": claim.status,
                "since": claim.since,
                "until": claim.until,
                "checked_by": claim.checked_by,
                "checked_on": claim.checked_on,
            },
        )


def hash_claim(claim: Claim) -> str:
    """Names what posts are matched by: equal for spellings of the same queries, 16 hexadecimal digits."""
    denied = "" if claim.denied_by is None else parse(claim.denied_by).hash
    return hashlib.sha256(f"{parse(claim.query).hash}\n{denied}".encode()).hexdigest()[:16]
