"""One run of the weekly flow from the command line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from flows.progress import reporter, shown_on_terminal

if TYPE_CHECKING:
    from flows.stages import Outcome

NEEDED = (
    "analytics.event_study",
    "analytics.report",
    "analytics.new_posts",
    "analytics.trust",
    "connectors.archive",
    "altair",
    "fontTools.ttLib",
    "typst",
)


def run_weekly(
    await_server: Callable[[], None],
    brand_file: Path,
    store: str | None,
    *,
    only_sources: Sequence[str] = (),
    since: date | None = None,
    until: date | None = None,
    out: Path | None = None,
    week: date | None = None,
) -> Outcome:
    """Run `weekly_flow` in this process against the server at hand, shown on the terminal.

    What the stages will need is imported while the server still boots: with the second core that costs no time.
    """
    from flows.weekly_flow import weekly_flow

    for module in NEEDED:
        import_module(module)
    with shown_on_terminal():
        with reporter().stage("start Prefect"):
            await_server()
        return weekly_flow(
            str(brand_file),
            store,
            list(only_sources) or None,
            since,
            until,
            None if out is None else str(out),
            week,
        )
