"""Texts that users paste: what a screen, a console or a log showed them, and where it leads."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from chatkit_doctor.explain.yaml_file import read_yaml

OBSERVED: Final = Path(__file__).with_name("observed")
"""What was seen of each id: its signs, the texts that lead to it, its reports, the scenarios that show it."""


class KnownText(BaseModel):
    """A text that is meant where all parts of ``has`` stand in what was pasted, in whatever case."""

    has: list[str] = Field(min_length=1)
    means: str = Field(min_length=1)
    ids: list[str] = Field(min_length=1)
    """The symptoms and causes it leads to, the most likely first."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    def fits(self, text: str) -> bool:
        """Whether it is meant by the text, whose white space is single blanks."""
        return all(part.lower() in text.lower() for part in self.has)


_TEXTS: Final = TypeAdapter(list[KnownText])


@cache
def known_texts() -> tuple[KnownText, ...]:
    """All of them, in the order in which they are asked."""
    return tuple(_TEXTS.validate_python(read_yaml(OBSERVED / "texts.yaml")))


def known_text(text: str) -> KnownText | None:
    """The first that is meant by what was pasted, or that begins as it does; None where there is none."""
    flat = " ".join(text.split())
    found = next((known for known in known_texts() if known.fits(flat)), None)
    if found is not None or len(flat) < _SHORTEST:
        return found
    # Half a sentence was pasted: it is in what is looked for.
    return next((k for k in known_texts() if any(flat.lower() in part.lower() for part in k.has)), None)


_SHORTEST: Final = 8
"""Characters that half a sentence has at least: less stands in anything."""
