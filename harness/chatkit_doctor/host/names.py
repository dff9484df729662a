"""The names under which the host answers. All of them lead to this machine.

``.test`` is reserved for such use (RFC 2606), so that nobody's real site is ever meant. ``localhost`` and
addresses need no rule; the others only Chromium can be told of.
"""

from __future__ import annotations

from typing import Final

from chatkit_doctor.scenario.page import Served

PAGE_HOST: Final = "app.test"
"""``<site>.app.test`` serves the page of one site, over http or https."""
API_HOST: Final = "api.test"
"""``<site>.api.test`` serves the backend of a page that is not on localhost."""
COMPONENT_HOST: Final = "cdn.test"
"""``<damage>.cdn.test`` serves a copy of the component with something wrong about it."""
VERIFIER_HOST: Final = "api.openai.com"
"""The host that the component asks whether the page's domain is allowed."""
SERVICE_HOST: Final = "us.api.openai.com"
"""The host of OpenAI's service for a page in hosted mode: the region is in the client secret (measured)."""
BORROWED: Final = "/__chatkit-doctor__"
"""The path below which the host's pages lie under an origin that is not the host's."""


def page_origin(served: Served, site_id: str, port: int) -> str:
    """The origin of a site's page; ``port`` is that of the host."""
    return f"http://localhost:{port}" if served == "localhost" else f"{served}://{site_id}.{PAGE_HOST}"


def other_origin(served: Served, site_id: str, port: int) -> str:
    """The origin of a backend that is on another origin than its page."""
    # An address and a name are different origins, even where one leads to the other.
    return f"http://127.0.0.1:{port}" if served == "localhost" else f"{served}://{site_id}.{API_HOST}"


def site_of(host: str) -> str:
    """The id of the site whose page is at a host name; empty if the name has none."""
    name, dot, rest = host.partition(".")
    return name if dot and rest == PAGE_HOST else ""
