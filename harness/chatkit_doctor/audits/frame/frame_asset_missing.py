"""Whether every script and style the frame asked for later on was loaded."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.audits.audit import Audit, Failure, seen
from chatkit_doctor.audits.frame.component_frames import came_up, failed_assets, outcome
from chatkit_doctor.audits.wording import counted, listed, quoted
from chatkit_doctor.recording.entries import FrameAsset
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.recording.views.timeline import timeline


def judge(recording: Recording) -> Iterator[Failure]:
    """One failure for all lazily loaded parts that failed."""
    failed = [asset for asset in failed_assets(recording) if came_up(recording, asset)]
    if not failed:
        return
    first = failed[0]
    names = listed(dict.fromkeys(entry.data.bare_url.rpartition("/")[2] for entry in failed))
    yield Failure(
        tuple(seen(entry, f"{quoted(entry.data.bare_url)}: {outcome(entry)}") for entry in failed[:4]),
        turn=recording.derive(timeline).turn_at(first.t),
        t_ms=first.t,
        why=f"{counted(len(failed), 'part')} of the component ({names}) failed to load. The component loads "
        "icons, languages and animations lazily; a turn that needs a missing one is replaced by “Something "
        "went wrong”, without any error event.",
        details={"urls": [entry.data.bare_url for entry in failed[:20]]},
    )


AUDIT = Audit(
    id="frame-asset-missing",
    passes="Every part of the component loaded.",
    why="The component loads icons, languages and animations lazily; one of them failed to load.",
    fix="Let the page reach https://cdn.platform.openai.com/assets/ without filters; if you use a copy of "
    "the component, import a complete one.",
    judge=judge,
    needs=(FrameAsset,),
    # Measured: what the turn can do without is not missed; what it cannot crashes it, and that always shows.
    explains=frozenset({"turn-crashed", "blank-panel"}),
)
