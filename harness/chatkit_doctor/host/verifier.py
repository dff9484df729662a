"""Standing in for OpenAI's check of a page's domain: ``POST /v1/chatkit/domain_keys/verify``.

The component's frame asks it with ``{"referrer_origin", "domain_key"}`` and shows the chat only when the
answer says ``"verified": true`` (measured).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from chatkit_doctor.host.names import site_of
from chatkit_doctor.host.site import Site

PATH: Final = "/v1/chatkit/domain_keys/verify"
HOSTED_PATH: Final = "/v1/chatkit/domain_keys/verify_hosted"
"""The same for a page in hosted mode, which has a client secret in place of a domain key."""

_CORS: Final = {
    "access-control-allow-origin": "*",
    "access-control-allow-headers": "*",
    "access-control-allow-methods": "*",
}
_BLOCK_PAGE: Final = b"<!doctype html><title>Blocked</title><p>This site is blocked by your organisation."


async def verify(request: Request, sites: Mapping[str, Site]) -> Response:
    """The answer that the asking page's scenario names."""
    if request.method == "OPTIONS":
        return Response(b"", 200, _CORS)
    site = sites.get(await _asking(request))
    match site.setup.domain_check if site is not None else "verified":
        case "verified":
            return JSONResponse({"verified": True}, headers=_CORS)
        case "refused":
            return JSONResponse({"verified": False}, headers=_CORS)
        case "unknown-key":
            return JSONResponse({"error": {"message": "no such key"}}, 404, _CORS)
        case "failing":
            return JSONResponse({"error": {"message": "overloaded"}}, 503, _CORS)
        case "filtered":
            # A filter's page carries no CORS headers: to the component that is not an answer at all.
            return Response(_BLOCK_PAGE, 403, media_type="text/html")


async def _asking(request: Request) -> str:
    try:
        asked = json.loads(await request.body())
    except ValueError:
        return ""
    origin = asked.get("referrer_origin") if isinstance(asked, dict) else None
    return site_of(urlsplit(str(origin)).hostname or "")
