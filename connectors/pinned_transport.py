"""HTTP to the addresses that were looked at: a name is looked up once, and connected to is what was found then.

Whoever owns a name may answer with a public address when it is checked and with a private one a moment later. So the
check and the connection share one look-up, which holds for as long as the transport does.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl

import httpx

PUBLIC_ONLY = "public_only"
"""An extension of a request: it must not go to a private network."""


class PrivateAddress(Exception):
    """A request that may go to the public internet only would have gone elsewhere."""


class PinnedTransport(httpx.BaseTransport):
    """Sends requests for one host to the addresses that its name had at first; certificates are checked by the name."""

    def __init__(self, host: str, *, verify: ssl.SSLContext | bool = True) -> None:
        self.host = host
        self.inner = httpx.HTTPTransport(verify=verify)
        self._addresses: list[str] = []

    @property
    def is_private(self) -> bool:
        """Whether one of the addresses is not of the public internet; False where the name has none."""
        return any(not is_public(address) for address in self.find_addresses())

    def find_addresses(self) -> list[str]:
        """The addresses of the host in the order to try them; empty where there are none now."""
        if not self._addresses:
            self._addresses = look_up(self.host)
        return self._addresses

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The answer of the first address that can be connected to. Raises PrivateAddress before anything is sent."""
        addresses = self.find_addresses()
        if request.extensions.get(PUBLIC_ONLY) and not all(map(is_public, addresses)):
            raise PrivateAddress(self.host)
        problem: httpx.TransportError = httpx.ConnectError("the name has no address")
        for address in addresses:
            try:
                return self.inner.handle_request(self._sent_to(address, request))
            except (httpx.ConnectError, httpx.ConnectTimeout) as error:
                problem = error
        raise problem

    def _sent_to(self, address: str, request: httpx.Request) -> httpx.Request:
        return httpx.Request(
            request.method,
            request.url.copy_with(host=address),
            headers=request.headers,  # with the Host of the name
            stream=request.stream,
            extensions={**request.extensions, "sni_hostname": self.host},
        )

    def close(self) -> None:
        """Give the connections back."""
        self.inner.close()


def look_up(host: str) -> list[str]:
    """The addresses of `host`, in the order to try them; none where it has none."""
    try:
        found = socket.getaddrinfo(host.strip("[]"), None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []
    return list(dict.fromkeys(str(each[4][0]) for each in found))


def is_public(address: str) -> bool:
    """Whether `address` belongs to one machine of the public internet, in whatever notation."""
    parsed = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(parsed, ipaddress.IPv6Address):
        # An IPv4 address that is written, or reached, as one of IPv6.
        inner = parsed.ipv4_mapped or parsed.sixtofour
        if inner is None and parsed in ipaddress.ip_network("64:ff9b::/96"):
            inner = ipaddress.IPv4Address(int(parsed) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return parsed.is_global and not parsed.is_multicast
