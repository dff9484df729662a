"""What was streamed, laid beside what the backend gives back of the same thread later."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from chatkit_doctor.audits.audit import Evidence, NotApplicable
from chatkit_doctor.audits.persistence.thread_pages import asked_thread, thread_pages
from chatkit_doctor.audits.streams import Stream, chatkit_streams
from chatkit_doctor.component.transcript import Playback, ShownItem
from chatkit_doctor.protocol.events import member, text_of, type_of
from chatkit_doctor.protocol.payload import JsonObject
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.recording.views.exchanges import Exchange

_COMPARED: Final = frozenset({"user_message", "assistant_message", "widget", "generated_image"})
"""Items a user would miss. Workflows, tasks and the like need not be kept."""


@dataclass(frozen=True, slots=True, eq=False)
class ReadBack:
    """One reading of a thread that had been streamed before.

    ``whole`` says whether every page of it was read: only then is something that is not there missing.
    """

    exchange: Exchange
    thread_id: str
    streamed: tuple[ShownItem, ...]
    stored: tuple[JsonObject, ...]
    whole: bool
    known: frozenset[str]
    """The ids of all items that the streams of the thread ever named, finished or not."""
    from_start: bool
    """Whether the thread began in this recording, so that everything in it was streamed here."""

    @property
    def ids(self) -> list[str]:
        """The ids of the stored items, in order."""
        return [str(item.get("id")) for item in self.stored]

    def seen(self, text: str) -> Evidence:
        """Evidence that is based on this reading."""
        last = self.exchange.last
        entry = last.end or last.response if last is not None else self.exchange.asked
        return Evidence(entry.n, entry.t, text) if entry is not None else Evidence(0, self.exchange.t, text)

    def with_the_text_of(self, message: ShownItem) -> JsonObject | None:
        """A stored item of the same kind that says the same under an id that was not streamed."""
        alike = (
            item
            for item in self.stored
            if type_of(item) == message.kind and str(item.get("id")) not in self.known
        )
        return next((item for item in alike if message.text and same_text(item, message)), None)

    @property
    def foreign(self) -> tuple[JsonObject, ...]:
        """Stored items that no stream ever brought, of the kinds that a user sees.

        One that came back under a different id from it was streamed with is none of them.
        """
        renamed = [self.with_the_text_of(m) for m in self.streamed if m.id not in self.ids]
        strange = (i for i in self.stored if type_of(i) in _COMPARED and str(i.get("id")) not in self.known)
        return tuple(i for i in strange if all(i is not other for other in renamed))


def same_text(item: JsonObject, message: ShownItem) -> bool:
    """Whether a stored item says what was streamed; white space does not count."""
    return text_of(item).split() == message.text.split()


def read_backs(recording: Recording) -> tuple[ReadBack, ...]:
    """Every reading of a streamed thread. Raises NotApplicable when nothing was read back."""
    found = recording.derive(_read_backs)
    if not found:
        raise NotApplicable("no streamed thread was read back")
    return found


def _read_backs(recording: Recording) -> tuple[ReadBack, ...]:
    found = []
    for pages in recording.derive(thread_pages):
        exchange, thread_id = pages.exchange, pages.thread_id
        streamed = _streamed(recording, thread_id, exchange.t)
        if streamed:
            known, from_start = _named(recording, thread_id, exchange.t)
            found.append(ReadBack(exchange, thread_id, streamed, pages.items, pages.whole, known, from_start))
    return tuple(found)


def thread_of(stream: Stream) -> str:
    """The thread a stream belongs to: the one it announces, or the one it was requested."""
    announced = member(stream.created.value, "thread").get("id") if stream.created is not None else None
    return str(announced) if stream.new_thread and announced is not None else asked_thread(stream.exchange)


def _streams_of(recording: Recording, thread_id: str, before: float) -> Iterator[Stream]:
    """The streams of a thread that began before a moment (ms)."""
    current = ""
    try:
        streams = chatkit_streams(recording)
    except NotApplicable:
        return
    for stream in streams:
        if stream.exchange.t >= before:
            return
        if stream.new_thread:
            current = str(member(stream.created.value, "thread").get("id")) if stream.created else ""
        of = current if stream.new_thread else (asked_thread(stream.exchange) or current)
        if of == thread_id:
            yield stream


def _streamed(recording: Recording, thread_id: str, before: float) -> tuple[ShownItem, ...]:
    """The finished messages of a thread as the streams before a moment left them."""
    playback = Playback()
    for stream in _streams_of(recording, thread_id, before):
        playback.begin(new_thread=stream.new_thread)
        for event in stream.events:
            playback.apply(event.value)
    return tuple(i for i in playback.transcript().items if i.done and i.kind in _COMPARED)


def _named(recording: Recording, thread_id: str, before: float) -> tuple[frozenset[str], bool]:
    """The ids of all items of a thread's streams, and whether the first of them created the thread."""
    streams = list(_streams_of(recording, thread_id, before))
    items = (item for stream in streams for event in stream.events if (item := event.item) is not None)
    return frozenset(str(item.get("id")) for item in items), bool(streams) and streams[0].new_thread
