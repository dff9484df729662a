"""How many sessions run side by side when nobody says."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

import pytest

from chatkit_doctor.engine.workers import BYTES_PER_WORKER, MOST, default_workers

GIB: Final = 1024**3


@pytest.fixture(autouse=True)
def processors(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """As many processors as a test says, four otherwise."""
    count = getattr(request, "param", 4)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _pid: set(range(count)), raising=False)


def machine(
    root: Path, *, free: int | None = 64 * GIB, quota: str = "", limit: str = "", used: int = 0
) -> Path:
    """A machine with so much free memory, in a container with these limits."""
    cgroup = root / "sys" / "fs" / "cgroup"
    cgroup.mkdir(parents=True)
    if free is not None:
        (root / "proc").mkdir()
        text = f"MemTotal:       99999999 kB\nMemAvailable:   {free // 1024} kB\n"
        (root / "proc" / "meminfo").write_text(text)
    if quota:
        (cgroup / "cpu.max").write_text(f"{quota}\n")
    if limit:
        (cgroup / "memory.max").write_text(f"{limit}\n")
        (cgroup / "memory.current").write_text(f"{used}\n")
    return root


@pytest.mark.parametrize(("processors", "workers"), [(1, 1), (2, 3), (4, 6)], indirect=["processors"])
def test_there_are_three_for_two_processors(tmp_path: Path, workers: int) -> None:
    assert default_workers(machine(tmp_path)) == workers


@pytest.mark.parametrize("processors", [64], indirect=True)
def test_there_are_never_more_than_one_process_can_watch(tmp_path: Path) -> None:
    assert default_workers(machine(tmp_path)) == MOST


@pytest.mark.parametrize(
    ("free", "workers"), [(0, 1), (BYTES_PER_WORKER, 1), (3 * BYTES_PER_WORKER, 3), (None, 6)]
)
def test_each_needs_memory_and_there_is_always_one(tmp_path: Path, free: int | None, workers: int) -> None:
    assert default_workers(machine(tmp_path, free=free)) == workers


@pytest.mark.parametrize(("quota", "workers"), [("150000 100000", 3), ("50000 100000", 1), ("max 100000", 6)])
def test_a_quota_of_processors_counts(tmp_path: Path, quota: str, workers: int) -> None:
    assert default_workers(machine(tmp_path, quota=quota)) == workers


@pytest.mark.parametrize(("limit", "workers"), [(str(2 * GIB), 1), (str(4 * GIB), 5), ("max", 6)])
def test_a_limit_of_memory_counts_less_what_is_used(tmp_path: Path, limit: str, workers: int) -> None:
    assert default_workers(machine(tmp_path, limit=limit, used=GIB)) == workers
