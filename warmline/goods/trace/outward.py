"""Posting to an address that a stranger named, without being led into our own house (G17).

Only http and https, only public addresses, usual ports; the name is resolved once and that address
is connected to; redirects are not followed, and neither time nor size has no end.
"""

import contextlib
import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.encoding import iri_to_uri
from django.utils.translation import gettext as _

PORTS = frozenset({80, 443, 8443})
SECONDS = 10
ANSWER_MAX = 2**20
URL_MAX = 500


class Forbidden(ValueError):
    """This address is none that we may post to; the text says why."""


class Unreachable(Exception):
    """It did not take it: try again later."""


@dataclass(frozen=True, slots=True)
class Target:
    """An address that was looked at: where to connect, and what to ask for there."""

    scheme: str
    host: str
    port: int
    path: str
    address: str


def target(url: str) -> Target:
    """Look the address up and make sure that it is a stranger's."""
    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        raise Forbidden(_("This is no address.")) from None
    if len(url) > URL_MAX or parts.scheme not in ("http", "https") or not parts.hostname:
        raise Forbidden(_("The address begins with https:// or http://."))
    if parts.username or parts.password:
        raise Forbidden(_("The address holds no user name and no password."))
    private = _allowed()
    if port not in PORTS and not private:
        raise Forbidden(_("Ports 80, 443 and 8443 are allowed."))
    try:
        found = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Forbidden(_("There is no such host.")) from None
    addresses = [str(entry[4][0]) for entry in found]
    for address in addresses:
        _check(address, private)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if any(ord(letter) <= 32 for letter in path + parts.hostname):
        raise Forbidden(_("This is no address."))
    return Target(parts.scheme, parts.hostname, port, iri_to_uri(path), addresses[0])


def _allowed() -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    """Private networks that the operator of this deployment opened, for partners inside them."""
    said = settings.ENV.webhook_networks
    return [ipaddress.ip_network(one.strip()) for one in said.split(",") if one.strip()]


def _check(address: str, private: list[ipaddress.IPv4Network | ipaddress.IPv6Network]) -> None:
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        ip = ip.ipv4_mapped or ip.sixtofour or ip  # where it really goes
    if any(ip.version == network.version and ip in network for network in private):
        return
    if not ip.is_global or ip.is_multicast or ip.is_reserved:
        raise Forbidden(_("Only public addresses are allowed."))


class _Fixed(http.client.HTTPConnection):
    """Connects to the address that was looked at, whatever the name says by now."""

    def __init__(self, to: Target) -> None:
        super().__init__(to.host, to.port, timeout=SECONDS)
        self.to = to
        self.end: threading.Timer | None = None
        self.is_hung_up = False

    def connect(self) -> None:
        sock = socket.create_connection((self.to.address, self.to.port), timeout=SECONDS)
        if self.to.scheme == "https":
            tls = ssl.create_default_context()
            sock = tls.wrap_socket(
                sock, server_hostname=self.to.host, do_handshake_on_connect=False
            )
        self.sock = sock
        self.end = threading.Timer(SECONDS, self._hang_up, [sock])
        self.end.daemon = True
        self.end.start()
        if isinstance(sock, ssl.SSLSocket):
            sock.do_handshake()

    def done(self) -> None:
        self.close()
        if self.end:
            self.end.cancel()

    def _hang_up(self, sock: socket.socket) -> None:
        """Ten seconds are over, however slowly and steadily it speaks: what reads of it ends now."""
        self.is_hung_up = True
        with contextlib.suppress(OSError):
            socket.socket.shutdown(sock, socket.SHUT_RDWR)


def post(url: str, body: bytes, headers: Mapping[str, str]) -> int:
    """Post it; the status of the answer. Raises `Forbidden` or `Unreachable`."""
    connection = _Fixed(target(url))
    try:
        connection.request("POST", connection.to.path, body, dict(headers))
        answer = connection.getresponse()
        answer.read(ANSWER_MAX)
        if connection.is_hung_up:  # half a head reads like a whole one
            raise TimeoutError("timed out")
        return answer.status
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise Unreachable(str(error)[:200]) from error
    finally:
        connection.done()
