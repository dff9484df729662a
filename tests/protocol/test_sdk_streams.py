"""What the SDK itself sends is never blamed: agents of openai-agents behind a real ChatKitServer."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from agents import (
    Agent,
    GuardrailFunctionOutput,
    OutputGuardrail,
    RunConfig,
    RunContextWrapper,
    Runner,
    StopAtTools,
    function_tool,
)
from chatkit.agents import AgentContext, ClientToolCall, simple_to_agent_input, stream_agent_response
from chatkit.server import ChatKitServer, StreamingResult
from chatkit.types import (
    ClientEffectEvent,
    CustomSummary,
    CustomTask,
    HiddenContextItem,
    NoticeEvent,
    ProgressUpdateEvent,
    SearchTask,
    StructuredInputFreeform,
    StructuredInputItem,
    ThreadItemDoneEvent,
    ThreadMetadata,
    ThreadStreamEvent,
    UserMessageItem,
    Workflow,
)
from chatkit.widgets import Card, Text, WidgetRoot

from chatkit_doctor.audits.audit import Status
from chatkit_doctor.audits.registry import examine
from chatkit_doctor.component.transcript import transcript
from chatkit_doctor.host.sqlite_store import SQLiteStore
from chatkit_doctor.protocol.payload import PayloadKind, read_payload
from chatkit_doctor.protocol.schema import check_event, check_thread
from chatkit_doctor.protocol.sse import parse
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.vocabulary import Layer
from tests.conversations import exchange, recorded
from tests.protocol.sdk_model import Json, ToldModel, call, image, message, reasoning
from tests.recordings import Part, send

Context = RunContextWrapper[AgentContext[None]]
Work = Callable[[AgentContext[None]], Any]


@dataclass(frozen=True, slots=True)
class Case:
    """What the model says in each of its answers, and what the agent's tool does when it is called."""

    name: str
    answers: tuple[list[Json], ...]
    work: Work | None = None
    stops: bool = False
    """Whether the run ends with the tool."""
    outputs: int = 0
    """How often the component answers a client tool call."""
    handoff: bool = False
    guarded: bool = False
    """Whether a guardrail trips over every reply."""


def trip(_context: Context, _agent: Agent[Any], _output: object) -> GuardrailFunctionOutput:
    """A guardrail that nothing passes."""
    return GuardrailFunctionOutput(output_info=None, tripwire_triggered=True)


class AgentServer(ChatKitServer[None]):
    """A server that answers every message with one run of an agent."""

    def __init__(self, store: SQLiteStore, case: Case) -> None:
        super().__init__(store)
        self._work = case.work

        @function_tool
        async def work(context: Context) -> str:
            if self._work is not None:
                await self._work(context.context)
            return "done"

        model = ToldModel(*case.answers)
        # Asked to stop at no tool, the agent goes on with every one.
        stop = StopAtTools(stop_at_tool_names=["work"] if case.stops else [])
        last: Agent[AgentContext[None]] = Agent(
            name="Worker",
            model=model,
            tools=[work],
            tool_use_behavior=stop,
            output_guardrails=[OutputGuardrail(trip)] if case.guarded else [],
        )
        self._agent = Agent(name="Front", model=model, handoffs=[last]) if case.handoff else last

    async def respond(
        self, thread: ThreadMetadata, input_user_message: UserMessageItem | None, context: None
    ) -> AsyncIterator[ThreadStreamEvent]:
        """Stream the run."""
        agent_context: AgentContext[None] = AgentContext(
            thread=thread, store=self.store, request_context=context
        )
        said = await simple_to_agent_input(input_user_message) if input_user_message else "go on"
        result = Runner.run_streamed(
            self._agent, said, context=agent_context, run_config=RunConfig(tracing_disabled=True)
        )
        async for event in stream_agent_response(agent_context, result):
            yield event


# What a tool does


async def card(context: AgentContext[None]) -> None:
    """A finished widget."""
    await context.stream_widget(Card(children=[Text(value="Finished")]))


async def growing_card(context: AgentContext[None]) -> None:
    """A widget whose text grows, then its shape changes."""

    async def states() -> AsyncGenerator[WidgetRoot, None]:
        yield Card(children=[Text(id="t", value="", streaming=True)])
        yield Card(children=[Text(id="t", value="Half", streaming=True)])
        yield Card(children=[Text(id="t", value="Half and whole", streaming=False)])
        yield Card(children=[Text(id="t", value="Half and whole"), Text(value="More")])

    await context.stream_widget(states())


