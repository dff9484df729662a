"""What is told to whoever waits with a session."""

from __future__ import annotations

from chatkit_doctor.gather.awaited import Awaited
from tests.recordings import Made, entry

TURN = {"id": "r1", "op": "threads.create"}
TYPED = entry(1, "page", "step.begin", index=1, do="send", turn=1, text="Hello")
SENT = entry(2, "request", "request.sent", **TURN)
BEGUN = entry(3, "wire", "wire.response", **TURN, url="/chat", status=200)
EVENT = entry(4, "sse", "sse.parsed", id="r1", index=0, event="", data="{}", at=0)
ENDED = entry(5, "wire", "wire.end", **TURN)


def after(*entries: Made) -> str:
    awaited = Awaited()
    for made in entries:
        awaited.on_entry(made.data)
    return awaited.what


def test_a_page_that_is_opened_is_waited_for() -> None:
    assert after(entry(0, "page", "step.begin", index=0, do="open")).startswith("the chat: the page has not")


def test_a_backend_is_waited_for_until_its_first_event() -> None:
    assert after(TYPED, SENT) == "the backend: no response to “Hello” yet"
    assert after(TYPED, SENT, BEGUN) == "the backend: no event in response to “Hello” yet"
    assert after(TYPED, SENT, BEGUN, EVENT) == ""


def test_an_answer_that_ends_without_an_event_is_waited_for_no_longer() -> None:
    assert after(TYPED, SENT, BEGUN, ENDED) == ""


def test_what_a_component_asks_beside_is_not_waited_for() -> None:
    assert after(TYPED, entry(2, "request", "request.sent", id="r2", op="threads.list")) == ""
