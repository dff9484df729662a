"""Reading a ChatKit operation from a request, whoever it is for."""

from __future__ import annotations

import json
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse

MAX_REQUEST_BYTES: Final = 4 * 1024 * 1024
"""Larger API requests are refused."""


async def operation_in(request: Request) -> dict[str, Any] | JSONResponse:
    """The body of a request as an operation, or the answer to one that holds none."""
    raw = b""
    async for chunk in request.stream():
        raw += chunk
        if len(raw) > MAX_REQUEST_BYTES:
            return JSONResponse({"error": "the request is too large"}, status_code=413)
    try:
        body = json.loads(raw)
    except ValueError:
        body = None
    if not isinstance(body, dict):
        return JSONResponse({"error": "the request is not a JSON object"}, status_code=400)
    return body
