"""Whether a backend means to be asked from pages of other origins (CORS).

Most backends are not: a proxy or a dev server is in front of page and API, so that both have one origin.
Such a backend sends no CORS headers, and needs none.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import httpx

from chatkit_doctor.client.page_or_endpoint import QUESTION
from chatkit_doctor.origins import is_loopback, origin_of

LIMIT_S: Final = 5.0
"""How long each answer may take to begin."""
_OWN_HEADERS: Final = ("chatkit-frame-instance-id", "content-type")
"""What the component's requests carry, so that a browser asks for it first (measured)."""
_ABOUT_CORS: Final = "access-control-"


async def speaks_cors(url: str, page_origin: str, headers: Iterable[str] = ()) -> bool:
    """Whether anything that a backend answers to a page of another origin is about CORS.

    It is asked what a browser asks (OPTIONS), and then the component's own first question, which only reads:
    some send their headers with the answer alone. ``headers`` are names that the page adds to its requests.
    A backend that gives no answer is not said to be silent.
    """
    asked = ",".join(sorted({*_OWN_HEADERS, *(name.lower() for name in headers)}))
    preflight = {
        "origin": page_origin,
        "access-control-request-method": "POST",
        "access-control-request-headers": asked,
    }
    origin = origin_of(url)
    is_local = origin is not None and is_loopback(origin.host)
    try:
        # What a certificate is worth is the browser's to say.
        async with httpx.AsyncClient(timeout=LIMIT_S, verify=False, trust_env=not is_local) as http:  # noqa: S501
            if _is_about_cors(await http.options(url, headers=preflight)):
                return True
            async with http.stream("POST", url, json=QUESTION, headers={"origin": page_origin}) as answer:
                return _is_about_cors(answer)
    except (httpx.HTTPError, httpx.StreamError, OSError, ValueError, ImportError):
        return True


def _is_about_cors(answer: httpx.Response) -> bool:
    """``Vary: Origin`` says that the answer would be another one to another page."""
    varies = {name.strip().lower() for name in answer.headers.get("vary", "").split(",")}
    return "origin" in varies or any(name.lower().startswith(_ABOUT_CORS) for name in answer.headers)
