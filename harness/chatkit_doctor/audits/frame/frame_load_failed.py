"""Whether the component's frame and what it starts with were loaded."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.audits.audit import Audit, Failure, NotApplicable, seen
from chatkit_doctor.audits.failure_modes import CHAT_NEVER_STARTS
from chatkit_doctor.audits.frame.component_frames import (
    came_up,
    documents,
    failed_assets,
    has_failed,
    outcome,
)
from chatkit_doctor.audits.wording import quoted
from chatkit_doctor.recording.entries import Entry, FrameDocument
from chatkit_doctor.recording.entries.frame import FrameLoad
from chatkit_doctor.recording.reader import Recording


def judge(recording: Recording) -> Iterator[Failure]:
    """One failure for the frame's document, or else for the first part of its bundle, that failed."""
    loads = documents(recording)
    if not loads:
        raise NotApplicable("the component's frame was never requested")
    # A policy of the page that refuses the frame is a cause of its own.
    document = next((e for e in loads if has_failed(e) and "BLOCKED_BY" not in e.data.error), None)
    if document is not None:
        yield _failure(document, "document")
        return
    missing = (asset for asset in failed_assets(recording) if not came_up(recording, asset))
    if (asset := next(missing, None)) is not None:
        yield _failure(asset, "main bundle")


def _failure(entry: Entry[FrameLoad], part: str) -> Failure:
    status = entry.data.status or 0
    challenge = (
        " A 403 from the CDN is often a bot challenge or a filter on the way (VPN, corporate network, ad "
        "blocker); users with another browser or network may not be affected."
        if status == 403
        else ""
    )
    return Failure(
        (seen(entry, f"{quoted(entry.data.bare_url)}: {outcome(entry)}"),),
        t_ms=entry.t,
        why=f"The {part} of the component's frame, {quoted(entry.data.bare_url)}, failed to load "
        f"({outcome(entry)}). chatkit.ready still fires: it only means that the frame loaded "
        f"something.{challenge}",
        details={"url": entry.data.bare_url, "status": status, "part": part},
    )


AUDIT = Audit(
    id="frame-load-failed",
    passes="The component's frame loaded.",
    why="The whole chat runs in a frame served by the CDN, and that frame failed to load.",
    fix="Load chatkit.js directly from https://cdn.platform.openai.com, neither proxied nor bundled: its "
    "frame's URL is relative to it. Check that this host is reachable from here, and try another network.",
    judge=judge,
    needs=(FrameDocument,),
    explains=CHAT_NEVER_STARTS | {"error-shown"},
)
