"""One session's place on the host: a page of its own and the backend behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from starlette.requests import Request
from starlette.responses import Response

from chatkit_doctor.conversation.conversation import Conversation
from chatkit_doctor.host.cors import RecordedCors
from chatkit_doctor.scenario.backend import (
    Backend as BackendSettings,
)
from chatkit_doctor.scenario.backend import OtherOrigin, ReplayBackend, ScriptBackend, SdkBackend, UrlBackend
from chatkit_doctor.scenario.page import PageSetup


class Backend(Protocol):
    """Answers ChatKit operations."""

    async def answer(self, body: dict[str, Any]) -> Response:
        """The response to one operation."""
        ...

    async def file(self, file_id: str, request: Request, /) -> Response:
        """The response to a file that is uploaded or read; the id is empty for one without a record yet."""
        ...

    def close(self) -> None:
        """Release its resources; it receives no further requests."""
        ...


@dataclass(frozen=True, slots=True)
class Site:
    """What the host serves below ``/s/<id>/``.

    ``origin`` is the page's, and ``root`` the path below which its files lie there. ``backend`` is None when
    the API lies elsewhere (``api_url``); ``cors`` is set where it lies here, but on another origin;
    ``api_headers`` are added to every API request by the page's own fetch.
    """

    id: str
    setup: PageSetup
    origin: str
    script_src: str
    api_url: str
    backend: Backend | None
    cors: OtherOrigin | RecordedCors | None = None
    api_headers: Mapping[str, str] = field(default_factory=dict)
    root: str = ""

    @property
    def path(self) -> str:
        """The path of the page."""
        return f"{self.root}/s/{self.id}/"

    def config(self) -> dict[str, Any]:
        """What ``static/host/page.js`` needs to know."""
        options: dict[str, Any] = {
            "api": {"url": self.api_url, "domainKey": "domain_pk_local"},
            "header": {"title": {"text": "chatkit-doctor"}},
        }
        if self.setup.client_secret != "none":  # noqa: S105 - the name of a way to give one
            options["api"] = {}
        script = self.setup.script
        return {
            "script": {"src": self.script_src, "load": script.load, "afterMs": script.after_ms},
            "setOptions": self.setup.set_options,
            "options": merged(options, self.setup.options),
            "fetch": self.setup.fetch,
            "clientTool": self.setup.client_tool,
            "clientSecret": self.setup.client_secret,
            "headers": dict(self.api_headers),
            "rememberThread": self.setup.remember_thread,
            "reaction": self.setup.reaction.model_dump(exclude_none=True) if self.setup.reaction else None,
        }


def make_backend(
    settings: BackendSettings, page_origin: str, replayed: Conversation | None, files_url: str
) -> Backend | None:
    """The backend that a scenario specifies; None if it is elsewhere.

    ``replayed`` is what a backend of kind ``replay`` answers with, to a page at ``page_origin``. Files are
    uploaded to ``files_url``.
    """
    match settings:
        case ScriptBackend():
            from chatkit_doctor.host.scripted import ScriptedBackend

            return ScriptedBackend(settings)
        case SdkBackend():
            # The SDK takes over a second to import; scripted scenarios need not pay for it.
            from chatkit_doctor.host.control import ControlBackend

            return ControlBackend(settings, files_url)
        case ReplayBackend():
            assert replayed is not None  # noqa: S101 - whoever serves the site has read it
            from chatkit_doctor.host.replay import ReplayedBackend

            return ReplayedBackend(replayed, page_origin, is_real_time=settings.timing == "real")
        case UrlBackend():
            return None


def merged(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """``over`` laid over ``base``, object by object; a null in ``over`` removes the key."""
    result = dict(base)
    for key, value in over.items():
        if value is None:
            result.pop(key, None)
        elif isinstance(value, Mapping) and isinstance(result.get(key), Mapping):
            result[key] = merged(result[key], value)
        else:
            result[key] = value
    return result
