"""Under which origin the host's page is opened for the user's own backend, so that CORS is fair to it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from chatkit_doctor.browser.target import HostPage
from chatkit_doctor.client.cross_origin import speaks_cors
from chatkit_doctor.origins import is_loopback, origin_of

FOREIGN: Final = "http://localhost:8089"
"""A page of a different origin from any backend is likely to lie on or to allow."""
SAME_ORIGIN: Final = (
    "The backend sends no CORS headers, which is fine if it shares the page's origin: the page was opened "
    "under {origin}, in this browser only. If your page has another origin, pass it with --origin."
)
BORROWED: Final = "The page was opened under {origin} (--origin), in this browser only."


async def host_page_for(backend: str, origin: str, headers: Iterable[str]) -> HostPage:
    """The page to put in front of a backend: under ``origin`` if one is given, else under the fitting one.

    ``headers`` are the names of what is added to every request.
    """
    if origin:
        return HostPage(origin=origin, note=BORROWED.format(origin=origin))
    own = origin_of(backend)
    # Elsewhere than on this machine a page over http is no secure context.
    if own is None or not (own.scheme == "https" or is_loopback(own.host)):
        return HostPage()
    if await speaks_cors(backend, FOREIGN, headers):
        return HostPage()
    return HostPage(origin=str(own), note=SAME_ORIGIN.format(origin=own))
