"""Moments, and ids that sort by them."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime


def now() -> datetime:
    """This moment as the store keeps times: UTC without zone."""
    return datetime.now(UTC).replace(tzinfo=None)


def new_run_id() -> str:
    """An id that sorts by time."""
    return f"{now():%Y%m%dT%H%M%S%f}-{secrets.token_hex(3)}"
