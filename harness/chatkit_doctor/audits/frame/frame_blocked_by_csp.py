"""Whether the page's policies let the component's frame in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from chatkit_doctor.audits.audit import Audit, Evidence, Failure, NotApplicable, seen
from chatkit_doctor.audits.failure_modes import CHAT_NEVER_STARTS
from chatkit_doctor.audits.frame.component_frames import bare
from chatkit_doctor.audits.wording import quoted
from chatkit_doctor.recording.reader import Entry, Recording

_DIRECTIVES: Final = frozenset({"frame-src", "child-src", "default-src", "fenced-frame-src"})
_REFUSED: Final = re.compile(r"BLOCKED_BY_(CSP|RESPONSE)")


def judge(recording: Recording) -> Iterator[Failure]:
    """One failure for the first refusal of the frame."""
    if not (recording.has("page.options") or recording.has("frame.document") or recording.has("page.csp")):
        raise NotApplicable("the component never asked for its frame")
    entry = _refusal(recording)
    if entry is not None:
        yield _failure(recording, entry)


def _refusal(recording: Recording) -> Entry | None:
    for entry in recording.of("page.csp", "frame.document"):
        if entry.kind == "frame.document":
            if _REFUSED.search(entry.text("error")):
                return entry
            continue
        enforced = entry.text("disposition") != "report" and entry.text("where") != "component"
        blocked = entry.text("blocked")
        is_ours = "cdn.platform.openai.com" in blocked or "chatkit" in blocked or "index-" in blocked
        if enforced and entry.text("directive") in _DIRECTIVES and is_ours:
            return entry
    return None


def _failure(recording: Recording, entry: Entry) -> Failure:
    document = recording.of("page.document")
    coep = str(document[-1].object("headers").get("cross-origin-embedder-policy", "")) if document else ""
    evidence: tuple[Evidence, ...]
    if entry.kind == "page.csp":
        directive = entry.text("directive")
        evidence = (seen(entry, f"{directive} refuses {quoted(entry.text('blocked'))}"),)
        blocked = quoted(entry.text("blocked"))
        why = f"The page's Content-Security-Policy ({directive}) does not allow {blocked}."
    else:
        directive = "cross-origin-embedder-policy" if coep else ""
        evidence = (seen(entry, f"{quoted(bare(entry))}: {entry.text('error')}"),)
        why = f"The browser refused the component's frame ({entry.text('error')})." + (
            f" The page sends Cross-Origin-Embedder-Policy: {coep}, which frames of other origins have to "
            "agree to."
            if coep
            else ""
        )
    return Failure(
        evidence,
        t_ms=entry.t,
        why=f"{why} The whole chat lives in this frame: an error page stands in its place, though "
        "chatkit.ready fires.",
        details={"directive": directive},
    )


AUDIT = Audit(
    id="frame-blocked-by-csp",
    passes="The page's policies let the component's frame in.",
    why="The page's Content-Security-Policy or Cross-Origin-Embedder-Policy refused the component's frame.",
    # Measured: credentialless refuses the frame as require-corp does.
    fix="Add https://cdn.platform.openai.com to frame-src, and leave Cross-Origin-Embedder-Policy off on "
    "this page: the component's frame sends none of its own, which require-corp and credentialless both ask "
    "of frames.",
    judge=judge,
    explains=CHAT_NEVER_STARTS,
)
