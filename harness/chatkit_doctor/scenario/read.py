"""From what a user wrote to a scenario, or to every mistake in it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeVar

from pydantic import ValidationError

from chatkit_doctor.errors import ScenarioError
from chatkit_doctor.scenario.document import UnreadableError, read_document
from chatkit_doctor.scenario.model import Scenario
from chatkit_doctor.scenario.node import Key, Mistake, Node, node_of, quoted
from chatkit_doctor.scenario.part import NOT_ALLOWED, UNKNOWN_NAME, Part
from chatkit_doctor.scenario.shorthand import written_out
from chatkit_doctor.scenario.spelling import did_you_mean, nearest

P = TypeVar("P", bound=Part)

_MEANT: Final = "a scenario must be a mapping with at least a title"
_SHOULD_BE: Final = {
    "string_type": "a text",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "bool_type": "true or false",
    "list_type": "a list",
    "dict_type": "a mapping",
    "model_type": "a mapping",
}
"""What each kind of a wrong type should be instead."""


class MistakesError(ScenarioError):
    """Scenarios that cannot be used, with every mistake in them and the file it is in, one per line."""

    def __init__(self, found: Sequence[tuple[str, Mistake]]) -> None:
        self.found = tuple(found)
        lines = [(_where(mistake, source), str(mistake)) for source, mistake in self.found]
        if len(lines) == 1:
            [(where, what)] = lines
            super().__init__(what, where=where)
        else:
            super().__init__("\n".join([f"{len(lines)} mistakes", *(f"{w}: {text}" for w, text in lines)]))


def read(content: bytes, source: str) -> Scenario:
    """The scenario in a YAML file; ``source`` is how messages name it.

    Raises MistakesError with every mistake that the file holds.
    """
    return read_as(Scenario, content, source, _MEANT)


def read_as(model: type[P], content: bytes, source: str, meant: str) -> P:
    """What is in a YAML file that is written as scenarios are. ``meant`` says what it must be.

    Raises MistakesError with every mistake that the file holds.
    """
    try:
        root, mistakes = read_document(content)
    except UnreadableError as error:
        raise MistakesError([(source, error.mistake)]) from error
    return _made(model, root, mistakes, source, meant)


def scenario_from(data: Mapping[str, object]) -> Scenario:
    """A scenario from Python data, in which everything may be written as short as in a file.

    Raises MistakesError with every mistake in it.
    """
    return made_from(Scenario, data, "scenario", _MEANT)


def made_from(model: type[P], data: Mapping[str, object], source: str, meant: str) -> P:
    """The same of Python data, which ``source`` names. Raises MistakesError with every mistake in it."""
    return _made(model, node_of(data), [], source, meant)


def _made(model: type[P], root: Node, mistakes: Sequence[Mistake], source: str, meant: str) -> P:
    if not isinstance(root.value, dict):
        raise MistakesError([(source, Mistake(root.place, "", meant))])
    canonical, misspelled = written_out(root, model)
    found = [*mistakes, *misspelled]
    try:
        made = model.model_validate(canonical.data())
    except ValidationError as error:
        found += [_mistake(each, canonical) for each in error.errors(include_url=False)]
    else:
        if not found:
            return made
    raise MistakesError([(source, mistake) for mistake in sorted(found, key=lambda each: each.place)])


def _mistake(error: Mapping[str, Any], root: Node) -> Mistake:
    """What pydantic found, at its place in the file and in words for a user."""
    *way, last = error["loc"]
    if error["type"] == "missing":
        node = _at(root, way)
        return Mistake(node.key, node.name, f"{last!r} is missing")
    if last == "[key]":
        node = _at(root, way)
        return Mistake(node.key, node.name, _sentence(error, node))
    node = _at(root, [*way, last])
    return Mistake(node.place, node.name, _sentence(error, node))


def _at(root: Node, way: Sequence[Key]) -> Node:
    """The value that pydantic means; the kinds of variants in its way are no keys."""
    node, is_kind_next = root, False
    for key in way:
        if is_kind_next and key == node.tag:
            is_kind_next = False
            continue
        child = node.child(key)
        if child is None:
            break
        node, is_kind_next = child, bool(child.tag)
    return node


def _sentence(error: Mapping[str, Any], node: Node) -> str:
    kind, context = error["type"], error.get("ctx", {})
    if kind in _SHOULD_BE:
        quotes = isinstance(node.value, bool | int | float) and kind == "string_type"
        return f"should be {_SHOULD_BE[kind]} but is {_shown(node)}{'; put it in quotes' if quotes else ''}"
    match kind:
        case "literal_error" | "enum":
            return _not_among(node, re.findall(r"'([^']*)'", context["expected"]))
        case "greater_than_equal":
            return f"should be at least {context['ge']:,} but is {_shown(node)}"
        case "less_than_equal":
            return f"should be at most {context['le']:,} but is {_shown(node)}"
        case "string_too_short" | "too_short":
            return "should not be empty"
        case _ if kind == UNKNOWN_NAME:
            return _unknown_name(error, node)
        case _ if kind == NOT_ALLOWED:
            return str(context["sentence"])
        case _:
            return f"cannot be {_shown(node)}"


def _unknown_name(error: Mapping[str, Any], node: Node) -> str:
    context, is_key = error["ctx"], error["loc"][-1] == "[key]"
    name = str(node.path[-1] if is_key else node.value)
    said = f"unknown {context['what']}" if is_key else f"{quoted(name)} is no {context['what']}"
    near, listed = nearest(name, context["known"]), context["listed"]
    if near is not None:
        return f"{said}; {did_you_mean(near)}"
    if listed:
        return f"{said}; see `chatkit-doctor list {listed}`"
    return f"{said}; known are: {', '.join(context['known'])}"


def _not_among(node: Node, known: Sequence[str]) -> str:
    choices = ", ".join(name or "an empty text" for name in known)
    if not isinstance(node.value, str):
        return f"should be one of {choices} but is {_shown(node)}"
    near = nearest(node.value, known)
    if near is None:
        return f"{quoted(node.value)} is none of {choices}"
    return f"{quoted(node.value)} is not known here; {did_you_mean(near)}"


def _shown(node: Node) -> str:
    match node.value:
        case None:
            return "empty"
        case list():
            return "a list"
        case dict():
            return "a mapping"
        case str():
            return f"the text {quoted(node.value)}"
        case _:
            return quoted(node.written)[1:-1]


def _where(mistake: Mistake, source: str) -> str:
    place = mistake.place
    return f"{source}:{place.line}:{place.column}" if place.line else source
