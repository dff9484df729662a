"""A page that asks in a different way from passing the request on: it is told by which, and what came."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from chatkit_doctor.browser.target import Address
from chatkit_doctor.recording.entries import RequestOther
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.recording.views.operations import Operation, operations
from chatkit_doctor.report.operations import operation_models
from chatkit_doctor.report.told_operations import told_operations
from chatkit_doctor.scenario.model import Scenario
from chatkit_doctor.scenario.steps import Send, Step
from tests import other_ways as ways
from tests.app_pages import START
from tests.other_ways import WAYS, OtherWays, answer_to, other_ways
from tests.session_runner import SessionRunner

pytestmark = pytest.mark.browser


@dataclass(frozen=True)
class Visit:
    """One message for each way, on one page."""

    page: OtherWays
    recording: Recording

    def of(self, said: str) -> Operation:
        """The operation that asked for this message."""
        (found,) = (each for each in operations(self.recording) if each.turn == WAYS.index(said) + 1)
        return found


@pytest.fixture(scope="module")
def visit(reference: SessionRunner, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visit]:
    steps: list[Step] = [Send(text=said) for said in WAYS]
    with other_ways(START) as page:
        target = Address(page.origin)
        folder = tmp_path_factory.mktemp("other-ways")
        recording = reference.record(Scenario(title="x", steps=steps), folder, target=target)
        yield Visit(page, recording)


def differences(operation: Operation) -> list[tuple[str, str | None, str | None]]:
    """Of the request."""
    return [(each.part, each.before, each.after) for each in operation.sent.differences]


def url_of(operation: Operation) -> str:
    """Where the page sent what it was requested."""
    assert operation.sent.content is not None
    return operation.sent.content.url


def came(operation: Operation) -> str:
    """The body of the answer."""
    assert operation.answered.content is not None
    return (operation.answered.content.body or b"").decode()


def test_a_websocket_is_named_with_what_was_written_and_read(visit: Visit) -> None:
    operation = visit.of(ways.BY_SOCKET)
    pieces = len(answer_to(ways.BY_SOCKET).split())
    said = f"a WebSocket to {visit.page.socket}: 1 message written, {pieces} read"
    assert differences(operation) == [("way", f"POST {visit.page.origin}/chatkit", said)]
    assert came(operation).splitlines()[-1] == '{"delta": " socket.", "last": true}'
    assert (operation.outcome, operation.handed_back.state) == ("changed", "shown")


def test_of_a_message_that_events_answer_both_are_told(visit: Visit) -> None:
    operation = visit.of(ways.BY_EVENTS)
    assert url_of(operation) == f"{visit.page.origin}/messages"
    pieces = len(answer_to(ways.BY_EVENTS).split())
    assert (
        operation.answered.note
        == f"It arrived through an EventSource at {visit.page.origin}/events: {pieces} events came."
    )
    assert came(operation).startswith('data: {"delta": "The", "last": false}\n\ndata:')


def test_a_worker_that_passes_on_what_was_asked_is_told_as_that(visit: Visit) -> None:
    operation = visit.of(ways.BY_WORKER)
    assert (operation.sent.state, operation.sent.note) == ("same", "Sent by a worker.")
    assert came(operation) == f'{{"answer":"{answer_to(ways.BY_WORKER)}"}}'


def test_a_socket_of_a_worker_is_told_as_that(visit: Visit) -> None:
    operation = visit.of(ways.BY_WORKERS_SOCKET)
    ((way, _, said),) = differences(operation)
    assert way == "way"
    assert str(said).startswith(f"a WebSocket of a worker to {visit.page.socket}: 1 message written")
    assert came(operation).splitlines()[-1] == '{"delta": " worker.", "last": true}'


@pytest.mark.parametrize(
    ("said", "path", "note"),
    [(ways.BY_XHR, "/api/chat", "Sent by XMLHttpRequest."), (ways.BY_FORM, "/proxy/7", "")],
)
def test_a_request_in_the_pages_own_words_is_found_behind_the_one_for_its_token(
    visit: Visit, said: str, path: str, note: str
) -> None:
    operation = visit.of(said)
    assert (url_of(operation), operation.sent.state) == (f"{visit.page.origin}{path}", "different")
    assert operation.sent.note == note
    assert came(operation) == f'{{"answer":"{answer_to(said)}"}}'


def test_what_has_nothing_to_do_with_an_answer_of_the_pages_own_is_told_as_a_fact(visit: Visit) -> None:
    operation = visit.of(ways.BY_NOBODY)
    me = f"GET {visit.page.origin}/me (200)"
    assert (operation.outcome, operation.meanwhile) == ("answered-by-page", (me,))
    assert operation.sent.note.endswith(f" Meanwhile the page had {me}.")
    (line,) = (line for line in told_operations(operation_models(visit.recording)) if me in line)
    assert line.endswith(f"answered by the page with 200 text/event-stream; meanwhile it had {me}")


def test_of_an_answer_that_is_very_long_the_body_is_left_where_it_is(visit: Visit) -> None:
    (me,) = (each.data for each in visit.recording.of(RequestOther) if each.data.url.endswith("/me"))
    assert (me.status, me.got, me.answer, me.is_whole) == (200, 1, "", False)


def test_where_nothing_else_left_the_page_that_is_said(visit: Visit) -> None:
    (listing, *_) = (each for each in operations(visit.recording) if each.op == "threads.list")
    assert (listing.outcome, listing.meanwhile) == ("answered-by-page", ())
    assert "and nothing else left the page meanwhile" in listing.sent.note
