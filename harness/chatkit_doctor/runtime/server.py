"""Standing in for the CDN: a runtime's files over TLS on loopback, under the CDN's own URLs."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from fnmatch import fnmatchcase
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self

from chatkit_doctor.certificate import LoopbackCertificate
from chatkit_doctor.host.names import COMPONENT_HOST
from chatkit_doctor.loopback import LoopbackServer, StandIn
from chatkit_doctor.runtime.cdn_responses import Answer, answer
from chatkit_doctor.runtime.damage import damage_of, damaged, delay_s
from chatkit_doctor.runtime.runtime import CDN_HOST, CDN_ORIGIN, Runtime

if TYPE_CHECKING:
    from playwright.async_api import BrowserContext, Page, Route
    from starlette.types import Receive, Scope, Send

NOWHERE: Final = "http://127.0.0.1:9/"
"""A port of this machine that Chromium does not even connect to."""
_NO_SERVICES: Final = (f"--gaia-url={NOWHERE}", f"--component-updater=url-source={NOWHERE}")
"""A full Chromium asks accounts.google.com who is signed in, and update.googleapis.com for components,
of any kind told to disable (measured). A page that needs these names reaches them as before."""
_LOOPBACK: Final = ("127.0.0.1", "localhost", "*.localhost", "[::1]")


class RuntimeServer:
    """Serves one runtime for as long as the ``with`` block lasts.

    For ``cdn`` there is nothing to serve: only the launch arguments matter. Runs in a thread of its own, so
    that a busy event loop cannot slow the component down and the other way round. It serves any number of
    sessions at once: an answer that is a stub says so itself (``STUB_HEADER``), to whoever asked for it.

    ``hermetic`` keeps Chromium from contacting any host but loopback, the CDN and ``allow_hosts`` (host
    patterns as in ``--host-resolver-rules``). ``stand_ins`` answer for further names.
    """

    def __init__(
        self,
        runtime: Runtime,
        *,
        hermetic: bool = True,
        allow_hosts: Iterable[str] = (),
        stand_ins: Iterable[StandIn] = (),
    ) -> None:
        self.runtime = runtime
        self.hermetic = hermetic
        self.stand_ins = tuple(stand_ins)
        self.allow_hosts = tuple(allow_hosts)
        self._serving: _Serving | None = None

    def __enter__(self) -> Self:
        """Start serving. Raises DoctorError when no loopback port is available, or no server started."""
        if self.runtime.files:
            self._serving = _Serving(self.runtime)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._serving is not None:
            self._serving.stop()
            self._serving = None

    async def started(self) -> Self:
        """Itself, as it is within the ``with`` block."""
        return self

    @property
    def launch_args(self) -> list[str]:
        """Arguments for Chromium that lead the CDN's own URLs here, and its own services nowhere.

        Other browsers: :meth:`route`.
        """
        args: list[str] = []
        stand_ins = self._answering
        rules = [f"MAP {each.names} 127.0.0.1:{each.port}" for each in stand_ins]
        if keys := sorted({each.spki for each in stand_ins if each.spki}):
            args.append(f"--ignore-certificate-errors-spki-list={','.join(keys)}")
        if self.hermetic:
            rules += ["MAP * ~NOTFOUND", *(f"EXCLUDE {host}" for host in self.reachable)]
            # A proxy would resolve the names itself, and the rules would not hold.
            args.append("--no-proxy-server")
        led = [f"--host-resolver-rules={', '.join(rules)}"] if rules else []
        return [*led, *args, *_NO_SERVICES]

    @property
    def reachable(self) -> tuple[str, ...]:
        """The hosts that a hermetic browser reaches as ever: patterns as in ``--host-resolver-rules``."""
        return (*_LOOPBACK, *self.allow_hosts, *(() if self._serving else (CDN_HOST,)))

    def stand_in_for(self, host: str, port: int) -> StandIn | None:
        """Who answers for a host and port of the network; None where nobody does."""
        asked = f"{host.lower()}:{port}"
        return next((each for each in self._answering if fnmatchcase(asked, each.names)), None)

    @property
    def _answering(self) -> list[StandIn]:
        """Who answers in place of the network: for real names, only where that is not to be reached."""
        known = [each for each in self.stand_ins if self.hermetic or not each.is_real]
        return known + (self._serving.stand_ins if self._serving is not None else [])

    async def route(self, context: BrowserContext | Page) -> None:
        """Serve the same files by routing, for browsers that cannot be told how to resolve a host.

        Only the CDN's URLs are routed: a routed API stream would arrive in one piece.
        """
        if not self.runtime.files:
            return
        from playwright.async_api import Error

        async def fulfill(route: Route) -> None:
            path = route.request.url.removeprefix(CDN_ORIGIN).partition("?")[0].partition("#")[0]
            reply = answer(self.runtime, path)
            try:
                await route.fulfill(status=reply.status, headers=reply.headers, body=reply.body)
            except Error:
                # The page or its context is gone; raising here would surface in an unrelated call.
                return

        await context.route(f"{CDN_ORIGIN}/**", fulfill)


class _Serving:
    """A TLS server in a thread, from a certificate made for this session."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        certificate = LoopbackCertificate(CDN_HOST)
        own = (CDN_HOST, f"*.{COMPONENT_HOST}")
        self._server = LoopbackServer(self._app, name="runtime", tls=certificate.context, names=own)
        names = (f"{CDN_HOST}:443", f"*.{COMPONENT_HOST}:443")
        self.stand_ins = [StandIn(each, self._server.port, certificate.spki) for each in names]
        self._server.start()

    def stop(self) -> None:
        """Close the port and every connection."""
        self._server.stop()

    async def _app(self, scope: Scope, _receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        path, damage = scope["path"], damage_of(_host_of(scope))
        await asyncio.sleep(delay_s(damage, path))
        reply = damaged(self._runtime, damage, path) or answer(self._runtime, path)
        if scope["method"] not in ("GET", "HEAD"):
            reply = Answer(405, {"allow": "GET, HEAD", "access-control-allow-origin": "*"}, b"")
        headers = [(name.encode("ascii"), value.encode("ascii")) for name, value in reply.headers.items()]
        headers.append((b"content-length", str(len(reply.body)).encode("ascii")))
        await send({"type": "http.response.start", "status": reply.status, "headers": headers})
        body = b"" if scope["method"] == "HEAD" else reply.body
        await send({"type": "http.response.body", "body": body})


def _host_of(scope: Scope) -> str:
    """The host name that a request was made to."""
    values = (value for name, value in scope["headers"] if name == b"host")
    return next(values, b"").decode("latin-1").lower()
