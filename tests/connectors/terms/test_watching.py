"""Pages of terms are asked for sparingly, where they may be, and what cannot be read is no version."""

from __future__ import annotations

import gzip
from collections.abc import Iterator

import httpx
import pytest

from brands.brand_file import Terms
from connectors import pinned_transport
from connectors.errors import AuthError, BadInput, BadPayload, ConnectorError, NotFound, Unavailable
from connectors.pinned_transport import is_public
from connectors.terms import page_requests
from connectors.terms.page_requests import PageClient
from connectors.terms.watching import PageText, check_length, look_at, prepare_pages
from tests.connectors.conftest import Clock
from tests.recorded_terms import FIRST, SECOND
from tests.servers.platform import Response
from tests.servers.terms import Fault, TermsServer, page


@pytest.fixture
def server() -> Iterator[TermsServer]:
    with TermsServer({"/terms": page(FIRST)}) as running:
        yield running


def client(clock: Clock | None = None) -> PageClient:
    clock = clock or Clock()
    return PageClient("terms", clock=clock, sleep=clock.sleep)


def look(
    server: TermsServer, path: str = "/terms", *, by: PageClient | None = None, private: bool = True, **known: str
) -> PageText:
    url = path if "://" in path else server.url(path)
    (prepared,) = prepare_pages([Terms(document="Terms", url=url, private_network=private)])
    return look_at(by or client(), prepared, **known)


def test_a_page_that_has_not_changed_is_not_sent_again(server: TermsServer) -> None:
    """The second request has both validators, and its answer no text and the same validators."""
    first = look(server)
    again = look(server, etag=first.etag, modified=first.modified)
    assert first.text is not None
    assert "We delete your files within thirty days" in first.text
    assert (again.text, again.etag) == (None, first.etag)
    assert server.log[-1].headers["if-modified-since"] == first.modified


def test_it_says_who_asks_and_what_it_takes(server: TermsServer) -> None:
    """User agent and pages, of robots.txt too."""
    look(server)
    assert [request.path for request in server.log] == ["/robots.txt", "/terms"]
    for request in server.log:
        assert request.headers["user-agent"].startswith("brandtrust/")
        assert request.headers["accept"].startswith("text/html")


@pytest.mark.parametrize(
    ("robots", "allowed"),
    [
        ("User-agent: *\nDisallow: /", False),
        ("User-agent: *\nDisallow: /*rms$", False),
        ("User-agent: *\nDisallow: /\n\nUser-agent: brandtrust\nAllow: /terms", True),
        ("User-agent: brandtrust\nDisallow: /terms\n\nUser-agent: *\nAllow: /", False),
        ("User-agent: otherbot\nDisallow: /", True),
        ("<!doctype html><title>Hello</title>", True),
        ("", True),
    ],
)
def test_robots_txt_is_obeyed(server: TermsServer, robots: str, allowed: bool) -> None:
    """The page itself is not asked for where it is forbidden; wildcards and our own name count."""
    server.robots = robots
    if allowed:
        assert look(server).text
    else:
        with pytest.raises(AuthError, match=r"robots\.txt does not let programs read it; keep dated copies"):
            look(server)
    assert server.asked() == (["/terms"] if allowed else [])


@pytest.mark.parametrize(("status", "allowed"), [(404, True), (403, True), (410, True), (503, False), (500, False)])
def test_robots_txt_that_is_not_there_allows_and_one_that_fails_does_not(
    server: TermsServer, status: int, allowed: bool
) -> None:
    """By RFC 9309, 2.3.1."""
    server.robots = Response(status, b"")
    if allowed:
        assert look(server).text
    else:
        with pytest.raises(Unavailable, match=r"/robots\.txt"):
            look(server)
        assert server.asked() == []


