"""Reading a scenario file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from chatkit_doctor.errors import ScenarioError
from chatkit_doctor.scenario.backend import ReplayBackend
from chatkit_doctor.scenario.document import MAX_BYTES
from chatkit_doctor.scenario.model import Scenario
from chatkit_doctor.scenario.read import read


@dataclass(frozen=True, slots=True)
class NamedScenario:
    """A scenario, the file it came from, and the name it goes by in a run."""

    name: str
    path: Path
    scenario: Scenario


def load(path: Path, name: str | None = None) -> NamedScenario:
    """Read one file; without a ``name`` it goes by that of the file.

    Raises ScenarioError that names every mistake with its line, its key, and what was probably meant.
    """
    source = shown(path)
    try:
        with path.open("rb") as file:
            # One byte more than allowed is enough to refuse it.
            content = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise ScenarioError(f"the file cannot be read: {reason}", where=source) from error
    scenario = _located(read(content, source), path)
    return NamedScenario(path.stem if name is None else name, path, scenario)


def _located(scenario: Scenario, path: Path) -> Scenario:
    """The scenario with the recording that it replays by its absolute path.

    Raises ScenarioError when there is nothing at that path.
    """
    backend = scenario.backend
    if not isinstance(backend, ReplayBackend):
        return scenario
    recording = path.absolute().parent / backend.recording
    if not recording.exists():
        hint = "Pass a recording, a HAR, a saved stream or a folder of responses, relative to this file."
        raise ScenarioError(f"no recording found at {shown(recording)}", where=shown(path), hint=hint)
    found = backend.model_copy(update={"recording": str(recording)})
    return scenario.model_copy(update={"backend": found})


def shown(path: Path) -> str:
    """A path as messages name it: as it is, or quoted where it holds what cannot be printed."""
    text = str(path)
    return text if text.isprintable() else repr(text)
