"""Whether the page's content security policy lets chatkit.js in."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.audits.audit import Audit, Failure, seen
from chatkit_doctor.audits.failure_modes import CHAT_NEVER_STARTS
from chatkit_doctor.audits.page.scripts import defined_in, page_loads, refused
from chatkit_doctor.audits.wording import quoted
from chatkit_doctor.recording.reader import Recording


def judge(recording: Recording) -> Iterator[Failure]:
    """One failure per load of the page whose policy refused the script."""
    for load in page_loads(recording):
        entry = refused(recording, load.begin, load.end)
        if entry is None or defined_in(recording, load):
            continue
        directive = entry.text("directive", "script-src")
        blocked = entry.text("blocked") or entry.text("src")
        yield Failure(
            (seen(entry, f"{directive} refuses {quoted(blocked)}"),),
            t_ms=entry.t,
            why=f"The page's Content-Security-Policy ({directive}) does not allow {quoted(blocked)}, so the "
            "element is never defined.",
            details={"directive": directive, "blocked": blocked},
        )


AUDIT = Audit(
    id="script-blocked-by-csp",
    passes="The page's policy lets chatkit.js in.",
    why="The page's Content-Security-Policy does not allow chatkit.js, so the element is never defined.",
    fix="Add https://cdn.platform.openai.com to script-src (and to frame-src), and the backend to "
    "connect-src.",
    judge=judge,
    needs=("page.document",),
    explains=CHAT_NEVER_STARTS,
)
