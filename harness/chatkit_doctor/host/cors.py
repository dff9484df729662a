"""What a backend on another origin than its page says about CORS."""

from __future__ import annotations

from starlette.responses import Response

from chatkit_doctor.scenario.backend import OtherOrigin


def allowed(settings: OtherOrigin, page_origin: str, status: int) -> dict[str, str]:
    """The headers of an answer with this status; none where the backend forgets them."""
    if status >= 400 and not settings.on_errors:
        return {}
    origin = page_origin if settings.allow_origin == "page" else settings.allow_origin
    return {"access-control-allow-origin": origin, "vary": "origin"} if origin else {}


def preflight(settings: OtherOrigin, page_origin: str) -> Response:
    """The answer to OPTIONS."""
    headers = allowed(settings, page_origin, 200)
    if headers and settings.allow_headers:
        headers["access-control-allow-headers"] = settings.allow_headers
    if headers and settings.allow_methods:
        headers["access-control-allow-methods"] = settings.allow_methods
    return Response(b"", settings.preflight_status, headers)
