"""What the local platforms share: real HTTP on loopback, a log of requests, and faults that meet them.

A platform overrides `respond`, and `rate_limit_headers` with the headers that the real one sends with a 429. A test
puts `Fault`s into `server.faults`: each meets one request, in order; None lets one pass.
"""

from __future__ import annotations

import json
import socket
import struct
import threading
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, TypeVar
from urllib.parse import parse_qs, urlsplit

ServerT = TypeVar("ServerT", bound="PlatformServer")


@dataclass(frozen=True)
class Fault:
    """What one request meets instead of an answer.

    `kind`: status (with `status` and `headers`, and `body` where the platform has its own words), rate_limited (429
    with the platform's true headers), hang, reset (the connection breaks), cut (the body ends in the middle), html
    (HTML where JSON should be), broken_json, not_an_object.
    """

    kind: str = "status"
    status: int = 500
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = None


@dataclass(frozen=True)
class Request:
    """A request as it came."""

    method: str
    path: str
    params: dict[str, str]  # of the query; of a parameter that comes twice the last
    headers: Mapping[str, str]
    body: bytes
    all_params: dict[str, list[str]] = field(default_factory=dict)

    @property
    def form(self) -> dict[str, str]:
        """The body as a form."""
        return {name: values[-1] for name, values in parse_qs(self.body.decode(), keep_blank_values=True).items()}


@dataclass(frozen=True)
class Response:
    """An answer: `body` as JSON where it is not bytes."""

    status: int = 200
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = "application/json; charset=utf-8"

    @property
    def content(self) -> bytes:
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


class PlatformServer:
    """`with Server(...) as server:` — `server.address` is scheme, host and port; `server.log` what was asked."""

    def __init__(self, host: str = "127.0.0.1") -> None:
        self.listens_on = host
        self.faults: deque[Fault | None] = deque()
        self.log: list[Request] = []
        self.released = threading.Event()
        self.lock = threading.Lock()
        self._server = ThreadingHTTPServer((host, 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})

    def respond(self, request: Request) -> Response:
        """The platform's answer."""
        raise NotImplementedError

    def meets_faults(self, request: Request) -> bool:
        """Whether a fault may meet this request: False for what is not the asking itself, such as a log-in."""
        return True

    def rate_limit_headers(self) -> dict[str, str]:
        """What the platform sends with a 429, such as when to ask again."""
        return {}

    @property
    def address(self) -> str:
        return f"http://{self.listens_on}:{self._server.server_port}"

    def __enter__(self: ServerT) -> ServerT:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self.released.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True  # else headers and body wait for each other

            def do_GET(self) -> None:
                self._answer()

            def do_POST(self) -> None:
                self._answer()

            def do_PUT(self) -> None:
                self._answer()

            def _answer(self) -> None:
                split = urlsplit(self.path)
                every = parse_qs(split.query, keep_blank_values=True)
                params = {name: values[-1] for name, values in every.items()}
                body = self.rfile.read(int(self.headers.get("content-length") or 0))
                request = Request(self.command, split.path, params, self.headers, body, every)
                with server.lock:
                    server.log.append(request)
                    fault = server.faults.popleft() if server.faults and server.meets_faults(request) else None
                    if fault is None or fault.kind in ("cut", "broken_json"):
                        response = server.respond(request)
                if fault is None:
                    self._send(response.status, response.content, response.content_type, response.headers)
                else:
                    self._fail(fault, response.content if fault.kind in ("cut", "broken_json") else b"")

            def _fail(self, fault: Fault, whole: bytes) -> None:
                if fault.kind in ("status", "rate_limited"):
                    status = 429 if fault.kind == "rate_limited" else fault.status
                    headers = server.rate_limit_headers() if fault.kind == "rate_limited" else fault.headers
                    body = fault.body or {"message": "Too many requests" if status == 429 else "No", "status": status}
                    self._send(status, json.dumps(body).encode(), "application/json", headers)
                elif fault.kind == "hang":
                    server.released.wait()
                    self.close_connection = True
                elif fault.kind == "reset":
                    linger = struct.pack("ii", 1, 0)
                    self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                    self.connection.close()
                    self.close_connection = True
                elif fault.kind == "cut":
                    self.send_response(200)
                    self.send_header("Content-Type", "application/json")
                    self.send_header("Content-Length", str(len(whole)))
                    self.end_headers()
                    self.wfile.write(whole[: len(whole) // 2])
                    self.close_connection = True
                elif fault.kind == "html":
                    self._send(200, b"<!doctype html><title>Sorry</title><p>Back soon", "text/html; charset=utf-8")
                elif fault.kind == "broken_json":
                    self._send(200, whole[: len(whole) // 2], "application/json")
                elif fault.kind == "not_an_object":
                    self._send(200, b"[1, 2]", "application/json")
                else:
                    raise AssertionError(f"no fault is called {fault.kind}")

            def _send(self, status: int, body: bytes, kind: str, headers: Mapping[str, str] | None = None) -> None:
                self.send_response(status)
                for name, value in (headers or {}).items():
                    self.send_header(name, value)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                if self.close_connection:  # a client that asked for it would else use the connection once more
                    self.send_header("Connection", "close")
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                """Say nothing."""

        return Handler
