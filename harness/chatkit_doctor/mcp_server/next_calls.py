"""What to do next, in an assistant's own terms: the tools it can call, and the names of their parameters."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from chatkit_doctor.report.model import ReportModel
from chatkit_doctor.vocabulary import Verdict

_PARAMETERS: Final = {
    "--page": 'kind="page"',
    "--backend": 'kind="endpoint"',
    "--runtime": "runtime",
    "--message": "messages",
    "--header": "headers",
    "--storage-state": "storage_state",
    "--click": "clicks",
    "--timeout": "timeout_s",
    "--origin": "origin",
    "--op": "op",
    "--match": "match",
}
"""The parameter that corresponds to a command line option."""
_OPTION: Final = re.compile(r"(?<![\w-])--[a-z][a-z-]*")
_HEADERS: Final = "headers"


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A tool call, made or proposed; ``why`` continues a sentence that starts with “It”."""

    tool: str
    arguments: Mapping[str, Any]
    why: str = ""

    def as_json(self) -> dict[str, Any]:
        """Its form in a result."""
        return {"tool": self.tool, "arguments": dict(self.arguments), "why": self.why}

    def __str__(self) -> str:
        return f"call `{self.tool}` with {json.dumps(self.arguments, ensure_ascii=False)}. It {self.why}."


def next_calls(report: ReportModel, call: ToolCall) -> list[ToolCall]:
    """The calls to make next, in order; none after a call that passed.

    Header values are not repeated: the caller knows them.
    """
    if report.verdict == Verdict.PASS:
        return []
    again = {name: value for name, value in call.arguments.items() if name != _HEADERS}
    same = "; pass the same headers" if call.arguments.get(_HEADERS) else ""
    told = ToolCall(call.tool, again, f"says whether a change has helped{same}")
    if report.cause is None:
        return [told]
    what = "says what the component does with it, with examples of what to send instead"
    return [ToolCall("explain", {"what": report.cause.id}, what), told]


def in_terms_of_tools(text: str) -> str:
    """A text with command line options replaced by the corresponding parameters."""

    def parameter(option: re.Match[str]) -> str:
        name = _PARAMETERS.get(option[0])
        return option[0] if name is None else f"`{name}`"

    return _OPTION.sub(parameter, text)
