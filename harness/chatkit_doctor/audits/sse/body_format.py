"""What a body is when it is not the sequence of server-sent events it should be."""

from __future__ import annotations

from typing import Final

from chatkit_doctor.protocol.dialects import recognise_lines
from chatkit_doctor.protocol.payload import parse_json
from chatkit_doctor.protocol.sse import ProblemKind, SseProblem
from chatkit_doctor.recording.views.exchanges import Exchange

FORMATS: Final = {
    "no-blank-line": "the blank line between events is missing, so all of them merge into one",
    "ndjson": "it is lines of JSON (NDJSON) without a `data:` prefix",
    "json": "it is a single JSON document instead of a stream",
    "html": "it is an HTML page",
    "text": "it is plain text without a `data:` prefix",
    "data-twice": "every event is framed twice: `data: data: …`",
    "too-large": "more than 8 MB arrived without a blank line",
    "unterminated": "the blank line after the last event is missing, so the event is dropped",
}
"""What is said about each format."""


def body_format(problem: SseProblem, exchange: Exchange) -> str:
    """The format a problem speaks of; empty for lines that a parser skips without harm."""
    if problem.kind is ProblemKind.NO_BLANK_LINE:
        return "no-blank-line"
    if problem.kind is ProblemKind.TOO_LARGE:
        return "too-large"
    if exchange.received and problem.kind is not ProblemKind.BARE_JSON:
        return ""
    if problem.kind is ProblemKind.HTML:
        return "html"
    if problem.kind is ProblemKind.BARE_JSON:
        return "json" if _is_one_document(exchange.body_text) else "ndjson"
    if problem.kind is ProblemKind.NOT_A_FIELD and problem.at == 0:
        lines = recognise_lines(exchange.body_text)
        # A protocol with lines of its own is named as such, by the audit of dialects.
        return "" if lines is not None and lines.dialect.id == "vercel-ai" else "text"
    return ""


def _is_one_document(text: str) -> bool:
    try:
        parse_json(text)
    except ValueError:
        # A long document is recorded in part only; one that spans lines is no NDJSON.
        return text.lstrip().startswith(("{\n", "{\r", "[\n", "["))
    return True
