"""How often a cause was the reason, as far as anybody said so in public: counted, with its sources."""

from __future__ import annotations

import re
from functools import cache
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter

from chatkit_doctor.explain.texts import OBSERVED
from chatkit_doctor.explain.yaml_file import read_yaml

_THREAD: Final = r"[\w.-]+/[\w.-]+#\d+"


class FieldReport(BaseModel):
    """One fault that users reported, and in how many public places at least."""

    about: str
    causes: list[str] = Field(min_length=1)
    """The ids under which it is found here; several where the reports do not tell them apart."""
    places: int = Field(ge=1)
    confirmed: str = ""
    """Who besides the reporters said so; empty where nobody did."""
    threads: list[Annotated[str, StringConstraints(pattern=f"^{_THREAD}$")]] = Field(default_factory=list)
    """Those of the places that can be linked, as ``owner/repository#number``."""

    model_config = ConfigDict(extra="forbid", frozen=True)


_REPORTS: Final = TypeAdapter(list[FieldReport])


@cache
def field_reports() -> tuple[FieldReport, ...]:
    """All reports. Raises ValueError (pydantic's) for a file that is none."""
    return tuple(_REPORTS.validate_python(read_yaml(OBSERVED / "reports.yaml")))


def reported(cause: str) -> list[FieldReport]:
    """The reports that name a cause, the most frequent first."""
    found = [report for report in field_reports() if cause in report.causes]
    return sorted(found, key=lambda report: -report.places)


def thread_url(thread: str) -> str:
    """Where a thread can be read; a number leads to the issue or to the pull request, whichever it is."""
    repository, number = re.split("#", thread, maxsplit=1)
    return f"https://github.com/{repository}/issues/{number}"
