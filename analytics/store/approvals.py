"""Written approvals that a platform asks of a business, as recorded by a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from analytics.store.catalogue import statement
from analytics.store.store import Store, first_row, now


@dataclass(frozen=True, slots=True)
class Approval:
    """Who has said when that the approval is there, and where it is to be found. `recorded_at` in UTC without zone."""

    platform: str
    reference: str
    recorded_by: str
    recorded_at: datetime


def recorded_approval(store: Store, platform: str) -> Approval | None:
    """The approval that is recorded for `platform`; None where there is none, or no store yet."""
    if not store.exists:
        return None
    with store.writer() as connection:
        row = first_row(
            connection,
            "SELECT platform, reference, recorded_by, recorded_at FROM platform_approvals WHERE platform = ?",
            [platform],
        )
    return Approval(*row) if row else None


def record_approval(store: Store, platform: str, reference: str, recorded_by: str) -> Approval:
    """Record that the business has the written approval of `platform`; a later word replaces an earlier one."""
    approval = Approval(platform, reference, recorded_by, now())
    with store.transaction() as connection:
        connection.execute(statement("upsert_approval"), [platform, reference, recorded_by, approval.recorded_at])
    return approval
