"""The public ids: layers, symptoms, causes, verdicts.

Every machine-readable output (JSON report, JUnit, exit summary, a scenario's ``expect``) speaks in these
ids. An id is never renamed, only added: scripts and CI jobs of other people key on them.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Layer(StrEnum):
    """Where a message can be lost, in the order it travels from the page to the pixels and back."""

    PAGE = "page"
    FRAME = "frame"
    REQUEST = "request"
    WIRE = "wire"
    FETCH = "fetch"
    SSE = "sse"
    PROTOCOL = "protocol"
    COMPONENT = "component"
    DOM = "dom"
    PAINT = "paint"
    PERSISTENCE = "persistence"


LAYERS: Final[tuple[Layer, ...]] = tuple(Layer)
"""All layers in travel order; the index of a layer decides which of two causes came first."""


class Verdict(StrEnum):
    """The answer of one diagnosis. ``inconclusive`` is never green."""

    PASS = "pass"  # noqa: S105 - a verdict, not a password
    FAIL = "fail"
    INCONCLUSIVE = "inconclusive"


EXIT_CODES: Final[dict[Verdict, int]] = {Verdict.PASS: 0, Verdict.FAIL: 1, Verdict.INCONCLUSIVE: 2}
"""Process exit code of each verdict; 2 is also "the tool could not run"."""


class Confidence(StrEnum):
    """How sure a root cause is."""

    PROVEN = "proven"
    """Without it, and with all else as it was, the session passed in the browser."""
    CERTAIN = "certain"
    """A layer shows it directly, and a simulated experiment confirms it; or none can be made, and nothing
    else that was found accounts for the same symptoms."""
    LIKELY = "likely"
    """All other: inferred, or not tried out, or one of several that account for the same."""


SYMPTOMS: Final[dict[str, str]] = {
    "no-component": "The chat never appeared: there is no element, or no frame in it.",
    "blank-panel": "The panel is empty: no start screen, no messages.",
    "send-ignored": "A message was sent and no request left the component.",
    "start-screen-returned": "After sending, the conversation was dropped and the start screen came back.",
    "user-message-missing": "The sent message is not in the final transcript and was never put up there.",
    "user-message-vanished": "The sent message was put up, if only for a moment, and then removed.",
    "reply-missing": "No reply is in the final transcript and none was ever shown.",
    "reply-vanished": "Reply text was shown and then removed.",
    "reply-truncated": "The shown reply is only the beginning of the text the backend sent.",
    "reply-altered": "The shown reply differs from the text the backend sent.",
    "reply-duplicated": "One reply is shown twice.",
    "reply-overwritten": "An earlier turn's reply was replaced by a later one.",
    "turn-crashed": "The component shows its own fallback in place of a turn.",
    "error-shown": "An error banner or notice is shown.",
    "stuck-responding": 'The turn was still "responding" when the time limit came.',
    "reply-not-live": "The text was not shown while it was produced, only all at once at the end.",
    "markup-shown": "Citation markers or a widget's JSON stand in the text a person reads.",
    "request-storm": "The component asks the same thing again and again without end.",
    "history-lost": "After a reload, messages shown before are gone.",
    "history-altered": "After a reload, the same thread has other text, order or count.",
}
"""What the person at the screen sees, by id."""

CAUSES: Final[dict[str, tuple[Layer | None, str]]] = {
    "script-not-loaded": (Layer.PAGE, "chatkit.js was not requested, failed, or came from a wrong place"),
    "script-blocked-by-csp": (Layer.PAGE, "The page's CSP refused chatkit.js"),
    "options-never-set": (Layer.PAGE, "The element exists, but setOptions was never called"),
    "invalid-options": (Layer.PAGE, "The component rejected its options"),
    "container-not-visible": (Layer.PAGE, "The element cannot be seen where the page puts it"),
    "insecure-context": (Layer.PAGE, "The page is http on a host that is not localhost"),
    "element-remounted": (Layer.PAGE, "The element was removed or re-created during a turn"),
    "app-reset-thread": (Layer.PAGE, "The page itself emptied the view"),
    "client-tool-unhandled": (Layer.PAGE, "A client tool call was never answered by the page"),
    "frame-blocked-by-csp": (Layer.FRAME, "frame-src or COEP refused the component's frame"),
    "frame-load-failed": (Layer.FRAME, "The frame's document or main bundle failed to load"),
    "frame-asset-missing": (Layer.FRAME, "A lazily loaded asset of the frame failed"),
    "domain-not-verified": (Layer.FRAME, "The domain check answered no, so the frame removed itself"),
    "domain-check-unreachable": (Layer.FRAME, "The domain check could not be made"),
    "wrong-url": (Layer.REQUEST, "The API URL does not lead to a ChatKit backend"),
    "auth-rejected": (Layer.REQUEST, "The backend refused the credentials"),
    "cors-blocked": (Layer.REQUEST, "The browser blocked the request or its answer (CORS)"),
    "connect-blocked-by-csp": (Layer.REQUEST, "The page's connect-src refused the request"),
    "request-rewritten": (Layer.REQUEST, "The page's fetch sent something else than the component asked for"),
    "request-rejected": (Layer.REQUEST, "The backend does not understand the operation"),
    "client-secret-failed": (Layer.REQUEST, "The page could not get the client secret of hosted mode"),
    "server-error": (Layer.WIRE, "The backend answered with a server error"),
    "wrong-content-type": (Layer.WIRE, "A streaming operation is not answered with text/event-stream"),
    "empty-body": (Layer.WIRE, "The answer is a success with nothing in it"),
    "content-encoding-mismatch": (
        Layer.WIRE,
        "The header content-encoding says something else than the body is",
    ),
    "stream-cut": (Layer.WIRE, "The body broke off before its end"),
    "stream-never-ends": (Layer.WIRE, "The connection stays open after the last event"),
    "stream-buffered": (Layer.WIRE, "The whole body arrived at once although it took time to produce"),
    "operation-failed": (Layer.WIRE, "An operation that carries no message was refused, or not answered"),
    "upload-failed": (Layer.WIRE, "An attached file could not be uploaded"),
    "fetch-threw": (Layer.FETCH, "The page's fetch rejected"),
    "fetch-not-a-response": (Layer.FETCH, "The page's fetch returned something that is no Response"),
    "fetch-consumed-body": (Layer.FETCH, "The page's fetch handed over a body already read"),
    "fetch-dropped-headers": (Layer.FETCH, "The page's fetch dropped the content type of the answer"),
    "fetch-altered-stream": (Layer.FETCH, "The page's fetch handed over other bytes than the wire brought"),
    "fetch-buffered-stream": (Layer.FETCH, "The page's fetch handed the stream over in one piece"),
    "sse-bad-framing": (Layer.SSE, "The body is not a sequence of server-sent events"),
    "sse-bad-json": (Layer.SSE, "An event's data is not JSON"),
    "sse-double-encoded": (Layer.SSE, "An event's data is a JSON string that contains JSON"),
    "sse-done-marker": (Layer.SSE, "The stream carries a [DONE] marker, which is no ChatKit event"),
    "wrong-dialect": (Layer.PROTOCOL, "The events belong to another protocol"),
    "unknown-event": (Layer.PROTOCOL, "Single events are of unknown type"),
    "thread-created-missing": (Layer.PROTOCOL, "A new thread's stream never announces the thread"),
    "thread-created-late": (Layer.PROTOCOL, "Events came before thread.created and were dropped"),
    "user-item-missing": (Layer.PROTOCOL, "The user's own message is never confirmed"),
    "reply-item-missing": (Layer.PROTOCOL, "There is no assistant item in the stream"),
    "item-not-wrapped": (Layer.PROTOCOL, "An item is sent bare, without thread.item.done around it"),
    "item-never-done": (Layer.PROTOCOL, "An added item is never finished"),
    "item-removed": (Layer.PROTOCOL, "The backend removed what it had sent"),
    "item-id-collision": (Layer.PROTOCOL, "One id is used for two items"),
    "item-id-mismatch": (Layer.PROTOCOL, "Updates name an id that no item has"),
    "thread-id-mismatch": (Layer.PROTOCOL, "Thread ids differ between events, requests or turns"),
    "invalid-event": (Layer.PROTOCOL, "An event has the right type and the wrong shape"),
    "empty-reply": (Layer.PROTOCOL, "The final assistant item carries no text"),
    "markup-in-reply": (Layer.PROTOCOL, "The text of a reply carries what is meant for a program"),
    "backend-error-event": (Layer.PROTOCOL, "The backend sent an error event"),
    "error-told-as-reply": (Layer.PROTOCOL, "A failure is told in the words of an ordinary reply"),
    "first-message-ignored": (Layer.PROTOCOL, "threads.create is answered without a reply to params.input"),
    "workflow-left-open": (Layer.PROTOCOL, "A workflow or task never completes"),
    "invalid-answer": (Layer.PROTOCOL, "An operation that carries no message got an answer of another shape"),
    "handler-error": (Layer.COMPONENT, "The component threw while handling an event"),
    "render-error": (Layer.COMPONENT, "The component threw while rendering a turn"),
    "event-burst": (Layer.COMPONENT, "More events came at once than the component bears"),
    "thread-not-restored": (Layer.PERSISTENCE, "The page does not ask for its thread after a reload"),
    "thread-read-failed": (Layer.PERSISTENCE, "Reading the thread fails or has a wrong shape"),
    "paging-broken": (Layer.PERSISTENCE, "Pages of a thread's items repeat and never end"),
    "threads-list-invalid": (Layer.PERSISTENCE, "threads.list fails or has a wrong shape"),
    "store-lost-items": (Layer.PERSISTENCE, "Items that were streamed are not in the stored thread"),
    "store-changed-items": (Layer.PERSISTENCE, "Stored items have other ids, text or order"),
    "unexplained": (None, "There are symptoms, and no cause was found"),
}
"""Why it happened, by id: the layer it lives in (none for ``unexplained``) and a one-line title."""

STREAMING_OPS: Final[frozenset[str]] = frozenset(
    {
        "threads.create",
        "threads.add_user_message",
        "threads.add_client_tool_output",
        "threads.add_structured_input",
        "threads.retry_after_item",
        "threads.custom_action",
    }
)
"""Operations that are answered with ``text/event-stream`` (PyPI openai-chatkit, ``StreamingReq``)."""

JSON_OPS: Final[frozenset[str]] = frozenset(
    {
        "threads.get_by_id",
        "threads.list",
        "items.list",
        "items.feedback",
        "attachments.create",
        "attachments.delete",
        "threads.update",
        "threads.delete",
        "input.transcribe",
        "threads.sync_custom_action",
    }
)
"""Operations that are answered with one JSON document (PyPI openai-chatkit, ``NonStreamingReq``)."""

TURN_OPS: Final[frozenset[str]] = frozenset({"threads.create", "threads.add_user_message"})
"""Operations that carry a message the person typed."""

READING_OPS: Final[frozenset[str]] = frozenset({"threads.get_by_id", "threads.list", "items.list"})
"""Operations that read what is stored."""

GOING_ON_OPS: Final[frozenset[str]] = frozenset(
    {"threads.add_client_tool_output", "threads.add_structured_input", "threads.retry_after_item"}
)
"""Operations that a reply has to come of, though they carry no message."""
