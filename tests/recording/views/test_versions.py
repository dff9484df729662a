"""What a page is made with, over a whole session."""

from __future__ import annotations

from chatkit_doctor.recording.views.versions import versions
from tests.recordings import entry, recording


def test_what_was_seen_at_any_step_counts_once() -> None:
    early = entry(100, "page", "page.inventory", versions={"next": ["16.1.1"], "react": ["19.2.3"]})
    late = entry(200, "page", "page.inventory", versions={"react": ["19.2.3", "18.3.1"]})
    bare = entry(300, "page", "page.inventory")
    assert versions(recording(early, late, bare)) == {"next": "16.1.1", "react": "19.2.3 and 18.3.1"}
