"""The requests of a session as commands that a shell carries out as they are meant."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
from collections.abc import Collection
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatkit_doctor.audits.registry import examine
from chatkit_doctor.diagnosis.diagnose import diagnose
from chatkit_doctor.engine.remedies import remedies_of
from chatkit_doctor.recording.entries import WireResponse
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.recording.redaction import MASK
from chatkit_doctor.repairs.curl import curl_commands
from chatkit_doctor.report.build import build_report
from chatkit_doctor.report.model import ReportModel, RequestModel
from chatkit_doctor.report.remedies import request_model
from chatkit_doctor.report.reproduce import script
from tests.examples import MANY
from tests.recordings import Made, entry, good_events, opened, recording, send, stream
from tests.sessions import attempt, good_conversation
from tests.written import write

BODY = {
    "type": "threads.create",
    "params": {"input": {"content": [{"type": "input_text", "text": 'It\'s $HOME; `id` "now"\n'}]}},
}


def report_of(made: Recording) -> ReportModel:
    """The report of a recording."""
    diagnosis = diagnose(made, examine(made))
    remedies = remedies_of(made, diagnosis)
    return build_report(made, diagnosis, artifacts={}, expectation=None, remedies=remedies)


def requests(made: Recording, evidence: Collection[int] = ()) -> list[RequestModel]:
    """The requests of a recording, as the report tells of them."""
    return [request_model(command) for command in curl_commands(made, evidence)]


def sent(*, body: object = BODY, url: str = "http://localhost:1/chatkit", **headers: str) -> Recording:
    """One turn whose request left with these headers."""
    about = {"id": "r1", "op": "threads.create", "url": url, "method": "POST"}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return recording(
        opened(),
        send(100, "x", until=900),
        entry(110, "request", "request.sent", **about, body=body, headers=named),
    )


class Curl:
    """Stands in for ``curl`` on the path, and notes what it was given."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.folder.mkdir()
        program = self.folder / "curl"
        program.write_text(
            "#!/bin/sh\n"
            f"printf '%s\\0' \"$@\" >> '{folder}/given'; printf '\\0' >> '{folder}/given'\n"
            f"case \"$*\" in *'--data-binary @-') cat >> '{folder}/piped';; esac\n",
            encoding="utf-8",
        )
        program.chmod(0o755)

    def run(self, text: str, **variables: str) -> subprocess.CompletedProcess[bytes]:
        """Carry a script out, in an empty folder of its own."""
        self.given = []
        for name in ("given", "piped"):
            (self.folder / name).unlink(missing_ok=True)
        home = self.folder / "home"
        home.mkdir(exist_ok=True)
        env = {"PATH": f"{self.folder}:/usr/bin:/bin", "HOME": "/secret-home", "TOKEN": "secret-token"}
        file = self.folder / "reproduce.sh"
        file.write_text(text, encoding="utf-8", newline="\n")
        done = subprocess.run(
            ["/bin/sh", str(file)],
            capture_output=True,
            check=False,
            cwd=home,
            env={**env, **variables},
            timeout=60,
        )
        assert list(home.iterdir()) == []
        if (self.folder / "given").exists():
            # An empty argument would look like the end of one call: there is none in a request.
            calls = (self.folder / "given").read_bytes().removesuffix(b"\0\0").split(b"\0\0")
            self.given = [[word.decode() for word in call.split(b"\0")] for call in calls]
        return done

    given: list[list[str]]

    @property
    def piped(self) -> str:
        return (self.folder / "piped").read_text(encoding="utf-8")


@pytest.fixture
def curl(tmp_path: Path) -> Curl:
    return Curl(tmp_path / "bin")


def arguments(curl: Curl, made: Recording, **variables: str) -> list[str]:
    """What the one command of a recording's script hands to ``curl``."""
    done = curl.run(script(requests(made)), **variables)
    assert (done.returncode, done.stderr) == (0, b"")
    (given,) = curl.given
    return given


def headers(given: list[str]) -> list[str]:
    """The headers among the arguments of ``curl``."""
    return [given[at + 1] for at, word in enumerate(given) if word == "--header"]


def after(given: list[str], option: str) -> str:
    """The value of an option."""
    return given[given.index(option) + 1]


