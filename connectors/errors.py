"""What can go wrong with a source.

ConnectorError          anything below; names the source and the place, never a secret
├── AuthError           credentials missing, wrong or expired
├── RateLimited         asked too much; `retry_at` says when to ask again
├── Unavailable         the source does not answer, or answers with a fault of its own
├── BadPayload          the source answered with something that cannot be read
├── SpendLimit           asking on would cost more than the user allows
└── BadInput            a file or setting of the user cannot be used (exit code 2, not a source failure)
    └── MissingFile     there is no such file (a source failure where others are asked too)
"""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

AGAIN = "run again later"
REPORT = "run again later, and report this fault of brandtrust if it stays"
CONNECT = "check the address and the connection of this machine, and run again"
CHECK_ADDRESS = "is the address right? Check it in the brand file"


class ConnectorError(Exception):
    """A source failed: `source` as in posts.source, `where` a URL or a file with line, without secrets.

    `problem` says what is wrong, `advice` what to do about it: as a rule its kind's own, "" where `problem` says it.
    """

    usual_advice: ClassVar[str] = ""

    def __init__(self, source: str, where: str, problem: str, *, advice: str | None = None) -> None:
        advice = self.usual_advice if advice is None else advice
        super().__init__(f"{source}: {problem}{'; ' if advice else ''}{advice} ({where})")
        self.source = source
        self.where = where
        self.problem = problem


class AuthError(ConnectorError):
    """Credentials are missing, wrong or expired."""


class RateLimited(ConnectorError):
    """The source asks to wait until `retry_at` (UTC without zone); None where it does not say."""

    def __init__(self, source: str, where: str, problem: str, retry_at: datetime | None = None) -> None:
        advice = f"run again after {retry_at:%Y-%m-%d %H:%M} UTC" if retry_at else AGAIN
        super().__init__(source, where, problem, advice=advice)
        self.retry_at = retry_at


class Unavailable(ConnectorError):
    """The source does not answer, or answers with a fault of its own."""

    usual_advice = AGAIN


class BadPayload(ConnectorError):
    """The source answered with something that cannot be read."""

    usual_advice = REPORT


class NotFound(ConnectorError):
    """The source has nothing under the name or address that was asked for.

    `said_by_the_service`: in the service's own form, not by a page that some server in between may have put there.
    """

    usual_advice = CHECK_ADDRESS

    def __init__(
        self, source: str, where: str, problem: str, *, advice: str | None = None, said_by_the_service: bool = True
    ) -> None:
        super().__init__(source, where, problem, advice=advice)
        self.said_by_the_service = said_by_the_service


class SpendLimit(ConnectorError):
    """Asking on would cost more than the user allows: the number and the cap."""


class BadInput(ConnectorError):
    """A file or a setting of the user cannot be used: one line that says where and what to do."""


class MissingFile(BadInput):
    """There is no file where the user's setting says: it may come later, and stops no other source."""
