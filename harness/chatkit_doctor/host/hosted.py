"""Standing in for hosted mode: a page's endpoint for client secrets, and OpenAI's ChatKit service behind it.

The component's frame sends its operations to ``POST /v1/chatkit/conversation`` with the client secret as its
bearer token. A secret is ``ek_<name>_00<JSON in base64>``, and the JSON says when it expires (measured).
"""

from __future__ import annotations

import base64
import json
import re
import time
from collections.abc import Mapping
from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from chatkit_doctor.host.operation import operation_in
from chatkit_doctor.host.site import Site

PATH: Final = "/v1/chatkit/conversation"
LIFETIME_S: Final = 600
"""How long a client secret is valid."""
_BEARER: Final = re.compile(r"Bearer ek_(?P<site>\w+)_00(?P<claims>[\w+/=]+)")
_CORS: Final = {
    "access-control-allow-origin": "*",
    "access-control-allow-headers": "*",
    "access-control-allow-methods": "*",
}


def issue(site: Site, *, renews: bool) -> Response:
    """What a page's endpoint answers to a request for a client secret; ``renews``: not the first one."""
    match site.setup.client_secret:
        case "refused":
            return JSONResponse({"error": {"message": "the workflow could not be found"}}, 500)
        case "unchecked":
            return JSONResponse({"error": {"message": "not logged in"}}, 401)
        case "cached" | "renewed" if not renews:
            return JSONResponse({"client_secret": secret_for(site, lifetime_s=0)})
        case _:
            return JSONResponse({"client_secret": secret_for(site, lifetime_s=LIFETIME_S)})


def secret_for(site: Site, *, lifetime_s: float) -> str:
    """A client secret in OpenAI's form, which expires after so long."""
    claims = json.dumps({"expires_at": int(time.time() + lifetime_s)}).encode()
    return f"ek_{site.id}_00{base64.b64encode(claims).decode()}"


async def answer(request: Request, sites: Mapping[str, Site]) -> Response:
    """The response of OpenAI's service: that of the scenario's backend, if the secret is valid."""
    if request.method == "OPTIONS":
        return Response(b"", 200, _CORS)
    site = _holder(request.headers.get("authorization", ""), sites)
    if site is None or site.backend is None:
        message = "Incorrect client secret provided"
        return JSONResponse({"error": {"message": message}}, 401, _CORS)
    operation = await operation_in(request)
    response = operation if isinstance(operation, Response) else await site.backend.answer(operation)
    response.headers.update(_CORS)
    return response


def _holder(authorization: str, sites: Mapping[str, Site]) -> Site | None:
    """The owner of the secret in a request; None if it is invalid or has expired."""
    found = _BEARER.fullmatch(authorization)
    if found is None:
        return None
    try:
        expires_at = json.loads(base64.b64decode(found["claims"]))["expires_at"]
    except (ValueError, TypeError, KeyError):
        return None
    return sites.get(found["site"]) if expires_at > time.time() else None