def test_the_body_reaches_the_backend_as_it_was_sent(curl: Curl) -> None:
    given = arguments(curl, sent(content_type="application/json"))
    assert json.loads(after(given, "--data-raw")) == BODY
    assert after(given, "--request") == "POST"
    assert after(given, "--url") == "http://localhost:1/chatkit"
    assert headers(given) == ["content-type: application/json"]
    # Without it curl would take [1] and {a,b} in an address for patterns.
    assert "-g" in given


def test_a_body_that_is_too_long_for_an_argument_goes_through_a_pipe(curl: Curl) -> None:
    body = {"type": "threads.create", "text": "it's long " * 20_000}
    given = arguments(curl, sent(body=body))
    assert "--data-raw" not in given
    assert json.loads(curl.piped) == body


def test_a_masked_token_is_a_variable(curl: Curl) -> None:
    made = sent(authorization="Bearer [redacted]", x_api_key="[redacted]", cookie="[redacted]")
    (request,) = requests(made)
    names = ["CHATKIT_DOCTOR_AUTHORIZATION", "CHATKIT_DOCTOR_COOKIE", "CHATKIT_DOCTOR_X_API_KEY"]
    assert request.variables == names
    given = arguments(curl, made, **dict(zip(names, ["t-1", "a=b", "k-1"], strict=True)))
    assert {"authorization: Bearer t-1", "x-api-key: k-1", "cookie: a=b"} <= set(headers(given))


def test_a_masked_secret_in_the_body_or_the_address_is_a_variable(curl: Curl) -> None:
    body = {"type": "threads.create", "metadata": {"key": "[redacted]"}}
    made = sent(body=body, url="http://localhost:1/?key=[redacted]")
    given = arguments(curl, made, CHATKIT_DOCTOR_SECRET="s-1")
    assert json.loads(after(given, "--data-raw"))["metadata"] == {"key": "s-1"}
    assert after(given, "--url") == "http://localhost:1/?key=s-1"


@pytest.mark.parametrize("name", ["home", "token", "path", "ld-preload"])
def test_a_variable_of_the_environment_is_never_sent(name: str, curl: Curl) -> None:
    """The header's name would be the name of a variable that is set on any machine."""
    made = sent(url="http://evil.example/", **{name: "[redacted]"})
    done = curl.run(script(requests(made)))
    assert done.returncode != 0
    assert b"CHATKIT_DOCTOR_" in done.stderr
    assert curl.given == []


def test_what_only_looks_like_a_variable_is_none(curl: Curl) -> None:
    made = sent(body='say "$HOME" and "${TOKEN:?}"')
    assert requests(made)[0].variables == []
    assert after(arguments(curl, made), "--data-raw") == 'say "$HOME" and "${TOKEN:?}"'


def test_a_secret_goes_to_the_origin_that_it_was_recorded_for(curl: Curl) -> None:
    urls = ("https://mine.example/a", "https://EVIL.example/b", "https://mine.example/c")
    made = recording(
        opened(),
        *(
            failing(100 + number, f"r{number}", url=url, headers={"authorization": "Bearer [redacted]"})
            for number, url in enumerate(urls)
        ),
    )
    curl.run(script(requests(made)), CHATKIT_DOCTOR_AUTHORIZATION="one", CHATKIT_DOCTOR_AUTHORIZATION_2="two")
    assert [(after(given, "--url"), headers(given)[-1]) for given in curl.given] == [
        (urls[0], "authorization: Bearer one"),
        (urls[1], "authorization: Bearer two"),
        (urls[2], "authorization: Bearer one"),
    ]


def test_what_a_browser_adds_by_itself_is_left_out(curl: Curl) -> None:
    added = {"user_agent": "Chrome", "sec_fetch_mode": "cors", "origin": "http://x", "accept": "*/*"}
    given = arguments(curl, sent(**added, x_tenant="7"))
    assert headers(given) == ["content-type: application/json", "x-tenant: 7"]


HOSTILE = [
    "'; touch pwned; '",
    "$(touch pwned)",
    "`touch pwned`",
    "\ntouch pwned\n",
    '"',
    "-o pwned",
    "--output=pwned",
    "@/etc/passwd",
    "${HOME:?}",
    "\\",
    "!!",
    "%s%n\\0",
]


