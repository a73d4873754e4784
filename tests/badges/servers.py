"""Real HTTPS servers on loopback, each with a certificate for the names it is asked by; nothing leaves the machine."""

from __future__ import annotations

import datetime as dt
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

#: Answers one connection: gets the request's path and a way to send.
Script = Callable[[str, Callable[[bytes], object]], None]


@dataclass
class Server:
    """Where a server listens, whom to trust to reach it, and the paths it was asked for."""

    port: int
    tls: ssl.SSLContext
    asked: list[str] = field(default_factory=list)


def certificate(folder: Path, *hosts: str) -> tuple[Path, Path]:
    """A certificate that signs itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, hosts[0])])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host) for host in hosts]), critical=False)
        .sign(key, hashes.SHA256())
    )
    paths = folder / "certificate.pem", folder / "key.pem"
    paths[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    paths[1].write_bytes(secret)
    return paths


@contextmanager
def serving(folder: Path, script: Script, *hosts: str, address: str = "127.0.0.1") -> Iterator[Server]:
    """Serve until the end of the block, one thread a connection."""
    chain, key = certificate(folder, *hosts)
    own = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    own.load_cert_chain(chain, key)
    listening = socket.create_server((address, 0))
    server = Server(listening.getsockname()[1], ssl.create_default_context(cafile=str(chain)))
    threads: list[threading.Thread] = []

    def answer(plain: socket.socket) -> None:
        try:
            with plain, own.wrap_socket(plain, server_side=True) as connection:
                connection.settimeout(5)
                request = b""
                while b"\r\n\r\n" not in request:
                    piece = connection.recv(4096)
                    if not piece:
                        return
                    request += piece
                path = request.split(b" ", 2)[1].decode()
                server.asked.append(path)
                script(path, connection.sendall)
        except OSError:
            return  # whoever asked has had enough

    def accept() -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            thread = threading.Thread(target=answer, args=(connection,), daemon=True)
            threads.append(thread)
            thread.start()

    acceptor = threading.Thread(target=accept, daemon=True)
    acceptor.start()
    try:
        yield server
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        acceptor.join(5)
        for thread in threads:
            thread.join(5)


def response(body: bytes, *, status: str = "200 OK", kind: str = "application/json", more: str = "") -> bytes:
    """A whole HTTP answer."""
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n{more}\r\n"
    return head.encode() + body
