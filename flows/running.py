"""One run of the weekly flow from the command line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from flows.progress import shown_on_terminal

if TYPE_CHECKING:
    from flows.stages import Outcome


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

    What the run will need is imported while the server still boots.
    """
    import analytics.report
    import analytics.scoring
    import analytics.trust  # noqa: F401
    from flows.weekly_flow import weekly_flow

    with shown_on_terminal():
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
