"""What is wrong behind a fault that hides everything else."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from tests.chatkit_events import Event, created, done, good, reply, streamed, user
from tests.conversation.made import answer, conversation, first, judged, sse

UNANNOUNCED = [done(user()), *streamed()]
SHAPELESS = [created(), done(user()), done(reply(content=[{"type": "text", "text": "Hi."}]))]
PLAIN = {"content-type": "text/plain"}


def ndjson(events: Sequence[Event]) -> bytes:
    """A line of JSON for each event."""
    return "".join(f"{json.dumps(event)}\n" for event in events).encode()


def unseparated(events: Sequence[Event]) -> bytes:
    """Events without a blank line between them."""
    return b"".join(sse(events)).replace(b"\n\n", b"\n")


def encoded_twice(events: Sequence[Event]) -> bytes:
    """Events whose data is a JSON string."""
    return "".join(f"data: {json.dumps(json.dumps(event))}\n\n" for event in events).encode()


@pytest.mark.parametrize(
    ("events", "behind"),
    [(good(), []), (UNANNOUNCED, ["thread-created-missing"]), (SHAPELESS, ["invalid-event"])],
)
def test_what_the_body_hides_behind_a_wrong_content_type_is_told(
    events: list[Event], behind: list[str], tmp_path: Path
) -> None:
    report = judged(conversation(first(events, headers=PLAIN)), tmp_path)
    assert answer(report)[1] == "wrong-content-type"
    assert report.cause is not None
    assert report.cause.details["next"] == behind
    assert [sentence.startswith("Behind it: ") for sentence in report.cause.also] == [True] * len(behind)


@pytest.mark.parametrize(
    ("body", "outer"),
    [
        (unseparated, "sse-bad-framing"),
        (ndjson, "sse-bad-framing"),
        (encoded_twice, "sse-double-encoded"),
    ],
)
@pytest.mark.parametrize(("events", "behind"), [(good(), []), (UNANNOUNCED, ["thread-created-missing"])])
def test_so_it_is_behind_framing_and_double_encoding(
    body: Callable[[Sequence[Event]], bytes],
    outer: str,
    events: list[Event],
    behind: list[str],
    tmp_path: Path,
) -> None:
    report = judged(conversation(first(body(events))), tmp_path)
    assert answer(report)[1] == outer
    assert report.cause is not None
    assert report.cause.details["next"] == behind


def test_faults_that_hide_one_another_are_told_in_their_order(tmp_path: Path) -> None:
    report = judged(conversation(first(ndjson(UNANNOUNCED), headers=PLAIN)), tmp_path)
    assert report.cause is not None
    assert report.cause.details["next"] == ["sse-bad-framing", "thread-created-missing"]


def test_a_request_that_is_repeated_is_one_once_its_answer_is_well(tmp_path: Path) -> None:
    attempts = [first(UNANNOUNCED, headers=PLAIN, t=t) for t in (0.0, 1_500.0, 5_000.0)]
    report = judged(conversation(*attempts), tmp_path)
    assert report.cause is not None
    assert report.cause.details["next"] == ["thread-created-missing"]


def test_a_fault_that_hides_nothing_has_no_next_one(tmp_path: Path) -> None:
    report = judged(conversation(first(UNANNOUNCED)), tmp_path)
    assert report.cause is not None
    assert (report.cause.id, report.cause.also) == ("thread-created-missing", [])
    assert "next" not in report.cause.details


@pytest.mark.parametrize(("how", "behind"), [("finished", ["reply-item-missing"]), ("aborted", [])])
def test_what_was_broken_off_lacks_nothing(how: str, behind: list[str], tmp_path: Path) -> None:
    begun = [created(), done(user())]
    made = conversation(first(encoded_twice(begun), how=how), kind="har")
    report = judged(made, tmp_path)
    assert report.cause is not None
    assert report.cause.details["next"] == behind