def test_robots_txt_is_read_once_and_its_pace_kept(server: TermsServer) -> None:
    """For all pages of a host; a delay that would stop a run for hours is cut."""
    server.robots = "User-agent: *\nCrawl-delay: 7"
    server.pages["/privacy"] = page(SECOND)
    clock = Clock()
    by = client(clock)
    look(server, by=by)
    look(server, "/privacy", by=by)
    assert [request.path for request in server.log].count("/robots.txt") == 1
    assert clock.waits == [7.0, 7.0]
    server.robots = "User-agent: *\nCrawl-delay: 86400"
    hurried = Clock()
    look(server, by=client(hurried))
    assert hurried.waits == [120.0]


def test_each_hop_of_a_redirect_asks_its_own_robots_txt(server: TermsServer) -> None:
    """Where a page has moved to may be forbidden though the old address is not."""
    with TermsServer({"/now": page(SECOND)}, host="127.0.0.2") as other:
        server.pages["/terms"] = Response(301, b"", {"Location": other.url("/now")}, "text/html")
        text = look(server).text
        assert text is not None
        assert "train" in text
        other.robots = "User-agent: *\nDisallow: /now"
        with pytest.raises(AuthError, match="robots"):
            look(server)
        assert other.asked() == ["/now"]


def test_a_private_address_is_not_asked_unless_the_brand_file_allows_it(server: TermsServer) -> None:
    """Not even for its robots.txt."""
    with pytest.raises(BadPayload, match="lies in a private network; not followed"):
        look(server, private=False)
    assert server.log == []


@pytest.mark.parametrize("private", [True, False])
def test_nobody_is_redirected_into_a_private_network(
    server: TermsServer, private: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever declares a public page is not led to 127.0.0.1, whatever the file allows, nor by its robots.txt."""
    monkeypatch.setattr(pinned_transport, "is_public", lambda address: address == "127.0.0.2" or is_public(address))
    with TermsServer({"/ok": page(FIRST)}, host="127.0.0.2") as public:
        assert look(public, "/ok", private=private).text
        public.pages["/terms"] = Response(302, b"", {"Location": server.url("/terms")}, "text/html")
        with pytest.raises(BadPayload, match="redirected into a private network"):
            look(public, private=private)
        public.robots = Response(302, b"", {"Location": server.url("/robots.txt")}, "text/html")
        with pytest.raises(BadPayload, match="redirected into a private network"):
            look(public, "/ok", private=private)
    assert server.log == []


@pytest.mark.parametrize(
    ("answer", "error", "told"),
    [
        (Response(404, b""), NotFound, "nothing is there; is the address right"),
        (Response(410, b""), NotFound, "the page is gone for good"),
        (Response(403, b""), AuthError, "access refused"),
        (Response(200, b"%PDF-1.7", {}, "application/pdf"), BadPayload, "is application/pdf; only HTML, plain text"),
        (Response(200, b"{}", {}, "application/json"), BadPayload, "is application/json"),
        (Response(200, page(FIRST).encode(), {}, ""), BadPayload, "of no stated type"),
        (Response(200, b"<div id=app></div>", {}, "text/html"), BadPayload, "hardly any text"),
        (Response(200, b" \n", {}, "text/plain"), BadPayload, "is empty"),
        (Response(200, b"PK\0\0", {}, "text/plain"), BadPayload, "is no text"),
        (Response(304, b""), BadPayload, "HTTP 304"),
    ],
    ids=lambda value: str(value)[:20] if isinstance(value, str) else "",
)
def test_what_is_no_page_of_terms_is_told(
    server: TermsServer, answer: Response, error: type[ConnectorError], told: str
) -> None:
    """One line with the address; it is asked for once."""
    server.pages["/terms"] = answer
    with pytest.raises(error, match=told) as raised:
        look(server)
    assert server.url("/terms") in str(raised.value)
    assert server.asked() == ["/terms"]


def test_large_pages_are_not_read(server: TermsServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit holds for what is unpacked, so that a body without an end ends there too."""
    monkeypatch.setattr(page_requests, "MOST_BYTES", 100_000)
    server.pages["/plain"] = Response(200, b"x" * 100_001, {}, "text/plain")
    server.pages["/bomb"] = Response(200, gzip.compress(b"0" * 50_000_000), {"Content-Encoding": "gzip"}, "text/plain")
    for path in ("/plain", "/bomb"):
        with pytest.raises(BadPayload, match=r"larger than 0\.1 MB"):
            look(server, path)


def test_a_host_that_is_down_is_told_after_three_attempts(server: TermsServer) -> None:
    """It may be asked for nothing, since nobody knows its robots.txt."""
    clock = Clock()
    with pytest.raises(Unavailable, match="connection failed"):
        look(server, "http://127.0.0.1:9/terms", by=client(clock))
    assert len(clock.waits) == 2


def test_a_server_with_a_passing_fault_is_asked_again(server: TermsServer) -> None:
    """As every service is."""
    server.faults.append(Fault(status=500))
    clock = Clock()
    assert look(server, by=client(clock)).text
    assert len(clock.waits) == 1


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("Größe".encode("latin-1"), "text/plain; charset=iso-8859-1"),
        ("Größe".encode(), "text/markdown"),
        ("\ufeffGröße".encode(), "text/plain; charset=UTF-8"),
        ("Größe".encode("cp1252"), "text/plain"),
        ("Größe".encode(), "text/plain; charset=no-such"),
    ],
)
def test_texts_are_read_in_their_encoding(server: TermsServer, body: bytes, kind: str) -> None:
    """The header's, else UTF-8, else that of old Windows."""
    server.pages["/terms"] = Response(200, body, {}, kind)
    assert look(server).text == "Größe\n"


