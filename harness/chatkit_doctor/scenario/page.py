"""The host page of a scenario: what an integrator's page does, and the mistakes one can make in it."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from chatkit_doctor.scenario.part import Part

Served = Literal["localhost", "http", "https"]


class ScriptTag(Part):
    """How the host page loads chatkit.js."""

    load: Literal["early", "late", "never"] = "early"
    """``early``: an async script tag in the head; ``late``: added by script ``after_ms`` after the page's own
    code ran; ``never``: no tag at all."""
    after_ms: int = Field(default=400, ge=0, le=60_000)
    """For ``late``: how long after the page's own code, in ms."""
    src: str = ""
    """Another URL than the runtime's own."""
    crossorigin: bool = False
    """Ask for it with CORS, as a page has to that is isolated from other origins."""


class Reaction(Part):
    """Something the page does, once, when it hears one of the component's events."""

    to: Literal["ready", "response.start", "response.end", "thread.change"]
    """The event, without the ``chatkit.`` before its name."""
    do: Literal["remount", "move", "remove", "set-options", "reset-thread", "fetch-updates", "hide"]
    """Put a new element in its place (as a changed ``key`` does); move it in the DOM; take it out; set the
    same options again; begin a new thread; read the thread again; hide its container. Each is a function in
    ``static/host/reactions.js``."""
    after_ms: int = Field(default=0, ge=0, le=60_000)
    """How long after the event, in ms."""


ComponentCopy = Literal[
    "whole", "frame-missing", "frame-challenged", "frame-slow", "bundle-missing", "parts-missing"
]
DomainCheck = Literal["verified", "refused", "unknown-key", "failing", "filtered"]


class PageSetup(Part):
    """The host page: script tag, element, options, and what the page does of its own."""

    served: Served = "localhost"
    """Where the page is: on localhost, or under another name over http or https (Chromium only)."""
    script: ScriptTag = ScriptTag()
    """How chatkit.js is loaded."""
    component: ComponentCopy = "whole"
    """What is wrong with the copy of the component that the page loads; each is a function in
    ``chatkit_doctor.runtime.damage``. Only for runtimes whose files are served from this machine."""
    domain_check: DomainCheck = "verified"
    """What the check of the page's domain answers: yes; no; 404; 503; or a filter's page in its place. It is
    made for a page that is not on localhost and has its API on https (measured)."""
    set_options: Literal["when-defined", "immediately", "never"] = "when-defined"
    """When the page calls ``setOptions``: after ``customElements.whenDefined``, at once, or not at all."""
    options: dict[str, Any] = Field(default_factory=dict)
    """Merged over the default options; ``null`` removes a default."""
    fetch: Literal[
        "none",
        "passes-through",
        "adds-header",
        "buffers",
        "drops-content-type",
        "consumes-body",
        "returns-json",
        "returns-nothing",
        "throws",
        "rewrites-body",
        "mocks-threads-list",
        "logs-a-clone",
        "copies-headers",
        "re-chunks",
        "masks-words",
        "keeps-deltas-only",
    ] = "none"
    """The page's own ``api.fetch``; each is a function in ``static/host/fetches.js``."""
    client_tool: Literal["none", "answers", "throws", "hangs"] = "none"
    """The page's ``onClientTool``: there is none, it answers every call, it throws, or it never resolves."""
    client_secret: Literal[
        "none",
        "given",
        "refused",
        "unchecked",
        "throws",
        "nothing",
        "empty",
        "object",
        "session-id",
        "hangs",
        "cached",
        "renewed",
    ] = "none"  # noqa: S105 - the name of a way to give one
    """Hosted mode: the page has no ``api.url``, but a ``getClientSecret``; each is a function in
    ``static/host/client-secrets.js``. What OpenAI's service would answer is then the ``backend``'s answer."""
    remember_thread: bool = False
    """Keep the id from ``thread.change`` and pass it as ``initialThread`` after a reload."""
    headers: dict[str, str] = Field(default_factory=dict)
    """HTTP headers of the page itself, such as a content security policy."""
    style: str = "width: 420px; height: 640px"
    """CSS of the element's container."""
    overlay: str = ""
    """CSS of an empty element that comes after the container, such as a cookie banner; none without any."""
    reaction: Reaction | None = None
    """What the page does when it learns of the component."""
