"""One type for each kind of entry in the journal, for those who write them and those who read them."""

from __future__ import annotations

from typing import Final, get_args

from chatkit_doctor.recording.entries.component import ComponentConsole, ComponentError, ComponentEvent
from chatkit_doctor.recording.entries.dom import DomAlert, DomItem, DomStall, DomState, TextDelta
from chatkit_doctor.recording.entries.entry import Entry
from chatkit_doctor.recording.entries.entry_data import EntryData, kind_of
from chatkit_doctor.recording.entries.fetch import (
    FetchCall,
    FetchChunk,
    FetchEnd,
    FetchReturned,
    FetchThrew,
    FetchUnwatched,
)
from chatkit_doctor.recording.entries.frame import (
    FrameAsset,
    FrameDetached,
    FrameDocument,
    FrameRequest,
    FrameStubbed,
)
from chatkit_doctor.recording.entries.hosted import (
    HostedRequest,
    SecretAsked,
    SecretFailed,
    SecretGiven,
    SecretRequest,
)
from chatkit_doctor.recording.entries.page import (
    PageCall,
    PageCsp,
    PageDocument,
    PageElement,
    PageError,
    PageInventory,
    PageObstacle,
    PageOptions,
    PageScript,
)
from chatkit_doctor.recording.entries.paint import Culprit, PaintBox, PaintFrame, PaintScreenshot
from chatkit_doctor.recording.entries.request import (
    RequestAsked,
    RequestFailed,
    RequestOther,
    RequestPreflight,
    RequestSent,
)
from chatkit_doctor.recording.entries.session import (
    SessionBrokeOff,
    SessionCapped,
    SessionEnded,
    SessionLimit,
    SessionProbe,
    SessionServerDied,
    SessionSlowed,
    StepBegin,
    StepEnd,
)
from chatkit_doctor.recording.entries.sse import SseParsed, SsePosted
from chatkit_doctor.recording.entries.wire import BodyReference, WireChunk, WireEnd, WireResponse

AnyEntry = (
    StepBegin
    | StepEnd
    | SessionLimit
    | SessionSlowed
    | SessionCapped
    | SessionProbe
    | SessionServerDied
    | SessionBrokeOff
    | SessionEnded
    | PageDocument
    | PageScript
    | PageElement
    | PageOptions
    | PageCall
    | PageInventory
    | PageObstacle
    | PageCsp
    | PageError
    | FrameDocument
    | FrameAsset
    | FrameRequest
    | FrameStubbed
    | FrameDetached
    | SecretAsked
    | SecretRequest
    | SecretGiven
    | SecretFailed
    | HostedRequest
    | RequestAsked
    | RequestSent
    | RequestPreflight
    | RequestFailed
    | RequestOther
    | WireResponse
    | WireChunk
    | WireEnd
    | FetchCall
    | FetchReturned
    | FetchChunk
    | FetchEnd
    | FetchThrew
    | FetchUnwatched
    | SseParsed
    | SsePosted
    | ComponentEvent
    | ComponentConsole
    | ComponentError
    | DomState
    | DomStall
    | PaintBox
    | PaintScreenshot
    | PaintFrame
)
"""Whatever can stand in a journal, in the order of the layers."""

ENTRY_TYPES: Final[tuple[type[EntryData], ...]] = get_args(AnyEntry)
"""Every type of entry."""
KINDS: Final[dict[str, type[EntryData]]] = {kind_of(entry): entry for entry in ENTRY_TYPES}
"""Every type of entry, by its kind."""

_OF_PROBES: Final[tuple[type[EntryData], ...]] = (
    RequestAsked,
    SsePosted,
    *(
        entry
        for entry in ENTRY_TYPES
        if kind_of(entry).partition(".")[0] in {"page", "fetch", "component", "dom", "secret"}
    ),
)
"""What may be dropped where a probe has reached its own limit."""


def capped_types(cap: SessionCapped) -> tuple[type[EntryData], ...]:
    """Of which entries some are missing once a limit was reached: a probe's own drops whatever it tells."""
    return (KINDS[cap.of],) if cap.of in KINDS else _OF_PROBES


__all__ = [
    "ENTRY_TYPES",
    "KINDS",
    "AnyEntry",
    "BodyReference",
    "ComponentConsole",
    "ComponentError",
    "ComponentEvent",
    "Culprit",
    "DomAlert",
    "DomItem",
    "DomStall",
    "DomState",
    "Entry",
    "EntryData",
    "FetchCall",
    "FetchChunk",
    "FetchEnd",
    "FetchReturned",
    "FetchThrew",
    "FetchUnwatched",
    "FrameAsset",
    "FrameDetached",
    "FrameDocument",
    "FrameRequest",
    "FrameStubbed",
    "HostedRequest",
    "PageCall",
    "PageCsp",
    "PageDocument",
    "PageElement",
    "PageError",
    "PageInventory",
    "PageObstacle",
    "PageOptions",
    "PageScript",
    "PaintBox",
    "PaintFrame",
    "PaintScreenshot",
    "RequestAsked",
    "RequestFailed",
    "RequestOther",
    "RequestPreflight",
    "RequestSent",
    "SecretAsked",
    "SecretFailed",
    "SecretGiven",
    "SecretRequest",
    "SessionBrokeOff",
    "SessionCapped",
    "SessionEnded",
    "SessionLimit",
    "SessionProbe",
    "SessionServerDied",
    "SessionSlowed",
    "SseParsed",
    "SsePosted",
    "StepBegin",
    "StepEnd",
    "TextDelta",
    "WireChunk",
    "WireEnd",
    "WireResponse",
    "capped_types",
    "kind_of",
]