@pytest.mark.parametrize("hostile", HOSTILE)
def test_no_text_acts_in_the_shell_or_in_curl(hostile: str, curl: Curl) -> None:
    made = sent(body=hostile, url=f"http://localhost:1/{hostile}", x_hostile=hostile)
    (request,) = requests(made)
    done = curl.run(script([request.model_copy(update={"op": f"threads.create{hostile}"})]))
    assert (done.returncode, done.stderr, done.stdout) == (0, b"", b"")
    (given,) = curl.given
    assert after(given, "--data-raw") == hostile
    assert after(given, "--url") == f"http://localhost:1/{hostile}"
    assert headers(given)[-1] == "x-hostile: " + hostile.replace("\n", " ")


@pytest.mark.parametrize("name", ["@/etc/passwd", "-o", "x y", "x\ny", "", ":authority", "Ünicode"])
def test_a_header_that_is_none_is_not_sent(name: str, curl: Curl) -> None:
    """``curl --header @name`` would send the lines of a file."""
    given = arguments(curl, sent(**{name: "x"}))
    assert set(headers(given)) <= {"content-type: application/json", "-o: x"}


def test_an_empty_header_is_sent_empty(curl: Curl) -> None:
    """``curl --header "x-team:"`` would send none."""
    assert headers(arguments(curl, sent(x_team=""))) == ["content-type: application/json", "x-team;"]


@pytest.mark.parametrize("method", ["-o/tmp/x", "GET\nX: y", "", "'"])
def test_a_method_that_is_none_is_the_usual_one(method: str, curl: Curl) -> None:
    about = {"id": "r1", "op": "threads.create", "url": "http://localhost:1/", "method": method}
    made = recording(opened(), entry(110, "request", "request.sent", **about, body="x", headers={}))
    assert after(arguments(curl, made), "--request") == "POST"


@pytest.mark.parametrize("url", ["file:///etc/passwd", "gopher://localhost:25/x", "-o", "dict://h/"])
def test_only_what_a_page_can_reach_is_sent_again(url: str) -> None:
    assert requests(sent(url=url)) == []


TEXT = st.text(max_size=30)
MASKED = re.compile(rf"{MASK}+|\[redacted\]")
OTHER = st.sampled_from(["[redacted]", MASK * 3, "\ud800", "\0", "'", '"', "\n", "\r", "\x1b[31m", *HOSTILE])
STRANGE = st.lists(st.one_of(TEXT, OTHER), max_size=6).map("".join)
JSON_VALUE = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), STRANGE),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(STRANGE, inner, max_size=3)),
    max_leaves=6,
)


@MANY
@given(
    url=STRANGE.map("http://localhost:1/{}".format),
    named=st.dictionaries(STRANGE, STRANGE, max_size=4),
    body=st.one_of(STRANGE, JSON_VALUE),
)
def test_whatever_was_recorded_reaches_curl_as_it_is(
    curl: Curl, url: str, named: dict[str, str], body: object
) -> None:
    def as_sent(text: str) -> str:
        surrogate = re.compile("[\ud800-\udfff]")
        return surrogate.sub("?", MASKED.sub("s-1", text)).replace("\0", "\ufffd")

    about = {"id": "r1", "op": "threads.create", "url": url, "method": "POST"}
    made = recording(opened(), entry(110, "request", "request.sent", **about, body=body, headers=named))
    (request,) = requests(made)
    done = curl.run(script([request]), **dict.fromkeys(request.variables, "s-1"))
    assert (done.returncode, done.stderr, done.stdout) == (0, b"", b"")
    (given,) = curl.given
    assert after(given, "--url") == as_sent(url)
    if isinstance(body, str):
        assert not body or after(given, "--data-raw") == as_sent(body)
    elif body is not None:
        masked = json.loads(MASKED.sub("s-1", json.dumps(body, ensure_ascii=False)))
        assert json.loads(after(given, "--data-raw")) == masked
    assert_form(given)


def assert_form(words: list[str]) -> None:
    """Nothing but what the script means to give to ``curl`` is an option of it."""
    assert words[:3] == ["-N", "-g", "--request"]
    options = words[2::2]
    assert options[:2] == ["--request", "--url"]
    assert options[2:] in (
        ["--header"] * (len(options) - 2),
        ["--header"] * (len(options) - 3) + ["--data-raw"],
    )


def test_a_body_that_was_recorded_in_part_says_so() -> None:
    (request,) = requests(sent(body="x" * 10 + "… [90 characters more]"))
    assert request.shortened
    assert "only the beginning" in script([request])


