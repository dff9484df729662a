"""Which of the things that a page had under way stands for an operation: told by the words alone."""

from __future__ import annotations

import json

import pytest

from chatkit_doctor.recording.views.other_requests import Others, others_of
from tests.chatkit_events import good
from tests.conversations import written
from tests.recordings import Made, entry, recording

SAID = "Where is my parcel?"
REPLY = "It is on its way to you."
ASKED = {"type": "threads.create", "params": {"input": {"content": [{"type": "input_text", "text": SAID}]}}}
GIVEN = written(good(REPLY, SAID))


def other(url: str = "http://localhost/x", *, way: str = "fetch", body: str = "", answer: str = "") -> Made:
    """What a page had under way while ``c1`` was called."""
    known = {"call": "c1", "way": way, "by": "page", "method": "POST", "status": 200, "is_whole": True}
    known |= {"sent": int(bool(body) or way == "fetch"), "got": int(bool(answer))}
    return entry(110, "request", "request.other", url=url, body=body, answer=answer, **known)


def found(*made: Made, asked: object = ASKED, given: bytes = GIVEN) -> Others:
    """What stands for the operation among these."""
    return others_of(recording(*made), "c1", asked, given)


@pytest.mark.parametrize(
    "sent",
    [
        other(body=json.dumps({"messages": [{"content": SAID}]})),
        other(body="said=Where+is+my+parcel%3F&n=1"),
        other("http://localhost/ask?q=Where%20is%20my%20parcel%3F"),
        other(way="websocket", body=f'{{"ping": 1}}\n{{"text": "{SAID}"}}'),
        other(body=f"--b\r\ncontent-disposition: form-data; name=q\r\n\r\n{SAID}\r\n--b--"),
    ],
)
def test_what_carries_the_message_is_what_was_sent_for_it(sent: Made) -> None:
    others = found(other(body="{}"), sent)
    assert others.asked_by is not None
    assert others.asked_by.data == sent.data
    assert len(others.rest) == 1


@pytest.mark.parametrize(
    "came",
    [
        other(answer=json.dumps({"answer": REPLY})),
        other(way="websocket", answer='{"t": "d", "d": "It is on its "}\n{"t": "d", "d": "way to you."}'),
        other(way="event-source", answer='data: {"d": "It is on its "}\n\ndata: {"d": "way to you."}\n'),
        other(way="websocket", answer="It is on its \nway to you."),
        other(answer=REPLY),
    ],
)
def test_what_brought_the_reply_is_what_was_answered(came: Made) -> None:
    others = found(other(answer='{"answer": "Hello"}'), came)
    assert others.answered_by is not None
    assert others.answered_by.data == came.data


def test_what_was_sent_and_what_was_answered_may_be_two() -> None:
    others = found(other("http://localhost/send", body=SAID), other("ws://localhost/", answer=REPLY))
    assert others.sent is not None
    assert others.answered is not None
    assert (others.sent.data.url, others.answered.data.url) == ("http://localhost/send", "ws://localhost/")


def test_a_short_message_is_not_found_in_the_midst_of_another() -> None:
    asked = {"params": {"input": {"content": [{"text": "Hi"}]}}}
    assert found(other(body='{"to": "Hilda"}'), asked=asked).asked_by is None
    assert found(other(body='{"to": "Hi"}'), asked=asked).asked_by is not None


def test_a_thread_that_is_asked_for_by_its_id_is_known_by_it() -> None:
    asked = {"type": "threads.get_by_id", "params": {"thread_id": "t7"}}
    others = found(other("http://localhost/threads/t7"), asked=asked, given=b"{}")
    assert others.asked_by is not None


def test_what_other_calls_had_beside_them_is_none_of_this_one() -> None:
    others = others_of(recording(other(body=SAID)), "c2", ASKED, GIVEN)
    assert others == Others(has_words=True)


def test_without_words_nothing_is_known_by_them() -> None:
    others = found(other(body="{}"), asked={"type": "threads.list", "params": {"limit": 20}}, given=b"{}")
    assert (others.has_words, others.asked_by, others.tells_more) == (False, None, False)
