"""What is written of an entry: no secret, nothing that a reader cannot take, and every enumerated word."""

from __future__ import annotations

import math
from typing import Any

import msgspec
import pytest

from chatkit_doctor.recording.cleaning import LEFT_OUT, MAX_DEPTH, cleaned, masked
from chatkit_doctor.recording.entries import DomItem, DomState, PageOptions, RequestSent, TextDelta
from chatkit_doctor.recording.redaction import Redactor, mask_of

LONGEST = 100
SECRET = "hunter2-hunter2"


def options(value: object) -> object:
    """What is written of the page's options."""
    entry, _ = cleaned(PageOptions(options=value), longest=LONGEST)
    return masked(entry, Redactor([SECRET])).options


def sent(body: object = None, **headers: str) -> RequestSent:
    """A request with these headers."""
    return RequestSent(
        id="1",
        url="http://localhost/",
        method="POST",
        op="",
        body=body,
        headers=headers,
        auth={"authorization": "present"},
    )


def test_foreign_json_is_masked_in_depth_and_by_header_name() -> None:
    given = {"headers": {"Authorization": "Bearer zzz-9"}, "list": [{"text": f"see {SECRET}"}], SECRET: 1}
    assert options(given) == {
        "headers": {"Authorization": f"Bearer {mask_of('zzz-9')}"},
        "list": [{"text": f"see {mask_of(SECRET)}"}],
        mask_of(SECRET): 1,
    }


def test_that_a_request_carries_a_credential_is_no_secret() -> None:
    assert masked(sent(), Redactor()).auth == {"authorization": "present"}


def test_a_secret_that_is_an_enumerated_word_leaves_the_entry_readable() -> None:
    item = DomItem(
        key="1", turn="assistant", kind="user-message", text=TextDelta(keep=0, add="thread assistant")
    )
    state = DomState(by="frame", view="thread", responding=True, items=(item,), alerts=(), composer=True)
    entry = masked(state, Redactor(["thread", "assistant"]))
    assert (entry.view, entry.items[0].turn) == ("thread", "assistant")
    assert entry.items[0].text == TextDelta(keep=0, add=f"{mask_of('thread')} {mask_of('assistant')}")


def test_long_strings_are_cut_and_counted_wherever_they_stand() -> None:
    entry, shortened = cleaned(sent({"a": ["x" * 101]}, accept="y" * 102), longest=LONGEST)
    assert shortened == 2
    assert entry.body == {"a": ["x" * 100 + "… [1 characters more]"]}
    assert entry.headers == {"accept": "y" * 100 + "… [2 characters more]"}


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_a_number_that_json_does_not_know_is_none(number: float) -> None:
    assert options({"a": number}) == {"a": None}


def test_text_that_utf_8_does_not_know_can_be_written() -> None:
    msgspec.json.encode(options({"half \ud800": "a pair \udfff"}))


def test_what_is_nested_too_deep_is_left_out() -> None:
    deep: Any = "bottom"
    for _ in range(5_000):
        deep = [deep]
    found = options(deep)
    depth = 0
    while isinstance(found, list):
        found, depth = found[0], depth + 1
    assert (found, depth) == (LEFT_OUT, MAX_DEPTH)
