"""The server events of OpenAI's Realtime API; ``conversation.item.*`` is its kind of item."""

from __future__ import annotations

import re
from typing import Final

from chatkit_doctor.protocol.dialects.dialect import CREATED, DELTA, END, NOTHING, REPLY, USER, Dialect, Frame

_OWN: Final = re.compile(
    r"(session|transcription_session|conversation|input_audio_buffer|output_audio_buffer|rate_limits"
    r"|mcp_list_tools)\.\w"
    r"|response\.(audio|output_audio)\w*[._]"
)


def _own(frame: Frame) -> str:
    name = frame.type or frame.name
    return name if _OWN.match(name) else ""


DIALECT = Dialect(
    id="realtime",
    title="OpenAI's Realtime API",
    own=_own,
    meant=(
        ("conversation.created", CREATED),
        ("conversation.item.deleted", "thread.item.removed"),
        ("conversation.item.input_audio_transcription.*", NOTHING),
        ("conversation.item.retrieved", NOTHING),
        ("conversation.item.truncated", NOTHING),
        ("conversation.item.*", f"{USER}, or {REPLY}"),
        ("*transcript.delta", DELTA),
        ("*transcript.done", REPLY),
        ("response.*.done", END),
        ("*", NOTHING),
    ),
    names=(
        "conversation.created",
        "conversation.item.added",
        "conversation.item.created",
        "conversation.item.deleted",
        "conversation.item.done",
        "conversation.item.input_audio_transcription.completed",
        "conversation.item.input_audio_transcription.delta",
        "conversation.item.input_audio_transcription.failed",
        "conversation.item.input_audio_transcription.segment",
        "conversation.item.retrieved",
        "conversation.item.truncated",
        "input_audio_buffer.cleared",
        "input_audio_buffer.committed",
        "input_audio_buffer.dtmf_event_received",
        "input_audio_buffer.speech_started",
        "input_audio_buffer.speech_stopped",
        "input_audio_buffer.timeout_triggered",
        "mcp_list_tools.completed",
        "mcp_list_tools.failed",
        "mcp_list_tools.in_progress",
        "output_audio_buffer.cleared",
        "output_audio_buffer.started",
        "output_audio_buffer.stopped",
        "rate_limits.updated",
        "response.audio_transcript.delta",
        "response.audio_transcript.done",
        "response.content_part.added",
        "response.content_part.done",
        "response.created",
        "response.done",
        "response.function_call_arguments.delta",
        "response.function_call_arguments.done",
        "response.mcp_call.completed",
        "response.mcp_call.failed",
        "response.mcp_call.in_progress",
        "response.mcp_call_arguments.delta",
        "response.mcp_call_arguments.done",
        "response.output_audio.delta",
        "response.output_audio.done",
        "response.output_audio_transcript.delta",
        "response.output_audio_transcript.done",
        "response.output_item.added",
        "response.output_item.done",
        "response.output_text.delta",
        "response.output_text.done",
        "response.text.delta",
        "response.text.done",
        "session.created",
        "session.updated",
        "transcription_session.updated",
    ),
)
