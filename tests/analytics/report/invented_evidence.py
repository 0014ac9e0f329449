"""What stands beside an event in an invented store: an earlier event, parts of the change, talk of the response."""

from __future__ import annotations

from datetime import date

import duckdb

EARLIER = date(2022, 6, 5)  # its third to fifth week lie in the days that were not collected


def add_event(
    connection: duckdb.DuckDBPyConnection,
    event_id: str,
    noticed: date | None,
    *,
    brand: str = "zoom",
    themes: tuple[str, ...] = ("security",),
    confirmed: bool = True,
) -> None:
    """Declare an event with a notice and nothing else."""
    connection.execute(
        "INSERT INTO policy_events VALUES (?, ?, ?, ?, ?, NULL, NULL, ?, 'declared', NULL, NULL, [])",
        [brand, event_id, f"What was in {event_id}", list(themes), confirmed, noticed],
    )


def state_parts(connection: duckdb.DuckDBPyConnection) -> None:
    """State of what the change in attention and in trust is made."""
    told = {
        "attention": {"raw_change": 24.0, "returning_authors": 12.0, "newcomers": 14.5, "source_mix": -2.5},
        "net_trust": {"raw_change": -14.0, "returning_authors": -9.0, "newcomers": -6.0, "language_mix": 1.0},
    }
    for measure, parts in told.items():
        for part, change in parts.items():
            connection.execute(
                "INSERT INTO event_parts VALUES ('zoom', '2023-ai-terms', ?, 'vader_domain', ?, ?, ?, ?, 90, true, '',"
                " 'r1')",
                [measure, part, change, change - 2, change + 2],
            )


def read_reception(connection: duckdb.DuckDBPyConnection) -> None:
    """Have the posts of the days from the response read: what a post says follows from which of the texts it is."""
    connection.execute(
        """
        INSERT INTO post_reception
        SELECT source, post_id, brand, CASE
            WHEN text LIKE 'They answered%' THEN 'neither' WHEN text LIKE 'I looked for%' THEN 'rejects'
            WHEN text LIKE 'We are moving%' THEN 'accepts' ELSE 'silent' END, '', 'h'
        FROM brand_posts
        WHERE brand = 'zoom' AND day >= DATE '2023-08-07' AND day < DATE '2023-08-07' + 28
        """
    )
