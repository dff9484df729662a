"""The component is observed however the page hides it, and however the wire is watched."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from chatkit_doctor.browser.target import Address
from chatkit_doctor.recording.entries import (
    DomItem,
    DomState,
    FetchChunk,
    FetchEnd,
    FrameStubbed,
    PageElement,
    PageInventory,
    PageOptions,
    PaintBox,
    PaintFrame,
    PaintScreenshot,
    SessionLimit,
    SseParsed,
    SsePosted,
    WireChunk,
    WireEnd,
)
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.runtime.choose import choose
from chatkit_doctor.runtime.runtime import CDN_ORIGIN, LOADER_URL, RuntimeFile, RuntimeName
from chatkit_doctor.scenario.model import Scenario
from chatkit_doctor.scenario.read import scenario_from
from chatkit_doctor.scenario.steps import CallMethod, Send
from tests.session_runner import SessionRunner

CLOSED_ROOTS = """
const attachShadow = Element.prototype.attachShadow;
Element.prototype.attachShadow = function (init) {
  return attachShadow.call(this, {...init, mode: "closed"});
};
"""
TURN = Scenario(title="one turn", steps=[Send(text="Hello there")])
FRAMED = """<!doctype html><title>An app in a frame of another app</title><body><script>
const inner = document.createElement("iframe");
inner.src = URL;
inner.style = "width: 440px; height: 660px";
const host = document.body.appendChild(document.createElement("div"));
host.attachShadow({mode: "closed"}).append(inner);
</script>"""
"""A page that holds another one in a frame, behind a closed shadow root."""


@pytest.fixture(scope="module")
def watched_from_the_page() -> Iterator[SessionRunner]:
    session_runner = SessionRunner("reference", tee=True)
    yield session_runner
    session_runner.close()


@pytest.fixture(scope="module")
def closed_roots() -> Iterator[SessionRunner]:
    session_runner = SessionRunner("reference")

    async def close_roots() -> None:
        (profile,) = session_runner.browser._all
        await profile.context.add_init_script(CLOSED_ROOTS)

    session_runner.run(close_roots())
    yield session_runner
    session_runner.close()


@pytest.mark.browser
def test_a_turn_is_observed_in_a_closed_shadow_root(closed_roots: SessionRunner, tmp_path: Path) -> None:
    recording = closed_roots.record(TURN, tmp_path)
    assert any(entry.data.state == "shadow-closed" for entry in recording.of(PageElement))
    last = recording.of(DomState)[-1]
    assert [item.turn for item in last.data.items] == ["user", "assistant"]


@contextmanager
def framing(url: str) -> Iterator[str]:
    """A page on a server of its own that holds a page in a frame, two frames deep."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            inner = url if self.path == "/inner" else "/inner"
            body = FRAMED.replace("URL", json.dumps(inner)).encode()
            self.send_response(200)
            self.send_header("content-type", "text/html")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield f"http://localhost:{server.server_port}/"
    server.shutdown()
    server.server_close()


@pytest.mark.browser
def test_a_turn_is_observed_in_frames_of_frames_behind_closed_roots(
    session_runner: SessionRunner, tmp_path: Path
) -> None:
    steps = [Send(text="Hello there"), CallMethod(method="setThreadId", args=[None])]
    with session_runner.host.site(TURN, LOADER_URL) as site, framing(session_runner.host.url(site)) as outer:
        scenario = TURN.model_copy(update={"steps": steps})
        recording = session_runner.record(scenario, tmp_path, target=Address(outer))
    assert recording.finished
    assert not recording.has(SessionLimit)
    assert [item.turn for item in _most_items(recording)] == ["user", "assistant"]
    assert recording.of(DomState)[-1].data.view == "start"
    assert len(recording.of(SseParsed)) == len(recording.of(SsePosted)) > 5
    inventory = recording.of(PageInventory)[-1]
    assert (inventory.data.elements, inventory.data.frames) == (1, 1)
    assert recording.of(PaintBox)[-1].data.width == 420


def _most_items(recording: Recording) -> tuple[DomItem, ...]:
    """The items of the fullest state of the transcript."""
    return max((entry.data.items for entry in recording.of(DomState)), key=len)


