"""Whoever asks a third time is not kept waiting, whatever does not end."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

LIMIT_S = 300.0
"""Who is not gone then never will be."""
NEVER_ENDS = f"""
import asyncio
import faulthandler
from chatkit_doctor.cli import process

# Should no signal end it.
faulthandler.dump_traceback_later({LIMIT_S}, exit=True)

# Only the third signal can be what ends this.
process.STOP_LIMIT_S = 86_400

async def start(stop):
    print("begun", flush=True)
    await stop.wait()
    print("stopping", flush=True)
    await asyncio.Event().wait()

process.SIGNALS.install()
process.carried_out(start)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="other systems' signals")
def test_the_third_signal_ends_the_process_at_once(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", NEVER_ENDS],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={"TMPDIR": str(tmp_path)},
    ) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "begun\n"
            process.send_signal(signal.SIGINT)
            assert process.stdout.readline() == "stopping\n"
            # Of different kinds: two of one kind that are not handled yet are one.
            process.send_signal(signal.SIGTERM)
            process.send_signal(signal.SIGHUP)
            _, said = process.communicate(timeout=LIMIT_S)
        finally:
            process.kill()
    assert (process.returncode, said) == (
        128 + signal.SIGINT,
        "Error: stopped immediately; not everything was written\n",
    )
    assert list(tmp_path.iterdir()) == []
