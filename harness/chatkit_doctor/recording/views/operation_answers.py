"""What was answered and what was handed back, and where the two differ."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from chatkit_doctor.protocol.payload import json_or_text
from chatkit_doctor.protocol.sse import parse
from chatkit_doctor.recording.views.differences import Difference, of_bodies, of_events

_MISSING_CAME: Final = "The response on the network was not recorded."
_MISSING_GIVEN: Final = "The component did not read its body, or it was not recorded."


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as it came or was handed back."""

    status: int | None
    content_type: str
    """As the header has it; empty where it has none."""
    body: bytes | None
    """What is known of it; None where nothing is."""
    is_over: bool
    """Whether its body ended."""
    is_cut: bool
    """Whether the recording kept only the beginning of it."""

    @property
    def events(self) -> tuple[str, ...]:
        """The data of the server-sent events in it, of those that carry any."""
        events, _ = parse(self.body or b"")
        return tuple(event.data for event in events if event.terminated and event.data.strip())


def difference_of(came: Answer, given: Answer) -> tuple[list[Difference], str]:
    """Where an answer that was handed back differs from the one that came, and what of it is not known."""
    found: list[Difference] = []
    if came.status != given.status:
        found.append(Difference("status", str(came.status), str(given.status)))
    if came.content_type.strip() != given.content_type.strip():
        found.append(Difference("content type", came.content_type or None, given.content_type or None))
    if came.body is None or given.body is None:
        return found, _MISSING_CAME if came.body is None else _MISSING_GIVEN
    if came.body == given.body and not came.is_cut and not given.is_cut:
        return found, ""
    wire, handed = came.events, given.events
    unknown = ""
    if came.is_cut or given.is_cut or not (came.is_over and given.is_over):
        both = min(len(wire), len(handed))
        wire, handed = wire[:both], handed[:both]
        unknown = "It is only partly known: only the beginnings were compared."
    if wire or handed:
        events = of_events(wire, handed)
        found += [events] if events is not None else []
    elif not unknown and came.body != given.body:
        found += of_bodies(json_or_text(_text(came.body)), json_or_text(_text(given.body)))
    return found, unknown


def _text(body: bytes) -> str:
    return body.decode("utf-8", "replace")