async def workflow(context: AgentContext[None]) -> None:
    """A workflow from its beginning to its end."""
    await context.start_workflow(Workflow(type="custom", tasks=[]))
    await context.add_workflow_task(CustomTask(title="Look", status_indicator="loading"))
    await context.update_workflow_task(CustomTask(title="Look", status_indicator="complete"), 0)
    await context.add_workflow_task(SearchTask(title="Search", queries=["x"]))
    await context.end_workflow(CustomSummary(title="Looked"), expanded=True)


async def open_workflow(context: AgentContext[None]) -> None:
    """A workflow that the next message of the assistant ends."""
    await context.add_workflow_task(CustomTask(title="Look"))


async def news(context: AgentContext[None]) -> None:
    """Everything that is no item of the assistant."""
    await context.stream(ProgressUpdateEvent(icon="search", text="Looking"))
    await context.stream(NoticeEvent(level="warning", message="Mind the **gap**", title="Mind"))
    await context.stream(ClientEffectEvent(name="confetti", data={"much": True}))
    about: dict[str, Any] = {"thread_id": context.thread.id, "created_at": datetime.now()}  # noqa: DTZ005
    hidden = HiddenContextItem(id=context.generate_id("message"), content="unseen", **about)
    await context.stream(ThreadItemDoneEvent(item=hidden))


async def question(context: AgentContext[None]) -> None:
    """A question to the user."""
    asked = StructuredInputItem(
        id=context.generate_id("message"),
        thread_id=context.thread.id,
        created_at=datetime.now(),  # noqa: DTZ005 - naive local time, as the SDK itself writes it
        inputs=[StructuredInputFreeform(id="q", question="Which one?")],
    )
    await context.stream(ThreadItemDoneEvent(item=asked))


async def client_tool(context: AgentContext[None]) -> None:
    """A call that the page has to answer."""
    context.client_tool_call = ClientToolCall(name="look", arguments={"where": "here"})


SAYS = message("Here is the answer.", name="msg_1")
AGAIN = message("And once more.", name="msg_2")
WORK = call("work", "fc_1")
LINK = {
    "type": "url_citation",
    "url": "https://example.test",
    "title": "A source",
    "start_index": 0,
    "end_index": 4,
}
FILE = {"type": "file_citation", "file_id": "f", "filename": "f.pdf", "index": 3}

CASES = [
    Case("plain text", ([SAYS], [AGAIN])),
    Case("several messages", ([SAYS, AGAIN], [message("Third.", name="msg_3")])),
    Case("several parts", ([message("One.", "Two.", "Grüße 👋", name="msg_1")], [AGAIN])),
    Case("an empty part", ([message("", "Two.", name="msg_1")], [AGAIN])),
    Case("a tool", ([WORK], [SAYS], [AGAIN])),
    Case("text before a tool", ([message("Let me look.", name="m0"), WORK], [SAYS], [AGAIN])),
    Case(
        "a handoff",
        ([call("transfer_to_worker", "fc_0")], [SAYS], [call("transfer_to_worker", "fc_2")], [AGAIN]),
        handoff=True,
    ),
    Case("reasoning", ([reasoning("First I look.", "Then I say.", name="rs_1"), SAYS], [AGAIN])),
    Case("reasoning without words", ([reasoning(name="rs_1"), SAYS], [AGAIN])),
    Case(
        "reasoning around a tool",
        ([reasoning("Look.", name="rs_1"), WORK], [reasoning("Say.", name="rs_2"), SAYS], [AGAIN]),
    ),
    Case(
        "annotations", ([message({"text": "Read it.", "annotations": [LINK, FILE]}, name="msg_1")], [AGAIN])
    ),
    Case("an image", ([image("ig_1"), SAYS], [AGAIN])),
    Case("a widget", ([WORK], [SAYS], [AGAIN]), work=card),
    Case("a growing widget", ([WORK], [SAYS], [AGAIN]), work=growing_card),
    Case("only a widget", ([WORK], [SAYS]), work=card, stops=True),
    Case("a workflow", ([WORK], [SAYS], [AGAIN]), work=workflow),
    Case("a workflow that a message ends", ([WORK], [SAYS], [AGAIN]), work=open_workflow),
    Case("progress, notices, effects", ([WORK], [SAYS], [AGAIN]), work=news),
    Case("a question", ([WORK], [SAYS]), work=question, stops=True),
    Case("a client tool", ([WORK], [SAYS], [AGAIN]), work=client_tool, stops=True, outputs=1),
    Case(
        "a client tool behind reasoning",
        ([reasoning("Look.", name="rs_1"), WORK], [SAYS], [AGAIN]),
        work=client_tool,
        stops=True,
        outputs=1,
    ),
]


