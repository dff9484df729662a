"""Whether the text of each reply is meant for a user."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from chatkit_doctor.audits.audit import Audit, Failure
from chatkit_doctor.audits.protocol.reply_texts import reply_texts
from chatkit_doctor.audits.streams import chatkit_streams
from chatkit_doctor.audits.wording import quoted_message
from chatkit_doctor.component.markup import Markup, markup_in
from chatkit_doctor.recording.reader import Recording

_TITLES: Final = {
    Markup.CITATION: "The text of a reply contains citation markers",
    Markup.WIDGET: "A widget's JSON was sent as the text of a reply",
}
_WHYS: Final = {
    Markup.CITATION: (
        "The model writes {example} where it cites a source, and expects a program to replace it with the "
        "source. ChatKit shows the text verbatim."
    ),
    Markup.WIDGET: (
        "The text of a reply is {example}. ChatKit renders a widget only from an item of type widget; as "
        "the text of a message it is shown verbatim."
    ),
}
_FIXES: Final = {
    Markup.CITATION: "Remove the markers from the text, in the deltas and in the final item, and name the "
    "sources in the annotations of its part: {type: annotation, index, source: {type: url, title, …}}. "
    "With openai-chatkit, stream_agent_response() converts the annotations of the Agents SDK to ChatKit's.",
    Markup.WIDGET: 'Send it as {"type": "thread.item.done", "item": {"type": "widget", …, "widget": {…}}}; '
    "with openai-chatkit: await agent_context.stream_widget(widget). If the model wrote it, parse it first.",
}


def judge(recording: Recording) -> Iterator[Failure]:
    """One failure per reply and kind of markup. What is in code is meant to be read."""
    for stream in chatkit_streams(recording):
        for reply in reply_texts(stream):
            for kind, example in markup_in(reply.text).items():
                what = quoted_message(example)
                yield Failure(
                    (reply.event.seen(f"event {reply.event.number} finishes a reply that contains {what}"),),
                    turn=stream.turn,
                    t_ms=reply.event.received.t,
                    title=_TITLES[kind],
                    why=_WHYS[kind].format(example=what),
                    fix=_FIXES[kind],
                    details={"kind": kind, "example": example[:200]},
                )


AUDIT = Audit(
    id="markup-in-reply",
    passes="The text of every reply is meant for a reader.",
    why="The text of a reply contains markup meant for a program: ChatKit shows it verbatim.",
    fix="Replace citation markers in the text with annotations; send a widget as a separate item.",
    judge=judge,
    explains=frozenset({"markup-shown"}),
)
