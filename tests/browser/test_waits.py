"""When a turn is over whose response calls a tool of the page, or goes on behind its end, and when a thread
is no longer awaited."""

from __future__ import annotations

import asyncio
import json
import math
from collections.abc import Callable, Sequence
from typing import cast

from chatkit_doctor.browser.waits import Waits
from chatkit_doctor.gather.observed_page import ObservedPage
from chatkit_doctor.gather.session_state import SessionState
from chatkit_doctor.recording.entries.session import LimitName
from chatkit_doctor.recording.journal import Clock
from chatkit_doctor.scenario.model import Limits
from tests.recordings import Made, entry

LIMIT_MS = 600_000
"""Of a turn: nothing here waits for it."""
CALL = {"type": "client_tool_call", "id": "ctc_1", "name": "get_time", "arguments": {}}


def end(t: float) -> Made:
    return entry(t, "component", "component.event", name="response.end")


def called(t: float, **fields: object) -> Made:
    event = {"type": "thread.item.done", "item": {**CALL, "status": "pending", **fields}}
    return entry(t, "sse", "sse.parsed", id="r1", index=1, event="", data=json.dumps(event), at=0)


def posted(t: float) -> Made:
    """The same call, as the frame gets it."""
    event = {"type": "thread.item.done", "item": {**CALL, "status": "pending"}}
    return entry(t, "sse", "sse.posted", nonce="n", data=json.dumps(event))


def output(t: float) -> Made:
    return entry(t, "request", "request.sent", id="r2", op="threads.add_client_tool_output")


REFUSED = entry(
    11, "component", "component.event", name="error", detail={"error": {"name": "IntegrationError"}}
)


def answered(t: float, **fields: object) -> Made:
    """The answer of a turn begins."""
    response = {"id": "r1", "op": "threads.create", "url": "/chat", "status": 200, "headers": {}, "mime": ""}
    return entry(t, "wire", "wire.response", **{**response, **fields})


def chunk(t: float) -> Made:
    return entry(t, "wire", "wire.chunk", id="r1", size=10, at=0)


def ended(t: float) -> Made:
    body = {"file": "bodies/a", "bytes": 0, "truncated": False}
    return entry(
        t, "wire", "wire.end", id="r1", op="threads.create", how="finished", error=None, size=0, body=body
    )


class AtRest(Waits):
    """Waits for a transcript that never moves."""

    async def quiet(self) -> bool:
        return True


class Moving(Waits):
    """Waits for a transcript that moves until it is waited for."""

    rests = False

    async def quiet(self) -> bool:
        self.rests = True
        return True


class FakePage:
    """As much of a page as the waits look at."""

    def __init__(self) -> None:
        self.state = SessionState(Clock())


async def settled() -> None:
    """Let every task go on as far as it can."""
    for _ in range(20):
        await asyncio.sleep(0)


def is_over_after(*entries: Made, turn_ms: int = LIMIT_MS) -> bool:
    """Whether the wait for the end of a turn ends when these entries have come."""

    async def scene() -> bool:
        page = FakePage()
        waits = AtRest(cast("ObservedPage", page), Limits(turn=turn_ms), motion=False)
        waiting = asyncio.ensure_future(waits.turn_ended(waits.before()))
        for made in entries:
            await settled()
            page.state.on_entry(made.t, made.data)
        await settled()
        is_over = waiting.done()
        waiting.cancel()
        return is_over

    return asyncio.run(scene())


def test_a_response_ends_a_turn() -> None:
    assert is_over_after(end(10))


def test_a_turn_goes_on_while_the_page_runs_a_tool() -> None:
    assert not is_over_after(called(5), end(10))


def test_a_turn_goes_on_until_the_response_to_the_output_has_ended() -> None:
    assert not is_over_after(called(5), end(10), output(900))
    assert is_over_after(called(5), end(10), output(900), end(1_000))


def test_an_output_that_is_sent_again_has_one_response() -> None:
    assert is_over_after(called(5), end(10), output(900), output(950), end(1_000))


def test_each_of_two_calls_has_its_response() -> None:
    calls = called(5), called(6, id="ctc_2")
    first = output(900), end(1_000)
    assert not is_over_after(*calls, end(10), *first)
    assert is_over_after(*calls, end(10), *first, output(1_100), end(1_200))


