from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from chatkit_doctor.browser.steps import Step, run


def _python(code: str, *, limit_s: float = 60.0, environ: dict[str, str] | None = None) -> Step:
    return Step("trying", (sys.executable, "-c", code), limit_s, environ or {})


def test_a_step_that_works_has_no_reason_to_fail() -> None:
    assert run(_python("pass")) == ""


def test_a_failed_step_is_explained_by_its_own_error_line() -> None:
    assert run(_python("print('E: no such package'); print('done'); exit(100)")) == "E: no such package"


def test_a_failed_step_that_said_nothing_is_explained_by_its_code() -> None:
    assert run(_python("exit(3)")) == "exit code 3"


def test_a_command_that_does_not_exist_is_a_reason() -> None:
    assert run(Step("trying", ("no-such-command-anywhere",), 60.0)) == "No such file or directory"


def test_a_step_gets_its_environment_in_addition() -> None:
    code = "import os; assert os.environ['ASKED'] == 'yes' and os.environ['PATH']"
    assert run(_python(code, environ={"ASKED": "yes"})) == ""


def test_a_step_is_ended_at_its_limit() -> None:
    assert run(_python("import time; time.sleep(60)", limit_s=0.2)) == "it took longer than 0.2 s"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no process groups to end")
def test_what_a_step_started_is_ended_with_it(tmp_path: Path) -> None:
    pipe = tmp_path / "alive"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    # The child of the child holds the pipe open for as long as it lives.
    grandchild = tmp_path / "grandchild.py"
    grandchild.write_text(
        f"import time\npipe = open({str(pipe)!r}, 'wb', buffering=0)\npipe.write(b'up')\ntime.sleep(60)",
        encoding="utf-8",
    )
    code = f"import subprocess, sys; subprocess.run([sys.executable, {str(grandchild)!r}])"
    assert run(_python(code, limit_s=2.0)) == "it took longer than 2 s"
    os.set_blocking(reader, True)
    assert (os.read(reader, 2), os.read(reader, 1)) == (b"up", b"")
    os.close(reader)
