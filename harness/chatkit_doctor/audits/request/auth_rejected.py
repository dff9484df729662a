"""Whether the backend accepted the credentials."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from chatkit_doctor.audits.audit import Audit, Failure
from chatkit_doctor.audits.failure_modes import REFUSED
from chatkit_doctor.audits.responses import HIDDEN, StreamResponse, answers, what_it_says
from chatkit_doctor.audits.wording import listed
from chatkit_doctor.recording.entries.request import Credential
from chatkit_doctor.recording.reader import Recording

_STATUSES: Final = frozenset({401, 403, 407})
_EFFECT: Final = " ChatKit drops the message and returns to the start screen, without an error."


def judge(recording: Recording) -> Iterator[Failure]:
    """One failure per streaming operation that was refused for lack of rights."""
    for answer in answers(recording):
        if answer.status in _STATUSES:
            yield _failure(recording, answer)


def _failure(recording: Recording, answer: StreamResponse) -> Failure:
    sent = answer.exchange.last.sent if answer.exchange.last is not None else None
    credentials = dict(sent.data.auth) if sent is not None else {}
    challenge = answer.header("cf-mitigated") == "challenge"
    asked = answer.header("www-authenticate")
    carried = _carried(credentials, known=sent is not None)
    told = "" if answer.is_page else what_it_says(recording, answer.exchange)
    why = f"{answer.exchange.op} was answered with {answer.status}.{told} {carried}"
    if challenge:
        why += " A bot protection in front of the backend rejected the request, not the backend itself."
    elif asked:
        why += f" The backend asks for: {asked}."
    return Failure(
        (answer.seen(),),
        turn=answer.exchange.turn,
        t_ms=answer.entry.t,
        why=why + (HIDDEN if answer.hidden else _EFFECT),
        details={"status": answer.status, "credentials": credentials, "challenge": challenge},
    )


def _carried(credentials: Mapping[str, Credential], *, known: bool) -> str:
    if not known:
        return "The page's own fetch created this response."
    empty = [name for name, state in credentials.items() if state == "empty"]
    if empty:
        return f"The request carried an empty {listed(empty)}, such as “Bearer” without a token."
    if credentials:
        return f"The request carried {listed(credentials)}; the backend did not accept it."
    return "The request carried no credentials at all: no Authorization header, no cookie."


AUDIT = Audit(
    id="auth-rejected",
    passes="The backend accepted the credentials.",
    why="The backend rejected the request: its credentials are missing or not accepted.",
    fix="Read the token inside options.api.fetch on each call and set the Authorization header there; "
    "merge headers instead of replacing them. For cookies send credentials: 'include' and allow the page's "
    "origin, or use a proxy on the page's own origin. Exempt this endpoint from CSRF checks.",
    judge=judge,
    explains=REFUSED,
)
