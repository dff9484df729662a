"""Which scenarios a user means: names and folders of the catalogue, and files and folders of their own."""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from chatkit_doctor.errors import UsageError
from chatkit_doctor.paths import scenarios_dir
from chatkit_doctor.scenario.load import NamedScenario, load, shown
from chatkit_doctor.scenario.names import distinct
from chatkit_doctor.scenario.read import MistakesError

ENDINGS: Final = (".yaml", ".yml")
"""The suffixes of scenario files."""


@dataclass(frozen=True, slots=True)
class _File:
    """A scenario file and the names it can go by, the shortest first."""

    path: Path
    names: tuple[str, ...]


def catalogue() -> dict[str, Path]:
    """Names and files of all shipped scenarios, in order of name."""
    root = scenarios_dir()
    named = {path.relative_to(root).with_suffix("").as_posix(): path for path in root.rglob("*.yaml")}
    # Not of path: of `a.yaml` and `a-b.yaml` the second would come first. Parts of a run are put together so.
    return dict(sorted(named.items()))


def select(arguments: Sequence[str]) -> list[NamedScenario]:
    """The scenarios that the arguments stand for, each once and in their order; the whole catalogue for none.

    An argument is a name (``seed/attempt-3``) or folder (``seed``) of the catalogue, or a file or folder of
    the user's own, which is searched for ``*.yaml`` and ``*.yml``. The catalogue comes first; ``./seed`` is
    always a path. Raises UsageError for what is neither, MistakesError with all mistakes of all files.
    """
    shipped = catalogue()
    found = [file for argument in arguments for file in _files(argument, shipped)]
    files = list({file.path.resolve(): file for file in found}.values())
    if not arguments:
        files = [_File(path, (name,)) for name, path in shipped.items()]
    chosen: list[NamedScenario] = []
    mistakes: list[MistakesError] = []
    for file, name in zip(files, distinct([file.names for file in files]), strict=True):
        try:
            chosen.append(load(file.path, name))
        except MistakesError as error:
            mistakes.append(error)
    if mistakes:
        raise MistakesError([found for error in mistakes for found in error.found])
    return chosen


def run_name(arguments: Sequence[str], chosen: Sequence[NamedScenario]) -> str:
    """What the run of these scenarios is called in the name of its report."""
    if len(chosen) == 1:
        return chosen[0].name
    return Path(arguments[0]).name if len(arguments) == 1 else "scenarios" if arguments else "catalogue"


def _files(argument: str, shipped: Mapping[str, Path]) -> list[_File]:
    """Raises UsageError when an argument stands for nothing."""
    path = Path(argument)
    wanted = argument.removesuffix(".yaml").strip("/")
    named = [_File(p, (n,)) for n, p in shipped.items() if n == wanted or n.startswith(f"{wanted}/")]
    is_path = path.is_absolute() or path.suffix in ENDINGS or argument.startswith(".")
    if named and not is_path:
        return named
    try:
        is_folder, is_file = path.is_dir(), path.is_file()
    except (OSError, ValueError):
        # Too long for a path, or with a NUL in it.
        is_folder = is_file = False
    if is_folder:
        if own := list(_below(path)):
            return own
        raise UsageError("this folder contains no scenario (*.yaml, *.yml)", where=shown(path))
    if is_file and path.suffix in ENDINGS:
        return [_File(path, _names(Path(path.name), path.absolute().parent))]
    if is_file:
        raise UsageError("a scenario file name must end in .yaml or .yml", where=shown(path))
    if named:
        return named
    close = difflib.get_close_matches(wanted, [*shipped, *_folders(shipped)], n=3, cutoff=0.5)
    raise UsageError(
        f"no scenario, file or folder named {argument!r}",
        hint=f"Did you mean {', '.join(close)}?"
        if close
        else "Run `chatkit-doctor list` to see the catalogue.",
    )


def _below(folder: Path) -> Iterator[_File]:
    """The scenario files of a folder in order of their names; what is hidden is not looked at."""
    found: list[Path] = []
    for place, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        found += [Path(place, name) for name in files if name.endswith(ENDINGS) and not name.startswith(".")]
    for path in sorted(found, key=lambda path: path.relative_to(folder).with_suffix("").as_posix()):
        if path.is_file():
            yield _File(path, _names(path.relative_to(folder), folder.absolute()))


def _names(path: Path, folder: Path) -> tuple[str, ...]:
    """What the file at this path in this folder can be called: alone, with the folder, with its ending."""
    stem = path.name.removesuffix(path.suffix)
    # `...yaml` without its ending would be the folder above.
    short = path.with_name(stem) if stem.strip(".") else path
    names = (short, folder.name / short, folder.name / path)
    return tuple(_printable(name.as_posix()) for name in names)


def _printable(name: str) -> str:
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in name)


def _folders(names: Iterable[str]) -> list[str]:
    """The folders of the catalogue."""
    return sorted({folder.as_posix() for name in names for folder in PurePosixPath(name).parents} - {"."})
