"""Reading scenario files, with errors that name the file, the line, the key, and what was probably meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

import yaml
from pydantic import BaseModel, ValidationError

from chatkit_doctor.errors import ScenarioError, UsageError
from chatkit_doctor.paths import scenarios_dir
from chatkit_doctor.scenario.model import Scenario


@dataclass(frozen=True, slots=True)
class NamedScenario:
    """A scenario and the name it goes by: its path below ``scenarios/`` without the ending."""

    name: str
    path: Path
    scenario: Scenario


def catalogue() -> dict[str, Path]:
    """Names and files of all shipped scenarios, in order of name."""
    root = scenarios_dir()
    return {path.relative_to(root).with_suffix("").as_posix(): path for path in sorted(root.rglob("*.yaml"))}


def select(patterns: Sequence[str]) -> list[NamedScenario]:
    """The scenarios that names, folders (``seed``), or file paths stand for; all of them for none.

    Raises UsageError for a name that does not exist, ScenarioError for a file that cannot be used.
    """
    names = catalogue()
    if not patterns:
        return [load(path, name) for name, path in names.items()]
    chosen: dict[str, Path] = {}
    for pattern in patterns:
        chosen |= _matching(pattern, names)
    return [load(path, name) for name, path in chosen.items()]


def _matching(pattern: str, names: dict[str, Path]) -> dict[str, Path]:
    path = Path(pattern)
    if path.suffix in {".yaml", ".yml"} and path.is_file():
        return {path.with_suffix("").name: path}
    wanted = pattern.removesuffix(".yaml").strip("/")
    found = {n: p for n, p in names.items() if n == wanted or n.startswith(f"{wanted}/")}
    if not found:
        close = difflib.get_close_matches(wanted, names, n=3, cutoff=0.4)
        hint = f"Did you mean {', '.join(close)}?" if close else "`chatkit-doctor list` shows all of them."
        raise UsageError(f"there is no scenario {pattern!r}", hint=hint)
    return found


def load(path: Path, name: str | None = None) -> NamedScenario:
    """Read one file. Raises ScenarioError that names the place and the remedy."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ScenarioError(f"the file cannot be read: {error}", where=str(path)) from error
    try:
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
        data = yaml.load(text, Loader=yaml.CSafeLoader)
    except yaml.YAMLError as error:
        # Where an unclosed bracket begins says more than where the parser gave up.
        mark = getattr(error, "context_mark", None) or getattr(error, "problem_mark", None)
        line = f":{mark.line + 1}" if mark is not None else ""
        problem = getattr(error, "problem", None) or str(error)
        raise ScenarioError(f"not valid YAML: {problem}", where=f"{path}{line}") from error
    if not isinstance(data, dict):
        raise ScenarioError("a scenario is a mapping with at least a title", where=str(path))
    try:
        scenario = Scenario.model_validate(data)
    except ValidationError as error:
        raise _explained(error, path, node) from error
    return NamedScenario(name or path.with_suffix("").name, path, scenario)


def _explained(error: ValidationError, path: Path, node: yaml.Node | None) -> ScenarioError:
    problems: list[str] = []
    line = 0
    for problem in error.errors():
        if any(str(part).startswith("list[") for part in problem["loc"]):
            continue  # The other branch of "one or a list"; the branch that was meant has its own line.
        keys = [part for part in problem["loc"] if not _is_union_tag(part, problem["loc"], node)]
        at = ".".join(str(key) for key in keys)
        line = line or _line(node, keys)
        if problem["type"] == "extra_forbidden":
            problems.append(f"{at}: unknown key{_suggestion(str(keys[-1]), problem['loc'][:-1])}")
        else:
            problems.append(f"{at}: {problem['msg'].removeprefix('Value error, ')}")
    where = f"{path}:{line}" if line else str(path)
    return ScenarioError("; ".join(dict.fromkeys(problems)), where=where)


def _is_union_tag(part: str | int, loc: tuple[str | int, ...], node: yaml.Node | None) -> bool:
    """Pydantic puts the tag of a union into the path; it is no key of the file."""
    index = loc.index(part)
    parent = _node_at(node, loc[:index])
    if isinstance(part, int) or not isinstance(parent, yaml.MappingNode):
        return not isinstance(part, int) and isinstance(parent, yaml.SequenceNode)
    keys = {key.value for key, _ in parent.value}
    following = loc[index + 1] if index + 1 < len(loc) else None
    return part not in keys and following is not None


def _children(node: yaml.Node | None, key: str | int) -> yaml.Node | None:
    if isinstance(node, yaml.MappingNode):
        return next((value for name, value in node.value if name.value == str(key)), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(key, int) and key < len(node.value):
        child: yaml.Node = node.value[key]
        return child
    return None


def _node_at(node: yaml.Node | None, keys: Iterable[str | int]) -> yaml.Node | None:
    for key in keys:
        node = _children(node, key) or node
    return node


def _line(node: yaml.Node | None, keys: Sequence[str | int]) -> int:
    """The line (from 1) of the deepest part of the path that is in the file; 0 if there is none."""
    line = 0
    for key in keys:
        if isinstance(node, yaml.MappingNode):
            line = next((n.start_mark.line + 1 for n, _ in node.value if n.value == str(key)), line)
        child = _children(node, key)
        if child is None:
            return line
        if isinstance(node, yaml.SequenceNode):
            line = child.start_mark.line + 1
        node = child
    return line


def _suggestion(key: str, parents: tuple[str | int, ...]) -> str:
    models: set[type[BaseModel]] = {Scenario}
    for part in parents:
        step = {
            model
            for parent in models
            for name, info in parent.model_fields.items()
            if part in (name, info.alias)
            for model in _models_in(info.annotation)
        }
        # A union tag or a list index selects among the models at hand instead of descending.
        tagged = {m for m in models if part == _tag(m)}
        models = step or tagged or models
    allowed = sorted({info.alias or name for m in models for name, info in m.model_fields.items()})
    close = difflib.get_close_matches(key, allowed, n=1, cutoff=0.5)
    return f"; did you mean {close[0]!r}?" if close else f"; allowed here: {', '.join(allowed)}"


def _tag(model: type[BaseModel]) -> str:
    kind = model.model_fields.get("kind")
    if kind is not None:
        return str(get_args(kind.annotation)[0])
    return next(iter(model.model_fields))


def _models_in(annotation: object) -> set[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return {annotation}
    return {model for part in get_args(annotation) for model in _models_in(part)}
