"""The rows of the timeline."""

from __future__ import annotations

import pytest

from chatkit_doctor.report.timeline_rows import MOST_OF_A_KIND, moments
from tests.recordings import URL, Part, entry, item, opened, recording, send, state, stream, user
from tests.sessions import attempt, good_conversation


def rows(*parts: Part) -> list[str]:
    """The words of the timeline of a recording."""
    return [moment.text for moment in moments(recording(*parts))]


def test_the_attempt_reads_from_the_message_to_the_empty_panel() -> None:
    told = [moment.text for moment in moments(attempt("responses"))]
    wanted = [
        "turn 1: the user sends “What is open?”",
        "threads.create is sent to http://localhost:1/chatkit",
        "the component starts responding",
        "the user's message appears: “What is open?”",
        "the last of 5 events reaches the component",
        "the component finishes responding",
        "the panel is empty",
        "the user's message vanishes, visible for 200 ms: “What is open?”",
    ]
    assert [text for text in told if text in wanted] == [
        wanted[0],
        wanted[2],
        *[wanted[1], *wanted[3:]],
    ]


def test_errors_that_say_the_same_are_one_row_where_the_first_came() -> None:
    def error(t: float, text: str) -> Part:
        return entry(t, "component", "component.console", level="error", text=text, noise=False)

    found = rows(opened(), error(200, "Odd"), error(300, "Other"), error(400, "Odd"), error(1500, "Odd"))
    assert [text for text in found if "console" in text] == [
        "console error: Odd (3 times, the last at 1,500 ms)",
        "console error: Other",
    ]


def test_rows_are_in_order_of_time_and_name_their_journal_entry() -> None:
    made = good_conversation()
    found = moments(made)
    assert [moment.t_ms for moment in found] == sorted(moment.t_ms for moment in found)
    assert {moment.n for moment in found} <= {e.n for e in made.entries}


def test_chunks_and_deltas_are_summed_up() -> None:
    events = [(n * 10.0, {"type": "progress_update"}) for n in range(50)]
    told = rows(opened(), send(100, "Hi", until=900), stream(120, events))
    assert sum("reaches the component" in text for text in told) == 2
    assert any("in 50 chunks" in text for text in told)


def test_an_empty_document_is_news_only_where_something_was_shown() -> None:
    assert "the panel is empty" not in rows(opened())
    assert "the panel is empty" in rows(opened(), state(60, user(1, "Hi")), state(70, view="blank"))


def test_a_message_that_was_never_painted_is_told_of() -> None:
    told = rows(opened(), state(60, user(1, "Hi"), by="mutation"), state(61, view="start"))
    assert "the user's message is in the DOM and never painted: “Hi”" in told


def test_a_banner_is_told_of_once() -> None:
    alerts = [("error", "It failed")]
    told = rows(opened(), state(60, alerts=alerts), state(61, user(1, "Hi"), alerts=alerts))
    assert told.count("a banner (error) says “It failed”") == 1


@pytest.mark.parametrize(
    ("layer", "kind", "data", "text"),
    [
        ("page", "session.broke-off", {"reason": "the page crashed"}, "the run breaks off: the page crashed"),
        (
            "page",
            "session.slowed",
            {"op": "items.list", "latency_ms": 1_000},
            "items.list is requested endlessly: from here on each response is delayed by 1,000 ms",
        ),
        (
            "page",
            "page.csp",
            {"blocked": "http://a/b", "directive": "connect-src"},
            "the Content-Security-Policy blocks http://a/b (connect-src)",
        ),
        (
            "component",
            "component.event",
            {"name": "thread.change", "detail": {"threadId": "123"}},
            "the component changes to thread 123",
        ),
        (
            "component",
            "component.event",
            {"name": "thread.change", "detail": {"threadId": None}},
            "the component changes to no thread",
        ),
        (
            "component",
            "component.event",
            {"name": "error", "detail": {"error": {"name": "StreamError", "message": "It failed"}}},
            "the component reports an error: It failed",
        ),
        (
            "component",
            "component.console",
            {"level": "error", "text": "Uncaught", "noise": False},
            "console error: Uncaught",
        ),
        (
            "frame",
            "frame.asset",
            {"url": "https://cdn.test/a.js", "status": 404, "error": ""},
            "an asset of the frame failed: https://cdn.test/a.js (status 404)",
        ),
        (
            "page",
            "page.script",
            {"src": "a.js", "state": "failed", "reason": "x"},
            "chatkit.js failed: x (a.js)",
        ),
    ],
)
def test_what_happened_is_told_in_plain_words(
    layer: str, kind: str, data: dict[str, object], text: str
) -> None:
    assert rows(entry(1, layer, kind, **data)) == [text]


@pytest.mark.parametrize(
    ("layer", "kind", "data"),
    [
        ("component", "component.console", {"level": "error", "text": "Uncaught", "noise": True}),
        ("component", "component.console", {"level": "warning", "text": "Careful", "noise": False}),
        ("component", "component.event", {"name": "log", "detail": {"name": "app.init"}}),
        ("frame", "frame.request", {"url": "https://t.test", "status": None, "error": "x", "noise": True}),
        ("frame", "frame.asset", {"url": "https://cdn.test/a.js", "status": 200, "error": ""}),
    ],
)
def test_noise_is_not_told_of(layer: str, kind: str, data: dict[str, object]) -> None:
    assert rows(entry(1, layer, kind, **data)) == []


def test_a_flood_of_one_kind_is_cut_short_and_says_so() -> None:
    flood = [entry(n, "page", "page.error", message=f"error {n}", stack="") for n in range(1000)]
    told = rows(flood)
    assert len(told) == MOST_OF_A_KIND + 1
    assert told[-1] == "more entries of this kind (page.error) follow; the recording has all of them"


def test_work_in_progress_that_nobody_saw_is_not_told_of() -> None:
    done_at_once = item(1, "workflow", "Worked for a while", turn="assistant")
    assert not any("Worked" in row for row in rows(opened(), state(200, done_at_once, by="mutation")))


def test_no_row_comes_before_what_brought_it_about() -> None:
    """The clocks of the network and of the page are some milliseconds apart: the answer seems to be early."""
    about = {"id": "r9", "op": "threads.list", "url": URL}
    head = {"content-type": "application/json"}
    made = recording(
        entry(204.0, "request", "request.sent", **about, method="POST"),
        entry(203.0, "wire", "wire.response", **about, status=200, headers=head, mime="application/json"),
        entry(202.0, "wire", "wire.end", id="r9", op="threads.list", how="finished", size=2),
    )
    sent, answered, ended = moments(made)
    assert sent.text.startswith("threads.list is sent")
    assert answered.text.endswith("application/json, after 0 ms")
    assert ended.text == "threads.list: the body ends: 2 bytes in 0 chunks, 0 ms after the request"
    # Each keeps the time at which it was seen.
    assert [row.t_ms for row in (sent, answered, ended)] == [204.0, 203.0, 202.0]
