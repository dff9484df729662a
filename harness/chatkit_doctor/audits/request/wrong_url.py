"""Whether the API URL leads to a ChatKit backend."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from chatkit_doctor.audits.audit import Audit, Failure, NotApplicable, seen
from chatkit_doctor.audits.failure_modes import RETRIED
from chatkit_doctor.audits.responses import (
    HIDDEN,
    StreamResponse,
    answer_of,
    rewriting,
    served_elsewhere,
    what_it_says,
)
from chatkit_doctor.audits.unanswered import NOBODY_THERE, WRONG_ADDRESS, fault_of, sentence
from chatkit_doctor.audits.wording import host_of, quoted
from chatkit_doctor.conversation.transport_faults import CERTIFICATE, TABLE, TransportFault
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.recording.views.exchanges import Exchange, streams
from chatkit_doctor.vocabulary import Confidence

_SECURE: Final = (
    "Use the scheme that the server speaks on that port; behind a proxy, use the proxy's scheme and port."
)
_CERTIFICATE: Final = (
    "The server is reachable, but its certificate is not accepted: use http on localhost, or a certificate "
    "for this exact host name that the user's browser trusts (mkcert creates one for development)."
)
_FIXES: Final = {
    **dict.fromkeys(CERTIFICATE, _CERTIFICATE),
    TransportFault.TLS_EXPECTED: _SECURE,
    TransportFault.NO_TLS: _SECURE,
}


def judge(recording: Recording) -> Iterator[Failure]:
    """One failure per streaming operation that met no ChatKit endpoint."""
    asked = streams(recording)
    if not asked:
        raise NotApplicable("no streaming operation was requested")
    for exchange in asked:
        answer = answer_of(exchange)
        if answer is None:
            if failure := _unreachable(recording, exchange):
                yield failure
        elif "URL" not in rewriting(exchange) and _is_wrong(recording, answer):
            yield _failure(recording, answer)


def _is_wrong(recording: Recording, answer: StreamResponse) -> bool:
    if answer.status in {404, 405}:
        return not served_elsewhere(recording, answer.exchange)
    return (answer.accepted and answer.is_page) or 300 <= answer.status < 400


def _failure(recording: Recording, answer: StreamResponse) -> Failure:
    url = quoted(answer.exchange.url)
    if answer.status == 405:
        how = "something is there, but it does not accept POST"
    elif answer.is_page and answer.accepted:
        how = "the URL serves a web page, such as the app's index or a login form"
    elif 300 <= answer.status < 400:
        how = "it only redirects"
    else:
        how = "there is nothing there"
    return Failure(
        (answer.seen(),),
        turn=answer.exchange.turn,
        t_ms=answer.entry.t,
        why=f"{answer.exchange.op} was sent to {url} and answered with {answer.status}: {how}."
        f"{what_it_says(recording, answer.exchange)}{_effect(answer)}",
        details={"url": answer.exchange.url, "status": answer.status, "content_type": answer.mime},
    )


def _effect(answer: StreamResponse) -> str:
    if answer.hidden:
        return HIDDEN
    if answer.status >= 400:
        return (
            " ChatKit treats a 4xx as final: it drops the message and returns to the start screen, without "
            "an error."
        )
    return (
        f" ChatKit retries the same message for half a minute ({answer.times} times so far), then drops it."
    )


def _unreachable(recording: Recording, exchange: Exchange) -> Failure | None:
    failed = exchange.last.failed if exchange.last is not None else None
    if failed is None or failed.data.cors:
        return None
    fault = fault_of(failed)
    title = ""
    if "mixed-content" in f"{failed.data.error} {failed.data.blocked}".lower():
        how = "the page uses https and the API URL uses http, which browsers block"
    elif fault in WRONG_ADDRESS and fault is not None:
        how = f"at {quoted(host_of(exchange.url) or exchange.url)} {sentence(fault, failed)}"
        title = "" if fault in NOBODY_THERE else f"{TABLE[fault].says[0].upper()}{TABLE[fault].says[1:]}"
    else:
        return None
    # A browser may trust others than this client does.
    is_own_trust = recording.simulated and fault in CERTIFICATE
    return Failure(
        (seen(failed, f"{exchange.op} to {quoted(exchange.url)} got no response: {how}"),),
        turn=exchange.turn,
        t_ms=failed.t,
        title=title,
        why=f"The request could not be made: {how}.",
        fix=_FIXES.get(fault, "") if fault is not None else "",
        confidence=Confidence.LIKELY if is_own_trust else Confidence.CERTAIN,
        details={"url": exchange.url, "status": 0, "error": failed.data.error, "fault": fault or ""},
    )


AUDIT = Audit(
    id="wrong-url",
    passes="The API URL serves an event stream.",
    why="What responds at the API URL is not a ChatKit backend.",
    fix="Check options.api.url: scheme, host, port, path (a missing or doubled /api, a leading slash), "
    "build-time environment variables, and rewrites of the dev server or the host. The endpoint must accept "
    "POST on exactly this URL: `curl -X POST <url> -H 'content-type: application/json' -d "
    '\'{"type":"threads.list","params":{}}\'` must answer with JSON.',
    judge=judge,
    explains=RETRIED,
)
