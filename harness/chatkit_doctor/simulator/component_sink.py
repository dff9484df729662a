"""What the simulated component shows and says, as entries of the journal."""

from __future__ import annotations

from typing import Any

import msgspec

from chatkit_doctor.recording.entries import AnyEntry
from chatkit_doctor.recording.journal import Journal


class ComponentSink:
    """Takes the component's words by their kind, and checks them against the entry's type."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def add(self, _layer: str, kind: str, data: dict[str, Any], *, t: float) -> int:
        """Write one entry; ``t`` is ms on the model's clock. Raises ValidationError for what is none."""
        return self._journal.add(msgspec.convert({**data, "kind": kind}, AnyEntry), t=t)