def test_a_call_that_is_heard_of_twice_is_one() -> None:
    assert is_over_after(posted(6), called(5), end(10), output(900), end(1_000))


def test_a_call_that_the_component_refuses_is_not_waited_for() -> None:
    assert is_over_after(called(10), REFUSED, end(12))


def test_a_call_that_was_answered_by_the_backend_itself_is_not_waited_for() -> None:
    assert is_over_after(called(5, status="completed"), end(10))


def test_a_page_that_never_answers_leaves_the_turn_at_its_end() -> None:
    async def scene() -> str | None:
        page = FakePage()
        waits = AtRest(cast("ObservedPage", page), Limits(turn=100), motion=False)
        before = waits.before()
        for made in (called(5), end(10)):
            page.state.on_entry(made.t, made.data)
        return await waits.turn_ended(before)

    assert asyncio.run(asyncio.wait_for(scene(), 60)) is None


class Impatient(SessionState):
    """Waits for nothing, and remembers how long it was to wait."""

    def __init__(self) -> None:
        super().__init__(Clock())
        self.limits: list[float] = []

    async def until(
        self, condition: Callable[[], bool], limit_ms: float, due: Callable[[], float] = lambda: math.inf
    ) -> bool:
        self.limits.append(limit_ms)
        return await super().until(condition, 0, due)


def test_a_page_that_left_one_tool_unanswered_costs_no_other_turn_its_time() -> None:
    async def scene() -> list[float]:
        page = FakePage()
        page.state = state = Impatient()
        waits = AtRest(cast("ObservedPage", page), Limits(turn=60_000, request=3_000), motion=False)
        for number in (1, 2, 3):
            before = waits.before()
            for made in (called(10 * number, id=f"ctc_{number}"), end(10 * number + 5)):
                state.on_entry(made.t, made.data)
            await waits.turn_ended(before)
        return state.limits

    # Of each turn, first its response and then the page's tool.
    assert asyncio.run(scene()) == [60_000, 60_000, 60_000, 3_000, 60_000, 3_000]


def test_a_call_of_an_earlier_turn_is_no_concern_of_this_one() -> None:
    async def scene() -> str | None:
        page = FakePage()
        page.state.on_entry(5, called(5).data)
        page.state.on_entry(10, end(10).data)
        waits = AtRest(cast("ObservedPage", page), Limits(turn=LIMIT_MS), motion=False)
        before = waits.before()
        page.state.on_entry(20, end(20).data)
        return await waits.turn_ended(before)

    assert asyncio.run(asyncio.wait_for(scene(), 60)) is None


def test_an_answer_that_the_component_has_let_go_of_is_recorded_to_its_end() -> None:
    assert not is_over_after(answered(5), end(10))
    assert not is_over_after(answered(5), end(10), chunk(20))
    assert is_over_after(answered(5), end(10), chunk(20), ended(30))


def test_an_answer_that_ends_before_its_turn_is_waited_for_no_longer() -> None:
    assert is_over_after(answered(5), ended(8), end(10))


def test_what_is_no_stream_may_still_be_answered() -> None:
    assert is_over_after(answered(5, op="threads.list"), end(10))


class Limited(Waits):
    """Waits that keep the names of the limits that came."""

    names: list[str]

    async def quiet(self) -> bool:
        return True

    def reached(self, name: LimitName, _limit_ms: int, _why: str = "") -> LimitName:
        self.names.append(name)
        return name


def limits_of(*entries: Made, before: Sequence[Made] = ()) -> list[str]:
    """The limits that come at the end of a turn with these entries, and no more."""

    async def scene() -> list[str]:
        page = FakePage()
        for made in before:
            page.state.on_entry(made.t, made.data)
        waits = Limited(cast("ObservedPage", page), Limits(turn=100), motion=False)
        waits.names = []
        seen = waits.before()
        for made in entries:
            page.state.on_entry(made.t, made.data)
        assert await waits.turn_ended(seen) is None
        return waits.names

    return asyncio.run(asyncio.wait_for(scene(), 60))


def test_an_answer_that_never_ends_is_given_up_and_the_turn_is_over_all_the_same() -> None:
    assert limits_of(answered(5), end(10)) == ["answer"]