def test_a_page_may_name_its_encoding_itself(server: TermsServer) -> None:
    """In a meta element, where the header says nothing."""
    html = "<meta charset='windows-1252'>" + page(FIRST.replace("files", "Akten in Größe"))
    server.pages["/terms"] = Response(200, html.encode("cp1252"), {}, "text/html")
    text = look(server).text
    assert text is not None
    assert "Akten in Größe" in text


def test_a_page_that_lost_half_of_its_text_is_not_believed() -> None:
    """A wall before the terms is no change of them; exactly half may be."""
    (prepared,) = prepare_pages([Terms(document="Terms", url="https://acme.invalid/terms?key=s3cret")])
    check_length(prepared, "x" * 50, "y" * 100)
    check_length(prepared, "x", "")
    with pytest.raises(BadPayload, match=r"holds 49 characters, and the version before 100.*--even-short") as told:
        check_length(prepared, "x" * 49, "y" * 100)
    assert "s3cret" not in str(told.value) + repr(prepared)


def test_another_selector_makes_another_page() -> None:
    """What is known of the page was read in another way then; another part of the address is not known either."""
    terms = Terms(document="Terms", url="https://acme.invalid/terms")
    other = [terms.model_copy(update={"selector": "#t"}), terms.model_copy(update={"url": "https://acme.invalid/t?a"})]
    hashes = [each.hash for each in prepare_pages([terms, *other, terms])]
    assert len(set(hashes)) == 3
    assert hashes[0] == hashes[3]
    with pytest.raises(BadInput, match="is no address"):
        prepare_pages([terms.model_copy(update={"url": "file:///etc/hostname"})])


def test_no_redirect_leads_out_of_the_web(server: TermsServer) -> None:
    """As of feeds, and with the page's own word for it."""
    server.pages["/terms"] = Response(302, b"", {"Location": "file:///etc/hostname"}, "text/html")
    with pytest.raises(BadPayload, match="not of the web"):
        look(server)
    server.pages["/terms"] = Response(302, b"", {"Location": "/terms"}, "text/html")
    with pytest.raises(BadPayload, match="more than 5 times"):
        look(server)
    assert httpx.URL(server.url("/terms")).path == "/terms"
