"""What a user sees of a chat as its events come in. Everything here was measured on the real component."""

from __future__ import annotations

import json
from typing import Any

import pytest

from chatkit_doctor.component.chat_state import Chat, Response
from chatkit_doctor.component.picture import BLANK, Picture
from tests.chatkit_events import (
    ANSWER,
    HELLO,
    Event,
    added,
    created,
    delta,
    done,
    good,
    item,
    part,
    removed,
    reply,
    updated,
    user,
)

FIRST = [created(), done(user())]
CRASHING = done(item("task", "bad", task=None))
END = done(item("end_of_turn", "end"))
NOTICE = {"type": "notice", "level": "info", "title": "Mind", "message": "the **gap**"}
ERROR = {"type": "error", "code": "custom", "message": "It failed.", "allow_retry": True}
CALL = item("client_tool_call", "call", call_id="c", name="look", arguments={}, status="completed")
ASKS = item(
    "structured_input", "ask", status="pending", inputs=[{"type": "freeform", "id": "q", "question": "Q"}]
)
CARD = {
    "type": "Card",
    "children": [{"type": "Text", "id": "t", "value": "Words"}],
    "confirm": {"label": "Yes"},
}
PROGRESS = {"type": "progress_update", "text": "Looking"}


class Heard:
    """Remembers what the component says."""

    def __init__(self) -> None:
        self.events: list[str] = []
        self.complaints: list[str] = []

    def changed(self, chat: Chat, t: float) -> None:
        """It is examined after every change, as by the renderer."""
        chat.picture(t)

    def said(self, name: str, _detail: object, _t: float) -> None:
        """A public event."""
        self.events.append(name)

    def complained(self, text: str, _t: float) -> None:
        """An error in the console."""
        self.complaints.append(text)


def sent(*turns: list[Event], heard: Heard | None = None) -> Chat:
    """A chat after so many turns."""
    chat = Chat(heard or Heard())
    for events in turns:
        chat.say([{"type": "input_text", "text": "Typed"}], 0)
        streamed(chat, events)
    return chat


def streamed(chat: Chat, events: list[Event]) -> None:
    """One stream from its first event to its end."""
    for event in events:
        chat.receive(json.dumps(event), 0)
    chat.settle(0)


def seen(*turns: list[Event]) -> list[str]:
    """The texts on the screen, a crash and other alerts last."""
    return _texts(sent(*turns).picture(0))


def _texts(picture: Picture) -> list[str]:
    return [*(element.text for element in picture.elements), *(f"! {alert.text}" for alert in picture.alerts)]


CRASHED = "! Something went wrong. Please try again later."


# The thread


def test_an_announcement_without_an_id_brings_the_start_screen_back_at_once_and_for_good() -> None:
    chat = sent()
    chat.say([], 0)
    chat.take(created(None), 0)
    assert chat.picture(0).view == "start"
    streamed(chat, good())
    assert chat.picture(0).view == "start"


@pytest.mark.parametrize("thread_id", [None, "", 0])
def test_an_id_that_says_nothing_is_none(thread_id: object) -> None:
    assert sent([created(thread_id), *good()[1:]]).picture(0).view == "start"


def _view_after(*events: Event) -> str:
    chat = sent()
    chat.say([], 0)
    for event in events:
        chat.take(event, 0)
    return chat.picture(0).view


def test_an_empty_id_is_none_at_once_and_another_that_counts_as_none_when_it_is_followed() -> None:
    assert _view_after(created("")) == "start"
    assert [_view_after(created(0)), _view_after(created(False))] == ["thread", "thread"]
    assert _view_after(created(0), created()) == "start"
    assert sent([created(0), *good()]).picture(0).view == "start"


def test_announced_again_the_thread_begins_anew_with_the_message_as_it_was_typed() -> None:
    chat = sent()
    chat.say([{"type": "input_text", "text": "Typed"}], 0)
    for event in [*FIRST, done(reply()), created()]:
        chat.take(event, 0)
    assert _texts(chat.picture(0)) == ["Typed"]
    streamed(chat, [done(user("Said", "u2")), done(reply("Second."))])
    assert _texts(chat.picture(0)) == ["Said", "Second."]


