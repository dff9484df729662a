"""Whether what the page sent is what the component asked for, where the backend refused it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from chatkit_doctor.audits.audit import Audit, Evidence, Failure, seen
from chatkit_doctor.audits.failure_modes import RETRIED
from chatkit_doctor.audits.responses import StreamResponse, answers, asked_otherwise, excerpt, rewriting
from chatkit_doctor.audits.wording import listed, quoted
from chatkit_doctor.component.retry import EVENT_STREAM
from chatkit_doctor.protocol.payload import json_or_text
from chatkit_doctor.recording.reader import Recording


def judge(recording: Recording) -> Iterator[Failure]:
    """One failure per streaming operation that the page changed and the backend did not take.

    A backend that streams in answer to the changed request is made for it: then the change is not a cause.
    """
    for answer in answers(recording):
        changed = rewriting(answer.exchange)
        custom = answer.exchange.custom
        fixed = custom is not None and custom.mime == EVENT_STREAM
        if not changed or fixed or _is_made_for_it(recording, answer):
            continue
        if _is_to_blame(changed, answer) or asked_otherwise(recording, answer):
            yield _failure(recording, answer, changed)


def _is_made_for_it(recording: Recording, answer: StreamResponse) -> bool:
    """Whether the backend failed at what it streamed for another time: that is its own affair."""
    return answer.status >= 500 and any(
        other.accepted and other.is_stream and rewriting(other.exchange)
        for other in answers(recording)
        if _sent_to(other) == _sent_to(answer)
    )


def _sent_to(answer: StreamResponse) -> str:
    last = answer.exchange.last
    return last.sent.data.url if last is not None and last.sent is not None else ""


def _is_to_blame(changed: list[str], answer: StreamResponse) -> bool:
    if answer.status in {401, 403, 407, 429}:
        return False
    if answer.status in {404, 405} or (answer.accepted and answer.is_page):
        return "URL" in changed or (answer.status == 405 and "method" in changed)
    return answer.status >= 400


def _failure(recording: Recording, answer: StreamResponse, changed: list[str]) -> Failure:
    exchange = answer.exchange
    sent = exchange.last.sent if exchange.last is not None else None
    evidence: list[Evidence] = []
    if exchange.asked is not None:
        evidence.append(
            seen(
                exchange.asked,
                f"the component requests {exchange.op}{_keys(json_or_text(exchange.asked.data.body))}",
            )
        )
    if sent is not None:
        method = sent.data.method
        text = f"the page sends {method} {quoted(sent.data.url)}{_keys(sent.data.body)}"
        evidence.append(seen(sent, text))
    evidence.append(answer.seen())
    said = excerpt(recording, exchange)
    told = f" It says: {quoted(said)}." if said else ""
    reaction = (
        f"did not respond with a stream, but with {answer.mime or 'something without a content type'}"
        if answer.accepted
        else f"rejected the result with {answer.status}"
    )
    return Failure(
        tuple(evidence),
        turn=exchange.turn,
        t_ms=answer.entry.t,
        why=f"The page's own fetch changed the {listed(changed)} of {exchange.op}, and the backend "
        f"{reaction}.{told}",
        details={"changed": changed, "status": answer.status},
    )


def _keys(body: object) -> str:
    return f" with the keys {listed(map(str, body))}" if isinstance(body, Mapping) and body else ""


AUDIT = Audit(
    id="request-rewritten",
    passes="The page sent what the component requested, or the backend accepted what it sent.",
    why="The page's own fetch changed the request, and the backend rejected the result.",
    fix="In options.api.fetch pass url and init on unchanged and only add headers: "
    "fetch(url, {...init, headers: {...init.headers, Authorization: …}}). A ChatKit backend needs the whole "
    "body: type, params and metadata.",
    judge=judge,
    explains=RETRIED,
)
