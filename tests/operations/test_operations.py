"""What a person does beside writing messages: the same on the reference and on the real component.

What is expected was measured on the real one.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any, Final

import pytest
from playwright.sync_api import BrowserContext, FilePayload, expect, sync_playwright

from chatkit_doctor.browser.find import require
from chatkit_doctor.runtime.choose import choose
from chatkit_doctor.runtime.server import RuntimeServer
from tests.chatkit_events import created, done, item, reply, user
from tests.conftest import RUNTIMES, has_snapshot
from tests.operations.stage import PICTURE, Stage

pytestmark = pytest.mark.browser

SOUND: Final = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
NOTE: Final[FilePayload] = {"name": "note.txt", "mimeType": "text/plain", "buffer": b"hello"}
OTHER: Final[FilePayload] = {"name": "other.txt", "mimeType": "text/plain", "buffer": b"bye"}
DOT: Final[FilePayload] = {"name": "dot.png", "mimeType": "image/png", "buffer": PICTURE}
NOT_SENT: Final = "FileAttachmentError: Failed to upload file"
TWO_PHASE: Final[dict[str, Any]] = {
    "composer": {"attachments": {"enabled": True}},
    "api": {"uploadStrategy": {"type": "two_phase"}},
}
DIRECT: Final[dict[str, Any]] = {
    "composer": {"attachments": {"enabled": True}},
    "api": {"uploadStrategy": {"type": "direct", "uploadUrl": "/direct"}},
}
FORM: Final = {
    "type": "Card",
    "children": [
        {
            "type": "Form",
            "onSubmitAction": {"type": "save", "payload": {"who": "nobody", "x": 1}},
            "children": [
                {"type": "Input", "name": "who", "placeholder": "Your name"},
                {"type": "Checkbox", "name": "more.ok", "label": "Agreed"},
                {"type": "Button", "label": "Save", "submit": True},
            ],
        },
        {"type": "Button", "label": "Change", "onClickAction": {"type": "change", "streaming": False}},
    ],
}
CHANGED: Final = {"type": "Card", "children": [{"type": "Text", "value": "As it is now"}]}
OPTIONS: Final = [{"value": "red"}, {"value": "blue"}]
QUESTIONS: Final = [
    {"id": "q1", "type": "multiple_choice", "question": "Which?", "options": OPTIONS},
    {"id": "q2", "type": "multiple_choice", "question": "All?", "options": OPTIONS, "multiple": True},
    {"id": "q3", "type": "freeform", "question": "Your name?"},
]

Open = Callable[..., Stage]


@pytest.fixture(scope="module", params=RUNTIMES)
def window(request: pytest.FixtureRequest) -> Iterator[BrowserContext]:
    """One window for all tests on one component."""
    if request.param == "snapshot" and not has_snapshot():
        pytest.skip("needs the snapshot runtime: no copy of the real component is imported here")
    with sync_playwright() as driver, RuntimeServer(choose(request.param)) as server:
        browser = driver.chromium.launch(
            executable_path=str(require().executable), args=[*server.launch_args, *SOUND]
        )
        yield browser.new_context(
            reduced_motion="reduce",
            permissions=["clipboard-read", "clipboard-write", "microphone"],
            locale="en-US",
        )
        browser.close()


@pytest.fixture
def open_page(window: BrowserContext) -> Iterator[Open]:
    """Opens the page of the test with options of ChatKit's."""
    with ExitStack() as stack:

        def open_page(options: dict[str, Any] | None = None) -> Stage:
            stage = Stage()
            stack.enter_context(stage.served())
            stack.enter_context(stage.open(window, options or {}))
            return stage

        yield open_page


def _errors(stage: Stage) -> list[str]:
    return [detail for name, detail in stage.told() if name == "error"]


def test_a_turn_is_copied_and_rated(open_page: Open) -> None:
    stage = open_page()
    stage.say("**you**")
    up, down = (stage.frame.get_by_role("button", name=f"Thumbs {way}") for way in ("up", "down"))
    stage.frame.locator("article[data-thread-turn=assistant] button").first.click()
    stage.until(lambda: stage.page.evaluate("navigator.clipboard.readText()") == "Answer to **you**")
    up.click()
    about = {"thread_id": "thr_1", "item_ids": ["a1"], "kind": "positive"}
    assert stage.request("items.feedback") == about
    expect(up).to_be_disabled()
    stage.answers["items.feedback"] = 500
    with stage.page.expect_event("pageerror") as uncaught:
        down.click()
    assert "Internal Server Error" in uncaught.value.message
    assert _errors(stage) == []
    expect(down).to_be_disabled()
    expect(up).to_be_enabled()
    stage.press("New chat")
    stage.shows("What can I help with today?")
    stage.say("Other")
    expect(down, "what was rated was another turn").to_be_enabled()


