"""A local site with pages of terms, which answer conditional requests as web servers do (RFC 9110, 13)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from tests.servers.platform import Fault, PlatformServer, Request, Response

__all__ = ["Fault", "TermsServer", "page"]

HTML = "text/html; charset=utf-8"


def page(text: str, around: str = "") -> str:
    """A web page with `text` as its main part, a menu, and `around` beside it."""
    paragraphs = "".join(f"<p>{line}</p>\n" for line in text.splitlines() if line.strip())
    return (
        f"<!doctype html><title>Terms</title><header>Acme</header><nav><a href='/x'>Menu</a></nav>{around}"
        f"<main>{paragraphs}</main><footer>Follow us</footer><script>track()</script>"
    )


class TermsServer(PlatformServer):
    """`with TermsServer({"/terms": page("...")}) as server:` — what is no `Response` is sent as HTML, with validators.

    `robots`: the text of robots.txt, or an answer; without it there is none.
    """

    def __init__(self, pages: Mapping[str, str | Response] | None = None, host: str = "127.0.0.1") -> None:
        super().__init__(host)
        self.pages: dict[str, str | Response] = dict(pages or {})
        self.robots: str | Response | None = None

    def url(self, path: str) -> str:
        return f"{self.address}{path}"

    def meets_faults(self, request: Request) -> bool:
        return request.path != "/robots.txt"

    def asked(self) -> list[str]:
        """The paths that were asked for, without robots.txt."""
        return [request.path for request in self.log if request.path != "/robots.txt"]

    def respond(self, request: Request) -> Response:
        """A page, 304 where the client has it, or 404 as a web page."""
        found = self.robots if request.path == "/robots.txt" else self.pages.get(request.path)
        if isinstance(found, Response):
            return found
        if found is None:
            return Response(404, b"<!doctype html><title>Not found</title>", content_type="text/html")
        body = found.encode()
        etag = f'"{hashlib.sha256(body).hexdigest()[:12]}"'
        if request.headers.get("if-none-match") == etag:
            return Response(304, b"", {"ETag": etag}, HTML)
        return Response(200, body, {"ETag": etag, "Last-Modified": "Sun, 06 Aug 2023 10:00:00 GMT"}, HTML)
