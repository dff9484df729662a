"""``chatkit-doctor mcp`` as an assistant meets it: a process that speaks to the SDK's own client."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from anyio.from_thread import start_blocking_portal
from mcp import Client, StdioServerParameters, stdio_client
from mcp_types import CallToolResult, TextContent, Tool

from chatkit_doctor.host.server import Host
from chatkit_doctor.scenario.select import select
from tests.chatkit_events import created, good
from tests.conversation.made import sse

CALL_LIMIT_S: Final = 120.0
PAGE: Final = Path(__file__).parents[2] / "docs" / "assistants.md"


def configured() -> list[str]:
    """The arguments that the page on assistants has one start the server with."""
    (block,) = re.findall(r"^```json\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    arguments: list[str] = json.loads(block)["mcpServers"]["chatkit-doctor"]["args"]
    return arguments


class Assistant:
    """A client that is connected, and the folder that the server works in."""

    def __init__(self, client: Client, portal: Any, folder: Path) -> None:
        self.client = client
        self.folder = folder
        self._portal = portal

    def tools(self) -> dict[str, Tool]:
        return {tool.name: tool for tool in self._portal.call(self.client.list_tools).tools}

    def call(self, tool: str, **arguments: object) -> CallToolResult:
        async def note(progress: float, _total: float | None, message: str | None) -> None:
            self.progress.append((progress, message))

        self.progress: list[tuple[float, str | None]] = []
        result: CallToolResult = self._portal.call(self.client.call_tool, tool, arguments, CALL_LIMIT_S, note)
        return result


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    folder = tmp_path_factory.mktemp("assistant")
    server = StdioServerParameters(
        command=sys.executable,
        args=["-m", "chatkit_doctor.cli.main", *configured()[:-1], "answers"],
        cwd=folder,
        # In a job of GitHub Actions stdout is made harmless to its runner, which must not touch the protocol.
        env={"GITHUB_ACTIONS": "true"},
    )
    with (
        (folder / "stderr").open("w") as log,
        start_blocking_portal() as portal,
        portal.wrap_async_context_manager(Client(stdio_client(server, log))) as client,
    ):
        yield Assistant(client, portal, folder)
    assert "Traceback" not in (folder / "stderr").read_text()


@pytest.fixture(scope="module")
def broken() -> Iterator[str]:
    """The URL of a backend that speaks another protocol."""
    with Host() as host, host.site(select(["seed/attempt-3"])[0].scenario, "") as site:
        yield f"{host.origin}{site.api_url}"


def words(result: CallToolResult) -> str:
    """What there is to read."""
    first = result.content[0]
    assert isinstance(first, TextContent)
    return first.text


def test_the_tools_say_what_they_change(assistant: Assistant) -> None:
    told = {
        name: (tool.annotations.read_only_hint, tool.annotations.open_world_hint)
        for name, tool in assistant.tools().items()
        if tool.annotations is not None
    }
    assert told == {"check": (False, True), "lint": (False, True), "explain": (True, False)}
    sending = assistant.tools()["check"].annotations
    assert sending is not None
    assert sending.destructive_hint is False


def test_every_parameter_is_described(assistant: Assistant) -> None:
    tools = assistant.tools()
    assert [
        (name, parameter)
        for name, tool in tools.items()
        for parameter, schema in tool.input_schema["properties"].items()
        if not schema.get("description")
    ] == []


@pytest.mark.parametrize("asked", ["wrong-dialect", "blank-panel", "thread.item.done", "response.done"])
def test_what_can_be_explained_is_explained(asked: str, assistant: Assistant) -> None:
    result = assistant.call("explain", what=asked)
    assert not result.is_error
    assert (result.structured_content["id"], words(result).split(":")[0]) == (asked, asked)


def test_a_saved_stream_that_is_good_passes(assistant: Assistant) -> None:
    (assistant.folder / "good.sse").write_bytes(b"".join(sse(good())))
    result = assistant.call("lint", source="good.sse")
    assert (result.is_error, result.structured_content["verdict"]) == (False, "pass")
    assert words(result).startswith("PASS: no symptom")


def test_the_answer_is_that_of_the_report_and_says_where_it_lies(assistant: Assistant) -> None:
    (assistant.folder / "empty.sse").write_bytes(b"".join(sse([created()])))
    told = assistant.call("lint", source="empty.sse").structured_content
    folder = Path(told["folder"])
    assert folder.parent == assistant.folder / "answers"
    written = json.loads((folder / "report.json").read_text())
    assert told == written | {"folder": str(folder), "left_out": [], "next": told["next"]}


def test_a_client_that_reads_texts_alone_gets_the_same(assistant: Assistant) -> None:
    result = assistant.call("explain", what="wrong-dialect")
    second = result.content[1]
    assert isinstance(second, TextContent)
    assert json.loads(second.text) == result.structured_content


def test_a_live_backend_that_is_broken_leads_to_the_events_to_send(assistant: Assistant, broken: str) -> None:
    result = assistant.call("lint", source=broken, messages=["What is open?"])
    told = result.structured_content
    assert (result.is_error, told["verdict"], told["cause"]["id"]) == (False, "fail", "wrong-dialect")
    text = words(result)
    assert f"REPORT: {told['folder']}/index.html" in text
    assert f"FIX: {told['cause']['fix'][:40]}" in text
    instead = next(line for line in text.splitlines() if line.startswith("INSTEAD: turn 1: "))
    assert "thread.created" in Path(instead.removeprefix("INSTEAD: turn 1: ")).read_text()
    again = {"source": broken, "messages": ["What is open?"]}
    assert [(each["tool"], each["arguments"]) for each in told["next"]] == [
        ("explain", {"what": "wrong-dialect"}),
        ("lint", again),
    ]
    assert f"NEXT: call `lint` with {json.dumps(again)}. It says whether a change has helped." in text


@pytest.mark.browser
def test_a_backend_is_checked_in_a_browser(assistant: Assistant, broken: str) -> None:
    result = assistant.call(
        "check", url=broken, kind="endpoint", messages=["What is open?"], runtime="reference"
    )
    told = result.structured_content
    assert (told["verdict"], told["cause"]["id"]) == ("fail", "wrong-dialect")
    assert told["browser"]["name"] == "chromium"
    assert "reference component" in words(result)
    assert (Path(told["folder"]) / "trace.zip").is_file()
    numbers, notes = zip(*assistant.progress, strict=True)
    assert numbers == tuple(range(1, len(numbers) + 1))
    steps = [note for note in notes if note.startswith(("step", "judging", "proving"))]
    assert steps == [
        "step 1: open",
        "step 2: send",
        "step 3: reload",
        "judging what was recorded",
        "proving the cause: replaying it",
        "proving the cause: replaying it without wrong-dialect",
    ]


@pytest.mark.parametrize(
    ("tool", "arguments", "said", "hint"),
    [
        ("lint", {"source": "missing.har"}, "missing.har", ""),
        ("lint", {"source": "http://127.0.0.1:9/chatkit"}, "nothing listens on port 9", "Start your backend"),
        ("lint", {"source": "-"}, "standard input is used by the protocol", "Pass a file or a URL"),
        (
            "check",
            {"url": "http://127.0.0.1:9/", "kind": "endpoint"},
            "nothing listens",
            "Is it running",
        ),
        ("explain", {"what": "wrong-dialekt"}, "no such cause", "wrong-dialect"),
    ],
)
def test_a_mistake_is_an_error_with_a_message_and_a_hint(
    tool: str, arguments: dict[str, object], said: str, hint: str, assistant: Assistant
) -> None:
    result = assistant.call(tool, **arguments)
    assert result.is_error
    assert said in words(result)
    assert hint in result.structured_content["hint"]


def test_a_parameter_that_makes_no_sense_is_an_error_that_names_it(assistant: Assistant) -> None:
    result = assistant.call("lint", source="good.sse", timeout_s=1)
    assert result.is_error
    assert "timeout_s" in words(result)
    assert "Traceback" not in words(result)