def test_a_turn_is_written_anew_and_what_came_after_it_goes(open_page: Open) -> None:
    stage = open_page({"threadItemActions": {"retry": True}})
    stage.say("One")
    stage.answers["threads.add_user_message"] = [
        done(reply("A card", "a8")),
        done(item("widget", "w1", widget=CHANGED)),
    ]
    stage.say("Two")
    stage.shows("As it is now")
    again = stage.frame.get_by_role("button", name="Regenerate message")
    expect(again, "none below a turn that ends with a widget").to_have_count(1)
    stage.answers["threads.retry_after_item"] = [done(reply("Better", "a9"))]
    again.click()
    assert stage.request("threads.retry_after_item") == {"thread_id": "thr_1", "item_id": "u1"}
    stage.shows("One", "Better")
    expect(stage.frame.locator("article")).to_have_count(2)


def _choose(stage: Stage, entry: str) -> None:
    """Choose an entry of the menu of the first row."""
    stage.frame.locator("[aria-haspopup=menu]").first.click()
    stage.frame.get_by_role("menuitem", name=entry).click()


def test_a_thread_is_renamed_and_deleted(open_page: Open) -> None:
    stage = open_page()
    stage.say("Hello")
    stage.press("Conversation history")
    stage.answers["threads.update"] = 500
    _choose(stage, "Rename")
    stage.frame.locator('input[name="thread-title"]').fill("My talk")
    stage.press("Submit")
    stage.shows("Failed to rename chat.")
    assert _errors(stage) == ["HistoryViewError: Failed to load conversation: Internal Server Error"]
    del stage.answers["threads.update"]
    stage.press("Submit")
    expect(stage.frame.get_by_role("dialog")).to_have_count(0)
    assert stage.request("threads.update") == {"thread_id": "thr_1", "title": "My talk"}
    stage.shows("Today", "My talk")
    _choose(stage, "Delete")
    stage.press("Delete", -1)
    assert stage.request("threads.delete") == {"thread_id": "thr_1"}
    stage.shows("You don't have any past chats.")
    stage.press("Back to chat")
    stage.shows("What can I help with today?")
    assert stage.told()[-1] == ["thread.change", {"threadId": None}]


def test_a_widget_sends_what_is_written_in_it_and_is_changed(open_page: Open) -> None:
    stage = open_page()
    stage.answers["threads.create"] = [created(), done(user()), done(item("widget", "w1", widget=FORM))]
    stage.answers["threads.custom_action"] = [done(reply("Saved", "a9"))]
    stage.say("Hello")
    stage.frame.locator('input[name="who"]').fill("Ann")
    stage.frame.get_by_role("checkbox").click()
    stage.press("Save")
    action: dict[str, Any] = {"type": "save", "payload": {"who": "Ann", "x": 1, "more": {"ok": True}}}
    about = {"thread_id": "thr_1", "item_id": "w1"}
    assert stage.request("threads.custom_action") == {**about, "action": action}
    stage.shows("Saved")
    assert stage.frame.locator('input[name="who"]').input_value() == "Ann"
    stage.answers["threads.sync_custom_action"] = 500
    stage.press("Change")
    stage.shows("The action could not be completed. Please try again.")
    assert _errors(stage) == []
    assert stage.request("threads.sync_custom_action") == {**about, "action": {"type": "change"}}
    stage.answers["threads.sync_custom_action"] = {"updated_item": item("widget", "w1", widget=CHANGED)}
    stage.press("Change")
    stage.shows("As it is now")


def test_questions_are_answered_one_at_a_time_or_skipped(open_page: Open) -> None:
    stage = open_page()

    def ask(op: str, item_id: str) -> None:
        asked = item("structured_input", item_id, status="pending", inputs=QUESTIONS)
        start = [created(), done(user())] if op == "threads.create" else []
        stage.answers[op] = [*start, done(asked)]
        stage.frame.get_by_role("textbox").fill("Ask")
        stage.frame.get_by_role("textbox").press("Enter")
        stage.shows("1 of 3", "Which?", "Waiting for your answers")

    stage.answers["threads.add_structured_input"] = [done(reply("Thank you", "a8"))]
    ask("threads.create", "s1")
    stage.frame.get_by_role("radio").nth(1).click()
    stage.shows("2 of 3", "Select all that apply")
    stage.frame.get_by_role("checkbox").first.click()
    stage.frame.locator("[data-composer-root] textarea").fill("green")
    stage.press("Next")
    stage.shows("3 of 3")
    stage.press("Skip")
    stage.shows("Asked 3 questions", "Thank you")
    answers = {
        "q1": {"values": ["blue"], "skipped": False},
        "q2": {"values": ["red", "green"], "skipped": False},
        "q3": {"values": [], "skipped": True},
    }
    given = {"status": "answered", "answers": answers}
    about = {"thread_id": "thr_1", "item_id": "s1"}
    assert stage.request("threads.add_structured_input") == {**about, "input": given}
    stage.answers["threads.add_structured_input"] = [done(reply("Never mind", "a9"))]
    ask("threads.add_user_message", "s2")
    stage.press("Skip questions")
    stage.shows("Skipped questions", "Never mind")
    answers = {f"q{n}": {"values": [], "skipped": True} for n in (1, 2, 3)}
    given = {"status": "skipped", "answers": answers}
    assert stage.request("threads.add_structured_input")["input"] == given


