"""How many sessions a machine bears side by side."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Final

MOST: Final = 8
"""More are never started unless they are requested: what watches them all is one Python process."""
BYTES_PER_WORKER: Final = 600 * 1024 * 1024
"""What a worker may need: its browser with a page of the component, and what is recorded of it."""


def default_workers(root: Path = Path("/")) -> int:
    """Three for two processors, as far as the memory goes that is free, and at least one.

    A session keeps 0.7 of a processor busy (the catalogue on the reference component, one after the other):
    the rest of its time it waits.

    A container's limits count. ``root`` is where ``/proc`` and ``/sys`` lie.
    """
    processors = _processors(root)
    workers = min(MOST, processors + processors // 2)
    free = _free_bytes(root)
    return max(1, workers if free is None else min(workers, free // BYTES_PER_WORKER))


def _processors(root: Path) -> int:
    """Processors that this process may use; a quota of a container is rounded up."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    quota = re.match(r"(\d+) (\d+)", _text(root / "sys/fs/cgroup/cpu.max"))
    return usable if quota is None else min(usable, -(-int(quota[1]) // int(quota[2])))


def _free_bytes(root: Path) -> int | None:
    """Memory that is free on the machine and in its container; None where nothing tells."""
    available = re.search(r"^MemAvailable:\s+(\d+) kB", _text(root / "proc/meminfo"), re.MULTILINE)
    free = [int(available[1]) * 1024] if available else []
    limit, used = (_text(root / "sys/fs/cgroup" / f"memory.{name}").strip() for name in ("max", "current"))
    if limit.isdigit() and used.isdigit():
        free.append(max(0, int(limit) - int(used)))
    return min(free, default=None)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        return ""
