"""What someone asks about: an id, the name of another API's event, a text copied from a screen or a log."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from typing import Final

from chatkit_doctor.errors import UsageError
from chatkit_doctor.explain.explain import explanations
from chatkit_doctor.explain.model import Explanation, Kind, Snippet
from chatkit_doctor.explain.names import (
    ForeignName,
    foreign_event,
    foreign_line,
    foreign_name,
    published,
)
from chatkit_doctor.explain.pasted import Pasted, read_pasted
from chatkit_doctor.explain.texts import KnownText, known_text
from chatkit_doctor.protocol.dialects import dialect
from chatkit_doctor.protocol.events import ITEM_TYPES
from chatkit_doctor.protocol.payload import PayloadKind
from chatkit_doctor.safe_text import clip, one_line, undisguised

_LONGEST_NAME: Final = 100
_LONGEST_TEXT: Final = 300
_ALIKE: Final = 0.8
_LIKELY: Final = 0.6
"""How much of two names is the same, of 1: a slip of the finger in an id of ours comes first."""
_DATA: Final = {
    PayloadKind.DONE: "sse-done-marker",
    PayloadKind.BROKEN: "sse-bad-json",
    PayloadKind.DOUBLE_ENCODED: "sse-double-encoded",
    PayloadKind.SEVERAL: "sse-bad-framing",
    PayloadKind.DOUBLE_FRAMED: "sse-bad-framing",
    PayloadKind.TEXT: "wrong-dialect",
}
"""What results from data that is not JSON object."""
_MEANT: Final = {
    dialect.CREATED: "thread.created",
    dialect.USER: "user-message-vanished",
    dialect.BEGUN: "thread.item.added",
    dialect.PART_DONE: "assistant_message.content_part.done",
    dialect.PART: "assistant_message.content_part.added",
    dialect.DELTA: "assistant_message.content_part.text_delta",
    dialect.REPLY: "thread.item.done",
    dialect.PROGRESS: "progress_update",
    dialect.ERROR: "error",
}
"""Whose example shows what was meant."""


def explain(asked: str) -> Explanation:
    """The explanation of what was asked about.

    Raises UsageError, which names the nearest, for what nobody knows.
    """
    known = explanations()
    if asked in known:
        return known[asked]
    pasted = read_pasted(asked)
    if (id_ := _id_of(pasted)) in known:
        return known[id_]
    event = foreign_event(pasted.event, pasted.name) if pasted.event is not None else None
    if found := event or foreign_name(pasted.name) or foreign_line(pasted.text):
        return _of_name(found, known)
    if text := known_text(pasted.text):
        return _of_text(pasted.text, text, known)
    shown = one_line(undisguised(pasted.name or pasted.text), _LONGEST_NAME)
    raise UsageError(f"no such cause, symptom or event: {shown!r}", hint=_hint(pasted.name, known))


def _id_of(pasted: Pasted) -> str:
    if pasted.is_bare_item or pasted.name in ITEM_TYPES:
        return "item-not-wrapped"
    return _DATA.get(pasted.kind, pasted.name) if pasted.kind is not None else pasted.name


def _of_name(found: ForeignName, known: Mapping[str, Explanation]) -> Explanation:
    titles = [dialect.title for dialect in found.dialects]
    title = f"A name from {titles[0]}" if found.is_invented else f"An event of {' and of '.join(titles)}"
    if any(dialect.id == "chatkit-invented" for dialect in found.dialects):
        title = "A name that sounds like ChatKit's own"
    examples = [known[id_] for meaning, id_ in _MEANT.items() if meaning in found.meant]
    instead = list({s.text: s for each in examples for s in each.instead}.values())
    events = [each.id for each in examples if each.kind in {Kind.EVENT, Kind.UPDATE}]
    return Explanation(
        id=one_line(undisguised(found.name), _LONGEST_NAME),
        kind=Kind.NAME,
        layer=None,
        title=f"{title}: ChatKit has no such event",
        why="",
        fix=f"Send {found.meant or 'nothing: ChatKit has nothing like it'}.",
        sent=[Snippet(language="sse", text=clip(undisguised(found.sent), _LONGEST_TEXT))],
        does="ChatKit silently ignores it. If a stream carries its reply only in such events, the dots "
        "disappear when it ends, and neither the reply nor the user's message is left.",
        instead=instead,
        related=["wrong-dialect", "unknown-event", *events],
    )


def _of_text(text: str, found: KnownText, known: Mapping[str, Explanation]) -> Explanation:
    likeliest = known[found.ids[0]]
    return likeliest.model_copy(
        update={
            "id": one_line(undisguised(text), _LONGEST_TEXT),
            "kind": Kind.TEXT,
            "layer": None,
            "title": f"Most often {likeliest.id}: {likeliest.title}",
            "does": f"{found.means.strip()} {likeliest.does}",
            "related": found.ids,
        }
    )


def _hint(asked: str, known: Mapping[str, Explanation]) -> str:
    listed = "Run `chatkit-doctor list causes`, `list symptoms` or `list events` to see all."
    near = _nearest(asked, list(known), _ALIKE) or _nearest(asked, [*published(), *known], _LIKELY)
    return f"Did you mean {' or '.join(near)}? {listed}" if near else listed


def _nearest(asked: str, names: Sequence[str], cutoff: float) -> list[str]:
    """At most three: those that are written alike, and those of which one remembers the last word."""
    wanted = asked[:_LONGEST_NAME].lower().replace("_", "-")
    folded = {name.lower().replace("_", "-"): name for name in names}
    near = [folded[name] for name in difflib.get_close_matches(wanted, folded, n=3, cutoff=cutoff)]
    near += [name for key, name in folded.items() if wanted and wanted in key and name not in near]
    return near[:3]