def test_another_thread_leaves_the_component_waiting_in_the_first() -> None:
    chat = sent([*FIRST, done(reply()), created("other"), done(reply("Lost.", "a2"))])
    assert chat.picture(0).responding
    assert _texts(chat.picture(0)) == [HELLO, ANSWER]


def test_the_first_thread_can_be_announced_again_after_another() -> None:
    chat = sent([*FIRST, done(reply()), created("other"), created(), done(reply("Back.", "a2"))])
    assert not chat.picture(0).responding
    assert _texts(chat.picture(0)) == ["Back."]


def test_an_announcement_in_a_later_turn_is_ignored() -> None:
    assert seen(good(), [created("other"), *good("Two.", "Again", turn=2)]) == [
        HELLO,
        ANSWER,
        "Again",
        "Two.",
    ]


# Messages and items


@pytest.mark.parametrize("place", [2, 3])
def test_a_second_message_of_the_persons_is_not_shown(place: int) -> None:
    events = [*FIRST, done(reply())]
    events.insert(place, done(user("Another", "u2")))
    assert seen(events) == [HELLO, ANSWER]


def test_a_message_that_comes_again_under_its_id_is_replaced() -> None:
    assert seen([*FIRST, done(reply()), done(user("Other"))]) == ["Other", ANSWER]


def test_a_message_in_the_answer_to_a_tool_is_one_more() -> None:
    chat = sent([*FIRST, done(CALL)])
    chat.begin(Response(), 0)
    streamed(chat, [done(user("More", "u2"))])
    assert _texts(chat.picture(0)) == [HELLO, "More"]


def test_ids_are_compared_as_texts() -> None:
    assert seen([*FIRST, done(reply("One.", 5)), done(reply("Two.", "5"))]) == [HELLO, "Two."]


def test_an_id_that_is_null_is_another_one_than_none() -> None:
    without = {key: value for key, value in reply("Two.").items() if key != "id"}
    assert seen([*FIRST, done(reply("One.", None)), done(without)]) == [HELLO, "One.", "Two."]


def test_a_removal_under_an_id_of_another_type_crashes_the_turn() -> None:
    assert seen([*FIRST, done(reply("One.", 5)), removed("5")]) == [HELLO, CRASHED]


def test_what_replaces_an_item_that_is_not_there_is_never_shown() -> None:
    replaced = {"type": "thread.item.replaced", "item": reply()}
    assert seen([*FIRST, replaced, done(reply())]) == [HELLO]
    assert seen([*FIRST, replaced, removed("a1"), done(reply())]) == [HELLO, ANSWER]


def test_a_turn_ends_with_the_item_that_says_so_and_not_with_one_in_anothers_place() -> None:
    ends = {"type": "thread.item.replaced", "item": item("end_of_turn", "end")}
    assert seen([*FIRST, PROGRESS, ends]) == [HELLO, "Looking"]
    assert seen([*FIRST, PROGRESS, END]) == [HELLO]


PICTURE = {"url": "data:,"}


@pytest.mark.parametrize(
    ("before", "update", "text"),
    [
        (None, {"image": PICTURE, "progress": 0.5}, "Creating image"),
        (None, {"image": PICTURE, "progress": 1}, "Image created"),
        (None, {"image": PICTURE}, "Image created"),
        (None, {"image": "", "progress": "0.5"}, "Image created"),
        (None, {"image": None, "progress": 1}, "Creating image"),
        (PICTURE, {"image": PICTURE, "progress": 0.5}, "Creating image"),
        (PICTURE, {"image": None, "progress": 0.5}, "Image created"),
    ],
)
def test_how_far_a_picture_is_is_told_by_updates_that_bring_one(
    before: object, update: Event, text: str
) -> None:
    events = [
        added(item("generated_image", "p1", image=before)),
        updated({"type": "generated_image.updated", **update}, "p1"),
    ]
    assert seen([*FIRST, *events]) == [HELLO, text]


