"""What can go wrong in a run beyond brand files, sources and the store; each is one line.

FlowError            anything below
├── UsageError         an option or an argument cannot be used
└── ServerError    no Prefect server to run against
"""

from __future__ import annotations


class FlowError(Exception):
    """A run cannot begin or go on."""


class UsageError(FlowError):
    """An option or an argument cannot be used: what is wrong with it and what to give instead."""


class ServerError(FlowError):
    """No Prefect server to run against."""
