"""LangGraph's and LangServe's streams: named events, run-log patches, and ``astream_events``."""

from __future__ import annotations

import re
from typing import Final

from chatkit_doctor.protocol.dialects.dialect import (
    BEGUN,
    DELTA,
    END,
    ERROR,
    NOTHING,
    PROGRESS,
    REPLY,
    Dialect,
    Frame,
)

_NAMES: Final = re.compile(
    r"(messages(/(partial|complete|metadata))?|values|updates|debug|metadata|events)(\||$)"
)
_EVENTS: Final = re.compile(r"on_(chat_model|llm|chain|tool|retriever|parser|prompt|custom)_?\w*$")


def _own(frame: Frame) -> str:
    kind = frame.object.get("event")
    if isinstance(kind, str) and _EVENTS.match(kind):
        return kind
    if not frame.type and _NAMES.match(frame.name):
        return frame.name
    operations = frame.object.get("ops")
    is_patch = isinstance(operations, list) and all(isinstance(o, dict) and "op" in o for o in operations)
    return "ops" if is_patch else ""


DIALECT = Dialect(
    id="langgraph",
    title="LangGraph or LangServe",
    own=_own,
    meant=(
        ("on_chat_model_start", BEGUN),
        ("on_*_stream", DELTA),
        ("on_chat_model_end", REPLY),
        ("on_*_end", NOTHING),
        ("on_*", PROGRESS),
        ("messages/partial", DELTA),
        ("messages/complete", REPLY),
        ("messages*", DELTA),
        ("values", REPLY),
        ("updates", REPLY),
        ("ops", DELTA),
        ("error", ERROR),
        ("end", END),
        ("*", NOTHING),
    ),
    names=(
        "on_chat_model_start",
        "on_chat_model_stream",
        "on_chat_model_end",
        "on_llm_start",
        "on_llm_stream",
        "on_llm_end",
        "on_chain_start",
        "on_chain_stream",
        "on_chain_end",
        "on_tool_start",
        "on_tool_end",
        "on_tool_error",
        "on_retriever_start",
        "on_retriever_end",
        "on_parser_start",
        "on_parser_stream",
        "on_parser_end",
        "on_prompt_start",
        "on_prompt_end",
        "on_custom_event",
        "messages",
        "messages/partial",
        "messages/complete",
        "messages/metadata",
        "values",
        "updates",
        "debug",
        "metadata",
        "events",
    ),
)