@pytest.mark.parametrize(
    ("title", "is_shown"), [("", True), ([], False), ([[]], False), ([[], []], True), (["A"], True)]
)
def test_a_title_that_is_a_list_of_nothing_takes_the_panel_with_it(title: object, is_shown: bool) -> None:
    renamed = {"type": "thread.updated", "thread": {**created()["thread"], "title": title}}
    assert seen([*FIRST, done(reply()), renamed]) == ([HELLO, ANSWER] if is_shown else [])


@pytest.mark.parametrize("kind", ["end_of_turn", "client_tool_call"])
def test_what_is_never_shown_takes_no_items_place(kind: str) -> None:
    assert seen([*FIRST, done(reply()), done(item(kind, "a1"))]) == [HELLO, ANSWER]


def test_a_response_that_can_be_stopped_takes_the_panel_with_it_where_the_threads_id_is_no_text() -> None:
    begun = [created(5), done(user()), done(reply())]
    can_stop, cannot = (
        {"type": "stream_options", "stream_options": {"allow_cancel": allowed}} for allowed in (True, False)
    )
    assert sent([*begun, cannot], [done(user(item_id="u2")), cannot]).picture(0).view == "thread"
    assert sent([*begun, can_stop]).picture(0) == BLANK
    assert sent(begun, [can_stop]).picture(0) == BLANK


@pytest.mark.parametrize("message", [["x"], 7, {}, True])
def test_an_error_outside_of_a_thread_is_told_only_in_text(message: object) -> None:
    assert sent([{"type": "error", "code": "custom", "message": message}]).picture(0).alerts == ()


def test_an_error_stands_below_a_crashed_turn_that_nothing_more_can_join() -> None:
    crashed = done(user(attachments={}))
    assert seen([created(), crashed, ERROR]) == [CRASHED, "! It failed. Retry"]
    assert seen([*FIRST, CRASHING, END, ERROR]) == [HELLO, CRASHED, "! It failed. Retry"]
    assert seen([*FIRST, CRASHING, ERROR]) == [HELLO, CRASHED]


def test_an_error_that_cannot_be_drawn_leaves_the_persons_message() -> None:
    assert seen([*FIRST, {**ERROR, "message": {}}]) == [HELLO, CRASHED]
    assert seen([*FIRST, done(reply()), {**ERROR, "message": {}}]) == [HELLO, CRASHED]


@pytest.mark.parametrize("code", [-1, "rate_limit_exceeded", "1", "stream_error"])
def test_an_error_of_a_code_that_is_not_known_says_nothing_by_itself(code: object) -> None:
    assert sent([*FIRST, {"type": "error", "code": code}]).picture(0).alerts == ()
    assert sent([{"type": "error", "code": code}]).picture(0).alerts == ()


@pytest.mark.parametrize("begun", [FIRST, []], ids=["in a thread", "outside of one"])
def test_an_error_that_says_nothing_leaves_what_was_told(begun: list[Event]) -> None:
    told = sent([*begun, ERROR, {"type": "error", "code": 5}]).picture(0).alerts
    assert told == sent([*begun, ERROR]).picture(0).alerts != ()


@pytest.mark.parametrize("code", [None, False, 0, "", "custom", "stream.error"])
def test_an_error_without_a_code_says_what_errors_say(code: object) -> None:
    said = "There was an error while generating the assistant's response."
    assert seen([{"type": "error", "code": code}]) == [f"! {said}"]
    assert seen([*FIRST, {"type": "error", "code": code}]) == [HELLO, f"! {said}"]


def test_an_end_of_turn_keeps_what_comes_after_it_apart() -> None:
    assert seen([*FIRST, done(reply()), CRASHING]) == [HELLO, CRASHED]
    assert seen([*FIRST, done(reply()), END, CRASHING]) == [HELLO, ANSWER, CRASHED]


def test_a_turn_that_crashed_once_stays_so_even_without_its_items() -> None:
    assert seen([*FIRST, CRASHING, removed("bad")]) == [HELLO, CRASHED]
    assert seen([*FIRST, CRASHING, done(item("task", "bad", task={"title": "Good"}))]) == [HELLO, CRASHED]


