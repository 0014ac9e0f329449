"""The local receiver of webhooks is faithful where delivery depends on it."""

from __future__ import annotations

import httpx

from tests.servers.webhook import Fault, WebhookServer


def test_only_what_was_taken_is_kept() -> None:
    """A POST of JSON is kept; a fault, another method and no JSON are not."""
    with WebhookServer() as server:
        server.faults.append(Fault(status=503))
        assert httpx.post(f"{server.address}/hook", json={"n": 1}).status_code == 503
        assert httpx.get(f"{server.address}/hook").status_code == 405
        assert httpx.post(f"{server.address}/hook", content=b"{").status_code == 400
        assert httpx.post(f"{server.address}/hook", json={"n": 2}).status_code == 200
        assert server.received == [{"n": 2}]
