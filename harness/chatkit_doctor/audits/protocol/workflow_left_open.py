"""Whether every workflow ends."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.audits.audit import Audit, Failure, NotApplicable
from chatkit_doctor.audits.streams import Event, Stream, chatkit_streams
from chatkit_doctor.audits.wording import quoted
from chatkit_doctor.protocol.events import item_id, member, named_id, type_of
from chatkit_doctor.recording.reader import Recording


def judge(recording: Recording) -> Iterator[Failure]:
    """One failure for each workflow that is never finished, or whose last task still says it is loading."""
    ended = [s for s in chatkit_streams(recording) if s.complete]
    if not any(_workflows(stream) for stream in ended):
        raise NotApplicable("no stream that ended contains a workflow")
    carried: dict[object, Event] = {}
    for stream in ended:
        workflows = _workflows(stream) if stream.answers_message else carried | _workflows(stream)
        goes_on = _awaits_the_page(stream)
        # A ChatKitServer goes on with an open workflow in its answer to the client tool's output.
        carried = {k: e for k, e in workflows.items() if goes_on and e.type == "thread.item.added"}
        for key, event in workflows.items():
            if event.type == "thread.item.added":
                if not goes_on and not _removed(stream, key):
                    yield _failure(stream, event, "is never finished")
            elif event.type == "thread.item.done" and _is_loading(event):
                yield _failure(stream, event, "is finished with a task that is still loading")


def _workflows(stream: Stream) -> dict[object, Event]:
    """The last event of each workflow item."""
    found = (e for e in stream.sent if e.item is not None and type_of(e.item) == "workflow")
    return {item_id(event.item): event for event in found}


def _awaits_the_page(stream: Stream) -> bool:
    """Whether the turn is not over with this stream: its last item is a call that the page has to answer."""
    items = [type_of(event.item) for event in stream.sent if event.item is not None]
    return bool(items) and items[-1] == "client_tool_call"


def _removed(stream: Stream, key: object) -> bool:
    return any(e.type == "thread.item.removed" and named_id(e.value) == key for e in stream.events)


def _is_loading(event: Event) -> bool:
    tasks = member(event.item or {}, "workflow").get("tasks")
    return isinstance(tasks, list) and any(
        isinstance(task, dict) and task.get("status_indicator") == "loading" for task in tasks
    )


def _failure(stream: Stream, event: Event, how: str) -> Failure:
    name = quoted(str(item_id(event.item)))
    return Failure(
        (event.seen(f"the workflow {name} {how}"),),
        turn=stream.turn,
        t_ms=event.received.t,
        why=f"The workflow {name} {how}. The component closes its indicator when the stream ends, but a "
        "workflow that is stored open can show as unfinished later, and the next turn may continue it.",
        details={"item": str(item_id(event.item))},
    )


AUDIT = Audit(
    id="workflow-left-open",
    passes="Every workflow is finished.",
    why="A workflow that is never finished can show as unfinished after a reload.",
    fix="Call end_workflow() in respond(), or send thread.item.done for the workflow with its summary and "
    "no loading task.",
    judge=judge,
    explains=frozenset({"history-altered"}),
)