def request(op: str, **params: object) -> Json:
    """A request as the component sends it."""
    return {"type": op, "params": params}


def typed(text: str) -> Json:
    """A message the user typed."""
    content = [{"type": "input_text", "text": text}]
    return {"content": content, "attachments": [], "quoted_text": "", "inference_options": {}}


@dataclass(frozen=True, slots=True)
class Streamed:
    """The bodies of all streams of one conversation by their requests, and the thread as it is stored."""

    streams: tuple[tuple[Json, bytes], ...]
    thread: object

    @property
    def events(self) -> list[list[Json]]:
        """The events of each stream."""
        return [[json.loads(event.data) for event in parse(body)[0]] for _, body in self.streams]

    def recording(self) -> Recording:
        """As if the component had been watched."""
        parts: list[Part] = []
        turn = 0
        for number, (asked, body) in enumerate(self.streams, start=1):
            if asked["type"] in {"threads.create", "threads.add_user_message"}:
                turn += 1
                parts.append(send(1000.0 * number, "Hello", turn=turn, until=1000.0 * number + 900))
            parts += exchange(1000.0 * number + 20, asked["type"], body, params=asked["params"])
        return recorded(*parts)


def talk(case: Case) -> Streamed:
    """Two messages, and the answers to client tool calls where some come."""

    async def streams() -> Streamed:
        store = SQLiteStore()
        server = AgentServer(store, case)
        done: list[tuple[Json, bytes]] = []

        async def ask(asked: Json) -> bytes:
            result = await server.process(json.dumps(asked), None)
            if not isinstance(result, StreamingResult):
                return result.json
            body = b"".join([chunk async for chunk in result])
            done.append((asked, body))
            return body

        first = parse(await ask(request("threads.create", input=typed("Hello"))))[0]
        thread_id = json.loads(first[0].data)["thread"]["id"]
        for _ in range(case.outputs):
            await ask(request("threads.add_client_tool_output", thread_id=thread_id, result={"ok": True}))
        await ask(request("threads.add_user_message", thread_id=thread_id, input=typed("And?")))
        read = json.loads(await ask(request("threads.get_by_id", thread_id=thread_id)))
        store.close()
        return Streamed(tuple(done), read)

    return asyncio.run(streams())


def blamed(made: Recording) -> set[str]:
    """The causes that the audits of both layers find; none of them may have failed itself."""
    findings = [
        f for f in examine(made) if f.audit.layer in {Layer.SSE, Layer.PROTOCOL} and not f.audit.is_symptom
    ]
    assert [f.note for f in findings if f.status is Status.ERROR] == []
    return {finding.audit.id for finding in findings if finding.status is Status.FAILED}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_stream_of_the_sdk_is_clean(case: Case) -> None:
    streamed = talk(case)
    for _, body in streamed.streams:
        events, problems = parse(body)
        assert problems == []
        assert {read_payload(event.data).kind for event in events} == {PayloadKind.OBJECT}
    assert [p for events in streamed.events for event in events for p in check_event(event)] == []
    assert check_thread(streamed.thread) == ()
    assert blamed(streamed.recording()) == set()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_transcript_of_a_stream_is_the_stored_thread(case: Case) -> None:
    streamed = talk(case)
    stored: Any = streamed.thread
    said = [
        "\n".join(text for part in item["content"] if (text := part["text"]))
        for item in stored["items"]["data"]
        if item["type"] == "assistant_message"
    ]
    assert transcript(streamed.events).texts("assistant") == said


@pytest.mark.parametrize(
    ("case", "causes"),
    [
        pytest.param(
            Case("", ([SAYS],)),
            {"backend-error-event", "reply-item-missing"},
            id="an exception in the second turn",
        ),
        pytest.param(
            Case("", ([SAYS], [AGAIN]), guarded=True),
            {"backend-error-event", "item-removed"},
            id="a guardrail",
        ),
        pytest.param(
            Case("", ([message("One.", name="__fake_id__")], [message("Two.", name="__fake_id__")])),
            {"item-id-collision"},
            id="the ids of a Chat Completions model",
        ),
    ],
)
def test_what_goes_wrong_behind_the_sdk_is_all_that_is_found(case: Case, causes: set[str]) -> None:
    streamed = talk(case)
    assert [p for events in streamed.events for event in events for p in check_event(event)] == []
    assert blamed(streamed.recording()) == causes
