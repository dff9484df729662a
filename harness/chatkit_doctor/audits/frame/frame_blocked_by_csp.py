"""Whether the page's policies let the component's frame in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from chatkit_doctor.audits.audit import Audit, Failure, NotApplicable, seen
from chatkit_doctor.audits.failure_modes import CHAT_NEVER_STARTS
from chatkit_doctor.audits.wording import quoted
from chatkit_doctor.recording.entries import Entry, FrameDocument, PageCsp, PageDocument, PageOptions
from chatkit_doctor.recording.reader import Recording

_DIRECTIVES: Final = frozenset({"frame-src", "child-src", "default-src", "fenced-frame-src"})
_REFUSED: Final = re.compile(r"BLOCKED_BY_(CSP|RESPONSE)")


def judge(recording: Recording) -> Iterator[Failure]:
    """One failure for the first refusal of the frame."""
    if not (recording.has(PageOptions) or recording.has(FrameDocument) or recording.has(PageCsp)):
        raise NotApplicable("the component never requested its frame")
    entry = _refusal(recording)
    if entry is not None:
        yield _failure(recording, entry)


def _refusal(recording: Recording) -> Entry[PageCsp | FrameDocument] | None:
    found = recording.of(PageCsp, FrameDocument)
    return next((entry for entry in found if _is_refusal(entry.data)), None)


def _is_refusal(data: PageCsp | FrameDocument) -> bool:
    if isinstance(data, FrameDocument):
        return _REFUSED.search(data.error) is not None
    is_ours = any(part in data.blocked for part in ("cdn.platform.openai.com", "chatkit", "index-"))
    return data.stops_the_page and data.directive in _DIRECTIVES and is_ours


def _failure(recording: Recording, entry: Entry[PageCsp | FrameDocument]) -> Failure:
    told, why, directive = _words(entry.data, _embedder_policy(recording))
    return Failure(
        (seen(entry, told),),
        t_ms=entry.t,
        why=f"{why} The whole chat runs in this frame: the browser shows an error page instead, although "
        "chatkit.ready fires.",
        details={"directive": directive},
    )


def _words(data: PageCsp | FrameDocument, policy: str) -> tuple[str, str, str]:
    """What was seen, what it means, and the directive to blame."""
    if isinstance(data, PageCsp):
        blocked = quoted(data.blocked)
        why = f"The page's Content-Security-Policy ({data.directive}) does not allow {blocked}."
        return f"{data.directive} refuses {blocked}", why, data.directive
    why = f"The browser refused to load the component's frame ({data.error})."
    if policy:
        why += (
            f" The page sends Cross-Origin-Embedder-Policy: {policy}, which frames of other origins have to "
            "agree to."
        )
    directive = "cross-origin-embedder-policy" if policy else ""
    return f"{quoted(data.bare_url)}: {data.error}", why, directive


def _embedder_policy(recording: Recording) -> str:
    document = recording.last(PageDocument)
    return document.data.headers.get("cross-origin-embedder-policy", "") if document is not None else ""


AUDIT = Audit(
    id="frame-blocked-by-csp",
    passes="The page's policies allow the component's frame.",
    why="The page's Content-Security-Policy or Cross-Origin-Embedder-Policy blocked the component's frame.",
    # Measured: credentialless refuses the frame as require-corp does.
    fix="Add https://cdn.platform.openai.com to frame-src, and do not send Cross-Origin-Embedder-Policy on "
    "this page: require-corp and credentialless both require frames to send it too, and the component's "
    "frame does not.",
    judge=judge,
    explains=CHAT_NEVER_STARTS,
)
