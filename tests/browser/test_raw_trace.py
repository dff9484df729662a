"""A raw trace, in which every header stands, never is on disk: not while it is made, not after SIGKILL."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from chatkit_doctor.temporary import in_memory

TOKEN = "opaque-header-7f3a91"
KILLED = """
import asyncio, os, signal, sys
from chatkit_doctor.browser.choose import choose_browser
from chatkit_doctor.browser.warm import WarmProfile
from chatkit_doctor.gather import trace
from chatkit_doctor.runtime.choose import choose
from chatkit_doctor.runtime.server import RuntimeServer

async def main():
    with RuntimeServer(choose("reference")) as server:
        async with WarmProfile(choose_browser()).open(server.started) as browsers, browsers.tab() as tab:
            await trace.begin(tab.context, "x")
            await tab.page.goto("data:text/html,TOKEN")
            await tab.page.evaluate("fetch('data:,x', {headers: {'x-token': 'TOKEN'}})")
            if sys.argv[1] == "end":
                print(await trace.end(tab.context), flush=True)
            os.kill(os.getpid(), signal.SIGKILL)

asyncio.run(main())
""".replace("TOKEN", TOKEN)


def files(*folders: Path) -> Iterator[Path]:
    """All files in these folders, in which a browser that is going may still remove its own."""
    for folder in folders:
        found = (Path(place) / name for place, _, names in os.walk(folder) for name in names)
        yield from (path for path in found if path.is_file() and not path.is_symlink())


@pytest.mark.browser
@pytest.mark.skipif(in_memory() is None, reason="there is no room in memory for files here")
@pytest.mark.parametrize("when", ["begun", "end"])
def test_a_killed_process_leaves_no_trace_on_disk(tmp_path: Path, when: str) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED, when],
        env={**os.environ, "TMPDIR": str(tmp_path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    out, _ = process.communicate(timeout=60)
    assert process.returncode == -signal.SIGKILL
    if when == "end":
        assert not Path(out.decode().strip()).is_relative_to(tmp_path)
    held = [path for path in files(tmp_path) if path.suffix in {".trace", ".network", ".zip"}]
    assert held == []
