"""Whether the page answered every client tool call."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.audits.audit import Audit, Evidence, Failure, NotApplicable, absent, seen
from chatkit_doctor.audits.streams import Event, Stream, reached
from chatkit_doctor.audits.wording import quoted
from chatkit_doctor.protocol.events import type_of
from chatkit_doctor.recording.entries import ComponentError, ComponentEvent, Entry
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.recording.views.exchanges import streams


def judge(recording: Recording) -> Iterator[Failure]:
    """One failure per pending tool call after which no output was sent to the backend."""
    calls = [(stream, event) for stream in reached(recording) for event in _pending(stream)]
    if not calls:
        raise NotApplicable("the backend called no client tool")
    if recording.header.target.kind == "stream":
        raise NotApplicable("a saved stream does not show what the page did with the call")
    for stream, call in calls:
        answered = any(
            e.op == "threads.add_client_tool_output" and e.t >= call.received.t - 1
            for e in streams(recording)
        )
        if not answered:
            yield _failure(recording, stream, call)


def _pending(stream: Stream) -> Iterator[Event]:
    for event in stream.events:
        item = event.item or {}
        is_call = type_of(item) == "client_tool_call" and event.type == "thread.item.done"
        if is_call and item.get("status", "pending") == "pending":
            yield event


def _failure(recording: Recording, stream: Stream, call: Event) -> Failure:
    name = str((call.item or {}).get("name"))
    complaint = _complaint(recording, call.received.t)
    evidence: list[Evidence] = [call.seen(f"the backend calls the client tool {quoted(name)}")]
    if complaint is not None:
        evidence.append(seen(complaint, "the component reports that there is no handler"))
        how = "The page has no onClientTool, and the component reports IntegrationError."
    else:
        evidence.append(absent(recording.end_ms, "no threads.add_client_tool_output followed"))
        how = "onClientTool threw, never resolved, or returned something that is not JSON."
    return Failure(
        tuple(evidence),
        turn=stream.turn,
        t_ms=call.received.t,
        why=f"The backend asked the page to run the client tool {quoted(name)} and is waiting for its "
        f"output; none was sent. {how}",
        details={"tool": name, "handler": complaint is None},
    )


def _complaint(recording: Recording, t: float) -> Entry[ComponentEvent | ComponentError] | None:
    for entry in recording.of(ComponentEvent, ComponentError):
        said = entry.data.message if isinstance(entry.data, ComponentError) else str(entry.data.detail)
        if entry.t >= t - 1 and ("client tool" in said.lower() or "onClientTool" in said):
            return entry
    return None


AUDIT = Audit(
    id="client-tool-unhandled",
    passes="Every client tool call was answered.",
    why="The backend asked the page to run a client tool and is waiting for its output; none was sent.",
    fix="Add onClientTool({name, params}) to the options. It must always return an object, at least {}, "
    "and catch its own errors. In respond(), stop the run at the tool (StopAtTools) and make the call the "
    "last item.",
    judge=judge,
    explains=frozenset(
        {
            "stuck-responding",
            "error-shown",
            "reply-missing",
            "user-message-vanished",
            "user-message-missing",
            "blank-panel",
        }
    ),
)
