"""The result of a tool: a few lines of text, and the same JSON as ``--format json``, limited in size."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from mcp_types import CallToolResult, TextContent

from chatkit_doctor.mcp_server.next_calls import ToolCall, in_terms_of_tools, next_calls
from chatkit_doctor.report.folder import HTML
from chatkit_doctor.report.json_output import as_json, placed
from chatkit_doctor.report.wording import fixes, headline, notice, what_was_found
from chatkit_doctor.safe_text import clip, one_line, printable

if TYPE_CHECKING:
    from chatkit_doctor.errors import DoctorError
    from chatkit_doctor.explain.model import Explanation
    from chatkit_doctor.results import SessionResult

MOST_CHARACTERS: Final = 30_000
"""Maximum length of the JSON in characters: an assistant has to read it, and can open the files for more."""
LEFT_OUT: Final = "left_out"
"""The additional key that lists what was omitted for size."""
_LEAST_NEEDED: Final = (
    "unanswered",
    "passed",
    "timeline",
    "operations",
    "screenshots",
    "findings",
    "contributing",
    "reproduce",
    "proof",
    "streams",
    "messages",
    "warnings",
    "corrections",
)
"""What is omitted from a report that is too large, in this order; ``report.json`` contains all of it."""
_SHORTER: Final = (4_000, 1_000, 300, 100)
"""Maximum text length if omitting parts is not enough; lists are cut to a tenth as many items."""
_NEEDED: Final = ("schema", "id", "name", "verdict", "folder")
"""What remains as a last resort: enough to find the full report."""
_MAX_TEXT: Final = 3_000


def of_session(result: SessionResult, call: ToolCall) -> CallToolResult:
    """The result of ``check`` and ``lint``, with the next tool calls instead of commands."""
    report, folder = result.report, result.folder.absolute()
    lines = [f"{headline(report).upper()}: {what_was_found(report)}"]
    if report.cause is not None:
        lines.append(f"CAUSE: {report.cause.title} ({report.cause.confidence}). {report.cause.why}")
    lines += [f"FIX: {fix}" for fix in fixes(report)]
    lines += [f"INSTEAD: turn {each.turn}: {folder / each.file}" for each in report.corrections]
    lines += [f"NOTE: {said}"] if (said := notice(report.runtime)) else []
    lines.append(f"REPORT: {folder / HTML}")
    following = next_calls(report, call)
    lines += [f"NEXT: {each}" for each in following]
    data = json.loads(as_json(placed(report, folder)))
    return _answer(lines, {**data, "next": [each.as_json() for each in following]})


def of_explanation(explanation: Explanation) -> CallToolResult:
    """The result of ``explain``."""
    lines = [f"{explanation.id}: {explanation.title}", explanation.does]
    lines += [f"FIX: {explanation.fix}"] if explanation.fix else []
    return _answer(lines, json.loads(as_json(explanation)))


def of_error(error: DoctorError) -> CallToolResult:
    """The result if the tool could not run: what happened, and what to do."""
    told = {
        name: in_terms_of_tools(text)
        for name, text in (("error", error.what), ("where", error.where), ("hint", error.hint))
    }
    lines = [f"Error: {error.headline}", *filter(None, [error.advice])]
    return _answer([in_terms_of_tools(line) for line in lines], told, is_error=True)


def bounded(data: Mapping[str, Any], most: int = MOST_CHARACTERS) -> dict[str, Any]:
    """The data, limited to ``most`` characters of JSON; it lists what was omitted."""
    left_out: list[str] = []
    kept = {**_fitting(data), LEFT_OUT: left_out}
    for name in _LEAST_NEEDED:
        if _size(kept) <= most:
            return kept
        if kept.get(name):
            kept[name] = [] if isinstance(kept[name], list) else None
            left_out.append(name)
    for longest in _SHORTER:
        if _size(kept) <= most:
            return kept
        kept = {**_fitting(kept, longest), LEFT_OUT: [*left_out, f"text beyond {longest} characters"]}
    if _size(kept) <= most:
        return kept
    return {**{name: kept[name] for name in _NEEDED if name in kept}, LEFT_OUT: ["everything else"]}


def _answer(lines: list[str], data: Mapping[str, Any], *, is_error: bool = False) -> CallToolResult:
    text = "\n".join(printable(one_line(line, _MAX_TEXT)) for line in lines)
    whole = bounded(data)
    # Clients show an assistant either the structured content or the texts.
    return CallToolResult(
        content=[TextContent(text=text), TextContent(text=json.dumps(whole, ensure_ascii=False))],
        structured_content=whole,
        is_error=is_error,
    )


def _size(data: object) -> int:
    return len(json.dumps(data, ensure_ascii=False))


def _fitting(value: Any, longest: int | None = None) -> Any:
    """A value that the protocol can carry, which has no lone surrogates, with long texts and lists cut."""
    if isinstance(value, str):
        carried = value.encode("utf-8", "replace").decode("utf-8")
        return carried if longest is None else clip(carried, longest)
    if isinstance(value, list):
        return [_fitting(each, longest) for each in (value if longest is None else value[: longest // 10])]
    if isinstance(value, dict):
        return {key: _fitting(each, longest) for key, each in value.items()}
    return value