@pytest.mark.parametrize("content", ["text", [None], [{"type": "output_text", "text": 5, "annotations": []}]])
def test_a_last_reply_that_cannot_be_looked_through_takes_the_panel_with_it(content: object) -> None:
    bad = done(reply(content=content))
    assert sent([*FIRST, bad], good(turn=2)).picture(0) == BLANK
    assert seen([*FIRST, added(reply("One.")), done(reply("Two.", "a2")), bad]) == [HELLO, CRASHED]


# Text


LONG = "one two three four five six seven eight nine ten eleven twelve"
SHOWN = "one two three four five six seven eight nine"


@pytest.mark.parametrize(
    ("events", "text"),
    [
        ([added(reply(LONG))], LONG),
        ([added(reply("one")), added(reply(LONG))], LONG),
        ([added(reply("")), delta(LONG)], LONG),
        ([added(reply(content=[])), part(), delta(LONG)], SHOWN),
        ([added(reply(content=[])), part(text=LONG)], SHOWN),
        ([added(reply(content=[])), part(), delta("one"), added(reply(LONG))], LONG),
        ([done(reply("")), delta(LONG)], LONG),
    ],
)
def test_only_what_a_part_of_its_own_brings_is_held_back(events: list[Event], text: str) -> None:
    assert seen([*FIRST, *events]) == [HELLO, text]


@pytest.mark.parametrize("index", [0.0, "0"])
def test_a_part_is_found_by_its_number_however_it_is_written(index: object) -> None:
    assert seen(
        [*FIRST, added(reply(content=[])), part(index=index), delta("One.", index=index), done(reply("One."))]
    )[1:] == ["One."]
    assert seen([*FIRST, added(reply("")), delta("One.", index=index)]) == [HELLO, "One."]


@pytest.mark.parametrize(("piece", "text"), [(None, "null"), (7, "7"), ({}, "[object Object]")])
def test_what_is_no_text_is_written_as_the_language_does(piece: object, text: str) -> None:
    update = {"type": "assistant_message.content_part.text_delta", "content_index": 0, "delta": piece}
    assert seen([*FIRST, added(reply("")), updated(update)]) == [HELLO, text]


def test_a_part_beyond_the_next_one_crashes_the_turn() -> None:
    assert seen([*FIRST, added(reply("One.")), part(index=3)]) == [HELLO, CRASHED]


# Widgets


def _changed(**update: Any) -> list[Event]:
    return [*FIRST, added(item("widget", "x", widget=CARD)), updated(update, "x")]


def test_an_update_without_its_component_crashes_the_turn() -> None:
    wrong = {"type": "Text", "value": "New"}
    events = _changed(type="widget.component.updated", component_id="t", widget=wrong)
    assert seen(events) == [HELLO, CRASHED]


def test_a_root_that_is_none_changes_nothing() -> None:
    assert seen(_changed(type="widget.root.updated", widget=None)) == [HELLO, "Words"]


def test_an_update_takes_the_buttons_away_again() -> None:
    grown = {"type": "widget.streaming_text.value_delta", "component_id": "t", "delta": ".", "done": True}
    whole = [*FIRST, done(item("widget", "x", widget=CARD))]
    assert seen(whole) == [HELLO, "Words\nYes"]
    assert seen([*whole, updated(grown, "x")]) == [HELLO, "Words."]


# Tasks


def _while_it_goes_on(*events: Event) -> list[str]:
    chat = sent()
    chat.say([{"type": "input_text", "text": "Typed"}], 0)
    for event in [*FIRST, *events]:
        chat.take(event, 0)
    return _texts(chat.picture(0))


@pytest.mark.parametrize(
    ("kind", "during", "after"),
    [
        ("custom", "Working", "Worked for a while"),
        ("thought", "Thinking", "Thought for a while"),
        ("web_search", "Searching the web", "Searched the web"),
        ("file", "Scanning document", "Scanned document"),
        ("image", "Analyzing image", "Analyzed image"),
        ("odd", "Working", "Working"),
    ],
)
def test_a_task_without_a_title_is_named_by_what_it_does(kind: str, during: str, after: str) -> None:
    task = {"type": kind}
    single = done(item("task", "x", task=task))
    assert _while_it_goes_on(single) == [HELLO, during]
    assert _while_it_goes_on(single, END) == [HELLO, after]
    assert _while_it_goes_on(done(item("task", "x", task={**task, "status_indicator": "complete"}))) == [
        HELLO,
        after,
    ]
    assert seen([*FIRST, single]) == [HELLO, after]


