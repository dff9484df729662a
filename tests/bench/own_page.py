"""How long ``check`` takes in front of the user's own page: the whole command, as it is typed.

Three backends: a healthy one (two turns, a reload and a turn), one that answers 500, and one whose first
stream never ends. Run with ``make bench``; the cache of the browser is warm after a first run that does not
count.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Final

from starlette.responses import JSONResponse, Response

from chatkit_doctor.host.control import ControlBackend
from chatkit_doctor.scenario.backend import SdkBackend
from tests.own_pages import Respond, own_pages, without_end

STREAM_S: Final = 0.5
TURNS: Final = 3
"""Messages that a check sends: two, and one after the reload."""
_VERDICT: Final = re.compile(r"^(PASS|FAIL|INCONCLUSIVE)\b", re.MULTILINE)


def healthy() -> Respond:
    """Every message is answered over half a second."""
    return ControlBackend(SdkBackend(stream_ms=round(STREAM_S * 1_000))).answer


def failing() -> Respond:
    """Every request fails, as by an exception."""

    async def answer(_asked: Any) -> Response:
        return JSONResponse({"detail": "No module named 'agents'"}, status_code=500)

    return answer


def endless() -> Respond:
    """A message is answered in full, and the response stays open."""
    return without_end(healthy())


CASES: Final = (
    ("two turns, a reload and a turn, healthy", healthy, "PASS", 5.0 + TURNS * STREAM_S),
    ("every request answered with 500", failing, "FAIL", 6.0),
    ("a stream that never ends", endless, "FAIL", 15.0),
)
"""What is checked, its backend, the verdict, and the seconds it may take."""


def check(url: str, runtime: str | None, output: str) -> tuple[str, float]:
    """The verdict as the command says it, and how many seconds it took."""
    program = str(Path(sys.executable).with_name("chatkit-doctor"))
    command = [program, "check", url, "--output", output]
    begun = time.perf_counter()
    done = subprocess.run(
        [*command, *(["--runtime", runtime] if runtime else [])], capture_output=True, text=True, check=False
    )
    took = time.perf_counter() - begun
    words = _VERDICT.findall(done.stdout)
    return words[-1] if words else done.stderr.strip(), took


def main() -> None:
    """Measure all, and print them beside what they may take."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.own_page")
    parser.add_argument("--runtime", default=None)
    parser.add_argument("--runs", type=int, default=3)
    typed = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for name, backend, verdict, most in CASES:
            with own_pages(respond=backend()) as pages:
                runs = [check(f"{pages.url}/plain", typed.runtime, folder) for _ in range(typed.runs + 1)][1:]
            slowest = max(took for _, took in runs)
            said = {said for said, _ in runs}
            mark = "ok  " if slowest <= most and said == {verdict} else "MISS"
            times = " / ".join(f"{took:.2f}" for _, took in runs)
            print(
                f"{mark} check URL, {name}: {times} s (at most {most:g}), {', '.join(sorted(said))}",
                flush=True,
            )


if __name__ == "__main__":
    main()
