"""The local site of terms answers as a web server does."""

from __future__ import annotations

import httpx

from tests.servers.terms import TermsServer, page


def test_a_page_is_sent_once_to_who_keeps_its_validator() -> None:
    """304 without a body for the same ETag, the page for another one, 404 for what is not there."""
    with TermsServer({"/terms": page("We store files.")}) as server, httpx.Client(trust_env=False) as client:
        first = client.get(server.url("/terms"))
        again = client.get(server.url("/terms"), headers={"If-None-Match": first.headers["etag"]})
        server.pages["/terms"] = page("We store no files.")
        changed = client.get(server.url("/terms"), headers={"If-None-Match": first.headers["etag"]})
        missing = client.get(server.url("/robots.txt"))
    assert (first.status_code, again.status_code, changed.status_code, missing.status_code) == (200, 304, 200, 404)
    assert "<p>We store files.</p>" in first.text
    assert again.content == b""
    assert server.asked() == ["/terms"] * 3