def test_an_open_workflow_is_called_by_its_last_task() -> None:
    tasks = [{"type": "thought"}, {"type": "web_search", "queries": ["tides"]}]
    flow = added(item("workflow", "w", workflow={"type": "custom", "tasks": tasks, "expanded": True}))
    assert _while_it_goes_on(flow) == [HELLO, "Searching the web\nThinking\nSearching the web\ntides"]
    assert seen([*FIRST, flow])[1].split("\n")[1:] == [
        "Thought for a while",
        "Searched the web",
        "tides",
        "Done",
    ]


# Alerts and progress


@pytest.mark.parametrize(
    ("events", "alerts"),
    [
        ([NOTICE], []),
        ([NOTICE, done(reply())], ["! Mind\nthe gap"]),
        ([done(reply()), NOTICE], ["! Mind\nthe gap"]),
        ([done(reply()), NOTICE, END], []),
        ([done(reply()), END, NOTICE], []),
        ([ERROR], ["! It failed. Retry"]),
        ([done(reply()), ERROR, NOTICE], ["! It failed. Retry"]),
        ([done(reply()), NOTICE, ERROR], ["! It failed. Retry"]),
        ([done(reply()), END, ERROR], ["! It failed. Retry"]),
        ([done(reply()), {"type": "notice"}], []),
        ([done(reply()), {"type": "error", "message": 7}], ["! 7"]),
    ],
)
def test_what_is_told_beside_the_conversation(events: list[Event], alerts: list[str]) -> None:
    assert [text for text in seen([*FIRST, *events]) if text.startswith("!")] == alerts


@pytest.mark.parametrize("event", [done(reply()), END, done(user("Late", "u1"))])
def test_progress_gives_way_to_whatever_is_new(event: Event) -> None:
    assert "Looking" not in seen([created(), PROGRESS, event])


@pytest.mark.parametrize("events", [[PROGRESS, done(CALL)], [done(reply()), PROGRESS, END]])
def test_what_is_not_shown_leaves_progress_where_it_is(events: list[Event]) -> None:
    assert "Looking" in seen([*FIRST, *events])


def test_progress_stays_when_the_next_message_is_sent() -> None:
    assert "Looking" in seen([*FIRST, done(reply()), PROGRESS], [])


def test_further_progress_comes_below_the_next_message() -> None:
    chat = sent([*FIRST, done(reply()), PROGRESS])
    chat.say([{"type": "input_text", "text": "More"}], 0)
    chat.take({**PROGRESS, "text": "Further"}, 0)
    assert _texts(chat.picture(0)) == [HELLO, ANSWER, "More", "Further"]


def test_progress_that_is_told_again_stays_where_it_is() -> None:
    chat = sent([*FIRST, done(reply()), PROGRESS])
    chat.say([{"type": "input_text", "text": "More"}], 0)
    chat.take(PROGRESS, 0)
    assert _texts(chat.picture(0)) == [HELLO, ANSWER, "Looking", "More"]
    chat.take({**PROGRESS, "icon": "search"}, 0)
    assert _texts(chat.picture(0)) == [HELLO, ANSWER, "More", "Looking"]
    assert seen([*FIRST, PROGRESS, END, PROGRESS]) == [HELLO]


def test_progress_after_the_end_of_its_turn_is_shown_anew() -> None:
    assert seen([*FIRST, PROGRESS, END]) == [HELLO]
    assert seen([*FIRST, PROGRESS, END, {**PROGRESS, "text": "Further"}]) == [HELLO, "Further"]


def test_progress_alone_in_its_turn_goes_when_another_turn_begins() -> None:
    assert seen([*FIRST, PROGRESS]) == [HELLO, "Looking"]
    assert seen([*FIRST, PROGRESS], []) == [HELLO]


def test_a_second_message_of_the_user_is_not_shown_and_ends_the_progress() -> None:
    assert seen([*FIRST, PROGRESS, added(user(item_id="u3"))]) == [HELLO]


