"""What stands in the store for readers: the views with their keys and columns, read from the head of their SQL files.

The head is the single description: `sql --schema`, docs/schema.md and the tests all read it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib import resources

VIEW_ORDER = (  # a view stands after those that it reads
    "coverage_daily",
    "coverage_weekly",
    "brand_posts_without_text",
    "brand_posts",
    "author_weeks",
    "copies_weekly",
    "trust_weekly",
    "trust_daily",
    "trust_weekly_by_scorer",
    "attention_weekly",
    "claims_weekly",
    "claims_against_text",
    "claim_posts",
    "response_posts",
    "source_weekly",
    "share_of_voice_weekly",
    "top_posts",
    "posts_behind",
    "stored_weekly",
    "stories_daily",
    "signals_daily",
    "plans",
    "effects",
    "effect_parts",
    "effect_checks",
    "effect_recovery",
    "specification_curve",
    "source_requests",
    "spend_monthly",
    "published_against_now",
    "policy_history",
    "policy_fetches",
    "notice_proposals",
    "incidents",
)

TIME_COLUMNS = ("week", "day", "created_at", "event_date", "month", "recorded_at", "asked_at", "frozen_at")


@dataclass(frozen=True, slots=True)
class View:
    """A view: what one row is, what is unique, and what each column means."""

    name: str
    summary: str
    key: tuple[str, ...]
    columns: dict[str, str]
    sql: str

    @property
    def time_column(self) -> str | None:
        """The column by which `read` cuts since and until."""
        return next((column for column in TIME_COLUMNS if column in self.columns), None)


@cache
def views() -> dict[str, View]:
    """Every view by name, in the order in which they can be created."""
    return {name: _read_view(name) for name in VIEW_ORDER}


def statement(name: str) -> str:
    """The SQL that stands in statements/`name`.sql."""
    return (resources.files("analytics.store") / "statements" / f"{name}.sql").read_text("utf-8")


def only_waiting(name: str) -> str:
    """The same with the joins in its comments, which hold it to the posts of a table of those that wait."""
    return without_marks(statement(name))


def without_marks(sql: str) -> str:
    """SQL whose commented joins are in force."""
    return sql.replace("/* ", "").replace(" */", "")


def _read_view(name: str) -> View:
    sql = (resources.files("analytics.store") / "views" / f"{name}.sql").read_text("utf-8")
    head = [line[3:] for line in sql.splitlines() if line.startswith("-- ")]
    notes = dict(re.match(r"(\w+): (.*)", line).groups() for line in head[1:])  # type: ignore[union-attr,misc]
    key = tuple(notes.pop("key").split(", "))
    return View(name, head[0], key, notes, sql)


def schema_page() -> str:
    """The views as a Markdown page: what one row is, the unique key, and every column."""
    parts = [
        "# The views\n",
        "Analysts read these, in the published copy (`….read.duckdb`). Times are UTC; a week is named by its Monday.",
        "The page is written by `make docs` from the views themselves.\n",
    ]
    for view in views().values():
        columns = [f"| `{name}` | {note} |" for name, note in view.columns.items()]
        parts += [
            f"## {view.name}\n",
            f"{view.summary}\n",
            f"Unique: {', '.join(f'`{name}`' for name in view.key)}.\n",
            *("| column | meaning |", "| --- | --- |", *columns),
            "",
        ]
    return "\n".join(parts)
