"""What an export consists of: a scenario with its answers, a server with its replies, and a page on them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from chatkit_doctor.conversation.answer_files import written
from chatkit_doctor.export.repaired_session import RepairedSession, Tried
from chatkit_doctor.export.replies import NoRepliesError, as_json, replies
from chatkit_doctor.export.scenario_file import as_yaml
from chatkit_doctor.scenario.backend import ReplayBackend
from chatkit_doctor.scenario.expect import Expect
from chatkit_doctor.scenario.model import Scenario
from chatkit_doctor.vocabulary import Verdict

SCENARIO: Final = "repaired.yaml"
ANSWERS: Final = "answers"
SERVER: Final = "server.py"
README: Final = "README.md"
_STORE_IMPORT: Final = "from chatkit_doctor.host.sqlite_store import"
_HERE: Final = Path(__file__).parent
_TRIED: Final = {
    Tried.REPLAYED: "It was replayed in a browser with these repairs, and passed.",
    Tried.SIMULATED: "It was not replayed in a browser, but a simulation of the component shows no symptom.",
    Tried.NOT: "Whether it passes has not been tested: run the scenario.",
}
_COMMAND: Final = "python -m uvicorn --app-dir . server:app --port 8000"


def files_of(session: RepairedSession, masked: Callable[[str], str]) -> tuple[dict[str, bytes], str]:
    """The files of an export by name, and why there is no server among them; empty where there is one.

    ``masked`` takes secrets out of a text.
    """
    is_replayed = isinstance(session.setup.scenario.backend, ReplayBackend)
    texts = written(session.setup.conversation) if is_replayed else {}
    files = {f"{ANSWERS}/{name}": content for name, content in texts.items()}
    files[SCENARIO] = as_yaml(_scenario(session, is_replayed=is_replayed)).encode()
    server, why_none = _server(session)
    files |= server
    files[README] = _readme(session, files, why_none).encode()
    return {name: _masked(name, content, masked) for name, content in files.items()}, why_none


def _masked(name: str, content: bytes, masked: Callable[[str], str]) -> bytes:
    # The code is the same in every export.
    if name.endswith(".py"):
        return content
    return masked(content.decode(errors="replace")).encode(errors="replace")


def _scenario(session: RepairedSession, *, is_replayed: bool) -> Scenario:
    scenario = session.setup.scenario
    changed: dict[str, object] = {
        "title": "The session, repaired",
        "why": f"Without {' and '.join(session.causes)} the same conversation is shown correctly.",
        "expect": Expect(verdict=Verdict.PASS),
    }
    if is_replayed:
        changed["backend"] = ReplayBackend(recording=ANSWERS)
    return scenario.model_copy(update=changed)


def _server(session: RepairedSession) -> tuple[Mapping[str, bytes], str]:
    try:
        said = as_json(replies(session.answers))
    except NoRepliesError as error:
        return {}, str(error)
    from chatkit_doctor.host import sqlite_store

    code = (_HERE / "repaired_server.py").read_text(encoding="utf-8")
    return {
        SERVER: code.replace(f"\n{_STORE_IMPORT}", "from sqlite_store import").encode(),
        "sqlite_store.py": Path(sqlite_store.__file__).read_bytes(),
        "replies.json": said.encode(),
    }, ""


def _readme(session: RepairedSession, files: Mapping[str, bytes], why_none: str) -> str:
    lines = [
        "# A conversation, repaired",
        "",
        "Written by `chatkit-doctor`, which overwrites it on the next export to this folder.",
        "",
        _TRIED[session.tried],
        "",
        f"What was repaired: {', '.join(f'`{cause}`' for cause in session.causes)}.",
        "",
        *(f"- The repair {does}" for does in session.does),
        "",
        "| file | what it is |",
        "| --- | --- |",
        f"| `{SCENARIO}` | the steps and the repaired page: `chatkit-doctor run {SCENARIO}` |",
    ]
    if any(name.startswith(f"{ANSWERS}/") for name in files):
        lines.append(f"| `{ANSWERS}/` | the correct responses, request by request, to compare with yours |")
    if SERVER in files:
        lines += [
            f"| `{SERVER}` | a minimal openai-chatkit backend that plays them: `{_COMMAND}` |",
            "| `sqlite_store.py` | its in-memory thread store: replace it with yours |",
            "| `replies.json` | its replies, event by event |",
        ]
    lines += ["", f"No server was exported: {why_none}."] if why_none else []
    return "\n".join(lines) + "\n"
