"""A stream in each of the other protocols that backends speak, as it is met."""

from __future__ import annotations

from tests.chatkit_events import HELLO, Event, reply, user

Sent = Event | str | tuple[str, object]
"""An event, plain data, or a name with its data."""


def completion(text: str | None = None, **choice: object) -> Event:
    """A chunk of Chat Completions."""
    changed = {} if text is None else {"content": text}
    choices = [{"index": 0, "delta": changed, **choice}]
    return {"id": "c1", "object": "chat.completion.chunk", "choices": choices}


def assistants_delta(text: str) -> tuple[str, object]:
    """A delta of the Assistants API."""
    content = [{"index": 0, "type": "text", "text": {"value": text}}]
    return "thread.message.delta", {
        "id": "m",
        "object": "thread.message.delta",
        "delta": {"content": content},
    }


def chat_model(text: str) -> Event:
    """A chunk of LangChain's event stream."""
    chunk = {"id": ["AIMessageChunk"], "kwargs": {"content": text}}
    return {"event": "on_chat_model_stream", "run_id": "r", "data": {"chunk": chunk}}


def ai(text: str, kind: str = "ai") -> Event:
    """A message of LangGraph."""
    return {"id": "lc", "type": kind, "content": text}


OUTPUT = {
    "id": "i",
    "type": "message",
    "role": "assistant",
    "content": [{"type": "output_text", "text": "One two"}],
}
REASONING = {"id": "r", "type": "reasoning", "summary": [{"text": "hidden"}]}
BLOCK = {"type": "content_block_delta", "index": 1}

DIALECT_STREAMS: dict[str, list[Sent]] = {
    "responses": [
        {"type": "response.created", "response": {"id": "resp"}},
        {"type": "response.output_item.added", "output_index": 0, "item": REASONING},
        {"type": "response.reasoning_summary_text.delta", "item_id": "r", "delta": "hidden"},
        {"type": "response.output_item.added", "item": {"id": "i", "type": "message", "content": []}},
        {"type": "response.output_text.delta", "item_id": "i", "content_index": 0, "delta": "One "},
        {"type": "response.output_text.delta", "item_id": "i", "content_index": 0, "delta": "two"},
        {"type": "response.output_text.done", "item_id": "i", "content_index": 0, "text": "One two"},
        {"type": "response.output_item.done", "item": OUTPUT},
        {"type": "response.completed", "response": {"id": "resp", "output": [REASONING, OUTPUT]}},
    ],
    "assistants": [
        ("thread.created", {"id": "thread_9", "object": "thread"}),
        ("thread.run.created", {"id": "run", "object": "thread.run"}),
        (
            "thread.message.created",
            {"id": "m", "object": "thread.message", "role": "assistant", "content": []},
        ),
        assistants_delta("One "),
        assistants_delta("two"),
        (
            "thread.message.completed",
            {
                "id": "m",
                "object": "thread.message",
                "content": [{"type": "text", "text": {"value": "One two"}}],
            },
        ),
        ("done", "[DONE]"),
    ],
    "realtime": [
        {"type": "session.created", "session": {}},
        {"type": "conversation.item.created", "item": {"id": "u", "type": "message", "role": "user"}},
        {"type": "response.output_audio_transcript.delta", "item_id": "i", "delta": "One "},
        {"type": "response.output_audio_transcript.delta", "item_id": "i", "delta": "two"},
        {"type": "response.output_audio_transcript.done", "item_id": "i", "transcript": "One two"},
    ],
    "chat-completions": [
        completion(),
        completion("One "),
        completion("two"),
        completion(finish_reason="stop"),
        "[DONE]",
    ],
    "vercel-ai": [
        {"type": "start", "messageId": "m"},
        {"type": "reasoning-delta", "id": "0", "delta": "hidden"},
        {"type": "text-start", "id": "1"},
        {"type": "text-delta", "id": "1", "delta": "One "},
        {"type": "text-delta", "id": "1", "delta": "two"},
        {"type": "text-end", "id": "1"},
        {"type": "finish"},
    ],
    "ag-ui": [
        {"type": "RUN_STARTED", "threadId": "t", "runId": "r"},
        {"type": "TEXT_MESSAGE_START", "messageId": "m", "role": "assistant"},
        {"type": "TEXT_MESSAGE_CONTENT", "messageId": "m", "delta": "One "},
        {"type": "TEXT_MESSAGE_CONTENT", "messageId": "m", "delta": "two"},
        {"type": "TEXT_MESSAGE_END", "messageId": "m"},
        {"type": "MESSAGES_SNAPSHOT", "messages": [{"id": "m", "role": "assistant", "content": "One two"}]},
        {"type": "RUN_FINISHED"},
    ],
    "langgraph": [
        {"event": "on_chain_start", "name": "agent", "data": {}},
        chat_model("One "),
        chat_model("two"),
        {"event": "on_chat_model_end", "run_id": "r", "data": {"output": {"content": "One two"}}},
        ("values", {"messages": [ai(HELLO, "human"), ai("One two")]}),
    ],
    "chatkit-invented": [
        {"type": "thread.item.user_message", "item": user()},
        {"type": "thread.item.delta", "item_id": "a1", "delta": "One "},
        {"type": "thread.item.delta", "item_id": "a1", "delta": "two"},
        {"type": "thread.item.assistant_message", "item": reply("One two")},
    ],
    "anthropic-messages": [
        {"type": "message_start", "message": {"id": "msg", "role": "assistant", "content": []}},
        {"type": "content_block_start", "index": 0, "content_block": {"type": "thinking"}},
        {
            "type": "content_block_delta",
            "index": 0,
            "delta": {"type": "thinking_delta", "thinking": "hidden"},
        },
        {"type": "content_block_start", "index": 1, "content_block": {"type": "text", "text": ""}},
        {**BLOCK, "delta": {"type": "text_delta", "text": "One "}},
        {**BLOCK, "delta": {"type": "text_delta", "text": "two"}},
        {"type": "message_stop"},
    ],
    "home-made": [
        {"type": "status", "message": "thinking"},
        {"type": "token", "content": "One "},
        {"type": "token", "content": "two"},
        {"type": "done", "content": "One two"},
    ],
    "plain-text": ["One ", "two", "[DONE]"],
}
