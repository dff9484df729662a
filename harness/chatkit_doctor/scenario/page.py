"""The host page of a scenario: what an integrator's page does, and the mistakes it can contain."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from chatkit_doctor.scenario.part import Part

Served = Literal["localhost", "http", "https"]


class ScriptTag(Part):
    """How the host page loads chatkit.js."""

    load: Literal["early", "late", "never"] = "early"
    """``early``: an async script tag in the head; ``late``: added by script ``after_ms`` after the page's own
    code has run; ``never``: no tag at all."""
    after_ms: int = Field(default=400, ge=0, le=60_000)
    """For ``late``: how long after the page's own code, in ms."""
    src: str = ""
    """A URL to use instead of the runtime's own."""
    crossorigin: bool = False
    """Request it with CORS, as a cross-origin isolated page must."""


class Reaction(Part):
    """Something the page does once, when it receives one of the component's events."""

    to: Literal["ready", "response.start", "response.end", "thread.change"]
    """The event, without the ``chatkit.`` prefix."""
    do: Literal["remount", "move", "remove", "set-options", "reset-thread", "fetch-updates", "hide"]
    """Replace the element with a new one (as a changed ``key`` does); move it in the DOM; remove it; set
    the same options again; start a new thread; load the thread again; hide its container. Each value is a
    function in ``static/host/reactions.js``."""
    after_ms: int = Field(default=0, ge=0, le=60_000)
    """How long after the event, in ms."""


ComponentCopy = Literal[
    "whole", "frame-missing", "frame-challenged", "frame-slow", "bundle-missing", "parts-missing"
]
DomainCheck = Literal["verified", "refused", "unknown-key", "failing", "filtered"]


class PageSetup(Part):
    """The host page: script tag, element, options, and the page's own behaviour."""

    served: Served = "localhost"
    """Where the page is served: on localhost, or under another name over http or https (Chromium only)."""
    script: ScriptTag = ScriptTag()
    """How chatkit.js is loaded."""
    component: ComponentCopy = "whole"
    """What is wrong with the copy of the component that the page loads; each value is a function in
    ``chatkit_doctor.runtime.damage``. Only for runtimes whose files are served from this machine."""
    domain_check: DomainCheck = "verified"
    """The response to the check of the page's domain: yes; no; 404; 503; or the page of a web filter instead.
    The check is made for a page that is not on localhost and uses an https API (measured)."""
    set_options: Literal["when-defined", "immediately", "never"] = "when-defined"
    """When the page calls ``setOptions``: after ``customElements.whenDefined``, at once, or not at all."""
    options: dict[str, Any] = Field(default_factory=dict)
    """Merged into the default options; ``null`` removes a default."""
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
    """The page's own ``api.fetch``; each value is a function in ``static/host/fetches.js``."""
    client_tool: Literal["none", "answers", "throws", "hangs"] = "none"
    """The page's ``onClientTool``: absent, answers every call, throws, or never resolves."""
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
    """Hosted mode: the page has no ``api.url`` but a ``getClientSecret``; each value is a function in
    ``static/host/client-secrets.js``. The ``backend`` then stands in for OpenAI's service."""
    remember_thread: bool = False
    """Store the id from ``thread.change`` and pass it as ``initialThread`` after a reload."""
    headers: dict[str, str] = Field(default_factory=dict)
    """HTTP headers of the page itself, such as a content security policy."""
    style: str = "width: 420px; height: 640px"
    """The CSS of the element's container."""
    overlay: str = ""
    """The CSS of an empty element after the container, such as a cookie banner; if empty, there is none."""
    reaction: Reaction | None = None
    """What the page does when it receives an event of the component."""
