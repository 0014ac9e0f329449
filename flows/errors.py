"""What can go wrong in a run beyond brand files, sources and the store; each is one line.

FlowError            anything below
├── UsageError         an option or an argument cannot be used
└── ServerError        no Prefect server to run against
    └── ServerLost     it was there, and is gone
"""

from __future__ import annotations

from typing import ClassVar


class FlowError(Exception):
    """A run cannot begin or go on."""


class UsageError(FlowError):
    """An option or an argument cannot be used: what is wrong with it and what to give instead."""


class ServerError(FlowError):
    """No Prefect server to run against."""


class ServerLost(ServerError):
    """The Prefect server ended while a run was under way. `happened`: in this process, once."""

    happened: ClassVar[bool] = False

    def __init__(self, told: str) -> None:
        super().__init__(told)
        ServerLost.happened = True
