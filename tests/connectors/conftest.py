"""What the connectors' tests share: a key, a clock that nobody waits for, and no proxy between here and loopback."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest


class Clock:
    """Time that passes only when someone sleeps."""

    def __init__(self) -> None:
        self.now = datetime(2023, 9, 1, 12)
        self.waits: list[float] = []

    def __call__(self) -> datetime:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def author_key() -> Callable[[str, str], str]:
    return lambda source, handle: hashlib.sha256(f"secret|{source}|{handle}".encode()).hexdigest()


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
