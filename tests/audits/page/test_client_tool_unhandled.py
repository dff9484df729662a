"""Client tool calls that nobody answers."""

from __future__ import annotations

from chatkit_doctor.audits.page.client_tool_unhandled import AUDIT
from tests.audits.asking import ask, assert_silent, failing
from tests.chatkit_events import Event, created, done, good, item, streamed, user
from tests.conversations import exchange, recorded
from tests.recordings import Part, entry, send


def call(status: str = "pending") -> Event:
    """The backend's call of a tool."""
    return done(item("client_tool_call", "c1", status=status, call_id="c", name="get_place", arguments={}))


def turn(last: Event) -> list[Part]:
    """A first turn that ends with this event."""
    return [send(0, "Where?", until=900), exchange(50, body=[created(), done(user()), last])]


def test_a_call_without_an_output_fails() -> None:
    (failure,) = failing(AUDIT, recorded(*turn(call())))
    assert (failure.details["tool"], failure.details["handler"]) == ("get_place", True)


def test_a_missing_handler_is_told_from_one_that_hangs() -> None:
    detail = {"error": {"name": "IntegrationError", "message": "No handler for client tool calls."}}
    complaint = entry(120, "component", "component.event", name="error", detail=detail)
    (failure,) = failing(AUDIT, recorded(*turn(call()), complaint))
    assert failure.details["handler"] is False


def test_an_output_that_was_sent_passes() -> None:
    output = exchange(200, "threads.add_client_tool_output", streamed())
    assert_silent(AUDIT, recorded(*turn(call()), output))


def test_completed_calls_and_turns_without_any_do_not_ask_for_one() -> None:
    assert ask(AUDIT, recorded(*turn(call("completed")))).status == "not-applicable"
    assert ask(AUDIT, recorded(exchange(50, body=good()))).status == "not-applicable"