@pytest.mark.browser
def test_a_chunk_that_a_snapshot_lacks_is_recorded_with_what_stood_in_for_it(tmp_path: Path) -> None:
    reference = choose("reference")
    main = tmp_path / "main.js"
    path = "/deployments/chatkit/frame/main.js"
    main.write_bytes(reference.files[path].path.read_bytes() + b'\nimport("./absent.js");')
    files = {**reference.files, path: RuntimeFile(main, main.stat().st_size)}
    session_runner = SessionRunner(replace(reference, name=RuntimeName.SNAPSHOT, files=files))
    try:
        recordings = [session_runner.record(TURN, tmp_path / name) for name in ("first", "second")]
    finally:
        session_runner.close()
    for recording in recordings:
        (stub,) = recording.of(FrameStubbed)
        assert stub.data.url == f"{CDN_ORIGIN}/deployments/chatkit/frame/absent.js"
        assert stub.data.exports == ("default", "LottieIcon", "__iconNode")


@pytest.mark.browser
def test_the_page_side_tee_sees_the_same_bytes_as_the_devtools_protocol(
    watched_from_the_page: SessionRunner, reference: SessionRunner, tmp_path: Path
) -> None:
    def sizes(session_runner: SessionRunner, folder: Path) -> list[tuple[str, str, int]]:
        ends = session_runner.record(TURN, folder).of(WireEnd)
        return [(end.data.op, end.data.how, int(end.data.size)) for end in ends]

    assert sizes(watched_from_the_page, tmp_path / "tee") == sizes(reference, tmp_path / "cdp")


@pytest.mark.browser
def test_the_page_side_tee_sees_chunks_while_they_arrive(
    watched_from_the_page: SessionRunner, tmp_path: Path
) -> None:
    recording = watched_from_the_page.record(TURN, tmp_path)
    chunks = [entry.t for entry in recording.of(WireChunk)]
    assert len(chunks) > 1
    assert chunks[-1] - chunks[0] > 200, "the stream takes 400 ms, and so does watching it"


@pytest.mark.browser
def test_where_there_is_no_film_a_picture_is_taken_when_something_has_vanished(
    watched_from_the_page: SessionRunner, tmp_path: Path
) -> None:
    stream = [{"event": {"type": "thread.created", "thread": {"id": "thr_1"}}}, {"delay_ms": 300}]
    backend = {"kind": "script", "answers": {"*": {"stream": stream}}}
    gone = scenario_from({"title": "gone", "backend": backend, "steps": [{"send": "Hello"}]})
    recording = watched_from_the_page.record(gone, tmp_path)
    assert "vanished-1" in [shot.data.name for shot in recording.of(PaintScreenshot)]
    assert not recording.has(PaintFrame)


@pytest.mark.browser
def test_events_are_seen_at_five_places(session_runner: SessionRunner, tmp_path: Path) -> None:
    recording = session_runner.record(TURN, tmp_path)
    parsed, posted = recording.of(SseParsed), recording.of(SsePosted)
    assert len(parsed) == len(posted) > 5
    # In how many pieces they come is up to the network: together they are the whole body.
    (whole,) = (end.data.size for end in recording.of(WireEnd) if end.data.id == parsed[0].data.id)
    of_wire = [chunk.data.size for chunk in recording.of(WireChunk) if chunk.data.id == parsed[0].data.id]
    (of_fetch,) = (end.data.size for end in recording.of(FetchEnd) if end.data.size == whole)
    assert sum(of_wire) == of_fetch == whole > parsed[-1].data.at
    assert recording.has(FetchChunk)
    assert recording.of(DomState)[-1].data.items[-1].turn == "assistant"


@pytest.mark.browser
def test_all_sources_agree_on_the_clock(session_runner: SessionRunner, tmp_path: Path) -> None:
    recording = session_runner.record(TURN, tmp_path)
    parsed, posted = recording.of(SseParsed), recording.of(SsePosted)
    lags = [later.t - earlier.t for earlier, later in zip(parsed, posted, strict=True)]
    # An event cannot be handed on before it has arrived; a little slack for the browser's clock conversion.
    assert min(lags) > -10


@pytest.mark.browser
def test_a_state_that_a_person_saw_is_recorded_as_painted(
    session_runner: SessionRunner, tmp_path: Path
) -> None:
    recording = session_runner.record(TURN, tmp_path)
    painted = [e.data.items for e in recording.of(DomState) if e.data.by == "frame"]
    assert any(len(items) == 2 and all(item.shown for item in items) for items in painted)


@pytest.mark.browser
def test_pages_leave_nothing_behind_for_the_next_one(reference: SessionRunner, tmp_path: Path) -> None:
    page = {"remember_thread": True}
    scenario = scenario_from({"title": "x", "page": page, "steps": [{"send": "Hello"}]})
    reference.record(scenario, tmp_path / "first")
    second = reference.record(scenario, tmp_path / "second")
    options = second.of(PageOptions)[0].data.given
    assert "initialThread" not in options
