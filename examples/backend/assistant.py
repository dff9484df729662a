"""The agent, and what it says to a conversation."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Final

from agents import Agent, OpenAIResponsesModel, Runner, TResponseInputItem, set_tracing_disabled
from openai import AsyncOpenAI

from examples.backend.model_api import MODEL

_INSTRUCTIONS: Final = "You keep the person's list of tasks."


def assistant(model_url: str) -> Agent:
    """An agent whose model is asked at a URL, such as ``http://127.0.0.1:9000/v1``."""
    set_tracing_disabled(disabled=True)
    client = AsyncOpenAI(base_url=model_url, api_key="none is needed here")
    model = OpenAIResponsesModel(model=MODEL, openai_client=client)
    return Agent(name="Tasks", instructions=_INSTRUCTIONS, model=model)


async def deltas(agent: Agent, conversation: list[TResponseInputItem]) -> AsyncIterator[str]:
    """The pieces of the agent's reply, as the model produces them."""
    async for event in Runner.run_streamed(agent, conversation).stream_events():
        if event.type == "raw_response_event" and event.data.type == "response.output_text.delta":
            yield event.data.delta
