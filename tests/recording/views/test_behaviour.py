"""Two sessions that did the same are told the same, whatever the machine was doing."""

from __future__ import annotations

from chatkit_doctor.recording.views.behaviour import Behaviour, behaviour
from tests.recordings import Part, entry, opened, recording, reply, send, state, user


def told(*parts: Part) -> Behaviour:
    return behaviour(recording(*parts))


def event(t: float, event_name: str, **detail: object) -> Part:
    return entry(t, "component", "component.event", name=event_name, detail=detail)


def test_ids_are_left_out_of_events() -> None:
    changes = [event(10, "thread.change", threadId="thr_1"), event(20, "thread.change", threadId=None)]
    assert told(*changes).events == ("thread.change id", "thread.change null")


def test_the_log_is_no_public_event() -> None:
    assert told(event(10, "log", name="app.init")).events == ()


def test_ready_and_the_error_of_a_start_up_are_told_in_one_order() -> None:
    failed = event(10, "error", error={"name": "FatalAppError"})
    for parts in ((event(5, "ready"), failed), (failed, event(15, "ready"))):
        assert told(*parts).events == ("ready", "error FatalAppError")


def test_ready_and_the_thread_that_a_start_up_reads_are_told_in_one_order() -> None:
    for times in ((5, 10), (10, 5)):
        parts = [event(times[0], "ready"), event(times[1], "thread.load.start", threadId="thr_1")]
        assert told(*parts).events == ("thread.load.start", "ready")


def test_states_that_passed_in_a_blink_are_left_out() -> None:
    seen = told(
        state(1_000, user(1, "Hi"), responding=True),
        state(1_400, user(1, "Hi"), reply(2, "Yes"), responding=True),
        state(1_420, user(1, "Hi"), reply(2, "Yes.")),
    )
    assert seen.states == ("thread, responding: user-message", "thread: user-message, assistant-message")


def test_a_state_in_which_a_step_began_counts_however_short_it_was() -> None:
    seen = told(
        opened(),
        state(60, view="start"),
        send(100, "Hi", until=900),
        state(130, user(1, "Hi"), responding=True),
        state(400, user(1, "Hi"), reply(2, "Yes")),
    )
    assert seen.states[:2] == ("start", "thread, responding: user-message")


def test_the_transcript_is_what_is_on_screen_at_the_end() -> None:
    seen = told(state(1_000, user(1, "Hi"), reply(2, "One\n two")))
    assert seen.transcript == ("user: Hi", "assistant: One two")
