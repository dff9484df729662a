"""Whether the browser let the request and its answer pass (CORS)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from chatkit_doctor.audits.audit import Audit, Evidence, Failure, NotApplicable, seen
from chatkit_doctor.audits.failure_modes import HISTORY, REFUSED
from chatkit_doctor.audits.responses import hidden_error
from chatkit_doctor.audits.wording import quoted
from chatkit_doctor.origins import origin_of
from chatkit_doctor.recording.entries import PageDocument
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.recording.views.exchanges import Attempt, Exchange, exchanges
from chatkit_doctor.vocabulary import Confidence

_OWN_HEADER: Final = "chatkit-frame-instance-id"
_NO_REASON: Final = "net::ERR_FAILED"
"""What a page, a HAR and Playwright are told of a request that Chromium blocked."""
_CREDENTIALS: Final = "Access-Control-Allow-Credentials is not true while credentials are sent"
_WORDS: Final = {
    "HeaderDisallowedByPreflightResponse": "the preflight response does not allow the header {what}",
    "PreflightInvalidStatus": "the preflight (OPTIONS) was answered with {status} instead of a success "
    "status",
    "PreflightMissingAllowOriginHeader": "the preflight response has no Access-Control-Allow-Origin",
    "MissingAllowOriginHeader": "the response has no Access-Control-Allow-Origin",
    "PreflightAllowOriginMismatch": "the preflight response allows another origin",
    "AllowOriginMismatch": "the response allows another origin",
    "MultipleAllowOriginValues": "the response names several origins in Access-Control-Allow-Origin",
    "PreflightMultipleAllowOriginValues": "the preflight response names several origins",
    "WildcardOriginNotAllowed": "Access-Control-Allow-Origin is * while credentials are sent",
    "PreflightWildcardOriginNotAllowed": "Access-Control-Allow-Origin is * while credentials are sent",
    "InvalidAllowCredentials": _CREDENTIALS,
    "PreflightInvalidAllowCredentials": _CREDENTIALS,
    "MethodDisallowedByPreflightResponse": "the preflight response does not allow POST",
    "PreflightDisallowedRedirect": "the preflight was redirected, which is not allowed",
}
_OF_THE_ORIGIN: Final = frozenset(
    {
        "PreflightInvalidStatus",
        "PreflightMissingAllowOriginHeader",
        "MissingAllowOriginHeader",
        "PreflightAllowOriginMismatch",
        "AllowOriginMismatch",
    }
)
"""What a backend's answer lacks that does not know the page's origin, and may well know another."""


def judge(recording: Recording) -> Iterator[Failure]:
    """One failure per operation the browser blocked."""
    found = exchanges(recording)
    if not found:
        raise NotApplicable("no request to the backend was seen")
    asked = [(e, e.last) for e in found if e.last is not None]
    unsaid = [attempt for _, attempt in asked if _is_blocked_unsaid(recording, attempt)]
    blocked = [(e, attempt) for e, attempt in asked if attempt in unsaid or _is_blocked(attempt)]
    carries_messages = any(exchange.streaming for exchange in found)
    # What was asked first is not what weighs most: without streams nothing is said at all.
    blocked.sort(key=lambda each: not each[0].streaming)
    for exchange, attempt in blocked:
        failure = _unsaid(exchange, attempt) if attempt in unsaid else _failure(exchange, attempt)
        if recording.header.target.kind == "backend" and failure.details["error"] in _OF_THE_ORIGIN:
            failure = _of_a_page_of_ours(failure, recording, attempt)
        if carries_messages and not exchange.streaming:
            reads = exchange.op in {"threads.get_by_id", "items.list"}
            failure = replace(failure, explains=HISTORY, warns_only=not reads)
        yield failure


def _is_blocked(attempt: Attempt) -> bool:
    """Whether CORS is what is in the way.

    An error that is hidden for lack of its headers has a cause of its own: the preflight was allowed.
    """
    failed = attempt.failed
    if hidden_error(attempt):
        return False
    return failed is not None and (failed.data.blocked == "cors" or bool(failed.data.cors.strip()))


def _is_blocked_unsaid(recording: Recording, attempt: Attempt) -> bool:
    """Whether a request to another origin failed for no reason: what a blocked one is without DevTools."""
    failed, sent = attempt.failed, attempt.sent
    if failed is None or sent is None or failed.data.cors or failed.data.blocked or failed.data.aborted:
        return False
    document = recording.last(PageDocument)
    page = sent.data.headers.get("origin") or (document.data.url if document is not None else "")
    here = origin_of(page)
    is_foreign = here is not None and here != origin_of(sent.data.url)
    return is_foreign and failed.data.status is None and _NO_REASON in failed.data.error


def _unsaid(exchange: Exchange, attempt: Attempt) -> Failure:
    """What the two things that look alike have in common, and how to tell them apart."""
    failed = attempt.failed
    assert failed is not None  # noqa: S101 - only such are unsaid
    return Failure(
        (seen(failed, f"{exchange.op} failed with {failed.data.error} and nothing else"),),
        turn=exchange.turn,
        t_ms=failed.t,
        title="The browser blocked the response: CORS headers are missing, possibly on a server error",
        why=f"{exchange.op} went to {quoted(exchange.url)}, a different origin from the page's, and the "
        "browser gives no reason. Either the backend's CORS headers do not allow the request, or the "
        "backend failed (500) and its error response has no CORS headers, as when it is created outside "
        "the middleware that adds them. Only DevTools shows which.",
        fix="Check the backend's log at that moment: an exception there is the cause. Without one, "
        f"{AUDIT.fix[0].lower()}{AUDIT.fix[1:]} To tell them apart, check in Chromium, or lint the URL with "
        "--origin.",
        confidence=Confidence.LIKELY,
        details={"error": failed.data.error, "header": "", "preflight_status": 0, "hidden": "unknown"},
    )


def _failure(exchange: Exchange, attempt: Attempt) -> Failure:
    failed = attempt.failed
    error, _, what = (failed.data.cors if failed is not None else "").partition(" ")
    evidence: list[Evidence] = []
    preflight = attempt.preflight
    status = (preflight.data.status or 0) if preflight is not None else 0
    if preflight is not None:
        asked, allowed = preflight.data.asked_headers, preflight.data.allowed_headers
        text = f"preflight: status {status}, requests {quoted(asked)}, allows {quoted(allowed)}"
        evidence.append(seen(preflight, text))
    if failed is not None:
        evidence.append(seen(failed, f"{exchange.op} was blocked: {failed.data.cors or failed.data.error}"))
    how = _WORDS.get(error, error or "the browser gives no details").format(
        what=quoted(what or _OWN_HEADER), status=status
    )
    return Failure(
        tuple(evidence),
        turn=exchange.turn,
        t_ms=evidence[-1].t_ms,
        why=f"The browser blocked {exchange.op} to {quoted(exchange.url)}: {how}. ChatKit sends "
        f"content-type and {_OWN_HEADER}, so every request to another origin is preceded by a preflight.",
        details={"error": error, "header": what, "preflight_status": status},
    )


def _of_a_page_of_ours(failure: Failure, recording: Recording, attempt: Attempt) -> Failure:
    """The same where the page that is refused is not the user's, but made for the check."""
    document = recording.last(PageDocument)
    page = str(origin_of(document.data.url) if document is not None else "") or "the origin of this page"
    allowed = attempt.preflight.data.allowed_origin if attempt.preflight is not None else ""
    example = allowed if origin_of(allowed) is not None else "http://localhost:3000"
    other = f" It allows {allowed}." if allowed else ""
    return replace(
        failure,
        title="The backend does not allow the page that chatkit-doctor opened",
        why=f"The backend does not allow the page at {page}, which was created for this check.{other} This "
        f"may not be a fault: your own page may be allowed. {failure.why}",
        fix=f"If your own page is allowed, check again with `--origin {example}` (your page's origin; a "
        "server may keep running there), or check the page itself: `chatkit-doctor check --page URL`. "
        "Otherwise: "
        f"{AUDIT.fix[0].lower()}{AUDIT.fix[1:]}",
    )


AUDIT = Audit(
    id="cors-blocked",
    passes="The browser allowed every request.",
    why="The page and the backend have different origins, and the backend's CORS headers do not allow the "
    "request.",
    fix="On the backend, allow the page's exact origin, the method POST, and the headers content-type, "
    f"{_OWN_HEADER}, accept-language, and whatever your own fetch adds (authorization …), or all headers; "
    "answer OPTIONS without requiring credentials. FastAPI: CORSMiddleware(allow_origins=[…], "
    "allow_methods=['*'], allow_headers=['*']). Error responses need the headers too. Or serve the API from "
    "the page's own origin.",
    judge=judge,
    explains=REFUSED | HISTORY,
)
