"""Whether the API URL leads to a ChatKit backend."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from chatkit_doctor.audits.audit import Audit, Failure, NotApplicable, seen
from chatkit_doctor.audits.failure_modes import RETRIED
from chatkit_doctor.audits.responses import HIDDEN, StreamResponse, answer_of, rewriting, served_elsewhere
from chatkit_doctor.audits.wording import host_of, quoted
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.recording.views.exchanges import Exchange, streams

_NOBODY_THERE: Final = re.compile(
    r"CONNECTION_REFUSED|NAME_NOT_RESOLVED|ADDRESS_UNREACHABLE|ADDRESS_INVALID|CONNECTION_TIMED_OUT"
    r"|UNSAFE_PORT|SSL_|CERT_|INTERNET_DISCONNECTED|mixed-content",
    re.IGNORECASE,
)


def judge(recording: Recording) -> Iterator[Failure]:
    """One failure per streaming operation that met no ChatKit endpoint."""
    asked = streams(recording)
    if not asked:
        raise NotApplicable("no streaming operation was asked for")
    for exchange in asked:
        answer = answer_of(exchange)
        if answer is None:
            if failure := _unreachable(exchange):
                yield failure
        elif "URL" not in rewriting(exchange) and _is_wrong(recording, answer):
            yield _failure(answer)


def _is_wrong(recording: Recording, answer: StreamResponse) -> bool:
    if answer.status in {404, 405}:
        return not served_elsewhere(recording, answer.exchange)
    return (answer.accepted and answer.is_page) or 300 <= answer.status < 400


def _failure(answer: StreamResponse) -> Failure:
    url = quoted(answer.exchange.url)
    if answer.status == 405:
        how = "there is something there, but it takes no POST"
    elif answer.is_page and answer.accepted:
        how = "what lies there is a web page, such as the app's own index or a login form"
    elif 300 <= answer.status < 400:
        how = "it only redirects"
    else:
        how = "there is nothing there"
    return Failure(
        (answer.seen(),),
        turn=answer.exchange.turn,
        t_ms=answer.entry.t,
        why=f"{answer.exchange.op} was sent to {url} and answered with {answer.status}: {how}."
        f"{_effect(answer)}",
        details={"url": answer.exchange.url, "status": answer.status, "content_type": answer.mime},
    )


def _effect(answer: StreamResponse) -> str:
    if answer.hidden:
        return HIDDEN
    if answer.status >= 400:
        return (
            " ChatKit takes a 4xx as final: it drops the message and returns to the start screen, without "
            "any error."
        )
    return (
        f" ChatKit sends the same message again for half a minute ({answer.times} times so far), then drops "
        "it."
    )


def _unreachable(exchange: Exchange) -> Failure | None:
    failed = exchange.last.failed if exchange.last is not None else None
    if failed is None:
        return None
    error = f"{failed.data.error} {failed.data.blocked}"
    if failed.data.cors or not _NOBODY_THERE.search(error):
        return None
    mixed = "mixed-content" in error.lower()
    where = host_of(exchange.url)
    how = (
        "the page is https and the API URL is http, which browsers refuse"
        if mixed
        else f"nobody could be reached at {quoted(where or exchange.url)} ({failed.data.error})"
    )
    return Failure(
        (seen(failed, f"{exchange.op} never left for {quoted(exchange.url)}: {error.strip()}"),),
        turn=exchange.turn,
        t_ms=failed.t,
        why=f"The request could not be made: {how}.",
        details={"url": exchange.url, "status": 0, "error": failed.data.error},
    )


AUDIT = Audit(
    id="wrong-url",
    passes="The API URL leads to something that streams.",
    why="What answers at the API URL is no ChatKit backend.",
    fix="Check options.api.url: scheme, host, port, path (a missing or doubled /api, a leading slash), "
    "build-time environment variables, and rewrites of the dev server or the host. The endpoint takes POST "
    "on exactly this URL: `curl -X POST <url> -H 'content-type: application/json' -d "
    '\'{"type":"threads.list","params":{}}\'` must answer with JSON.',
    judge=judge,
    explains=RETRIED,
)
