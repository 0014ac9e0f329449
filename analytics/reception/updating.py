"""Keeping up to date what posts say of a brand's responses: each post of the days after one is read once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from analytics.reception.finding import read_stances, rules_hash
from analytics.reception.rules import LANGUAGE
from analytics.store import Store, first_row
from analytics.store.catalogue import statement

if TYPE_CHECKING:
    from brands.brand_file import Brand


def update_reception(store: Store, brand: Brand) -> int:
    """Read the posts of the 28 days from each response of a registered brand; returns how many were read.

    Other rules, or other names of the brand, have all of them read anew. The rules know English only: of a brand file
    in another language nothing is read, and what was read goes.
    """
    names = tuple(dict.fromkeys([brand.name, *brand.file.aliases, *brand.file.handles]))
    values = {"brand": brand.slug, "rules_hash": rules_hash(names)}
    with store.transaction() as connection:
        if brand.file.language.partition("-")[0] != LANGUAGE:
            connection.execute("DELETE FROM post_reception WHERE brand = ?", [brand.slug])
            return 0
        connection.execute("DELETE FROM post_reception WHERE brand = $brand AND rules_hash <> $rules_hash", values)
        first, last = first_row(
            connection, "SELECT min(responded), max(responded) FROM policy_events WHERE brand = ?", [brand.slug]
        ) or (None, None)
        if first is None:
            return 0
        posts = connection.execute(
            statement("find_posts_to_read_for_reception"), {**values, "first": first, "last": last}
        ).to_arrow_table()
        if not posts.num_rows:
            return 0
        stances = read_stances(posts["searched"], names)
        read = posts.select(["source", "post_id"])
        for name, column in (("stance", 0), ("evidence", 1)):
            read = read.append_column(name, pa.array([stance[column] for stance in stances], pa.string()))
        connection.register("read_reception", read)
        connection.execute(
            "INSERT INTO post_reception SELECT source, post_id, $brand, stance, evidence, $rules_hash"
            " FROM read_reception",
            values,
        )
        connection.unregister("read_reception")
    return int(posts.num_rows)