def test_an_answer_of_an_earlier_turn_is_no_concern_of_this_one() -> None:
    assert limits_of(end(20), before=[answered(5), end(10)]) == []


def asked(number: int, after: str = "msg_1") -> Made:
    body = {"type": "items.list", "params": {"after": after}}
    return entry(number, "request", "request.sent", id=f"r{number}", op="items.list", url="/chat", body=body)


def is_waited_for_after(*entries: Made) -> bool:
    """Whether a thread that the page names is still waited for when these entries have come."""

    async def scene() -> bool:
        page = FakePage()
        page.state.loads_thread = True
        waits = AtRest(cast("ObservedPage", page), Limits(ready=120_000), motion=False)
        waiting = asyncio.ensure_future(waits.thread_loaded(waits.before()))
        for made in entries:
            await settled()
            page.state.on_entry(made.t, made.data)
        await settled()
        is_over = waiting.done()
        waiting.cancel()
        return not is_over

    return asyncio.run(scene())


def test_a_thread_that_is_asked_for_in_the_same_words_without_end_is_not_waited_for() -> None:
    assert is_waited_for_after(*(asked(number) for number in range(12)))
    assert not is_waited_for_after(*(asked(number) for number in range(60)))


def test_a_thread_of_many_pages_is_waited_for() -> None:
    assert is_waited_for_after(*(asked(number, after=f"msg_{number}") for number in range(200)))


def refused(number: int) -> tuple[Made, Made]:
    """The answer to one attempt of a request, after which it is sent again."""
    about = {"id": f"r{number}", "op": "threads.create"}
    return (
        entry(number, "wire", "wire.response", **about, url="/chat", status=500, headers={}),
        entry(number, "wire", "wire.end", **about, how="finished"),
    )


def limit_of(limits: Limits, *entries: Made) -> str | None:
    """The limit that the wait for the end of a turn runs into when these entries have come."""

    async def scene() -> str | None:
        page = FakePage()
        waits = AtRest(cast("ObservedPage", page), limits, motion=False)
        before = waits.before()
        for made in entries:
            page.state.on_entry(made.t, made.data)
        return await waits.turn_ended(before)

    return asyncio.run(asyncio.wait_for(scene(), 60))


def said_all() -> tuple[Made, ...]:
    """A stream whose only item is done, and which stays open."""
    item = {"type": "assistant_message", "id": "msg_1"}
    event = json.dumps({"type": "thread.item.done", "item": item})
    headers = {"content-type": "text/event-stream"}
    return (
        entry(2, "wire", "wire.response", id="r1", op="threads.create", url="/", status=200, headers=headers),
        entry(3, "wire", "wire.chunk", id="r1", size=1, at=0),
        entry(3, "sse", "sse.parsed", id="r1", index=0, event="", data=event, at=0),
    )


def test_a_request_that_is_refused_as_often_as_is_waited_for_ends_the_wait() -> None:
    assert limit_of(Limits(turn=LIMIT_MS, refusals=2), *refused(1), *refused(2)) == "refusals"
    assert limit_of(Limits(turn=100, refusals=3), *refused(1), *refused(2)) == "turn"
    assert limit_of(Limits(turn=100), *refused(1), *refused(2)) == "turn"


def test_a_stream_that_has_said_all_is_waited_for_as_long_as_it_may_be_silent() -> None:
    assert limit_of(Limits(turn=LIMIT_MS, silence=100), *said_all()) == "silence"
    assert limit_of(Limits(turn=100), *said_all()) == "turn"


def test_what_a_silent_stream_has_said_is_waited_for_until_it_is_on_the_screen() -> None:
    async def scene() -> bool:
        page = FakePage()
        waits = Moving(cast("ObservedPage", page), Limits(turn=LIMIT_MS, silence=100), motion=False)
        before = waits.before()
        for made in said_all():
            page.state.on_entry(made.t, made.data)
        await waits.turn_ended(before)
        return waits.rests

    assert asyncio.run(asyncio.wait_for(scene(), 60))


def test_a_turn_that_has_ended_is_over_however_often_it_was_refused() -> None:
    assert limit_of(Limits(turn=LIMIT_MS, refusals=2), *refused(1), *refused(2), end(5)) is None
