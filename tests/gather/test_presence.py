"""What the chat of a page lacks, in one sentence."""

from __future__ import annotations

import pytest

from chatkit_doctor.gather.presence import Presence
from chatkit_doctor.recording.entries import (
    DomState,
    EntryData,
    FrameDocument,
    PageDocument,
    PageElement,
    PageOptions,
    PageScript,
    StepBegin,
)

SRC = "https://cdn.test/chatkit.js"
OPENED = StepBegin(index=0, do="open")
DOCUMENT = PageDocument(url="http://localhost/", status=200, headers={})
DEFINED = PageElement(state="defined", count=0)
CONNECTED = PageElement(state="connected", count=1)
OPTIONS = PageOptions(options={})
FRAME = FrameDocument(url="https://cdn.test/index-a.html", status=200, error="")


def state(*, composer: bool) -> DomState:
    return DomState(by="frame", view="start", responding=False, items=(), alerts=(), composer=composer)


@pytest.mark.parametrize(
    ("entries", "missing"),
    [
        ([], ""),
        ([OPENED], "the page has not responded yet"),
        ([OPENED, DOCUMENT], "no <openai-chatkit> yet; chatkit.js has not been requested"),
        (
            [OPENED, DOCUMENT, PageScript(src=SRC, state="requested")],
            "no <openai-chatkit> yet; chatkit.js was requested, but has not loaded",
        ),
        (
            [OPENED, DOCUMENT, PageScript(src=SRC, state="failed", status=404)],
            "no <openai-chatkit> yet; chatkit.js failed to load (status 404)",
        ),
        (
            [OPENED, DOCUMENT, PageScript(src=SRC, state="blocked")],
            "no <openai-chatkit> yet; the page's Content-Security-Policy blocked chatkit.js",
        ),
        ([OPENED, DOCUMENT, DEFINED], "no <openai-chatkit> yet; chatkit.js has loaded"),
        (
            [OPENED, DOCUMENT, DEFINED, CONNECTED],
            "<openai-chatkit> is there; setOptions has not been called",
        ),
        (
            [OPENED, DOCUMENT, DEFINED, CONNECTED, OPTIONS],
            "<openai-chatkit> has its options; its frame has not loaded",
        ),
        (
            [OPENED, DOCUMENT, DEFINED, CONNECTED, OPTIONS, FRAME],
            "the frame of <openai-chatkit> has loaded, but shows nothing yet",
        ),
        ([OPENED, state(composer=False)], "the chat is there, but does not accept input yet"),
        ([OPENED, DOCUMENT, DEFINED, CONNECTED, OPTIONS, FRAME, state(composer=True)], ""),
    ],
)
def test_the_first_thing_that_is_missing_is_told(entries: list[EntryData], missing: str) -> None:
    presence = Presence()
    for entry in entries:
        presence.on_entry(entry)
    assert presence.missing == missing


def test_a_reload_begins_anew() -> None:
    presence = Presence()
    for entry in (OPENED, DOCUMENT, DEFINED, CONNECTED, OPTIONS, StepBegin(index=1, do="reload"), DOCUMENT):
        presence.on_entry(entry)
    assert presence.missing == "no <openai-chatkit> yet; chatkit.js has not been requested"
