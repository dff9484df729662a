"""Whether the page's content security policy lets chatkit.js in."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.audits.audit import Audit, Failure, seen
from chatkit_doctor.audits.failure_modes import CHAT_NEVER_STARTS
from chatkit_doctor.audits.page.scripts import defined_in, page_loads, refused
from chatkit_doctor.audits.wording import quoted
from chatkit_doctor.recording.entries import PageCsp, PageDocument, PageScript
from chatkit_doctor.recording.reader import Recording


def judge(recording: Recording) -> Iterator[Failure]:
    """One failure per load of the page whose policy refused the script."""
    for load in page_loads(recording):
        entry = refused(recording, load.begin, load.end)
        if entry is None or defined_in(recording, load):
            continue
        directive, blocked = _violated(entry.data)
        yield Failure(
            (seen(entry, f"{directive} refuses {quoted(blocked)}"),),
            t_ms=entry.t,
            why=f"The page's Content-Security-Policy ({directive}) does not allow {quoted(blocked)}, so the "
            "element is never defined.",
            details={"directive": directive, "blocked": blocked},
        )


def _violated(refusal: PageCsp | PageScript) -> tuple[str, str]:
    """The directive, and what it does not allow."""
    if isinstance(refusal, PageScript):
        return "script-src", refusal.src
    return refusal.directive, refusal.blocked


AUDIT = Audit(
    id="script-blocked-by-csp",
    passes="The page's policy allows chatkit.js.",
    why="The page's Content-Security-Policy does not allow chatkit.js, so the element is never defined.",
    fix="Add https://cdn.platform.openai.com to script-src (and to frame-src), and the backend to "
    "connect-src.",
    judge=judge,
    needs=(PageDocument,),
    explains=CHAT_NEVER_STARTS,
)
