"""One line of the journal: what was seen, and when."""

from __future__ import annotations

from typing import Generic, TypeVar

import msgspec

from chatkit_doctor.recording.entries.entry_data import Count, EntryData, Number
from chatkit_doctor.vocabulary import Layer

D_co = TypeVar("D_co", bound=EntryData, covariant=True)


class Entry(msgspec.Struct, Generic[D_co], frozen=True, forbid_unknown_fields=True):
    """One entry of the journal."""

    n: Count
    """Its number, from 1, to which evidence refers."""
    t: Number
    """When it was seen, in ms since the session began."""
    data: D_co
    """What was seen."""

    @property
    def kind(self) -> str:
        """The kind of what was seen, such as ``wire.chunk``."""
        return self.data.kind

    @property
    def layer(self) -> Layer:
        """Where it was seen."""
        return self.data.layer
