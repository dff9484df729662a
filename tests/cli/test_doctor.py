"""``doctor`` as a user meets it, on this machine."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

import pytest

from chatkit_doctor.browser.find import find

NO_NETWORK: Final = {"https_proxy": "http://127.0.0.1:9", "no_proxy": ""}
"""A proxy where nobody listens."""


def doctor(
    *arguments: str, cwd: Path, environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, "-m", "chatkit_doctor.cli.main", *arguments],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        cwd=cwd,
        env={**os.environ, **NO_NETWORK, **(environment or {})},
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done


@pytest.mark.browser
def test_a_machine_with_a_browser_is_ready_and_names_the_one_that_is_used(tmp_path: Path) -> None:
    if find() is None:
        pytest.skip("no browser on this machine")
    told = doctor("doctor", "--format", "json", cwd=tmp_path)
    machine = json.loads(told.stdout)
    (chosen,) = [each for each in machine["browsers"] if each["chosen"]]
    assert (told.returncode, machine["ready"]) == (0, True)
    assert chosen["path"] == doctor("browser", "where", cwd=tmp_path).stdout.strip()
    assert machine["reports"] == str(tmp_path / "reports")
    assert list(tmp_path.iterdir()) == [], "nothing is changed"


def test_a_machine_without_a_usable_browser_is_exit_code_2_and_one_sentence_to_go_on(tmp_path: Path) -> None:
    told = doctor("doctor", cwd=tmp_path, environment={"CHATKIT_DOCTOR_BROWSER": "/nonexistent"})
    assert (told.returncode, told.stderr) == (2, "")
    assert told.stdout.startswith("NOT READY")
    assert told.stdout.splitlines()[-1].startswith("NEXT: Set CHATKIT_DOCTOR_BROWSER to a browser executable")


def test_a_cdn_that_never_answers_is_given_up_within_its_limit(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        proxy = f"http://127.0.0.1:{silent.getsockname()[1]}"
        began = time.monotonic()
        told = doctor("doctor", "--format", "json", cwd=tmp_path, environment={"https_proxy": proxy})
        took = time.monotonic() - began
    assert "did not answer within 3 s" in json.loads(told.stdout)["runtimes"][0]["problem"]
    assert took < 30