def _attach(stage: Stage, *files: FilePayload) -> None:
    stage.frame.locator("input[type=file]").set_input_files(list(files))


def test_files_are_announced_sent_and_part_of_the_message(open_page: Open) -> None:
    stage = open_page(TWO_PHASE)
    ready = stage.frame.locator('[data-composer-root] [data-uploading="false"]')
    for n, file in enumerate((OTHER, NOTE, DOT), 1):
        stage.answers["attachments.create"] = stage.file(file["name"])
        _attach(stage, file)
        assert stage.request(f"PUT /put/{file['name']}") == (file["mimeType"], file["buffer"])
        expect(ready).to_have_count(n)
    about = {"name": "note.txt", "size": 5, "mime_type": "text/plain"}
    assert ("attachments.create", about) in stage.asked
    stage.frame.locator("[data-composer-root] button").first.click()
    assert stage.request("attachments.delete") == {"attachment_id": "other.txt"}
    expect(ready).to_have_count(2)
    stage.say("Here")
    assert stage.request("threads.create")["input"]["attachments"] == ["note.txt", "dot.png"]
    message = stage.frame.locator("[data-thread-item=user-message]")
    expect(message).to_contain_text(re.compile("note.txt.*Document.*Here", re.DOTALL))
    assert message.locator("img").get_attribute("src") == stage.file("dot.png")["preview_url"]


FAILURES: Final[dict[str, tuple[dict[str, Any], str, Any, str]]] = {
    "refused": (TWO_PHASE, "attachments.create", 400, f"{NOT_SENT}: Bad Request"),
    "without an address": (TWO_PHASE, "attachments.create", {}, f"{NOT_SENT}: File upload URL missing"),
    "not taken": (TWO_PHASE, "put/note.txt", 500, f"{NOT_SENT}: Internal Server Error"),
    "not named": (DIRECT, "direct", {}, "IntegrationError: Upload endpoint did not return file metadata"),
}


@pytest.mark.parametrize("failure", FAILURES)
def test_a_file_that_cannot_be_sent_is_gone(open_page: Open, failure: str) -> None:
    options, asked, answer, said = FAILURES[failure]
    stage = open_page(options)
    stage.answers |= {"attachments.create": stage.file("note.txt"), asked: answer}
    _attach(stage, NOTE)
    stage.shows("File upload failed", "The file could not be uploaded. Please try again.")
    assert _errors(stage) == [said]
    expect(stage.frame.locator("[data-composer-root] [data-uploading]")).to_have_count(0)


def test_a_file_goes_to_an_address_of_its_own_beside_a_tool_and_a_model(open_page: Open) -> None:
    tools = [{"id": "t1", "label": "Search", "icon": "search"}]
    models = [{"id": "m1", "label": "Small"}, {"id": "m2", "label": "Big"}]
    stage = open_page({**DIRECT, "composer": {**DIRECT["composer"], "tools": tools, "models": models}})
    stage.answers["direct"] = stage.file("note.txt")
    _attach(stage, NOTE)
    kind, body = stage.request("POST /direct")
    assert kind.startswith("multipart/form-data")
    assert b'name="file"; filename="note.txt"' in body
    expect(stage.frame.locator('[data-uploading="false"]')).to_have_count(1)
    stage.frame.locator("#chatkit-composer-tools-button").click()
    stage.frame.get_by_role("menuitem", name="Search").click()
    expect(stage.frame.get_by_role("button", name="Search")).to_be_visible()
    stage.press("Small")
    stage.frame.get_by_role("option", name="Big").click()
    stage.say("Hello")
    sent = stage.request("threads.create")["input"]
    assert sent["attachments"] == ["note.txt"]
    assert sent["inference_options"] == {"model": "m2", "tool_choice": {"id": "t1"}}
    stage.say("More")
    sent = stage.request("threads.add_user_message")["input"]
    assert (sent["attachments"], sent["inference_options"]) == ([], {"model": "m2"})
    changes = [detail["toolId"] for name, detail in stage.told() if name == "tool.change"]
    assert changes == ["t1", None]


def test_what_is_spoken_is_written_by_the_backend(open_page: Open) -> None:
    stage = open_page({"composer": {"dictation": {"enabled": True}}})
    stage.answers["input.transcribe"] = {"text": "spoken words"}
    buttons = stage.frame.locator("[data-composer-root] button")
    buttons.click()
    expect(stage.frame.get_by_role("textbox")).to_have_count(0)
    buttons.last.click()
    asked = stage.request("input.transcribe")
    assert asked["mime_type"] == "audio/webm;codecs=opus"
    assert base64.b64decode(asked["audio_base64"], validate=True)
    stage.press("Send message")
    said = stage.request("threads.create")["input"]["content"]
    assert said == [{"type": "input_text", "text": "spoken words"}]
