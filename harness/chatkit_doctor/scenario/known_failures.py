"""Known failures of a project: a run passes with them, and fails once one of them is gone."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Final

from pydantic import Field, field_validator

from chatkit_doctor.errors import ScenarioError
from chatkit_doctor.scenario.document import MAX_BYTES
from chatkit_doctor.scenario.expect import Expect
from chatkit_doctor.scenario.load import NamedScenario, shown
from chatkit_doctor.scenario.part import Cause, Part, Symptom, refusal
from chatkit_doctor.scenario.read import read_as
from chatkit_doctor.vocabulary import SYMPTOMS, Verdict

_MEANT: Final = "known failures are a mapping with `expected`, which has an entry for each scenario"


class KnownFailure(Part):
    """The result of a scenario until it is fixed. Omitted keys are not compared."""

    verdict: Annotated[Verdict, Field(strict=False)] = Verdict.FAIL
    """``fail``, or ``inconclusive``."""
    cause: Cause | None = None
    """The root cause."""
    symptoms: list[Symptom] | None = None
    """Exactly these symptoms."""

    @field_validator("verdict")
    @classmethod
    def _fails(cls, verdict: Verdict) -> Verdict:
        if verdict is Verdict.PASS:
            raise refusal("a scenario that passes is not a failure: remove the entry")
        return verdict

    def as_expectation(self) -> Expect:
        """The same as a scenario's expectation, whose symptoms are always compared."""
        if self.symptoms is None:
            return Expect(verdict=self.verdict, cause=self.cause, symptoms_may=list(SYMPTOMS))
        return Expect(verdict=self.verdict, cause=self.cause, symptoms=self.symptoms)


class _KnownFailures(Part):
    expected: dict[str, KnownFailure]


def known_failures(path: str | os.PathLike[str]) -> dict[str, KnownFailure]:
    """The entries of a file by the names of their scenarios; that of ``check`` is ``check``.

    Raises ScenarioError for a file that cannot be read, and for every mistake in it.
    """
    place = Path(path)
    try:
        with place.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise ScenarioError(f"the file cannot be read: {reason}", where=shown(place)) from error
    return read_as(_KnownFailures, content, shown(place), _MEANT).expected


def with_known_failures(
    chosen: Sequence[NamedScenario], path: str | os.PathLike[str] | None
) -> list[NamedScenario]:
    """The scenarios; those that the file names are expected to fail as it says. Unchanged without a file.

    Raises what :func:`known_failures` raises.
    """
    known = {} if path is None else known_failures(path)
    return [
        replace(named, scenario=named.scenario.model_copy(update={"expect": entry.as_expectation()}))
        if (entry := known.get(named.name))
        else named
        for named in chosen
    ]
