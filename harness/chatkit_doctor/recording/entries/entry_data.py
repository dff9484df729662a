"""What all journal entries have in common."""

from __future__ import annotations

from typing import Annotated, ClassVar

import msgspec

from chatkit_doctor.vocabulary import Layer

Count = Annotated[int, msgspec.Meta(ge=0, le=2**53 - 1)]
"""A size or a number of things, as far as JavaScript counts."""
Number = Annotated[float, msgspec.Meta(ge=-1e12, le=1e12)]
"""A measure: finite, and no larger than anything that is measured here."""


class EntryData(
    msgspec.Struct,
    frozen=True,
    omit_defaults=True,
    forbid_unknown_fields=True,
    tag_field="kind",
):
    """What was seen: the content of one journal entry.

    Every kind of entry is a type of its own; its ``tag`` is the kind as it is in the journal. A field
    that has a default is left out of the journal while it holds it.
    """

    layer: ClassVar[Layer]
    """Where it was seen."""

    @property
    def kind(self) -> str:
        """The kind of the entry, such as ``wire.chunk``."""
        return kind_of(type(self))


class Part(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """A shape within an entry."""


def kind_of(entry: type[EntryData]) -> str:
    """The kind that a type of entry stands for. Raises TypeError for a type that stands for none."""
    tag = entry.__struct_config__.tag
    if not isinstance(tag, str):
        raise TypeError(f"{entry.__name__} is no kind of entry")
    return tag
