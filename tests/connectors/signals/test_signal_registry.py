"""The registry opens the signals that a brand file names."""

from __future__ import annotations

from pathlib import Path

import pytest

from brands.brand_file import Signal
from connectors.errors import BadInput
from connectors.signals import registry
from tests.connectors.conftest import Clock


def test_every_signal_can_be_opened(tmp_path: Path) -> None:
    """Names come in order; each takes a clock and a sleep, whether it needs them or not."""
    assert registry.names() == ["csv", "pageviews", "x_counts"]
    clock = Clock()
    for name in registry.names():
        keys = {"csv": {"path": tmp_path / "x.csv"}, "pageviews": {"articles": ["Zoom"]}}.get(name, {"query": "zoom"})
        signal = Signal.model_validate({"connector": name, "name": f"my {name}", **keys})
        secrets = {need.name: "given" for need in registry.needed_credentials(signal)}
        opened = registry.open_signal(signal, credentials=secrets, clock=clock, sleep=clock.sleep)
        assert opened.name == f"my {name}"


def test_an_unknown_signal_is_told_with_the_known_ones() -> None:
    """The error names the table, what is wrong and what there is."""
    with pytest.raises(BadInput, match=r'no signal "horoscope"; there are csv, pageviews, x_counts'):
        registry.open_signal(Signal(connector="horoscope", name="stars"))
