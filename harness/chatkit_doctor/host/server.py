"""The host as a running server, and the sites on it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Final
from urllib.parse import urlsplit

from chatkit_doctor.certificate import LoopbackCertificate
from chatkit_doctor.conversation.conversation import Conversation
from chatkit_doctor.conversation.sources import read_file
from chatkit_doctor.host import names
from chatkit_doctor.host.app import make_app
from chatkit_doctor.host.cors import RecordedCors, recorded_cors
from chatkit_doctor.host.site import Site, make_backend
from chatkit_doctor.loopback import LoopbackServer, StandIn
from chatkit_doctor.scenario.backend import OtherOrigin, ReplayBackend, UrlBackend
from chatkit_doctor.scenario.model import Scenario
from chatkit_doctor.scenario.page import PageSetup

_NAMES: Final = (names.PAGE_HOST, names.API_HOST)


class Host:
    """Pages and backends on free loopback ports, with and without TLS. Use as a context manager.

    The ports serve every session; each has its own path, so that sessions never see each other's threads.
    """

    def __init__(self, port: int = 0) -> None:
        self._sites: dict[str, Site] = {}
        app = make_app(self._sites)
        real = (names.VERIFIER_HOST, names.SERVICE_HOST)
        own = (*(f"*.{name}" for name in _NAMES), *real)
        certificate = LoopbackCertificate(*own)
        self._server = LoopbackServer(app, name="host", port=port, names=own)
        self._secure = LoopbackServer(app, name="host-tls", tls=certificate.context, names=own)
        self.port = self._server.port
        self.stand_ins: Final = (
            *(StandIn(f"*.{name}:80", self.port) for name in _NAMES),
            *(StandIn(f"*.{name}:443", self._secure.port, certificate.spki) for name in _NAMES),
            *(StandIn(f"{name}:443", self._secure.port, certificate.spki, is_real=True) for name in real),
        )
        """The names that a browser must be led here for."""

    @property
    def origin(self) -> str:
        """The origin of pages on localhost, which is a secure context and skips the domain check."""
        return f"http://localhost:{self.port}"

    def __enter__(self) -> Host:
        self._server.start()
        self._secure.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.stop()
        self._secure.stop()

    @contextmanager
    def site(
        self,
        scenario: Scenario,
        script_src: str,
        headers: Mapping[str, str] | None = None,
        replayed: Conversation | None = None,
        borrowed_origin: str = "",
    ) -> Iterator[Site]:
        """Serve a scenario's page and backend for as long as the context lasts.

        With a ``borrowed_origin`` the page is made to be opened there: ``browser.borrowed_origin``.

        A backend of kind ``replay`` answers with ``replayed``, without it with what the scenario names.
        Raises RecordingError and UsageError when that cannot be read.
        """
        site_id = uuid.uuid4().hex[:12]
        page = scenario.page
        path = f"/s/{site_id}/chatkit"
        page_origin = borrowed_origin or names.page_origin(page.served, site_id, self.port)
        cors: OtherOrigin | RecordedCors | None = None
        api_headers: dict[str, str] = {}
        match scenario.backend:
            case UrlBackend(url=api_url, headers=own_headers):
                api_headers = {**own_headers, **(headers or {})}
            case ReplayBackend(recording=recording, headers=own_headers):
                replayed = read_file(Path(recording)) if replayed is None else replayed
                api_url, api_headers, cors = path, dict(own_headers), recorded_cors(replayed)
                if cors is not None:
                    api_url = names.other_origin(page.served, site_id, self.port) + path
            case local if local.other_origin is not None:
                api_url = names.other_origin(page.served, site_id, self.port) + path
                cors = local.other_origin
            case _:
                api_url = path
        root = names.BORROWED if borrowed_origin else ""
        site = Site(
            site_id,
            page,
            page_origin,
            _script_src(page, script_src),
            api_url,
            make_backend(scenario.backend, page_origin, replayed, f"{page_origin}{root}/s/{site_id}/files"),
            cors,
            api_headers,
            root,
        )
        self._sites[site_id] = site
        try:
            yield site
        finally:
            self._sites.pop(site_id, None)
            if site.backend is not None:
                site.backend.close()

    def url(self, site: Site) -> str:
        """The address of a site's page."""
        return f"{site.origin}{site.path}"


def _script_src(page: PageSetup, whole: str) -> str:
    """Where a page loads chatkit.js from, if the component as it is is at ``whole``."""
    if page.component == "whole":
        return page.script.src or whole
    return urlsplit(whole)._replace(netloc=f"{page.component}.{names.COMPONENT_HOST}").geturl()
