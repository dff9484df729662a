"""The host as a running server, and the sites on it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import TracebackType

from chatkit_doctor.host.app import make_app
from chatkit_doctor.host.site import Site, make_backend
from chatkit_doctor.loopback import LoopbackServer
from chatkit_doctor.scenario.backend import UrlBackend
from chatkit_doctor.scenario.model import Scenario


class Host:
    """Pages and backends on a free loopback port. Use as a context manager.

    The port serves every session; each has its own path, so that sessions never see each other's threads.
    """

    def __init__(self, port: int = 0) -> None:
        self._sites: dict[str, Site] = {}
        self._server = LoopbackServer(make_app(self._sites), name="host", port=port)
        self.port = self._server.port

    @property
    def origin(self) -> str:
        """The origin of the pages. ``localhost`` is a secure context, and skips the domain check."""
        return f"http://localhost:{self.port}"

    def __enter__(self) -> Host:
        self._server.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.stop()

    @contextmanager
    def site(
        self, scenario: Scenario, script_src: str, headers: Mapping[str, str] | None = None
    ) -> Iterator[Site]:
        """Serve a scenario's page and backend for as long as the context lasts."""
        site_id = uuid.uuid4().hex[:12]
        match scenario.backend:
            case UrlBackend(url=api_url, headers=own_headers):
                api_headers = {**own_headers, **(headers or {})}
            case _:
                api_url, api_headers = f"/s/{site_id}/chatkit", {}
        backend = make_backend(scenario.backend)
        site = Site(site_id, scenario.page, script_src, api_url, backend, api_headers)
        self._sites[site_id] = site
        try:
            yield site
        finally:
            self._sites.pop(site_id, None)

    def url(self, site: Site) -> str:
        """The address of a site's page."""
        return f"{self.origin}{site.path}"
