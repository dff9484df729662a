"""What ``check`` does on a user's own page, and says before it does it."""

from __future__ import annotations

import pytest

from chatkit_doctor.scenario.page_check import announcement, page_check
from chatkit_doctor.scenario.steps import Reload, Send, Step

URL = "http://localhost:3000/chat"
HELLO, MORE, AFTER = (Send(text=text) for text in ("Hello", "And once more", "And after the reload"))


@pytest.mark.parametrize(
    ("messages", "sends", "reload", "steps"),
    [
        ((), True, True, [HELLO, MORE, Reload(), AFTER]),
        ((), True, False, [HELLO, MORE]),
        ((), False, True, [Reload()]),
        ((), False, False, []),
        (("Hi", "Go on"), True, True, [Send(text="Hi"), Send(text="Go on"), Reload(), Send(text="Go on")]),
    ],
)
def test_the_steps(messages: tuple[str, ...], sends: bool, reload: bool, steps: list[Step]) -> None:
    assert page_check(URL, messages, sends=sends, reload=reload).scenario.steps == steps


def test_what_is_done_is_announced() -> None:
    assert announcement(page_check(URL, ["Hi"])) == (
        "The check will do this: send “Hi”, reload the page, send “Hi”."
    )
    assert announcement(page_check(URL, sends=False)) == "The check will do this: reload the page."
    assert announcement(page_check(URL, sends=False, reload=False)) == "Nothing is sent."
