"""The chunks of the Chat Completions API, as OpenAI and everything compatible with it sends them."""

from __future__ import annotations

from chatkit_doctor.protocol.dialects.dialect import BEGUN, DELTA, END, REPLY, Dialect, Frame


def _own(frame: Frame) -> str:
    kind = frame.object.get("object")
    if isinstance(kind, str) and kind.startswith(("chat.completion", "text_completion")):
        return kind
    choices = frame.object.get("choices")
    first = choices[0] if isinstance(choices, list) and choices else None
    looks_so = isinstance(first, dict) and not {"delta", "message", "finish_reason"}.isdisjoint(first)
    return "chat.completion.chunk" if looks_so else ""


DIALECT = Dialect(
    id="chat-completions",
    title="the Chat Completions API",
    own=_own,
    meant=(
        ("chat.completion.chunk", f"{BEGUN} for the first, then {DELTA} for each, then {REPLY}"),
        ("*", f"{REPLY}; {END}"),
    ),
    names=(
        "chat.completion.chunk",
        "chat.completion",
        "text_completion",
    ),
)
