"""A local receiver of webhooks: it keeps what is posted, as JSON, and answers 200 or what a fault says."""

from __future__ import annotations

import json
from typing import Any

from tests.servers.platform import Fault, PlatformServer, Request, Response

__all__ = ["Fault", "WebhookServer"]


class WebhookServer(PlatformServer):
    """`with WebhookServer() as server:` — `server.received` are the bodies that it took."""

    def __init__(self) -> None:
        super().__init__()
        self.received: list[dict[str, Any]] = []

    def target(self, path: str = "hook") -> str:
        """Its address as apprise writes it, with a secret in the path."""
        return f"json://{self.address.removeprefix('http://')}/{path}"

    def respond(self, request: Request) -> Response:
        """Take a POST of a JSON object; anything else is none of ours."""
        if request.method != "POST":
            return Response(405, {"message": "post it"})
        try:
            body = json.loads(request.body)
        except ValueError:
            return Response(400, {"message": "no JSON"})
        self.received.append(body)
        return Response(200, {"ok": True})
