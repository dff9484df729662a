"""The public ids: layers, symptoms, causes, verdicts.

Every machine-readable output (JSON report, JUnit, exit summary, a scenario's ``expect``) speaks in these
ids. An id is never renamed, only added: scripts and CI jobs of other users key on them.
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
    """With only this cause repaired, the replayed session passed in the browser."""
    CERTAIN = "certain"
    """A layer shows it directly, and a simulated experiment confirms it; or no experiment is possible and
    nothing else that was found accounts for the same symptoms."""
    LIKELY = "likely"
    """All others: inferred, not tried out, or one of several that account for the same symptoms."""


SYMPTOMS: Final[dict[str, str]] = {
    "no-component": "The chat never appeared: there is no element, or no frame in it.",
    "blank-panel": "The panel is empty: no start screen, no messages.",
    "send-ignored": "A message was sent and no request left the component.",
    "start-screen-returned": "After sending, the conversation was dropped and the start screen returned.",
    "user-message-missing": "The sent message is not in the final transcript and was never shown.",
    "user-message-vanished": "The sent message was shown, if only for a moment, and then removed.",
    "reply-missing": "No reply is in the final transcript and none was ever shown.",
    "reply-vanished": "Reply text was shown and then removed.",
    "reply-truncated": "The shown reply is only the beginning of the text the backend sent.",
    "reply-altered": "The shown reply differs from the text the backend sent.",
    "reply-duplicated": "One reply is shown twice.",
    "reply-overwritten": "An earlier turn's reply was replaced by a later one.",
    "turn-crashed": "The component shows its own fallback in place of a turn.",
    "error-shown": "An error banner or notice is shown.",
    "stuck-responding": 'The turn was still "responding" when the time limit was reached.',
    "reply-not-live": "The text was not shown while it was produced, but all at once at the end.",
    "markup-shown": "Citation markers or a widget's JSON appear in the text on screen.",
    "request-storm": "The component repeats the same request endlessly.",
    "history-lost": "After a reload, messages that were shown before are gone.",
    "history-altered": "After a reload, the thread differs in text, order or number of messages.",
}
"""What the user sees, by id."""

CAUSES: Final[dict[str, tuple[Layer | None, str]]] = {
    "script-not-loaded": (
        Layer.PAGE,
        "chatkit.js was not requested, failed to load, or came from the wrong place",
    ),
    "script-blocked-by-csp": (Layer.PAGE, "The page's CSP blocked chatkit.js"),
    "options-never-set": (Layer.PAGE, "The element exists, but setOptions was never called"),
    "invalid-options": (Layer.PAGE, "The component rejected its options"),
    "container-not-visible": (Layer.PAGE, "The element is not visible where the page puts it"),
    "insecure-context": (Layer.PAGE, "The page uses http on a host that is not localhost"),
    "element-remounted": (Layer.PAGE, "The element was removed or re-created during a turn"),
    "app-reset-thread": (Layer.PAGE, "A call made by the page emptied the view"),
    "client-tool-unhandled": (Layer.PAGE, "The page never answered a client tool call"),
    "frame-blocked-by-csp": (Layer.FRAME, "frame-src or COEP blocked the component's frame"),
    "frame-load-failed": (Layer.FRAME, "The frame's document or main bundle failed to load"),
    "frame-asset-missing": (Layer.FRAME, "A lazily loaded asset of the frame failed to load"),
    "domain-not-verified": (Layer.FRAME, "The domain check was negative, so the component removed its frame"),
    "domain-check-unreachable": (Layer.FRAME, "The domain check got no response"),
    "wrong-url": (Layer.REQUEST, "The API URL is not that of a ChatKit backend"),
    "auth-rejected": (Layer.REQUEST, "The backend rejected the credentials"),
    "cors-blocked": (Layer.REQUEST, "The browser blocked the request or its response (CORS)"),
    "connect-blocked-by-csp": (Layer.REQUEST, "The page's connect-src blocked the request"),
    "request-rewritten": (
        Layer.REQUEST,
        "The page's fetch sent something other than what the component requested",
    ),
    "request-rejected": (Layer.REQUEST, "The backend does not understand the operation"),
    "client-secret-failed": (Layer.REQUEST, "The page could not get the client secret of hosted mode"),
    "server-error": (Layer.WIRE, "The backend answered with a server error"),
    "wrong-content-type": (Layer.WIRE, "A streaming operation was not answered with text/event-stream"),
    "empty-body": (Layer.WIRE, "The response is successful but empty"),
    "content-encoding-mismatch": (
        Layer.WIRE,
        "The content-encoding header does not match the body",
    ),
    "stream-cut": (Layer.WIRE, "The body was cut off before its end"),
    "stream-never-ends": (Layer.WIRE, "The connection stays open after the last event"),
    "stream-buffered": (Layer.WIRE, "The whole body arrived at once although it took time to produce"),
    "operation-failed": (Layer.WIRE, "An operation without a message was rejected or not answered"),
    "upload-failed": (Layer.WIRE, "An attached file could not be uploaded"),
    "fetch-threw": (Layer.FETCH, "The page's fetch rejected"),
    "fetch-not-a-response": (Layer.FETCH, "The page's fetch returned something that is not a Response"),
    "fetch-consumed-body": (Layer.FETCH, "The page's fetch returned a body that was already read"),
    "fetch-dropped-headers": (Layer.FETCH, "The page's fetch dropped the content type of the response"),
    "fetch-altered-stream": (Layer.FETCH, "The page's fetch returned different bytes from those on the wire"),
    "fetch-buffered-stream": (Layer.FETCH, "The page's fetch returned the stream in one piece"),
    "sse-bad-framing": (Layer.SSE, "The body is not a sequence of server-sent events"),
    "sse-bad-json": (Layer.SSE, "An event's data is not JSON"),
    "sse-double-encoded": (Layer.SSE, "An event's data is a JSON string that contains JSON"),
    "sse-done-marker": (Layer.SSE, "The stream contains a [DONE] marker, which is not a ChatKit event"),
    "wrong-dialect": (Layer.PROTOCOL, "The events belong to another protocol"),
    "unknown-event": (Layer.PROTOCOL, "Some events are of unknown type"),
    "thread-created-missing": (Layer.PROTOCOL, "A new thread's stream never announces the thread"),
    "thread-created-late": (Layer.PROTOCOL, "Events arrived before thread.created and were dropped"),
    "user-item-missing": (Layer.PROTOCOL, "The user's own message is never confirmed"),
    "reply-item-missing": (Layer.PROTOCOL, "There is no assistant item in the stream"),
    "item-not-wrapped": (Layer.PROTOCOL, "An item was sent bare, without thread.item.done around it"),
    "item-never-done": (Layer.PROTOCOL, "An added item is never finished"),
    "item-removed": (Layer.PROTOCOL, "The backend removed what it had sent"),
    "item-id-collision": (Layer.PROTOCOL, "Two items have the same id"),
    "item-id-mismatch": (Layer.PROTOCOL, "Updates name an id that no item has"),
    "thread-id-mismatch": (Layer.PROTOCOL, "Thread ids differ between events, requests or turns"),
    "invalid-event": (Layer.PROTOCOL, "An event has the right type but the wrong shape"),
    "empty-reply": (Layer.PROTOCOL, "The final assistant item has no text"),
    "markup-in-reply": (Layer.PROTOCOL, "The text of a reply contains markup meant for a program"),
    "backend-error-event": (Layer.PROTOCOL, "The backend sent an error event"),
    "error-told-as-reply": (Layer.PROTOCOL, "A failure was sent as an ordinary reply"),
    "first-message-ignored": (
        Layer.PROTOCOL,
        "The response to threads.create contains no reply to params.input",
    ),
    "workflow-left-open": (Layer.PROTOCOL, "A workflow or task is never completed"),
    "invalid-answer": (Layer.PROTOCOL, "The response to an operation without a message has the wrong shape"),
    "handler-error": (Layer.COMPONENT, "The component threw while handling an event"),
    "render-error": (Layer.COMPONENT, "The component threw while rendering a turn"),
    "event-burst": (Layer.COMPONENT, "More events arrived at once than the component can handle"),
    "thread-not-restored": (Layer.PERSISTENCE, "The page does not restore its thread after a reload"),
    "thread-read-failed": (Layer.PERSISTENCE, "Reading the thread fails or returns the wrong shape"),
    "paging-broken": (Layer.PERSISTENCE, "Pages of a thread's items repeat and never end"),
    "threads-list-invalid": (Layer.PERSISTENCE, "threads.list fails or returns the wrong shape"),
    "store-lost-items": (Layer.PERSISTENCE, "Streamed items are missing from the stored thread"),
    "store-changed-items": (Layer.PERSISTENCE, "Stored items differ in id, text or order"),
    "unexplained": (None, "There are symptoms, but no cause was found"),
}
"""Why it happened, by id: its layer (none for ``unexplained``) and a one-line title."""

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
"""Operations that carry a message the user typed."""

READING_OPS: Final[frozenset[str]] = frozenset({"threads.get_by_id", "threads.list", "items.list"})
"""Operations that read what is stored."""

GOING_ON_OPS: Final[frozenset[str]] = frozenset(
    {"threads.add_client_tool_output", "threads.add_structured_input", "threads.retry_after_item"}
)
"""Operations that must lead to a reply although they carry no message."""
