"""Servers on real sockets that go wrong below HTTP, each in one way; and a browser to ask them with."""

from __future__ import annotations

import re
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

Behaviour = Callable[[socket.socket], None]

CORS: Final = b"access-control-allow-origin: *\r\naccess-control-allow-headers: *\r\n"
STREAM: Final = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n" + CORS
PREFLIGHT: Final = b"HTTP/1.1 204 No Content\r\n" + CORS + b"content-length: 0\r\nconnection: close\r\n\r\n"


@contextmanager
def serving(behave: Behaviour, scheme: str = "http") -> Iterator[str]:
    """The URL of a server that deals with each connection in a thread of its own."""
    listener = socket.create_server(("127.0.0.1", 0))

    def deal_with(connection: socket.socket) -> None:
        with connection, suppress(OSError):
            connection.settimeout(20)
            behave(connection)

    def listen() -> None:
        with suppress(OSError):
            while True:
                connection, _ = listener.accept()
                threading.Thread(target=deal_with, args=(connection,), daemon=True).start()

    threading.Thread(target=listen, daemon=True).start()
    try:
        yield f"{scheme}://localhost:{listener.getsockname()[1]}/chatkit"
    finally:
        # Closing it alone does not wake up who waits for a connection.
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()


@contextmanager
def nobody() -> Iterator[str]:
    """The URL of a port on which nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    yield f"http://localhost:{port}/chatkit"


def whole(connection: socket.socket) -> bytes:
    """A whole request: what lies unread when a connection is closed makes a reset of it."""
    data = b""
    while not _is_whole(data) and (more := connection.recv(65_536)):
        data += more
    return data


def _is_whole(data: bytes) -> bool:
    head, end, body = data.partition(b"\r\n\r\n")
    length = re.search(rb"(?i)\r\ncontent-length: (\d+)", head)
    return bool(end) and len(body) >= (int(length[1]) if length else 0)


def closes(connection: socket.socket) -> None:
    """Hangs up without an answer."""
    whole(connection)


def resets(connection: socket.socket) -> None:
    """Breaks the connection off."""
    whole(connection)
    _break_off(connection)


def speaks_ssh(connection: socket.socket) -> None:
    """Another protocol lives there."""
    whole(connection)
    connection.sendall(b"SSH-2.0-OpenSSH_9.2\r\n\r\n")


def says(answer: bytes) -> Behaviour:
    """Answers every request but a preflight with these bytes, and hangs up."""

    def behave(connection: socket.socket) -> None:
        connection.sendall(PREFLIGHT if whole(connection).startswith(b"OPTIONS") else answer)

    return behave


def refuses_strangers(connection: socket.socket) -> None:
    """A plain HTTP server that is greeted with something else."""
    connection.recv(65_536)
    connection.sendall(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")


cut_by_length: Final = says(STREAM + b"content-length: 100\r\n\r\ndata: 1\n\n")
cut_in_chunks: Final = says(STREAM + b"transfer-encoding: chunked\r\n\r\n9\r\ndata: 1\n\n\r\n")
redirects: Final = says(
    b"HTTP/1.1 307 X\r\nlocation: /again\r\ncontent-length: 0\r\nconnection: close\r\n" + CORS + b"\r\n"
)


def redirects_to(place: str) -> Behaviour:
    """Sends everybody somewhere else."""
    head = f"HTTP/1.1 307 X\r\nlocation: {place}\r\ncontent-length: 0\r\nconnection: close\r\n"
    return says(head.encode() + CORS + b"\r\n")


too_many_headers: Final = says(STREAM + b"x-more: and more\r\n" * 50_000 + b"\r\n")


def encoded(coding: str, body: bytes) -> Behaviour:
    """A stream behind a ``content-encoding``."""
    size = f"content-encoding: {coding}\r\ncontent-length: {len(body)}\r\nconnection: close\r\n\r\n"
    return says(STREAM + size.encode() + body)


def reset_in_body(connection: socket.socket) -> None:
    """Breaks the connection off in the middle of the body."""
    if whole(connection).startswith(b"OPTIONS"):
        connection.sendall(PREFLIGHT)
        return
    connection.sendall(STREAM + b"transfer-encoding: chunked\r\n\r\n9\r\ndata: 1\n\n\r\n")
    # What lies unread in it is thrown away by a reset: so the beginning is given time to be read.
    connection.settimeout(0.3)
    with suppress(TimeoutError):
        connection.recv(1)
    _break_off(connection)


def over_tls(context: ssl.SSLContext, behave: Behaviour) -> Behaviour:
    """The same behind a TLS handshake."""

    def wrapped(connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as encrypted:
            behave(encrypted)

    return wrapped


good: Final = says(STREAM + b"content-length: 9\r\nconnection: close\r\n\r\ndata: 1\n\n")


def self_signed(folder: Path, *, valid_days: tuple[int, int] = (-1, 30)) -> ssl.SSLContext:
    """A certificate for localhost that nobody else has signed."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    begin, end = (datetime.now(UTC) + timedelta(days=days) for days in valid_days)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(end)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = folder / "self-signed.pem"
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    written = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain)
    file.write_bytes(written + certificate.public_bytes(pem))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


def issued(
    authority: trustme.CA, name: str = "localhost", *, until: datetime | None = None
) -> ssl.SSLContext:
    """A certificate that an authority has signed."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name, not_after=until).configure_cert(context)
    return context


def _break_off(connection: socket.socket) -> None:
    # Closing then sends a reset: https://man7.org/linux/man-pages/man7/socket.7.html (SO_LINGER)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
