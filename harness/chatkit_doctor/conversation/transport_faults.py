"""What can go wrong below HTTP, under the same name whoever met it: a browser, or the client of ``lint``.

One table. Chromium's names are those of its ``net/base/net_error_list.h`` as DevTools reports them; what
Python raises was measured with httpx 0.28. Both are asked again by tests, on the same sockets.
"""

from __future__ import annotations

import errno
import re
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class TransportFault(StrEnum):
    """What happened to a request, or to the body of its answer."""

    REFUSED = "refused"
    NAME_UNKNOWN = "name-unknown"
    UNREACHABLE = "unreachable"
    UNSAFE_PORT = "unsafe-port"
    NO_ANSWER = "no-answer"
    CLOSED = "closed"
    RESET = "reset"
    NOT_HTTP = "not-http"
    TLS_EXPECTED = "tls-expected"
    NO_TLS = "no-tls"
    TLS_FAILED = "tls-failed"
    TLS_CLIENT_CERTIFICATE = "tls-client-certificate"
    CERTIFICATE_SELF_SIGNED = "certificate-self-signed"
    CERTIFICATE_UNTRUSTED = "certificate-untrusted"
    CERTIFICATE_EXPIRED = "certificate-expired"
    CERTIFICATE_WRONG_HOST = "certificate-wrong-host"
    CERTIFICATE_INVALID = "certificate-invalid"
    TOO_MANY_REDIRECTS = "too-many-redirects"
    BAD_REDIRECT = "bad-redirect"
    HEADERS_TOO_BIG = "headers-too-big"
    BODY_CUT = "body-cut"
    BODY_UNDECODABLE = "body-undecodable"
    PROXY = "proxy"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Row:
    """One fault: the sentence about it, and Chromium's names, the usual one first."""

    says: str
    names: tuple[str, ...] = ()


