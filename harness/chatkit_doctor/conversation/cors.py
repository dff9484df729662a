"""Whether a browser would let a request of a page and its answer pass, in the browser's own words.

Source: https://fetch.spec.whatwg.org/#http-cors-protocol; the words are Chromium's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from chatkit_doctor.conversation.conversation import Call
from chatkit_doctor.origins import origin_of

_WILDCARD: Final = "*"


def is_cross_origin(call: Call) -> bool:
    """Whether the page that made the request is at another origin; one that names none does not."""
    origin = call.request_headers.get("origin", "")
    return bool(origin) and origin_of(origin) != origin_of(call.url)


def handed_over(call: Call) -> Call:
    """A call from a browser's notes: an answer that is in them was allowed, whatever headers they kept."""
    if call.status is None or call.refused:
        return call
    headers = {name: value for name, value in call.request_headers.items() if name != "origin"}
    return replace(call, request_headers=headers)


def refusal(call: Call) -> str:
    """Why a browser would refuse a call, as ``<error> <what it is about>``; empty where it would not."""
    if not is_cross_origin(call):
        return ""
    if call.preflight is not None:
        found = _preflight(call)
        if found:
            return found
    if call.status is None:
        return call.refused
    return _origin_refusal(call.headers, call.request_headers.get("origin", ""), "")


def _preflight(call: Call) -> str:
    answer = call.preflight
    if answer is None or answer.status is None:
        return ""  # It failed for a different reason from its headers.
    if 300 <= answer.status < 400:
        return "PreflightDisallowedRedirect"
    if refused := _origin_refusal(answer.headers, call.request_headers.get("origin", ""), "Preflight"):
        return refused
    if not 200 <= answer.status < 300:
        return "PreflightInvalidStatus"
    allowed = _names(answer.headers.get("access-control-allow-headers", ""))
    for name in _names(answer.asked_headers):
        # The wildcard stands for every header but the one with the credentials.
        is_covered = name in allowed or (_WILDCARD in allowed and name != "authorization")
        if name and not is_covered:
            return f"HeaderDisallowedByPreflightResponse {name}"
    return ""


def _names(header: str) -> list[str]:
    return [name.strip().lower() for name in header.split(",")]


def _origin_refusal(headers: Mapping[str, str], origin: str, prefix: str) -> str:
    allowed = headers.get("access-control-allow-origin", "").strip()
    if not allowed:
        return f"{prefix}MissingAllowOriginHeader"
    if "," in allowed:
        return f"{prefix}MultipleAllowOriginValues {allowed}"
    if allowed not in {_WILDCARD, origin}:
        return f"{prefix}AllowOriginMismatch {allowed}"
    return ""
