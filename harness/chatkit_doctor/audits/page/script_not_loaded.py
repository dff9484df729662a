"""Whether chatkit.js came and defined the element."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.audits.audit import Audit, Evidence, Failure, NotTestable, absent, seen
from chatkit_doctor.audits.failure_modes import CHAT_NEVER_STARTS
from chatkit_doctor.audits.page.scripts import defined_in, page_loads, refused
from chatkit_doctor.audits.wording import host_of, quoted
from chatkit_doctor.recording.entries import Entry, PageDocument, PageScript
from chatkit_doctor.recording.reader import Recording

_OFFICIAL: str = "https://cdn.platform.openai.com/deployments/chatkit/chatkit.js"


def judge(recording: Recording) -> Iterator[Failure]:
    """One failure per load of the page in which the element was never defined for lack of its script."""
    loads = page_loads(recording)
    if loads and all(load.document is not None and _failed(load.document) for load in loads):
        raise NotTestable("the page itself was not served")
    for load in loads:
        if defined_in(recording, load) or refused(recording, load.begin, load.end) is not None:
            continue
        if not load.ended:
            continue  # Nobody waited for it.
        scripts = [e for e in recording.of(PageScript) if load.begin <= e.t < load.end]
        yield _failure(scripts, load.end)


def _failed(document: Entry[PageDocument]) -> bool:
    return document.data.status >= 400


def _failure(scripts: list[Entry[PageScript]], end: float) -> Failure:
    last = next((e for e in reversed(scripts) if e.data.state != "requested"), None)
    asked = scripts[-1] if scripts else None
    state = "not requested" if asked is None else last.data.state if last is not None else "unanswered"
    shown = last or asked
    source = shown.data.src if shown is not None else ""
    evidence: tuple[Evidence, ...] = (absent(end, "the element openai-chatkit was never defined"),)
    if last is not None:
        status = f", status {last.data.status}" if last.data.status else ""
        evidence = (
            seen(last, f"{quoted(source)}: {last.data.state}{status} {last.data.reason}"),
            *evidence,
        )
    return Failure(
        evidence,
        t_ms=end,
        why=_why(state, source, last.data if last is not None else None),
        details={"src": source, "state": state},
    )


def _why(state: str, source: str, last: PageScript | None) -> str:
    needs = "The npm packages contain only types and a wrapper: the component itself is this script."
    if state == "not requested":
        return f"The page never requested chatkit.js. {needs}"
    if state == "loaded":
        where = (
            "" if source.startswith(_OFFICIAL) else f" It came from {host_of(source) or 'a relative URL'}."
        )
        return f"{quoted(source)} loaded but did not define the element.{where}"
    reason = f" ({last.reason})" if last is not None and last.reason else ""
    status = f" with status {last.status}" if last is not None and last.status else ""
    return f"{quoted(source)} could not be loaded{status}{reason}. {needs}"


AUDIT = Audit(
    id="script-not-loaded",
    passes="chatkit.js loaded and defined the element.",
    why="Without chatkit.js the element is an unknown tag: nothing appears, and there is no error.",
    fix=f'Load {_OFFICIAL} with a script tag of its own (`<script src="…" async>`; in Next.js next/script), '
    "from that "
    "URL and not from a bundle or a copy, before setOptions is called.",
    judge=judge,
    needs=(PageDocument,),
    explains=CHAT_NEVER_STARTS,
)
