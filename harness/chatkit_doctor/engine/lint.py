"""``lint``: from a live backend or a file to a report, without a browser."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from chatkit_doctor.client.session import LiveOptions, converse
from chatkit_doctor.conversation.conversation import Call, Conversation
from chatkit_doctor.errors import Interrupted

if TYPE_CHECKING:
    from chatkit_doctor.report.model import ReportModel

NAME: Final = "lint"
STANDARD_INPUT: Final = "-"
_JUDGING: Final = (
    "chatkit.types",
    "chatkit_doctor.engine.pipeline",
    "chatkit_doctor.simulator.simulate",
    "chatkit_doctor.report.artifacts",
    "chatkit_doctor.report.terminal",
)
"""What is needed only once the conversation is over: it takes a second to import."""


@dataclass(frozen=True, slots=True)
class LintOptions:
    """How a target is looked at. ``live`` is for a URL, ``op`` says what a saved body answers.

    ``secrets`` are texts that must appear in no artifact; values of ``live.headers`` are among them anyway.
    """

    live: LiveOptions = field(default_factory=LiveOptions)
    op: str | None = None
    secrets: tuple[str, ...] = ()
    output: Path = Path("reports")


def lint(target: str, options: LintOptions) -> tuple[ReportModel, Path]:
    """Judge a URL, a file or standard input (``-``); returns the report and its folder.

    Raises DoctorError when the backend cannot be reached, the file cannot be read, or nothing can be written.
    """
    conversation = _converse(target, options) if is_url(target) else _read(target, options.op)
    from chatkit_doctor.engine.pipeline import judge
    from chatkit_doctor.recording.reader import load
    from chatkit_doctor.recording.redaction import Redactor
    from chatkit_doctor.report.artifacts import ReportFolder
    from chatkit_doctor.simulator.simulate import simulate

    conversation = replace(conversation, notes=(*conversation.notes, *_probed(conversation)))
    place = ReportFolder.create(options.output, NAME)
    redactor = Redactor([*options.secrets, *options.live.headers.values()])
    simulate(conversation, place.path, redactor, name=NAME)
    report = judge(load(place.path), expect=None, artifacts=place.artifacts())
    place.write(report)
    place.link_latest()
    return report, place.path


def is_url(target: str) -> bool:
    """Whether a target is a backend to talk to, rather than a file."""
    return target.lower().startswith(("http://", "https://"))


def _read(target: str, op: str | None) -> Conversation:
    from chatkit_doctor.conversation.sources import read_file

    return read_file(None if target == STANDARD_INPUT else Path(target), op=op)


def _converse(url: str, options: LintOptions) -> Conversation:
    async def talk() -> Conversation:
        preparing: list[asyncio.Future[None]] = []

        def prepare() -> None:
            preparing.append(asyncio.ensure_future(asyncio.to_thread(_prepare)))

        try:
            return await converse(url, options.live, waiting=prepare)
        finally:
            await asyncio.gather(*preparing)

    try:
        return asyncio.run(talk())
    except KeyboardInterrupt:
        raise Interrupted("interrupted before there was anything to report") from None


def _prepare() -> None:
    for name in _JUDGING:
        importlib.import_module(name)
    from chatkit_doctor.audits.registry import audits

    audits()


def _probed(conversation: Conversation) -> Iterator[str]:
    """What the probes showed, where it is worth knowing: none of them stands for anything a person did."""
    for call in conversation.calls:
        if call.probe and (said := _PROBES.get(call.probe, _unanswered)(call)):
            yield said


def _unanswered(call: Call) -> str:
    return "" if call.status is not None else f"the probe “{call.probe}” was not answered: {call.error}"


def _unknown_thread(call: Call) -> str:
    if call.status is None:
        return _unanswered(call)
    if call.status < 400:
        return (
            f"threads.get_by_id of a thread that does not exist is answered with {call.status}: a page that "
            "remembers a deleted thread gets an empty panel in place of a new chat. Answer with 404."
        )
    if call.status >= 500:
        return (
            f"threads.get_by_id of a thread that does not exist is answered with {call.status}, as if the "
            "server had failed. Answer with 404."
        )
    return ""


def _empty_body(call: Call) -> str:
    if call.status is not None and call.status < 400:
        return f"a request without a type ({{}}) is answered with {call.status}, as if it were an operation."
    return _unanswered(call)


def _refused(effect: str) -> Callable[[Call], str]:
    """Tells of an operation of the component that is refused, and what that costs."""

    def said(call: Call) -> str:
        if call.status is None:
            return _unanswered(call)
        return f"{call.op} is answered with {call.status}: {effect}." if call.status >= 400 else ""

    return said


_PROBES: Final[Mapping[str, Callable[[Call], str]]] = {
    "rename-thread": _refused("a person cannot give a conversation a name"),
    "list-items": _refused("of a long conversation only the first page of items can be read"),
    "unknown-thread": _unknown_thread,
    "empty-body": _empty_body,
}
