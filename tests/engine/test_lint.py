"""From a backend or a file to a report, without a browser."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest

from chatkit_doctor import SessionResult, sync
from chatkit_doctor.host.server import Host
from chatkit_doctor.report.model import ReportModel
from chatkit_doctor.scenario.select import select
from tests.chatkit_events import HELLO, done, good, reply, user
from tests.conversation.made import answer, sse

SECRET: Final = "s3cret-value-of-a-header"


@pytest.fixture(scope="module")
def host() -> Iterator[Host]:
    with Host() as running:
        yield running


@contextmanager
def backend(host: Host, name: str) -> Iterator[str]:
    """The URL of a scenario's own backend."""
    with host.site(select([name])[0].scenario, "") as site:
        yield f"{host.origin}{site.api_url}"


def lint(
    source: str,
    folder: Path,
    *,
    origin: str = "http://localhost:3000",
    op: str | None = None,
    secrets: tuple[str, ...] = (),
) -> SessionResult:
    """What results from a source for a page at this origin; reports go to the folder."""
    return sync.lint(
        source,
        messages=(HELLO, "And?"),
        headers={"Authorization": f"Bearer {SECRET}"},
        origin=origin,
        op=op,
        secrets=secrets,
        output=folder,
    )


def said_of(report: ReportModel) -> tuple[str, str, list[str], list[str]]:
    """Verdict, cause, symptoms and warnings."""
    return (*answer(report), [warning.id for warning in report.warnings])


def test_the_control_is_clean(host: Host, tmp_path: Path) -> None:
    with backend(host, "control/two-turns") as url:
        result = lint(url, tmp_path, origin=host.origin)
    report, folder = result.report, result.folder
    assert said_of(report) == ("pass", "", [], [])
    assert report.findings == []
    assert report.layers["persistence"] == "ok"
    assert (report.target["kind"], report.target["url"], report.target["notes"]) == ("url", url, [])
    names = {path.name for path in folder.iterdir()}
    assert {"report.json", "index.html", "junit.xml", "recording.ndjson", "bodies"} <= names
    assert (tmp_path / "latest").resolve() == folder.resolve()
    assert json.loads((folder / "report.json").read_text())["verdict"] == "pass"


def test_a_page_at_another_origin_is_blocked_where_the_backend_allows_none(
    host: Host, tmp_path: Path
) -> None:
    with backend(host, "control/two-turns") as url:
        report = lint(url, tmp_path).report
    assert report.verdict == "fail"
    assert report.cause is not None
    assert report.cause.id == "cors-blocked"


@pytest.mark.parametrize(
    ("attempt", "dialect"), [("1", "chatkit-invented"), ("2", "assistants"), ("3", "responses")]
)
def test_the_three_attempts_are_told_live(host: Host, tmp_path: Path, attempt: str, dialect: str) -> None:
    with backend(host, f"seed/attempt-{attempt}") as url:
        report = lint(url, tmp_path, origin=host.origin).report
    assert report.verdict == "fail"
    assert report.cause is not None
    assert (report.cause.id, report.cause.details["dialect"]) == ("wrong-dialect", dialect)


@pytest.mark.parametrize("attempt", ["1", "2", "3"])
def test_what_should_have_been_sent_is_clean_itself(host: Host, tmp_path: Path, attempt: str) -> None:
    with backend(host, f"seed/attempt-{attempt}") as url:
        result = lint(url, tmp_path, origin=host.origin)
    report, folder = result.report, result.folder
    assert [correction.turn for correction in report.corrections] == [1, 2]
    for correction in report.corrections:
        op = "threads.create" if correction.turn == 1 else "threads.add_user_message"
        again = lint(str(folder / correction.file), tmp_path, op=op).report
        assert said_of(again) == ("pass", "", [], [])


def test_the_recording_is_judged_again_to_the_same_answer(host: Host, tmp_path: Path) -> None:
    with backend(host, "behaviour/items/removed") as url:
        result = lint(url, tmp_path, origin=host.origin)
    report, folder = result.report, result.folder
    assert report.verdict == "fail"
    assert said_of(sync.audit(folder).report) == said_of(report)


@pytest.mark.parametrize("name", ["control/two-turns", "behaviour/items/removed", "seed/attempt-2"])
def test_a_recording_is_a_source_like_any_other(host: Host, tmp_path: Path, name: str) -> None:
    with backend(host, name) as url:
        result = lint(url, tmp_path, origin=host.origin)
    live, folder = result.report, result.folder
    read = lint(str(folder), tmp_path).report
    assert read.target["kind"] == "recording"
    assert answer(read) == answer(live)


def test_no_secret_is_in_any_artifact(host: Host, tmp_path: Path) -> None:
    with backend(host, "control/first-turn") as url:
        result = lint(url, tmp_path, origin=host.origin, secrets=("whole answer",))
    _, folder = result.report, result.folder
    texts = [path.read_text() for path in folder.rglob("*") if path.is_file()]
    assert len(texts) > 4
    assert not [text for text in texts if SECRET in text or "whole answer" in text]


def test_what_probes_show_is_a_note_and_never_a_finding(host: Host, tmp_path: Path) -> None:
    with backend(host, "behaviour/order/good-turn") as url:
        report = lint(url, tmp_path, origin=host.origin).report
    assert said_of(report)[0] == "pass"
    (note,) = (note for note in report.target["notes"] if "does not exist" in note)
    assert "answered with 200" in note


def test_a_saved_stream_is_judged_as_the_answer_to_an_operation(tmp_path: Path) -> None:
    body = tmp_path / "turn.sse"
    body.write_bytes(b"".join(sse([done(user()), done(reply())])))
    reports = tmp_path / "reports"
    first = lint(str(body), reports).report
    later = lint(str(body), reports, op="threads.add_user_message").report
    assert first.cause is not None
    assert first.cause.id == "thread-created-missing"
    assert answer(later) == ("pass", "", [])


def test_a_good_saved_stream_has_nothing_against_it(tmp_path: Path) -> None:
    body = tmp_path / "turn.sse"
    body.write_bytes(b"".join(sse(good())))
    report = lint(str(body), tmp_path / "reports").report
    assert said_of(report) == ("pass", "", [], [])
