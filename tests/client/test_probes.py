"""What is tried on a backend beyond what the component does, and what is not unless it is allowed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from chatkit_doctor import sync
from chatkit_doctor.client.probes import READING, Probe, announced, chosen, is_failure
from chatkit_doctor.errors import UsageError
from chatkit_doctor.host.server import Host
from tests.client.backends import backend, ops, probed, talk
from tests.client.mortal_server import mortal


@pytest.fixture(scope="module")
def host() -> Iterator[Host]:
    with Host() as running:
        yield running


def test_unless_it_is_allowed_nothing_is_changed_and_nothing_broken_off(host: Host) -> None:
    with backend(host, {"kind": "sdk", "stream_ms": 0}) as url:
        found = talk(url)
    assert {call.probe for call in found.calls if call.probe} == {"list-items", "unknown-thread"}
    assert {call.op for call in found.calls} == {
        "threads.list",
        "threads.create",
        "threads.add_user_message",
        "threads.get_by_id",
        "items.list",
    }
    assert ops(found).count("threads.create") == 1
    assert all(call.how == "finished" for call in found.calls)


@pytest.mark.parametrize("probe", [Probe.RENAME_THREAD, Probe.EMPTY_BODY, Probe.ABORTED_STREAM])
def test_what_is_allowed_is_tried_and_no_more(host: Host, probe: Probe) -> None:
    with backend(host, {"kind": "sdk", "stream_ms": 0}) as url:
        found = talk(url, messages=("Hello",), probes=frozenset({probe}))
    assert set(probed(found)) == {str(probe)}


@pytest.mark.parametrize(
    ("names", "probes"),
    [
        (["all"], set(Probe)),
        (["none"], set()),
        (["rename-thread"], {Probe.RENAME_THREAD}),
        (["list-items", "empty-body"], {Probe.LIST_ITEMS, Probe.EMPTY_BODY}),
    ],
)
def test_probes_are_allowed_by_name(names: list[str], probes: set[Probe]) -> None:
    assert chosen(names) == probes


def test_an_unknown_probe_is_refused_with_those_there_are() -> None:
    with pytest.raises(UsageError) as caught:
        chosen(["rename"])
    assert "rename-thread" in (caught.value.hint or "")


def test_what_will_be_done_is_said_with_what_will_not() -> None:
    said = announced("http://me:pw@h:1/chatkit?token=s3cret", ("Hello", "And?"), READING)
    assert "2 messages to http://h:1/chatkit," in said
    assert "creates a thread" in said
    assert "does not exist" in said
    assert "It does not try rename-thread, empty-body, aborted-stream" in said


def test_what_is_allowed_is_said_to_be_done() -> None:
    said = announced("http://h:1/chatkit", ("Hello",), Probe)
    assert "renames that thread" in said
    assert "aborts its stream" in said
    assert "It does not try" not in said


@pytest.mark.parametrize(
    ("probe", "status", "is_wrong"),
    [
        ("list-items", 200, False),
        ("list-items", 404, True),
        ("unknown-thread", 404, False),
        ("unknown-thread", 200, True),
        ("unknown-thread", 500, True),
        ("empty-body", 500, False),
        ("empty-body", 200, True),
        ("rename-thread", None, True),
    ],
)
def test_what_a_good_backend_answers_is_no_failure(probe: str, status: int | None, *, is_wrong: bool) -> None:
    assert is_failure(probe, status, "") is is_wrong


@pytest.mark.parametrize(
    ("dies_of", "probe", "op"),
    [
        ("threads.create", "", "threads.create"),
        ("threads.get_by_id", "", "threads.get_by_id"),
        ("items.list", "list-items", "items.list"),
        ("empty", "empty-body", ""),
        ("broken stream", "aborted-stream", "threads.create"),
    ],
)
def test_a_server_that_dies_is_seen_at_the_request_it_died_of(dies_of: str, probe: str, op: str) -> None:
    with mortal(dies_of) as url:
        found = talk(url, messages=("Hello",), probes=frozenset(Probe))
    (dead,) = [call for call in found.calls if call.died]
    assert (dead.probe, dead.op) == (probe, op)


def test_a_server_that_lives_is_left_alone() -> None:
    with mortal("nothing") as url:
        found = talk(url, messages=("Hello",), probes=frozenset(Probe))
    assert [call for call in found.calls if call.died] == []
    assert set(probed(found)) == set(Probe)


def test_a_death_is_a_finding_with_its_name_and_its_request_can_be_sent_again(tmp_path: Path) -> None:
    with mortal("items.list") as url:
        found = sync.lint(url, messages=("Hello",), output=tmp_path)
    (warning,) = [each for each in found.report.warnings if each.id == "server-error"]
    assert warning.title == "The server died while handling items.list"
    assert [request.op for request in found.report.reproduce if request.turn is None] == ["items.list"]
    assert "items.list" in (found.folder / "reproduce.sh").read_text(encoding="utf-8")


def test_a_death_in_a_turn_is_the_cause_of_what_is_seen(tmp_path: Path) -> None:
    with mortal("threads.create") as url:
        found = sync.lint(url, messages=("Hello",), output=tmp_path)
    assert found.report.cause is not None
    assert (found.report.cause.id, found.report.cause.title) == (
        "server-error",
        "The server died while handling threads.create",
    )
