"""Running other programs that install something: each with a time limit, and ended with all it started."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Step:
    """One command; ``what`` says in a few words what it is for."""

    what: str
    command: tuple[str, ...]
    limit_s: float
    environ: Mapping[str, str] = field(default_factory=dict)


def run(step: Step) -> str:
    """Run one step to its end or its limit; empty on success, else in a few words why it failed."""
    try:
        process = subprocess.Popen(
            step.command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={**os.environ, **step.environ},
            text=True,
            errors="replace",
            start_new_session=True,
        )
    except OSError as error:
        return error.strerror or str(error)
    with process:
        try:
            output, _ = process.communicate(timeout=step.limit_s)
        except subprocess.TimeoutExpired:
            _kill(process)
            return f"it took longer than {step.limit_s:g} s"
        except BaseException:
            _kill(process)
            raise
    return "" if process.returncode == 0 else _reason(output, process.returncode)


def _kill(process: subprocess.Popen[str]) -> None:
    """End a step with everything it started: a download runs in a child of a child."""
    if sys.platform == "win32":
        process.kill()
    else:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


def _reason(output: str, code: int) -> str:
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    telling = [line for line in lines if line.lower().startswith(("e:", "error"))]
    return (telling or lines or [f"exit code {code}"])[-1][:200]