def test_there_is_one_for_each_turn() -> None:
    assert [(request.turn, request.op) for request in report_of(good_conversation()).reproduce] == [
        (1, "threads.create"),
        (2, "threads.add_user_message"),
    ]


def failing(t: float, id_: str, *, op: str = "threads.list", status: int = 500, **more: Any) -> list[Made]:
    """A request that is no turn, and its answer."""
    about = {"id": id_, "op": op, "url": more.pop("url", "http://localhost:1/")}
    asked: dict[str, Any] = {"method": "POST", "body": {"type": op}, "headers": {}} | more
    mime = "application/json"
    head = {"content-type": mime}
    return [
        entry(t, "request", "request.sent", **about, **asked),
        entry(t + 1, "wire", "wire.response", **about, status=status, headers=head, mime=mime),
        entry(t + 2, "wire", "wire.end", id=id_, op=op, how="finished", size=2),
    ]


@pytest.mark.parametrize(("status", "is_there"), [(500, True), (404, True), (302, True), (200, False)])
def test_every_request_that_failed_is_there(status: int, is_there: bool) -> None:
    made = recording(
        opened(),
        send(100, "x", until=900),
        stream(110, good_events("x", "y")),
        failing(600, "r9", op="threads.get_by_id", status=status),
    )
    failed = ["threads.get_by_id"] if is_there else []
    assert [each.op for each in requests(made)] == ["threads.create", *failed]


def test_a_request_that_was_never_answered_is_there() -> None:
    about = {"id": "r9", "op": "threads.list", "url": "http://localhost:1/"}
    made = recording(
        opened(),
        send(100, "x", until=900),
        stream(110, good_events("x", "y")),
        entry(600, "request", "request.sent", **about, method="POST", body={}, headers={}),
        entry(700, "request", "request.failed", **about, error="net::ERR_EMPTY_RESPONSE"),
    )
    assert [each.op for each in requests(made)] == ["threads.create", "threads.list"]


def test_a_request_that_an_audit_speaks_of_is_there() -> None:
    made = recording(
        opened(),
        send(100, "x", until=900),
        stream(110, good_events("x", "y")),
        failing(600, "r9", op="threads.get_by_id", status=200),
    )
    response = next(e for e in made.of(WireResponse) if e.data.id == "r9")
    assert [each.op for each in requests(made, [response.n])] == ["threads.create", "threads.get_by_id"]


def test_the_same_request_again_and_again_is_there_once() -> None:
    again = [failing(100 + number, f"r{number}") for number in range(50)]
    assert len(requests(recording(opened(), *again))) == 1


def test_more_requests_than_anybody_sends_again_are_cut_off_and_said_to_be() -> None:
    many = [failing(100 + number, f"r{number}", url=f"http://localhost:1/{number}") for number in range(300)]
    found = requests(recording(opened(), *many))
    assert len(found) == 100
    assert "Contains only the first 100" in script(found)


def test_without_a_turn_the_first_requests_are_shown() -> None:
    about = {"id": "r0", "op": "threads.list", "url": "http://localhost:1/", "method": "POST"}
    made = recording(
        opened(), entry(60, "request", "request.sent", **about, body={"type": "threads.list"}, headers={})
    )
    assert [(request.turn, request.op) for request in requests(made)] == [(None, "threads.list")]


def test_a_request_to_nowhere_cannot_be_sent_again() -> None:
    assert requests(sent(url="")) == []


def test_a_session_without_a_request_has_no_script(tmp_path: Path) -> None:
    report = report_of(recording(opened()))
    write(report, tmp_path)
    assert "reproduce" not in report.artifacts
    assert not (tmp_path / "reproduce.sh").exists()


def test_the_script_lies_beside_the_report_and_the_first_command_is_shown(tmp_path: Path) -> None:
    report = report_of(attempt("responses"))
    write(report, tmp_path)
    written = (tmp_path / "reproduce.sh").read_text(encoding="utf-8")
    (request,) = report.reproduce
    assert shlex.split(request.command)[0] == "curl"
    assert request.command in written
    assert "Send it again without a browser" in (tmp_path / "index.html").read_text(encoding="utf-8")


def test_the_page_of_a_good_session_does_not_ask_to_send_it_again(tmp_path: Path) -> None:
    write(report_of(good_conversation()), tmp_path)
    assert "Send it again" not in (tmp_path / "index.html").read_text(encoding="utf-8")
    assert (tmp_path / "reproduce.sh").exists()
