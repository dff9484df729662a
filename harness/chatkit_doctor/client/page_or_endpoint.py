"""Whether a URL is a page that holds a chat, or a ChatKit endpoint."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit

import httpx

from chatkit_doctor.conversation.transport_faults import TABLE, TransportFault, of_exception
from chatkit_doctor.errors import TargetError, UsageError
from chatkit_doctor.origins import is_loopback
from chatkit_doctor.protocol.payload import as_object, read_payload
from chatkit_doctor.scenario.check import http_parts

LIMIT_S: Final = 30.0
"""How long an answer may take to begin: a development server builds a page when it is first asked for."""
MAX_BODY: Final = 64 * 1024
"""Bytes that are examined of the answer to a question."""
QUESTION: Final = {"type": "threads.list", "params": {"limit": 1, "order": "desc"}}
"""What the component asks first. It only reads."""
_UNTRUSTED: Final = frozenset(
    {
        TransportFault.CERTIFICATE_SELF_SIGNED,
        TransportFault.CERTIFICATE_UNTRUSTED,
        TransportFault.CERTIFICATE_EXPIRED,
        TransportFault.CERTIFICATE_WRONG_HOST,
        TransportFault.CERTIFICATE_INVALID,
    }
)


class Kind(StrEnum):
    """What a URL leads to."""

    PAGE = "page"
    ENDPOINT = "endpoint"


@dataclass(frozen=True, slots=True)
class Found:
    """A whole URL, what it leads to, and by what that was told."""

    url: str
    kind: Kind
    why: str


@dataclass(frozen=True, slots=True)
class _Seen:
    """The head of an answer."""

    status: int
    mime: str
    asks_for_a_password: bool = False

    @property
    def is_html(self) -> bool:
        return self.mime in {"text/html", "application/xhtml+xml"}

    def __str__(self) -> str:
        return f"{self.status} with {self.mime}" if self.mime else f"{self.status} without a content type"


async def find_out(target: str, *, kind: Kind | None = None, verify: bool = True) -> Found:
    """What a URL leads to, with or without its scheme; ``kind`` is what someone says it is.

    A GET decides, where it is answered with a page. Where it is not, the component's own first question is
    asked, which only reads. ``verify``: whether a certificate must be one that browsers accept.

    Raises UsageError for what is not a URL and for a page that is none, TargetError when nothing answers.
    """
    addresses = _addresses(target)
    is_local = is_loopback(urlsplit(addresses[0]).hostname or "")
    try:
        client = httpx.AsyncClient(
            timeout=LIMIT_S, verify=verify, follow_redirects=True, trust_env=not is_local
        )
    except (ImportError, ValueError) as error:
        hint = "Unset HTTP_PROXY, HTTPS_PROXY and ALL_PROXY, or correct them."
        raise UsageError(
            f"the environment's proxy cannot be used: {error}", where=target, hint=hint
        ) from error
    async with client as http:
        url, seen = await _first_answer(http, addresses)
        if kind is None:
            return await _decided(http, url, seen)
        if kind is Kind.PAGE and not (seen.is_html or seen.asks_for_a_password):
            raise UsageError(
                f"this is not a page: GET is answered {seen}",
                where=url,
                hint="For a ChatKit endpoint use --backend.",
            )
        return Found(url, kind, "as requested")


async def _decided(http: httpx.AsyncClient, url: str, seen: _Seen) -> Found:
    why = f"GET is answered {seen}"
    if (seen.is_html and seen.status < 400) or seen.asks_for_a_password:
        return Found(url, Kind.PAGE, why)
    instead = await _answer_to_a_question(http, url)
    if not instead:
        return Found(url, Kind.ENDPOINT, f"{why}, and threads.list as ChatKit does")
    return Found(url, Kind.PAGE if seen.is_html else Kind.ENDPOINT, f"{why}, and threads.list {instead}")


async def _first_answer(http: httpx.AsyncClient, addresses: tuple[str, ...]) -> tuple[str, _Seen]:
    """The first address that answers, and how."""
    failed: TargetError | None = None
    for url in addresses:
        try:
            async with http.stream("GET", url, headers={"accept": "text/html,*/*;q=0.8"}) as answer:
                seen = _head(answer)
        except (httpx.HTTPError, httpx.StreamError, OSError) as error:
            failed = _unreachable(error, url)
        else:
            # What a server says to http on a port for https (nginx: a page).
            if seen.status != 400 or url == addresses[-1]:
                return url, seen
    assert failed is not None  # noqa: S101 - there is always an address, and the last one returns or fails
    raise failed


def _addresses(target: str) -> tuple[str, ...]:
    """What can be meant by a target, most likely first. Raises UsageError when nothing can."""
    text = target.strip()
    found = (text,) if "://" in text else (f"http://{text}", f"https://{text}")
    if any(http_parts(url) is None for url in found):
        raise UsageError(
            "this is not an http(s) URL",
            where=target,
            hint="For example http://localhost:3000/chat for your page, or http://localhost:8000/chatkit for "
            "your endpoint.",
        )
    return found


def _head(answer: httpx.Response) -> _Seen:
    mime = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    challenge = answer.headers.get("www-authenticate", "").lower()
    return _Seen(answer.status_code, mime, answer.status_code == 401 and challenge.startswith("basic"))


async def _answer_to_a_question(http: httpx.AsyncClient, url: str) -> str:
    """How the component's question is answered, as the end of a sentence; empty where ChatKit answers."""
    try:
        async with http.stream("POST", url, json=QUESTION) as answer:
            seen, body = _head(answer), b""
            async for chunk in answer.aiter_bytes():
                body += chunk
                if len(body) > MAX_BODY:
                    break
    except (httpx.HTTPError, httpx.StreamError, OSError):
        return "not at all"
    listed = as_object(read_payload(body.decode("utf-8", "replace")).value)
    return "" if isinstance(listed.get("data"), list) else str(seen)


def _unreachable(error: Exception, url: str) -> TargetError:
    fault = of_exception(error)
    hint = "Is it running, and is this its URL?"
    if fault in _UNTRUSTED:
        hint = "If this is intended, use --ignore-https-errors."
    said = TABLE[fault].says if fault is not TransportFault.OTHER else str(error) or type(error).__name__
    return TargetError(f"cannot load it: {said}", where=url, hint=hint)
