"""From the bytes of a YAML file to its values, each with its place: bounded, and without surprises."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, NoReturn

import yaml
from yaml.constructor import ConstructorError, SafeConstructor

from chatkit_doctor.scenario.node import NOWHERE, Key, Mistake, Node, Place, Scalar, path_name, quoted

MAX_BYTES: Final = 4 * 1024 * 1024
"""Size of a scenario file, in bytes."""
MAX_VALUES: Final = 200_000
"""Values in a file, each alias counted as often as it is used."""
MAX_DEPTH: Final = 100
"""How deep values may are in each other."""

_TAG: Final = "tag:yaml.org,2002:"
_MERGE: Final = f"{_TAG}merge"
_TEXTS: Final = frozenset({f"{_TAG}str", f"{_TAG}timestamp", f"{_TAG}value"})
"""Scalars that are taken as they are written: JSON has no dates."""
_NOT_TEXTS: Final = frozenset({f"{_TAG}null", f"{_TAG}bool", f"{_TAG}int", f"{_TAG}float"})


class UnreadableError(Exception):
    """The file cannot be read as one YAML document; says where it goes wrong."""

    def __init__(self, text: str, place: Place = NOWHERE) -> None:
        super().__init__(text)
        self.mistake = Mistake(place, "", text)


def read_document(content: bytes) -> tuple[Node, list[Mistake]]:
    """The values of a file, and what is wrong with single ones of them.

    Raises UnreadableError when it is too large, no UTF-8, no YAML, empty, or more than one document.
    """
    if len(content) > MAX_BYTES:
        raise UnreadableError(f"the file is larger than {MAX_BYTES // 1024 // 1024} MB")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise UnreadableError("the file is not UTF-8 text", Place(line, 1)) from None
    try:
        root = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.YAMLError as error:
        _explain(error, text)
    if root is None:
        raise UnreadableError("the file is empty")
    reader = _Reader()
    return reader.node(root), reader.mistakes


class _Reader:
    """Turns the nodes of PyYAML into ours. What an alias stands for is read again at every use of it."""

    def __init__(self) -> None:
        self.mistakes: list[Mistake] = []
        self._values = 0
        self._depth = 0
        self._scalars = SafeConstructor()

    def node(self, found: yaml.Node, path: tuple[Key, ...] = (), key: Place | None = None) -> Node:
        place = _place(found)
        key = key or place
        if isinstance(found, yaml.ScalarNode):
            return Node(self._scalar(found, path), path, key, place, found.value)
        if found.tag not in {f"{_TAG}map", f"{_TAG}seq"}:
            self._wrong(place, path, f"the tag {quoted(found.tag)} is not supported here")
        if isinstance(found, yaml.MappingNode):
            return Node(self._mapping(found, path), path, key, place)
        with self._inside(found):
            items = [self.node(item, (*path, index)) for index, item in enumerate(found.value)]
        return Node(items, path, key, place)

    @contextmanager
    def _inside(self, found: yaml.Node) -> Iterator[None]:
        """Keeps the limits: the one of depth also ends an alias that stands inside its own anchor."""
        self._values += 1 + len(found.value)
        self._depth += 1
        if self._values > MAX_VALUES:
            raise UnreadableError(f"the file has more than {MAX_VALUES:,} values with aliases expanded")
        if self._depth > MAX_DEPTH:
            raise UnreadableError(f"values are nested more than {MAX_DEPTH} levels deep", _place(found))
        yield
        self._depth -= 1

    def _mapping(self, found: yaml.MappingNode, path: tuple[Key, ...]) -> dict[str, Node]:
        own: dict[str, Node] = {}
        merged: dict[str, Node] = {}
        with self._inside(found):
            for name, value in found.value:
                at = _place(name)
                if name.tag == _MERGE:
                    merged = self._merged(value, path, at) | merged
                elif not isinstance(name, yaml.ScalarNode):
                    self._wrong(at, path, "a key must be a string")
                elif name.value in own:
                    first = own[name.value].key.line
                    self._wrong(at, (*path, name.value), f"duplicate key, first defined in line {first}")
                else:
                    own[name.value] = self.node(value, (*path, name.value), at)
        return merged | own

    def _merged(self, value: yaml.Node, path: tuple[Key, ...], at: Place) -> dict[str, Node]:
        """What ``<<`` brings in: the keys of one mapping or of several, the first of them winning."""
        sources = value.value if isinstance(value, yaml.SequenceNode) else [value]
        merged: dict[str, Node] = {}
        for source in sources:
            if isinstance(source, yaml.MappingNode):
                merged = self._mapping(source, path) | merged
            else:
                self._wrong(at, path, "`<<` can only merge mappings")
        return merged

    def _scalar(self, found: yaml.ScalarNode, path: tuple[Key, ...]) -> Scalar:
        if found.tag in _TEXTS or (found.tag in _NOT_TEXTS and ":" in found.value):
            # 12:30 would be a number to base 60 in YAML 1.1, which nobody means.
            return str(found.value)
        place = _place(found)
        if found.tag not in _NOT_TEXTS:
            self._wrong(place, path, f"the tag {quoted(found.tag)} is not supported here")
            return str(found.value)
        try:
            value: Scalar = self._scalars.construct_object(found)
        except (ConstructorError, ValueError, KeyError):
            self._wrong(place, path, f"{quoted(found.value)} does not match its tag")
            return str(found.value)
        if isinstance(value, float) and not math.isfinite(value):
            self._wrong(place, path, f"JSON has no number {found.value}; put it in quotes")
        return value

    def _wrong(self, place: Place, path: tuple[Key, ...], text: str) -> None:
        self.mistakes.append(Mistake(place, path_name(path), text))


def _place(node: yaml.Node) -> Place:
    return Place(node.start_mark.line + 1, node.start_mark.column + 1)


def _explain(error: yaml.YAMLError, text: str) -> NoReturn:
    """What YAML's own error means, for the mistakes that users make in these files."""
    if isinstance(error, yaml.reader.ReaderError):
        raise UnreadableError("the file contains a control character, which YAML does not allow") from error
    mark = getattr(error, "problem_mark", None)
    context_mark = getattr(error, "context_mark", None)
    problem = str(getattr(error, "problem", None) or error)
    context = str(getattr(error, "context", None) or "")
    # Where an unclosed bracket begins says more than where the parser gave up.
    at = context_mark or mark
    there = Place(mark.line + 1, mark.column + 1) if mark is not None else Place()
    place = Place(at.line + 1, at.column + 1) if at is not None else Place()
    first = _character(text, there)
    if "but found another document" in problem:
        raise UnreadableError(
            "another document starts here; a scenario file contains only one", there
        ) from error
    if "a tab character" in problem or ("cannot start any token" in problem and first == "\t"):
        raise UnreadableError("a tab where YAML requires spaces", there) from error
    if "cannot start any token" in problem:
        sentence = f"quote text that starts with {first}"
        raise UnreadableError(f"not valid YAML: {sentence}", there) from error
    if "mapping values are not allowed" in problem:
        sentence = "unexpected colon; is the line indented too far, or does a text need quotes?"
        raise UnreadableError(f"not valid YAML: {sentence}", there) from error
    if "while scanning an alias" in context:
        sentence = 'text that starts with * is an alias; did you mean "*", in quotes?'
        raise UnreadableError(f"not valid YAML: {sentence}", place) from error
    said = ", ".join(part for part in (context, problem) if part)
    raise UnreadableError(f"not valid YAML: {said}", place) from error


def _character(text: str, place: Place) -> str:
    lines = text.splitlines()
    line = lines[place.line - 1] if 0 < place.line <= len(lines) else ""
    return line[place.column - 1 : place.column]
