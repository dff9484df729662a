"""A user's own applications, each served on a free port of this machine."""

from __future__ import annotations

from typing import Any

from chatkit_doctor.loopback import LoopbackServer


class Apps:
    """The applications being served."""

    def __init__(self) -> None:
        self._serving: list[tuple[Any, LoopbackServer]] = []

    def serve(self, app: Any) -> LoopbackServer:
        """Start serving an ASGI application. Raises DoctorError when it does not start."""
        server = LoopbackServer(app, name="application", somebodys=True)
        server.start()
        self._serving.append((app, server))
        return server

    def stop(self, server: LoopbackServer) -> None:
        """Stop serving an application."""
        self._serving = [each for each in self._serving if each[1] is not server]
        server.stop()

    def origin(self, app: Any) -> str:
        """Where an application is served."""
        return next(
            f"http://localhost:{server.port}" for known, server in reversed(self._serving) if known is app
        )