_T: Final = TransportFault
_NOT_VOUCHED_FOR: Final = (
    "the server's certificate is not trusted: it is self-signed, or signed by an unknown authority"
)
TABLE: Final[dict[TransportFault, Row]] = {
    _T.REFUSED: Row(
        "nothing listens on that port: the connection was refused",
        ("ERR_CONNECTION_REFUSED",),
    ),
    _T.NAME_UNKNOWN: Row(
        "the host name cannot be resolved (DNS)",
        (
            "ERR_NAME_NOT_RESOLVED",
            "ERR_NAME_RESOLUTION_FAILED",
            "ERR_DNS_TIMED_OUT",
            "ERR_ICANN_NAME_COLLISION",
        ),
    ),
    _T.UNREACHABLE: Row(
        "there is no route to the host's address",
        (
            "ERR_ADDRESS_UNREACHABLE",
            "ERR_ADDRESS_INVALID",
            "ERR_INTERNET_DISCONNECTED",
            "ERR_NETWORK_CHANGED",
        ),
    ),
    _T.UNSAFE_PORT: Row(
        "browsers block that port, whatever listens on it",
        ("ERR_UNSAFE_PORT",),
    ),
    _T.NO_ANSWER: Row(
        "there was no response in time",
        ("ERR_TIMED_OUT", "ERR_CONNECTION_TIMED_OUT"),
    ),
    _T.CLOSED: Row(
        "the server closed the connection without a response",
        ("ERR_EMPTY_RESPONSE", "ERR_CONNECTION_CLOSED"),
    ),
    _T.RESET: Row(
        "the server reset the connection",
        ("ERR_CONNECTION_RESET", "ERR_CONNECTION_ABORTED", "ERR_SOCKET_NOT_CONNECTED"),
    ),
    _T.NOT_HTTP: Row(
        "the server's response is not HTTP",
        (
            "ERR_INVALID_HTTP_RESPONSE",
            "ERR_INVALID_RESPONSE",
            "ERR_RESPONSE_HEADERS_MULTIPLE_CONTENT_LENGTH",
            "ERR_RESPONSE_HEADERS_MULTIPLE_LOCATION",
            "ERR_INVALID_CHUNKED_ENCODING",
            "ERR_HTTP2_PROTOCOL_ERROR",
            "ERR_QUIC_PROTOCOL_ERROR",
        ),
    ),
    # A browser sees no more of this than a connection that was closed or reset.
    _T.TLS_EXPECTED: Row("the server speaks https on that port, but the URL says http"),
    _T.NO_TLS: Row(
        "the server does not speak https on that port, but the URL says https",
        ("ERR_SSL_PROTOCOL_ERROR",),
    ),
    _T.TLS_FAILED: Row(
        "the TLS handshake failed",
        ("ERR_SSL_VERSION_OR_CIPHER_MISMATCH", "ERR_SSL_OBSOLETE_VERSION", "ERR_SSL_UNRECOGNIZED_NAME_ALERT"),
    ),
    _T.TLS_CLIENT_CERTIFICATE: Row(
        "the server requires a client certificate",
        ("ERR_SSL_CLIENT_AUTH_CERT_NEEDED", "ERR_BAD_SSL_CLIENT_AUTH_CERT"),
    ),
    _T.CERTIFICATE_UNTRUSTED: Row(
        _NOT_VOUCHED_FOR,
        ("ERR_CERT_AUTHORITY_INVALID",),
    ),
    # Chromium has one name for this and for an unknown authority, and so they have one sentence.
    _T.CERTIFICATE_SELF_SIGNED: Row(_NOT_VOUCHED_FOR),
    _T.CERTIFICATE_EXPIRED: Row(
        "the server's certificate has expired, or is not valid yet",
        ("ERR_CERT_DATE_INVALID",),
    ),
    _T.CERTIFICATE_WRONG_HOST: Row(
        "the server's certificate is for another host name",
        ("ERR_CERT_COMMON_NAME_INVALID",),
    ),
    _T.CERTIFICATE_INVALID: Row(
        "the server's certificate is not valid",
        (
            "ERR_CERT_INVALID",
            "ERR_CERT_REVOKED",
            "ERR_CERT_WEAK_SIGNATURE_ALGORITHM",
            "ERR_CERT_WEAK_KEY",
            "ERR_CERT_VALIDITY_TOO_LONG",
            "ERR_CERT_NAME_CONSTRAINT_VIOLATION",
            "ERR_CERTIFICATE_TRANSPARENCY_REQUIRED",
            "ERR_SSL_PINNED_KEY_NOT_IN_CERT_CHAIN",
        ),
    ),
    _T.TOO_MANY_REDIRECTS: Row("the server redirects in a loop", ("ERR_TOO_MANY_REDIRECTS",)),
    _T.BAD_REDIRECT: Row(
        "the server redirects to something that is not an http(s) URL",
        ("ERR_UNSAFE_REDIRECT", "ERR_INVALID_REDIRECT"),
    ),
    _T.HEADERS_TOO_BIG: Row(
        "the server sent too many headers",
        ("ERR_RESPONSE_HEADERS_TOO_BIG",),
    ),
    _T.BODY_CUT: Row(
        "the connection was closed before the body ended",
        ("ERR_INCOMPLETE_CHUNKED_ENCODING", "ERR_CONTENT_LENGTH_MISMATCH", "ERR_HTTP2_SERVER_REFUSED_STREAM"),
    ),
    _T.BODY_UNDECODABLE: Row(
        "the body does not match its content-encoding header",
        ("ERR_CONTENT_DECODING_FAILED", "ERR_CONTENT_DECODING_INIT_FAILED", "ERR_ZSTD_WINDOW_SIZE_TOO_BIG"),
    ),
    _T.PROXY: Row(
        "the proxy could not be used",
        ("ERR_PROXY_CONNECTION_FAILED", "ERR_TUNNEL_CONNECTION_FAILED", "ERR_PROXY_CERTIFICATE_INVALID"),
    ),
    _T.OTHER: Row("the request failed", ("ERR_FAILED",)),
}
"""Every fault. Where a browser has no name of its own for one, it meets it under another's."""

