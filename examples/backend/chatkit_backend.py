"""The repaired backend: openai-chatkit speaks the protocol, and stores what was said."""

from __future__ import annotations

from collections.abc import AsyncIterator

from agents import Agent, Runner
from chatkit.agents import AgentContext, simple_to_agent_input, stream_agent_response
from chatkit.server import ChatKitServer, StreamingResult
from chatkit.store import NotFoundError
from chatkit.types import ThreadMetadata, ThreadStreamEvent, UserMessageItem
from fastapi import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from chatkit_doctor.host.sqlite_store import SQLiteStore


class TasksServer(ChatKitServer[None]):
    """Hands each message to the agent, with the whole thread before it."""

    def __init__(self, store: SQLiteStore, agent: Agent) -> None:
        super().__init__(store)
        self._agent = agent

    async def respond(
        self, thread: ThreadMetadata, input_user_message: UserMessageItem | None, context: None
    ) -> AsyncIterator[ThreadStreamEvent]:
        """What the agent says, as ChatKit's events."""
        page = await self.store.load_thread_items(thread.id, None, 100, "asc", context)
        result = Runner.run_streamed(self._agent, await simple_to_agent_input(page.data))
        agent_context: AgentContext[None] = AgentContext(
            thread=thread, store=self.store, request_context=context
        )
        async for event in stream_agent_response(agent_context, result):
            yield event

    async def answer(self, request: Request) -> Response:
        """The answer to any of ChatKit's requests: all of them come to one URL."""
        try:
            result = await self.process(await request.body(), None)
        except NotFoundError as error:
            return JSONResponse({"error": f"not found: {error}"}, status_code=404)
        if isinstance(result, StreamingResult):
            return StreamingResponse(result, media_type="text/event-stream")
        return Response(result.json, media_type="application/json")
