"""What a page is made with, as far as it shows."""

from __future__ import annotations

from collections.abc import Mapping

from chatkit_doctor.recording.entries import PageInventory
from chatkit_doctor.recording.reader import Recording


def versions(recording: Recording) -> Mapping[str, str]:
    """Versions by package, in the order in which they were first seen; several as ``18.3.1 and 19.2.3``."""
    found: dict[str, dict[str, None]] = {}
    for entry in recording.of(PageInventory):
        for package, seen in entry.data.versions.items():
            found.setdefault(package, {}).update(dict.fromkeys(seen))
    return {package: " and ".join(seen) for package, seen in found.items()}