CERTIFICATE: Final = frozenset(fault for fault in _T if fault.value.startswith("certificate-"))
"""The server was reached; whom it says it is, is not believed."""
TLS: Final = CERTIFICATE | {_T.TLS_EXPECTED, _T.NO_TLS, _T.TLS_FAILED, _T.TLS_CLIENT_CERTIFICATE}
"""The server was reached; no connection of the kind the URL asks for came about."""

_SEEN_AS: Final = {
    _T.CERTIFICATE_SELF_SIGNED: _T.CERTIFICATE_UNTRUSTED,
    _T.TLS_EXPECTED: _T.CLOSED,
}
"""What a browser takes a fault for that it has no name for."""
_BY_NAME: Final = {name: fault for fault, row in TABLE.items() for name in row.names}
_NAME: Final = re.compile(r"\b(?:net::)?(ERR_[A-Z0-9_]{1,80})\b")

_BY_VERIFICATION: Final = {
    # OpenSSL's X509_V_ERR_…: https://docs.openssl.org/master/man3/X509_STORE_CTX_get_error/
    9: _T.CERTIFICATE_EXPIRED,
    10: _T.CERTIFICATE_EXPIRED,
    18: _T.CERTIFICATE_SELF_SIGNED,
    19: _T.CERTIFICATE_UNTRUSTED,
    2: _T.CERTIFICATE_UNTRUSTED,
    20: _T.CERTIFICATE_UNTRUSTED,
    21: _T.CERTIFICATE_UNTRUSTED,
    27: _T.CERTIFICATE_UNTRUSTED,
    62: _T.CERTIFICATE_WRONG_HOST,
    64: _T.CERTIFICATE_WRONG_HOST,
}
_BY_TLS_REASON: Final = {
    "WRONG_VERSION_NUMBER": _T.NO_TLS,
    "UNEXPECTED_EOF_WHILE_READING": _T.CLOSED,
    "PACKET_LENGTH_TOO_LONG": _T.NO_TLS,
    "RECORD_LAYER_FAILURE": _T.NO_TLS,
    "HTTP_REQUEST": _T.NO_TLS,
    "TLSV13_ALERT_CERTIFICATE_REQUIRED": _T.TLS_CLIENT_CERTIFICATE,
    "SSLV3_ALERT_HANDSHAKE_FAILURE": _T.TLS_FAILED,
}
_BY_NUMBER: Final = {
    errno.ECONNREFUSED: _T.REFUSED,
    errno.ECONNRESET: _T.RESET,
    errno.ECONNABORTED: _T.RESET,
    errno.EPIPE: _T.RESET,
    errno.EHOSTUNREACH: _T.UNREACHABLE,
    errno.ENETUNREACH: _T.UNREACHABLE,
    errno.EADDRNOTAVAIL: _T.UNREACHABLE,
    errno.ETIMEDOUT: _T.NO_ANSWER,
}
_BY_CLASS: Final = {
    # By name: httpx takes 0.1 s to import, and most of what reads this table never needs it.
    "TooManyRedirects": _T.TOO_MANY_REDIRECTS,
    # Nobody is asked at another scheme to begin with.
    "UnsupportedProtocol": _T.BAD_REDIRECT,
    "DecodingError": _T.BODY_UNDECODABLE,
    "ProxyError": _T.PROXY,
    "ConnectTimeout": _T.NO_ANSWER,
    "ReadTimeout": _T.NO_ANSWER,
    "WriteTimeout": _T.NO_ANSWER,
    "PoolTimeout": _T.NO_ANSWER,
}
_BY_LAYER: Final = {
    # Where nothing below says more: what anyio raises for a connection that is gone.
    "EndOfStream": _T.CLOSED,
    "BrokenResourceError": _T.RESET,
    "ClosedResourceError": _T.RESET,
}
_BY_WORDS: Final = (
    # The words of httpcore and h11, which have one class for all of these.
    ("disconnected without sending a response", _T.CLOSED),
    ("peer closed connection without sending complete message body", _T.BODY_CUT),
    ("Invalid URL in location header", _T.BAD_REDIRECT),
    ("Receive buffer too long", _T.HEADERS_TOO_BIG),
)


