"""Puts damaged streams through ``lint`` and through ``check``, and tells what must not be.

    python -m tests.fuzz --streams 1000 --check 50 --runtime snapshot
    python -m tests.fuzz --seed 7 --first 314 --streams 1

Each stream is asked about twice. What must not be: a crash, more than 5 s, another answer the second time, an
audit that fails itself, *fail* where a component shows what the backend meant, and another verdict by
``lint`` than by ``check``.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path

from tests.fuzz.checked import check
from tests.fuzz.linted import HANG_S, lint
from tests.fuzz.streams import streams


def main() -> int:
    """What is typed; 1 if anything was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--streams", type=int, default=200, help="through lint")
    parser.add_argument("--check", type=int, default=0, help="of them through a browser, too, each twice")
    parser.add_argument("--runtime", choices=("reference", "snapshot"), default="reference")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0, help="the number of the first stream")
    parser.add_argument("--most", type=int, default=3, help="streams that are told of each complaint")
    typed = parser.parse_args()
    print(f"seed {typed.seed}, from stream {typed.first} on")
    made = streams(max(typed.streams, typed.check), typed.seed, typed.first)
    found = [lint(made[: typed.streams], limit_s=HANG_S)] if typed.streams else []
    if typed.check:
        with tempfile.TemporaryDirectory(prefix="chatkit-doctor-fuzz-") as folder:
            found.append(asyncio.run(check(made[: typed.check], typed.runtime, Path(folder))))
    for each in found:
        print("\n".join(each.lines(typed.most)))
    return 1 if any(each.complaints for each in found) else 0


if __name__ == "__main__":
    sys.exit(main())