def test_a_crashed_turn_stays_crashed_though_the_thread_begins_anew() -> None:
    broken = done(reply(content=None))
    assert seen([*FIRST, broken, *FIRST, done(reply())]) == [HELLO, CRASHED]


def test_progress_stays_beside_what_is_known() -> None:
    assert seen([*FIRST, added(reply()), PROGRESS, done(reply())]) == [HELLO, ANSWER, "Looking"]


# Tools and questions


@pytest.mark.parametrize("events", [[added(CALL)], [done(CALL)], [created("other"), done(CALL)]])
def test_every_call_of_a_tool_is_answered(events: list[Event]) -> None:
    assert sent([*FIRST, *events]).waits_for_tool


def test_what_is_told_goes_when_a_tool_was_answered() -> None:
    chat = sent([*FIRST, done(reply()), ERROR, done(CALL)])
    chat.begin(Response(), 0)
    streamed(chat, [])
    assert _texts(chat.picture(0)) == [HELLO, ANSWER]
    assert not chat.picture(0).responding


def test_two_calls_are_answered_one_after_the_other() -> None:
    chat = sent([*FIRST, added(CALL), done(CALL)])
    chat.begin(Response(), 0)
    streamed(chat, [])
    assert chat.waits_for_tool


@pytest.mark.parametrize("after", [[], [END], [NOTICE], [ERROR], [done(CALL)]])
def test_questions_are_waited_for(after: list[Event]) -> None:
    picture = sent([*FIRST, done(ASKS), *after]).picture(0)
    assert picture.responding
    assert _texts(picture) == [HELLO, "Waiting for your answer"]


@pytest.mark.parametrize(
    "after", [done(reply()), PROGRESS, removed("ask"), done({**ASKS, "status": "answered"})]
)
def test_questions_that_something_followed_are_not(after: Event) -> None:
    assert not sent([*FIRST, done(ASKS), after]).picture(0).responding


@pytest.mark.parametrize("content", [[], [{"type": "output_text", "text": " ", "annotations": []}]])
def test_a_reply_without_words_does_not_stand_in_the_way_of_questions(content: object) -> None:
    asked = [*FIRST, done(ASKS), done(reply(content=content))]
    assert sent(asked).picture(0).responding
    assert not sent([*asked, done(reply("Words.", "a2"))]).picture(0).responding


def test_a_form_that_cannot_be_drawn_takes_the_panel_with_it() -> None:
    bad = {**ASKS, "inputs": [{"type": "multiple_choice", "id": "q", "question": "Q"}]}
    assert sent([*FIRST, done(bad)]).picture(0) == BLANK


@pytest.mark.parametrize("inputs", [1, "text", [], {}])
def test_skipped_questions_need_no_list_of_them(inputs: object) -> None:
    assert seen([*FIRST, done({**ASKS, "status": "skipped", "inputs": inputs})]) == [
        HELLO,
        "Skipped questions",
    ]
    assert seen([*FIRST, done({**ASKS, "status": "skipped", "inputs": None})]) == [HELLO, CRASHED]


def test_a_form_begins_with_its_first_question() -> None:
    good, bad = ASKS["inputs"][0], {"type": "freeform", "question": "Q"}
    assert sent([*FIRST, done({**ASKS, "inputs": [good, bad]})]).picture(0).responding
    assert sent([*FIRST, done({**ASKS, "inputs": [bad, good]})]).picture(0) == BLANK


# The console


@pytest.mark.parametrize(
    ("event", "complaint"),
    [
        ({"type": "thread.item.done"}, "Cannot read properties of undefined (reading 'type')"),
        (delta("x", index=4), "Expected undefined to be output_text"),
        (part(content=None), ""),
    ],
)
def test_what_a_handler_throws_stands_in_the_console(event: Event, complaint: str) -> None:
    heard = Heard()
    sent([*FIRST, added(reply("")), event], heard=heard)
    assert heard.complaints == ([] if not complaint else [f"Error handling thread event {_named(complaint)}"])


def _named(complaint: str) -> str:
    return f"{'TypeError' if complaint.startswith('Cannot') else 'Error'}: {complaint}"