def of_text(text: str) -> TransportFault | None:
    """The fault that a text names in Chromium's way, such as ``net::ERR_EMPTY_RESPONSE``; None without.

    What :func:`told` says of one that a browser has no name for is understood as well.
    """
    found = _NAME.search(text)
    if found is None:
        return None
    if TABLE[_T.TLS_EXPECTED].says in text:
        return _T.TLS_EXPECTED
    name = found[1]
    if name in _BY_NAME:
        return _BY_NAME[name]
    family = (("ERR_CERT", _T.CERTIFICATE_INVALID), ("ERR_SSL", _T.TLS_FAILED), ("ERR_PROXY", _T.PROXY))
    return next((fault for start, fault in family if name.startswith(start)), _T.OTHER)


def of_exception(error: BaseException) -> TransportFault:
    """The fault behind what httpx, or the socket and TLS below it, raised."""
    chain = list(_chain(error))
    found = (_certificate, _below_http, _by_class, _by_number, _by_words, _by_layer)
    return next((fault for look in found if (fault := look(chain)) is not None), _T.OTHER)


def _certificate(chain: list[BaseException]) -> TransportFault | None:
    for each in chain:
        if isinstance(each, ssl.SSLCertVerificationError):
            return _BY_VERIFICATION.get(each.verify_code, _T.CERTIFICATE_INVALID)
    return None


def _below_http(chain: list[BaseException]) -> TransportFault | None:
    for each in chain:
        if isinstance(each, socket.gaierror):
            return _T.NAME_UNKNOWN
        # Waiting for the next piece of a handshake is how one goes on, and no fault.
        if isinstance(each, ssl.SSLError) and not isinstance(each, ssl.SSLWantReadError):
            return _BY_TLS_REASON.get(each.reason or "", _T.TLS_FAILED)
    return None


def _by_class(chain: list[BaseException]) -> TransportFault | None:
    return _BY_CLASS.get(type(chain[0]).__name__)


def _by_number(chain: list[BaseException]) -> TransportFault | None:
    numbers = (each.errno for each in chain if isinstance(each, OSError))
    return next((_BY_NUMBER[number] for number in numbers if number in _BY_NUMBER), None)


def _by_words(chain: list[BaseException]) -> TransportFault | None:
    words = str(chain[0])
    return next((fault for said, fault in _BY_WORDS if said in words), None)


def _by_layer(chain: list[BaseException]) -> TransportFault | None:
    if any(isinstance(each, TimeoutError) for each in chain):
        return _T.NO_ANSWER
    layers = (_BY_LAYER.get(type(each).__name__) for each in chain)
    gone = next((fault for fault in layers if fault is not None), None)
    is_foreign = type(chain[0]).__name__ == "RemoteProtocolError"
    return gone or (_T.NOT_HTTP if is_foreign else None)


def told_as(fault: TransportFault, name: str) -> str:
    """A fault under the name a browser met it by."""
    return f"{name}: {TABLE[fault].says}"


def told(fault: TransportFault, detail: str = "") -> str:
    """A fault as a call carries it: the browser's name for it, the sentence, and what else is known."""
    name = TABLE[_SEEN_AS.get(fault, fault)].names[0]
    return f"net::{name}: {TABLE[fault].says}{f' ({detail})' if detail else ''}"


def _chain(error: BaseException) -> Iterator[BaseException]:
    """An error and all that it came of."""
    waiting, seen = [error], set[int]()
    while waiting:
        each = waiting.pop(0)
        if id(each) in seen:
            continue
        seen.add(id(each))
        yield each
        if isinstance(each, BaseExceptionGroup):
            waiting += each.exceptions
        waiting += [cause for cause in (each.__cause__, each.__context__) if cause is not None]
