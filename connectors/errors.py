"""What can go wrong with a source.

ConnectorError          anything below; names the source and the place, never a secret
├── AuthError           credentials missing, wrong or expired
├── RateLimited         asked too much; `retry_at` says when to ask again
├── Unavailable         the source does not answer, or answers with a fault of its own
├── BadPayload          the source answered with something that cannot be read
├── SpendLimit           asking on would cost more than the user allows
└── BadInput            a file or setting of the user cannot be used (exit code 2, not a source failure)
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from connectors.batch import Asked


class ConnectorError(Exception):
    """A source failed: `source` as in posts.source, `where` a URL or a file with line, without secrets."""

    def __init__(self, source: str, where: str, problem: str) -> None:
        super().__init__(f"{source}: {problem} ({where})")
        self.source = source
        self.where = where
        self.problem = problem
        self.asked: Sequence[Asked] = ()  # rows of the ledger for what was paid for before it


class AuthError(ConnectorError):
    """Credentials are missing, wrong or expired."""


class RateLimited(ConnectorError):
    """The source asks to wait until `retry_at` (UTC without zone); None where it does not say."""

    def __init__(self, source: str, where: str, problem: str, retry_at: datetime | None = None) -> None:
        super().__init__(source, where, problem)
        self.retry_at = retry_at


class Unavailable(ConnectorError):
    """The source does not answer, or answers with a fault of its own."""


class BadPayload(ConnectorError):
    """The source answered with something that cannot be read."""


class NotFound(ConnectorError):
    """The source has nothing under the name or address that was asked for.

    `said_by_the_service`: in the service's own form, not by a page that some server in between may have put there.
    """

    def __init__(self, source: str, where: str, problem: str, *, said_by_the_service: bool = True) -> None:
        super().__init__(source, where, problem)
        self.said_by_the_service = said_by_the_service


class SpendLimit(ConnectorError):
    """Asking on would cost more than the user allows: the number and the cap."""


class BadInput(ConnectorError):
    """A file or a setting of the user cannot be used: one line that says where and what to do."""
