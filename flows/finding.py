"""One thing that `brandtrust doctor` looked at."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. `good`: nothing has to be done about it."""

    subject: str
    good: bool
    told: str
