"""The GitHub action: its script starts a server, waits for it, and checks it, with the real command."""

from __future__ import annotations

import os
import re
import shlex
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

FOLDER = Path(__file__).parents[2] / ".github/actions/check"
LATE = """
import http.server, sys
class Unknown(http.server.BaseHTTPRequestHandler):
    def do_GET(self, status=404):
        self.send_response(status)
        self.send_header("access-control-allow-origin", "*")
        self.send_header("access-control-allow-headers", "*")
        self.send_header("content-length", "0")
        self.end_headers()
    def do_OPTIONS(self):
        self.do_GET(204)
    def do_POST(self):
        self.rfile.read(int(self.headers["content-length"]))
        self.do_GET()
http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Unknown).serve_forever()
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def checked(folder: Path, **values: str) -> subprocess.CompletedProcess[str]:
    own = str(Path(sys.executable).parent)
    environment = {**os.environ, "PATH": f"{own}{os.pathsep}{os.environ['PATH']}", **values}
    return subprocess.run(
        [str(FOLDER / "check.sh")],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_every_input_of_the_action_reaches_its_script() -> None:
    action = yaml.safe_load((FOLDER / "action.yml").read_text())
    used = set(re.findall(r"inputs\.([\w-]+)", (FOLDER / "action.yml").read_text()))
    assert used == set(action["inputs"])
    (check,) = (step for step in action["runs"]["steps"] if step.get("name") == "Check")
    script = (FOLDER / "check.sh").read_text()
    assert all(re.search(rf"\$\{{?{name}\b", script) for name in check["env"]), check["env"]
    # What is put into a script by the runner would be part of it, whatever it says.
    assert not [step for step in action["runs"]["steps"] if "${{" in step.get("run", "")]


@pytest.mark.browser
def test_a_server_is_started_waited_for_checked_and_ended(tmp_path: Path) -> None:
    (tmp_path / "late.py").write_text(LATE)
    port = free_port()
    done = checked(
        tmp_path,
        URL=f"http://localhost:{port}/chatkit",
        COMMAND=f"{shlex.quote(sys.executable)} late.py {port}",
        ARGUMENTS="--runtime reference --no-proof --quiet",
    )
    assert done.returncode == 1, done.stdout + done.stderr
    assert "wrong-url" in done.stdout
    assert (tmp_path / "reports/latest/index.html").is_file()
    with socket.socket() as again:
        again.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        again.bind(("127.0.0.1", port))  # Nobody listens there any more.


def test_what_starts_a_server_may_be_any_line_of_a_shell(tmp_path: Path) -> None:
    (tmp_path / "below").mkdir()
    url = f"http://localhost:{free_port()}/"
    done = checked(tmp_path, URL=url, COMMAND="cd below && pwd && echo 'no disk' >&2; exit 3")
    assert done.returncode == 2
    assert f"{tmp_path / 'below'}\nno disk" in done.stdout


def test_a_server_that_ends_says_why(tmp_path: Path) -> None:
    url = f"http://localhost:{free_port()}/"
    done = checked(
        tmp_path, URL=url, COMMAND=f"{shlex.quote(sys.executable)} -c 'raise SystemExit(\"no disk\")'"
    )
    assert done.returncode == 2
    assert "The server ended before it answered" in done.stdout
    assert "no disk" in done.stdout


def test_a_server_that_does_not_heed_its_end_is_ended(tmp_path: Path) -> None:
    url = f"http://localhost:{free_port()}/"
    stubborn = "trap '' TERM; echo $$ > pid; sleep 300; sleep 300"
    done = checked(tmp_path, URL=url, WAIT_SECONDS="1", COMMAND=stubborn)
    assert done.returncode == 2
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)


def test_a_server_that_does_not_answer_is_not_waited_for_without_end(tmp_path: Path) -> None:
    done = checked(tmp_path, URL=f"http://localhost:{free_port()}/", WAIT_SECONDS="1")
    assert done.returncode == 2
    assert "Nothing answered at" in done.stdout
