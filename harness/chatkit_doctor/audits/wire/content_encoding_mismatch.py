"""Whether bodies are encoded as their header ``content-encoding`` says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from chatkit_doctor.audits.audit import Audit, Evidence, Failure, NotApplicable, seen
from chatkit_doctor.audits.failure_modes import EVENTS_LOST, HISTORY
from chatkit_doctor.audits.responses import is_undecodable
from chatkit_doctor.audits.wording import quoted
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.recording.views.exchanges import Attempt, Exchange, exchanges, header

_BEGINNINGS: Final = ((b"\x1f\x8b", "gzip"), (b"\x28\xb5\x2f\xfd", "zstd"))
"""How a compressed body begins: RFC 1952 and RFC 8878. Brotli has no mark of its own."""


def judge(recording: Recording) -> Iterator[Failure]:
    """One failure per answer whose body contradicts the header, in either direction."""
    answered = [(e, e.last) for e in exchanges(recording) if e.last is not None and e.last.response]
    if not answered:
        raise NotApplicable("nothing was answered")
    for exchange, attempt in answered:
        said = header(attempt.response, "content-encoding")
        if is_undecodable(attempt):
            how = f"the content-encoding header says {quoted(said)}, but the body is something else"
            effect = "The browser rejects it at its first bytes, and the component reports a network error."
            yield _failure(exchange, attempt, how, effect, said)
        elif not said and (found := _compression(attempt.body(recording))):
            how = f"the body is compressed ({found}), but no content-encoding header says so"
            yield _failure(
                exchange, attempt, how, "The component receives it still compressed and cannot read it.", ""
            )


def _compression(body: bytes) -> str:
    return next((name for begin, name in _BEGINNINGS if body.startswith(begin)), "")


def _failure(exchange: Exchange, attempt: Attempt, how: str, effect: str, said: str) -> Failure:
    entry = attempt.end or attempt.response
    evidence = seen(entry, how) if entry is not None else Evidence(0, exchange.t, how)
    return Failure(
        (evidence,),
        turn=exchange.turn,
        t_ms=evidence.t_ms,
        why=f"In the response to {exchange.op}, {how}. {effect}",
        explains=None if exchange.streaming else HISTORY,
        details={"content_encoding": said, "op": exchange.op},
    )


AUDIT = Audit(
    id="content-encoding-mismatch",
    passes="Every body matches its content-encoding header.",
    why="The content-encoding header and the body contradict each other.",
    fix="Remove the content-encoding header when you decompress a body, and set it when you compress one. "
    "A proxy that reads a response with an HTTP client (httpx, requests, fetch) gets it decompressed: "
    "forward neither its content-encoding nor its content-length. Do not compress event streams.",
    judge=judge,
    explains=EVENTS_LOST | HISTORY,
)
