"""Guarded HTTPS for what a badge points at: issuers' documents, hosted badges, lists of badges taken back. Off unless switched on.

A badge is written by anybody, so the addresses in it are an attacker's. Only https on port 443 to a host name is asked for; the
name is looked up once, every address it has must be a public one, and the connection goes to the address that was checked, so that
a second look-up cannot lead elsewhere. Redirects are checked again, three at most. An answer takes ten seconds and a mebibyte at
most, from the first byte to the last, and is JSON or a token.
"""

from __future__ import annotations

import ipaddress
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Collection, Iterable
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpcore

from pathways.badges.entities import Fetch, Fetched
from pathways.badges.errors import FetchError, NotThereError

SECONDS = 10.0
MAX_BYTES = 1024 * 1024
MAX_REDIRECTS = 3
MAX_ADDRESS = 2048
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Resolve = Callable[[str, int], Collection[str]]

_ADDRESS = re.compile(r"https://[A-Za-z0-9.:-]+(?:[/?#][!-\[\]-~]*)?\Z")
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?\Z")
_TYPES = re.compile(r"(application/(?:[a-z0-9.+-]+\+)?(?:json|jwt|jose)|text/plain)\Z")
_GONE = frozenset({404, 410})
_MOVED = frozenset({301, 302, 303, 307, 308})
_PUBLIC_6 = ipaddress.IPv6Network("2000::/3")
#: Of what the standard library calls global: protocol assignments, relays, and IPv6 that stands for an IPv4 address. Outside
#: 2000::/3, which is all that is given out, lie mapped, translated (64:ff9b::), site and multicast addresses.
_SPECIAL: tuple[Network, ...] = tuple(
    ipaddress.ip_network(text)
    for text in ("192.0.0.0/24", "192.88.99.0/24", "2001::/23", "2002::/16", "2001:db8::/32", "3fff::/20", "2620:4f:8000::/48")
)


def host_of(url: str, ports: Collection[int] = (443,)) -> tuple[str, int]:
    """Host and port of an address that may be asked for.

    Parameters
    ----------
    url : str
        As it stands in a badge.
    ports : collection of int
        Ports that may be asked.

    Returns
    -------
    (str, int)

    Raises
    ------
    FetchError
        For anything but https to a host name: another scheme or port, a name and password, an address in digits (decimal, octal,
        hex, IPv6), a name of one word or with a dot at its end.
    """
    if len(url) > MAX_ADDRESS or _ADDRESS.match(url) is None:
        raise FetchError(url, "only plain https addresses are asked for")
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").lower(), parts.port or 443
    except ValueError as error:
        raise FetchError(url, "the address is malformed") from error
    # The last part of a name starts with a letter, so no spelling of a number is one.
    if _HOST.match(host) is None or len(host) > 253:
        raise FetchError(url, "it names no public host")
    if port not in ports:
        raise FetchError(url, f"port {port} is not asked")
    return host, port


