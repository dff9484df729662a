"""Every way to a browser leads to the same answers: a real session in a real one."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shlex
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import playwright
import pytest

from chatkit_doctor import sync
from chatkit_doctor.browser.choose import BrowserChoice, choose_browser
from chatkit_doctor.browser.find import require
from chatkit_doctor.browser.fresh import FreshContext
from chatkit_doctor.browser.provider import BrowserProvider
from chatkit_doctor.browser.remote import RemoteBrowser
from chatkit_doctor.browser.warm import WarmProfile
from chatkit_doctor.errors import BrowserError, UsageError
from chatkit_doctor.recording.entries import PageOptions
from chatkit_doctor.recording.reader import load

SCENARIOS: Final = ("control/reload", "page/https", "seed/attempt-3")


@contextlib.contextmanager
def running(command: list[str], announces: str, **environ: str) -> Iterator[str]:
    """A browser of its own process, and the address that it announces."""
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
        env={**os.environ, **environ},
    )
    assert process.stdout is not None
    try:
        for line in process.stdout:
            if found := re.search(announces, line):
                yield found[1]
                break
        else:
            pytest.fail(f"{command[0]} ended without saying where it listens")
        assert process.poll() is None, "the browser goes on when the sessions are over"
    finally:
        # With all that it started: the server of Playwright is a child of its command.
        os.killpg(process.pid, signal.SIGTERM)
        process.wait()
        process.stdout.close()


@contextlib.contextmanager
def remote_debugging(folder: Path) -> Iterator[RemoteBrowser]:
    """A Chromium with remote debugging on a loopback port."""
    options = ["--headless", "--no-sandbox", "--remote-debugging-port=0", f"--user-data-dir={folder / 'own'}"]
    command = [str(require().executable), *options, "about:blank"]
    with running(command, r"DevTools listening on ws://(127\.0\.0\.1:\d+)/") as address:
        yield RemoteBrowser(f"http://{address}")


@contextlib.contextmanager
def playwright_server(folder: Path) -> Iterator[RemoteBrowser]:
    """A Playwright server, which starts a browser for whoever connects."""
    command = [sys.executable, "-m", "playwright", "run-server", "--port", "0"]
    browsers = str(as_playwright_installs(require().executable, folder / "browsers"))
    with running(command, r"(ws://\S+)", PLAYWRIGHT_BROWSERS_PATH=browsers) as endpoint:
        yield RemoteBrowser(endpoint)


def as_playwright_installs(executable: Path, folder: Path) -> Path:
    """A folder of browsers in which this one lies where a Playwright server looks for its own."""
    driver = Path(playwright.__file__).parent / "driver/package"
    known = json.loads((driver / "browsers.json").read_text(encoding="utf-8"))["browsers"]
    revision = next(each["revision"] for each in known if each["name"] == "chromium-headless-shell")
    place = folder / f"chromium_headless_shell-{revision}/chrome-headless-shell-linux64"
    place.mkdir(parents=True)
    # Where it lies decides what else it finds, so that a link to it is not enough.
    script = place / "chrome-headless-shell"
    script.write_text(f'#!/bin/sh\nexec {shlex.quote(str(executable))} "$@"\n', encoding="utf-8")
    script.chmod(0o755)
    return folder


@contextlib.contextmanager
def warm_profile(_folder: Path) -> Iterator[WarmProfile]:
    yield WarmProfile(choose_browser())


@contextlib.contextmanager
def fresh_context(_folder: Path) -> Iterator[FreshContext]:
    yield FreshContext(choose_browser())


@pytest.mark.browser
@pytest.mark.parametrize("provided", [warm_profile, fresh_context, remote_debugging, playwright_server])
def test_sessions_give_what_they_are_expected_to(
    provided: Callable[[Path], contextlib.AbstractContextManager[BrowserProvider]], tmp_path: Path
) -> None:
    with provided(tmp_path) as browser:
        result = sync.run(
            SCENARIOS, runtime="reference", browser=browser, workers=2, output=tmp_path / "reports"
        )
    assert [(r.name, r.expectation and r.expectation.drift) for r in result.run.scenarios] == [
        (name, []) for name in SCENARIOS
    ]
    for report in result.run.scenarios:
        assert report.browser["name"] == "chromium"
        assert report.browser["headless"] is True
        folder = result.folder / report.artifacts["folder"]
        # A trace that a server elsewhere could not hand over in time is not kept.
        assert (folder / "trace.zip").is_file() or provided is playwright_server
        first, *_ = load(folder).of(PageOptions)
        assert "initialThread" not in first.data.given


@pytest.mark.browser
@pytest.mark.parametrize(
    "provider",
    [
        WarmProfile(BrowserChoice(executable=sys.executable)),
        FreshContext(BrowserChoice(executable=sys.executable)),
        RemoteBrowser("http://127.0.0.1:9"),
        RemoteBrowser("ws://127.0.0.1:9/nobody"),
    ],
    ids=["warm", "fresh", "debugging", "server"],
)
def test_a_browser_that_cannot_be_had_is_one_clear_error(provider: BrowserProvider, tmp_path: Path) -> None:
    with pytest.raises(BrowserError) as raised:
        sync.run(SCENARIOS, runtime="reference", browser=provider, output=tmp_path / "reports")
    assert raised.value.where
    assert "\n" not in raised.value.what
    assert not (tmp_path / "reports").exists()


@pytest.mark.browser
def test_an_address_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="not the address of a browser"):
        sync.run(
            SCENARIOS, runtime="reference", browser=RemoteBrowser("localhost:9222"), output=tmp_path / "r"
        )
