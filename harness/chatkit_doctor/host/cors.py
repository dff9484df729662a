"""What a backend on a different origin from its page says about CORS."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from starlette.responses import Response

from chatkit_doctor.conversation.conversation import Call, Conversation, Preflight
from chatkit_doctor.conversation.cors import is_cross_origin
from chatkit_doctor.host.body import NoAnswer
from chatkit_doctor.origins import origin_of
from chatkit_doctor.scenario.backend import OtherOrigin

ALLOW_ORIGIN: Final = "access-control-allow-origin"


@dataclass(frozen=True, slots=True)
class RecordedCors:
    """What a recorded backend said about CORS: its answer to OPTIONS, and the page's origin at that time.

    Without a ``preflight`` none was recorded, and everything is allowed.
    """

    preflight: Preflight | None
    page_origin: str

    def translated(self, value: str, page_origin: str) -> str:
        """The value of a header for a page at another origin."""
        return page_origin if value == self.page_origin else value


def recorded_cors(conversation: Conversation) -> RecordedCors | None:
    """What a recorded backend said about CORS; None where it lay on the page's own origin."""
    crossing = [call for call in conversation.calls if call.preflight is not None or is_cross_origin(call)]
    if not crossing:
        return None
    preflight_ = next((call.preflight for call in crossing if call.preflight is not None), None)
    return RecordedCors(preflight_, _page_origin(crossing))


def allowed(settings: OtherOrigin | RecordedCors, page_origin: str, answer: Response) -> dict[str, str]:
    """The headers that an answer lacks; none where the backend forgets them, or has its own."""
    if isinstance(settings, RecordedCors):
        return {}
    is_json = answer.headers.get("content-type", "").startswith("application/json")
    if (answer.status_code >= 400 and not settings.on_errors) or (is_json and not settings.on_json):
        return {}
    return _allowing(settings, page_origin)


def _allowing(settings: OtherOrigin, page_origin: str) -> dict[str, str]:
    origin = page_origin if settings.allow_origin == "page" else settings.allow_origin
    return {ALLOW_ORIGIN: origin, "vary": "origin"} if origin else {}


def preflight(settings: OtherOrigin | RecordedCors, page_origin: str) -> Response:
    """The answer to OPTIONS."""
    if isinstance(settings, RecordedCors):
        return _recorded(settings, page_origin)
    headers = _allowing(settings, page_origin)
    if headers and settings.allow_headers:
        headers["access-control-allow-headers"] = settings.allow_headers
    if headers and settings.allow_methods:
        headers["access-control-allow-methods"] = settings.allow_methods
    return Response(b"", settings.preflight_status, headers)


def _page_origin(calls: Iterable[Call]) -> str:
    for call in calls:
        for name in ("origin", "referer"):
            if (origin := origin_of(call.request_headers.get(name, ""))) is not None:
                return str(origin)
    return ""


def _recorded(settings: RecordedCors, page_origin: str) -> Response:
    answer = settings.preflight
    if answer is None:
        return preflight(OtherOrigin(), page_origin)
    if answer.status is None:
        return NoAnswer("cut")
    headers = {name: settings.translated(value, page_origin) for name, value in answer.headers.items()}
    return Response(b"", answer.status, headers)
