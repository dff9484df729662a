"""Components in a browser that dialogues are put to, as many at a time as one page holds."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Self

from playwright.async_api import async_playwright

from chatkit_doctor.browser.choose import choose_browser
from chatkit_doctor.loopback import LoopbackServer
from chatkit_doctor.paths import static_dir
from chatkit_doctor.runtime.choose import choose
from chatkit_doctor.runtime.runtime import LOADER_URL
from chatkit_doctor.runtime.server import RuntimeServer
from tests.differential.dialogue import Dialogue, Look, Outcome

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

STAGES: Final = 8
"""Components on the page: enough that none waits for another's pauses."""
BATCH: Final = 400
"""Dialogues that cross to the page at a time."""
HERE: Final = Path(__file__).parent

_STYLE: Final = (
    "body{display:flex;flex-wrap:wrap;margin:0} openai-chatkit{display:block;width:300px;height:300px}"
)


class Stages:
    """Components of one runtime. Use as an async context manager."""

    def __init__(self, runtime: str, count: int = STAGES) -> None:
        self.name = runtime
        self._runtime = choose(runtime)
        self._count = count
        self._stack = AsyncExitStack()
        self._page: Any = None

    async def __aenter__(self) -> Self:
        enter = self._stack.enter_context
        server = enter(RuntimeServer(self._runtime))
        host = LoopbackServer(_page, name="differential")
        host.start()
        self._stack.callback(host.stop)
        playwright = await self._stack.enter_async_context(async_playwright())
        context = await playwright.chromium.launch_persistent_context(
            enter(
                tempfile.TemporaryDirectory(prefix="chatkit-doctor-differential-", ignore_cleanup_errors=True)
            ),
            executable_path=choose_browser().executable,
            args=server.launch_args,
            viewport={"width": 1280, "height": 960},
            reduced_motion="reduce",
            locale="en-US",
        )
        self._stack.push_async_callback(context.close)
        await context.add_init_script(_frame_script())
        self._page = await context.new_page()
        await self._page.goto(f"http://localhost:{host.port}/")
        await self._page.evaluate("count => differential.open(count)", self._count)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    async def play(self, dialogues: Sequence[Dialogue], *, fresh: bool = False) -> list[list[Outcome]]:
        """What came of each, exchange by exchange. ``fresh``: each on a component that was never used."""
        found: list[list[Outcome]] = []
        for start in range(0, len(dialogues), BATCH):
            batch = [dialogue.plain() for dialogue in dialogues[start : start + BATCH]]
            if fresh and not start:
                await self._page.evaluate("count => differential.open(count)", self._count)
            raw = await self._page.evaluate("([all, fresh]) => differential.play(all, fresh)", [batch, fresh])
            found += [[_outcome(each) for each in outcomes] for outcomes in raw]
        return found


def _outcome(raw: dict[str, Any]) -> Outcome:
    return Outcome(tuple(raw["requests"]), tuple(map(Look.read, raw["looks"])), Look.read(raw["final"]))


def _frame_script() -> str:
    """The probe's reading of the screen, and what answers questions about it; for frames alone."""
    probe = (static_dir() / "probes" / "dom.js").read_text(encoding="utf-8")
    begin, end = probe.index("const CRASH"), probe.index("/** @param {State} state */")
    reading = probe[begin:end].replace("const read = ", "const readTranscript = ")
    answers = (HERE / "frame.js").read_text(encoding="utf-8")
    return f"if (window !== top) {{{reading}\n{answers}}}"


async def _page(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] != "http":
        return
    script = (HERE / "page.js").read_text(encoding="utf-8")
    scripts = f'<script>{script}</script><script src="{LOADER_URL}"></script>'
    html = f"<!doctype html><style>{_STYLE}</style>{scripts}"
    headers = [(b"content-type", b"text/html; charset=utf-8")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": html.encode()})
