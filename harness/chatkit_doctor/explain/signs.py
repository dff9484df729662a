"""What each symptom and each cause looks like to who sits before it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Final

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from chatkit_doctor.explain.texts import OBSERVED
from chatkit_doctor.explain.yaml_file import read_yaml


class Signs(BaseModel):
    """What can be seen of one id, in words; empty where a place shows nothing of its own."""

    screen: str = Field(min_length=1)
    console: str = ""
    network: str = ""

    model_config = ConfigDict(extra="forbid", frozen=True)

    def places(self) -> dict[str, str]:
        """What can be seen by the place where one looks, without the places that show nothing."""
        seen = {"On the screen": self.screen, "In the console": self.console, "On the network": self.network}
        return {place: text.strip() for place, text in seen.items() if text}


_SIGNS: Final = TypeAdapter(dict[str, Signs])


@cache
def signs() -> Mapping[str, Signs]:
    """The signs of every symptom and every cause. Raises ValueError (pydantic's) for a file that is none."""
    return _SIGNS.validate_python(read_yaml(OBSERVED / "signs.yaml"))
