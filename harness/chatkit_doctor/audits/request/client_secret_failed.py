"""Whether the page gave the component a client secret whenever it was requested one (hosted mode)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from chatkit_doctor.audits.audit import Audit, Evidence, Failure, NotApplicable, absent, seen
from chatkit_doctor.audits.failure_modes import CHAT_GOES_AWAY, REFUSED
from chatkit_doctor.audits.wording import listed, quoted
from chatkit_doctor.recording.entries import ComponentEvent, Entry, SecretGiven, SecretRequest
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.recording.views.hosted import SecretCall, is_hosted, secret_calls
from chatkit_doctor.recording.views.timeline import timeline

_REFUSAL: Final = "ChatKitOptions.api.getClientSecret()"
"""What the component's error begins with when a text is no client secret (measured)."""
_EFFECT: Final = (
    " Without a client secret ChatKit still sends its requests to OpenAI, which rejects them with 401."
)
_KEPT: Final = " After that it does not ask again until the page reloads."
"""What a rejection leads to, and nothing else (measured)."""


def judge(recording: Recording) -> Iterator[Failure]:
    """One failure per call that returned no client secret, or not in time."""
    if not is_hosted(recording):
        raise NotApplicable("the page uses its own backend and has no getClientSecret")
    calls = secret_calls(recording)
    if not calls:
        raise NotApplicable("the component requested no client secret")
    for call in calls:
        if failure := _judged(recording, call):
            yield failure


def _judged(recording: Recording, call: SecretCall) -> Failure | None:
    if _is_missed(recording, call):
        return _late(recording, call)
    if call.failed is not None:
        said = quoted(call.failed.data.error)
        return _failure(
            recording,
            call,
            seen(call.failed, f"getClientSecret threw {said}"),
            what=f"threw {said}",
            effect=_EFFECT + _KEPT,
            fix="" if _bad(call) else "Find out what throws: the browser's console has the stack trace.",
        )
    return _of_what_was_given(recording, call, call.given) if call.given is not None else None


def _of_what_was_given(recording: Recording, call: SecretCall, given: Entry[SecretGiven]) -> Failure | None:
    what = given.data.what
    if what == "text" and given.data.unchanged:
        return _failure(
            recording,
            call,
            seen(given, "it returned the secret that had just expired or been rejected"),
            what="returned the same secret that ChatKit had passed to it as expired or rejected",
            fix="Create a new session whenever getClientSecret is called with the current secret; do not "
            "cache the result of the first call.",
        )
    if what == "text":
        refused = _refusal_of(recording, given)
        if refused is None:
            return None
        return _failure(
            recording,
            call,
            seen(refused, "the component rejects the value: it is not a client secret"),
            what="returned a string that is not a client secret",
            fix="Return the session's `client_secret` (it starts with ek_), not its id or an API key.",
        )
    words = {"empty": "an empty text", "object": "an object", "other": "something else than a text"}
    found = words.get(what, what)
    keys = f" with the keys {listed(given.data.keys)}" if given.data.keys else ""
    fix = "Return the string in `client_secret`, not the whole response." if what == "object" else ""
    return _failure(
        recording,
        call,
        seen(given, f"getClientSecret returned {found}{keys}"),
        what=f"returned {found}{keys}",
        fix=fix,
    )


def _failure(
    recording: Recording, call: SecretCall, last: Evidence, *, what: str, fix: str = "", effect: str = _EFFECT
) -> Failure:
    bad = _bad(call)
    evidence = (seen(bad, _answer(bad.data)), last) if bad is not None else (last,)
    again = "When ChatKit asked for a new client secret, " if call.asked.data.renews else ""
    asked = f"{_answer(bad.data)}, and " if bad is not None else ""
    why = f"{again}{asked}getClientSecret {what}.{effect}"
    return Failure(
        evidence,
        turn=_turn_of(recording, call),
        t_ms=last.t_ms,
        title=f"The endpoint for client secrets failed: {_answer(bad.data)}" if bad is not None else "",
        why=why[0].upper() + why[1:] if bad is not None else why,
        fix=f"{fix} {AUDIT.fix}".strip(),
        details=_details(call),
    )


def _late(recording: Recording, call: SecretCall) -> Failure:
    waiting = next((e.data for e in reversed(call.requests)), None)
    until = f" Its last request was {_answer(waiting)}." if waiting is not None else ""
    if call.is_open:
        end = absent(call.until_ms, "it had not resolved when the turn ended")
    else:
        end = absent(call.until_ms, "it resolved only after the turn ended")
    waited = (call.until_ms - call.asked.t) / 1000
    return Failure(
        (seen(call.asked, "the component requests a client secret"), end),
        turn=_turn_of(recording, call),
        t_ms=call.until_ms,
        title="The page's getClientSecret did not answer in time",
        why=f"ChatKit called getClientSecret and waited for {waited:.0f} s.{until} Until it answers, no "
        "message is sent at all.",
        fix=f"Make sure that the promise settles, and give the request inside it a timeout. {AUDIT.fix}",
        details=_details(call),
    )


def _is_missed(recording: Recording, call: SecretCall) -> bool:
    """Whether a turn was over before the secret came that it needed."""
    return any(
        turn.over and turn.limit is not None and call.asked.t <= turn.closed_ms <= call.until_ms
        for turn in recording.derive(timeline).turns
    )


def _bad(call: SecretCall) -> Entry[SecretRequest] | None:
    """The request for the secret that failed, the last of them if there are several."""
    failing = (e for e in call.requests if e.data.error or (e.data.status or 0) >= 400)
    return next(reversed(list(failing)), None)


def _answer(request: SecretRequest) -> str:
    went = f"was answered with {request.status}" if request.status else f"failed ({request.error})"
    return f"{request.method} {quoted(request.url)} {went}"


def _refusal_of(recording: Recording, given: Entry[SecretGiven]) -> Entry[ComponentEvent] | None:
    """The component's own word that a text is no client secret; the next one is of the next text."""
    following = next((e.t for e in recording.of(SecretGiven) if e.n > given.n), recording.end_ms + 1)
    return next(
        (
            entry
            for entry in recording.of(ComponentEvent)
            if entry.data.name == "error"
            and given.n < entry.n
            and entry.t < following
            and _REFUSAL in str(entry.data.details.get("error"))
        ),
        None,
    )


def _turn_of(recording: Recording, call: SecretCall) -> int | None:
    """The turn in which a secret was requested anew; the first one is for all of them."""
    if not call.asked.data.renews:
        return None
    return next((t.turn for t in recording.derive(timeline).turns if t.holds(call.asked.t)), None)


def _details(call: SecretCall) -> dict[str, object]:
    bad = _bad(call)
    return {
        "endpoint": bad.data.url if bad is not None else "",
        "status": bad.data.status if bad is not None else None,
        "error": call.failed.data.error if call.failed is not None else "",
        "gave": call.given.data.what if call.given is not None else "",
    }


AUDIT = Audit(
    id="client-secret-failed",
    passes="The page returned a client secret whenever the component requested one.",
    why="In hosted mode the component asks the page for a client secret, but got none.",
    fix="Make getClientSecret resolve to the `client_secret` of a session that your server creates (POST "
    "https://api.openai.com/v1/chatkit/sessions, with the API key, which stays on the server). Check "
    "response.ok before reading the body, and create a new session each time.",
    judge=judge,
    explains=REFUSED | CHAT_GOES_AWAY,
)