def is_public(address: str) -> bool:
    """Whether a numeric address is one of the public internet, and not another one in disguise."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if any(found.version == network.version and found in network for network in _SPECIAL):
        return False
    return found in _PUBLIC_6 if found.version == 6 else found.is_global and not found.is_multicast


def look_up(host: str, port: int) -> list[str]:
    """Numeric addresses of a host name."""
    return list(dict.fromkeys(str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)))


class GuardedFetch:
    """Fetches over HTTPS within the limits above.

    Parameters
    ----------
    resolve : callable
        Host and port to numeric addresses.
    allowed : iterable of network
        Networks that may be asked beside the public ones: an institution's own, or a test's.
    ports : collection of int
        Ports that may be asked.
    tls : ssl.SSLContext or None
        Whom to trust; by default what the system trusts.
    seconds, max_bytes : float, int
        The limits of one answer, redirects included.
    """

    def __init__(
        self,
        *,
        resolve: Resolve = look_up,
        allowed: Iterable[Network] = (),
        ports: Collection[int] = (443,),
        tls: ssl.SSLContext | None = None,
        seconds: float = SECONDS,
        max_bytes: int = MAX_BYTES,
    ) -> None:
        self._resolve = resolve
        self._allowed = tuple(allowed)
        self._ports = ports
        self._tls = tls or ssl.create_default_context()
        self._seconds = seconds
        self._max_bytes = max_bytes

    def __call__(self, url: str) -> Fetched:
        """Get an address.

        Raises
        ------
        FetchError
            If it is refused, or gives no answer within the limits.
        NotThereError
            If the answer is that there is nothing.
        """
        deadline = time.monotonic() + self._seconds
        current = url.partition("#")[0]
        for _ in range(MAX_REDIRECTS + 1):
            found = self._one(current, deadline)
            if isinstance(found, Fetched):
                return found
            current = found
        raise FetchError(url, f"it redirects more than {MAX_REDIRECTS} times")

    def _one(self, url: str, deadline: float) -> Fetched | str:
        """One request: the answer, or where it redirects to."""
        host, port = host_of(url, self._ports)
        backend = _Pinned(self._addresses(url, host, port, deadline), deadline)
        pool = httpcore.ConnectionPool(ssl_context=self._tls, network_backend=backend, max_connections=1, retries=0)
        headers: list[tuple[bytes | str, bytes | str]]
        headers = [("Accept", "application/json, application/jwt"), ("Accept-Encoding", "identity"), ("User-Agent", "pathways")]
        limits = {"timeout": dict.fromkeys(("connect", "read", "write", "pool"), self._seconds)}
        try:
            with pool, pool.stream("GET", url, headers=headers, extensions=limits) as response:
                return self._answer(url, response)
        except httpcore.TimeoutException as error:
            raise FetchError(url, f"no whole answer within {self._seconds:g} seconds") from error
        except (httpcore.NetworkError, httpcore.ProtocolError, OSError) as error:
            raise FetchError(url, f"no answer ({type(error).__name__})") from error

    def _addresses(self, url: str, host: str, port: int, deadline: float) -> list[str]:
        found = _in_time(lambda: self._resolve(host, port), deadline)
        if not found:
            raise FetchError(url, "the host name is not known")
        for address in found:
            if not is_public(address) and not any(ipaddress.ip_address(address) in network for network in self._allowed):
                raise FetchError(url, "the host is not on the public internet")
        return list(found)

    def _answer(self, url: str, response: httpcore.Response) -> Fetched | str:
        headers = {name.lower(): value.decode("latin-1") for name, value in response.headers}
        if response.status in _MOVED and b"location" in headers:
            return urljoin(url, headers[b"location"]).partition("#")[0]
        if response.status in _GONE:
            raise NotThereError(url, f"there is nothing (status {response.status})")
        if response.status != 200:
            raise FetchError(url, f"the server answered with status {response.status}")
        kind = headers.get(b"content-type", "").partition(";")[0].strip().lower()
        if _TYPES.match(kind) is None or headers.get(b"content-encoding", "identity") != "identity":
            raise FetchError(url, f"the answer is {kind[:60] or 'of no stated type'}, and JSON was expected")
        return Fetched(self._body(url, response), kind, url)

    def _body(self, url: str, response: httpcore.Response) -> bytes:
        pieces, size = [], 0
        for piece in response.iter_stream():
            size += len(piece)
            if size > self._max_bytes:
                raise FetchError(url, f"the answer is longer than {self._max_bytes:,} bytes")
            pieces.append(piece)
        return b"".join(pieces)


def _in_time(work: Callable[[], Collection[str]], deadline: float) -> Collection[str]:
    """What a look-up gives, or nothing where it fails or is not done in time: looking up a name has no limit of its own."""
    found: list[Collection[str]] = []

    def run() -> None:
        try:
            found.append(work())
        except (OSError, UnicodeError):
            found.append(())

    worker = threading.Thread(target=run, daemon=True)
    worker.start()
    worker.join(max(0.0, deadline - time.monotonic()))
    return found[0] if found else ()


class _Pinned(httpcore.NetworkBackend):
    """Connects to addresses that were checked, whatever the name would lead to now, and keeps the deadline on every read."""

    def __init__(self, addresses: list[str], deadline: float) -> None:
        self._addresses = addresses
        self._deadline = deadline
        self._real = httpcore.SyncBackend()

    def connect_tcp(
        self, host: str, port: int, timeout: float | None = None, local_address: str | None = None, socket_options: Any = None
    ) -> httpcore.NetworkStream:
        """Connect to the first checked address that answers."""
        failure: Exception = httpcore.ConnectError("no address")
        for address in self._addresses:
            try:
                return _Timed(self._real.connect_tcp(address, port, left(self._deadline)), self._deadline)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure


class _Timed(httpcore.NetworkStream):
    """A stream on which the whole exchange, not only each read, has to be done by the deadline."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: float) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read what there is."""
        return self._stream.read(max_bytes, left(self._deadline))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Write all."""
        self._stream.write(buffer, left(self._deadline))

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """Encrypt, checking that the certificate is the host name's."""
        return _Timed(self._stream.start_tls(ssl_context, server_hostname, left(self._deadline)), self._deadline)

    def get_extra_info(self, info: str) -> Any:
        """What the library asks of a stream."""
        return self._stream.get_extra_info(info)

    def close(self) -> None:
        """Close."""
        self._stream.close()


def left(deadline: float) -> float:
    """Seconds to a deadline.

    Raises
    ------
    httpcore.ReadTimeout
        If it is over.
    """
    seconds = deadline - time.monotonic()
    if seconds <= 0:
        raise httpcore.ReadTimeout
    return seconds


class Remembering:
    """Asks each address once, for as long as one batch of badges is looked at: a hundred badges name the same issuer."""

    def __init__(self, fetch: Fetch) -> None:
        self._fetch = fetch
        self._known: dict[str, Fetched | FetchError] = {}

    def __call__(self, url: str) -> Fetched:
        """What the address answered, or the error it gave."""
        if url not in self._known:
            try:
                self._known[url] = self._fetch(url)
            except FetchError as error:
                self._known[url] = error
        found = self._known[url]
        if isinstance(found, FetchError):
            raise found
        return found
