"""The probes inside the page and the component's frame, and how their entries reach the journal."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from typing import Any, Final
from urllib.parse import urljoin

from playwright.async_api import BrowserContext, Frame, Page
from playwright.async_api import Error as PlaywrightError

from chatkit_doctor.gather.observed_page import COMPONENT_FRAME, ObservedPage, component_frame, is_component
from chatkit_doctor.gather.probe_messages import (
    FetchRead,
    ProbeMessage,
    SecretValue,
    TeeChunk,
    TeeEnd,
    messages_in,
)
from chatkit_doctor.paths import static_dir
from chatkit_doctor.recording.entries import DomState, FetchEnd, PageElement, PageOptions
from chatkit_doctor.recording.journal import Journal
from chatkit_doctor.runtime.runtime import CDN_ORIGIN

BINDING: Final = "__chatkitDoctorEmit"
ORDER: Final = (
    "core",
    "secret",
    "versions",
    "element",
    "fetch",
    "messages",
    "errors",
    "dom",
    "paint",
    "obstacle",
    "drive",
)
"""The probe files in the order in which they run; each but the first needs only the first."""
MAX_NAME: Final = 80
"""Characters of a body's file name; the name of a call comes from the page."""
HANDLE: Final = "window[Symbol.for('chatkit-doctor')]"


@cache
def init_script(*, tee: bool) -> str:
    """All probes as one script that runs before any code of the page, in every frame.

    ``tee`` makes the page's fetch report the wire too, where the browser has no other way to see it.
    """
    files = [(static_dir() / "probes" / f"{name}.js").read_text(encoding="utf-8") for name in ORDER]
    settings = {"tee": tee, "frameName": COMPONENT_FRAME, "componentOrigin": CDN_ORIGIN}
    config = f"const PROBE_CONFIG = {json.dumps(settings)};"
    return "(() => {\n" + "\n".join(["'use strict';", config, *files]) + "\n})();"


class ProbeChannel:
    """Carries what the probes of one context say to the journal of whichever page is being watched."""

    def __init__(self) -> None:
        self._watched: dict[Page, ProbeGatherer] = {}

    async def install(self, context: BrowserContext | Page, *, tee: bool) -> None:
        """Once per context, before its first page; or for a single page, before it is opened."""
        await context.expose_binding(BINDING, self._receive)
        await context.add_init_script(init_script(tee=tee))

    def watch(self, page: Page, gatherer: ProbeGatherer) -> None:
        """Send what this page's probes say to a gatherer."""
        self._watched[page] = gatherer

    def forget(self, page: Page) -> None:
        """Stop listening to a page."""
        self._watched.pop(page, None)

    def _receive(self, source: Mapping[str, Any], batch: str) -> None:
        gatherer = self._watched.get(source["page"])
        if gatherer is not None:
            gatherer.receive(batch, source["frame"])


class ProbeGatherer:
    """Writes the entries of one page's probes."""

    def __init__(self, channel: ProbeChannel) -> None:
        self._channel = channel
        self._observed: ObservedPage | None = None

    async def attach(self, observed: ObservedPage) -> None:
        self._observed = observed
        self._channel.watch(observed.page, self)

    async def finish(self, observed: ObservedPage) -> None:
        """Ask every document for what it has not yet sent."""
        documents = (observed.page.main_frame, observed.host_frame, component_frame(observed))
        for frame in dict.fromkeys(frame for frame in documents if frame is not None):
            try:
                await observed.evaluate(f"{HANDLE}?.flush() ?? null", frame)
            except PlaywrightError:
                continue  # A frame that is gone has nothing left to say.
        self._channel.forget(observed.page)

    def receive(self, batch: str, frame: Frame) -> None:
        """One batch from one document. Foreign pages can call the binding, too: anything odd is dropped."""
        observed = self._observed
        if observed is None:
            return
        for message in messages_in(batch, observed.journal):
            self._write(message, observed, frame)

    def _write(self, message: ProbeMessage, observed: ObservedPage, frame: Frame) -> None:
        journal = observed.journal
        t = journal.clock.from_epoch(message.at)
        match message.entry:
            case DomState() if not is_component(frame, observed):
                pass
            case TeeChunk() | TeeEnd() as raw:
                for listener in observed.raw_listeners:
                    listener(t, raw)
            case SecretValue(value=value):
                journal.redactor.add(value)
            case FetchRead() as read:
                journal.add(_with_body(read, journal), t=t)
            case entry:
                if isinstance(entry, PageElement):
                    observed.host = frame
                elif isinstance(entry, PageOptions):
                    _learn_api_url(entry.options, observed, frame)
                journal.add(entry, t=t)


def _learn_api_url(options: object, observed: ObservedPage, frame: Frame) -> None:
    api = options.get("api") if isinstance(options, dict) else None
    url = api.get("url") if isinstance(api, dict) else None
    if isinstance(url, str):
        with suppress(ValueError):  # An address that is none.
            observed.api_urls.add(urljoin(frame.url, url))


def _with_body(read: FetchRead, journal: Journal) -> FetchEnd:
    name = f"fetch-{read.call}.txt"
    safe = "".join(c for c in name if c.isalnum() or c in "-.")[-MAX_NAME:]
    body = journal.body(safe, read.text.encode("utf-8", "replace"))
    return FetchEnd(call=read.call, how=read.how, size=read.size, error=read.error, body=body)
