"""The values of a scenario file, each with the place where it was written."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

Scalar: TypeAlias = str | int | float | bool | None
Key: TypeAlias = str | int
Data: TypeAlias = "Scalar | list[Data] | dict[str, Data]"
"""What a node says, without its place."""

_PLAIN_KEY: Final = re.compile(r"[\w*.-]+")
MAX_SHOWN: Final = 60
"""Characters of a value that a message shows."""


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A place in the file, counted from 1; line 0 is for values that come from no file."""

    line: int = 0
    column: int = 0


NOWHERE: Final = Place()


@dataclass(frozen=True, slots=True)
class Node:
    """One value.

    ``path`` is the way to it as the user wrote it: it stays the same when a shorthand is written out.
    ``key`` is the place of the key or item that leads to it, ``place`` its own, and ``written`` how a scalar
    stands in the file. ``tag`` is the kind of a mapping that is one of several kinds.
    """

    value: Scalar | list[Node] | dict[str, Node]
    path: tuple[Key, ...] = ()
    key: Place = NOWHERE
    place: Place = NOWHERE
    written: str = ""
    tag: str = ""

    @property
    def name(self) -> str:
        """The path in words, such as ``steps.0.send``."""
        return path_name(self.path)

    def data(self) -> Data:
        """What it says, without the places."""
        if isinstance(self.value, dict):
            return {key: child.data() for key, child in self.value.items()}
        if isinstance(self.value, list):
            return [child.data() for child in self.value]
        return self.value

    def child(self, key: Key) -> Node | None:
        """The value at a key or index; None where there is none."""
        if isinstance(self.value, dict):
            return self.value.get(str(key))
        if isinstance(self.value, list) and isinstance(key, int) and 0 <= key < len(self.value):
            return self.value[key]
        return None


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing that is wrong in a scenario: where, at which key, and what was probably meant."""

    place: Place
    key: str
    text: str

    def __str__(self) -> str:
        return f"{self.key}: {self.text}" if self.key else self.text


def node_of(data: object, path: tuple[Key, ...] = ()) -> Node:
    """Python data as a node that comes from no file. Raises TypeError for what no file could say."""
    if isinstance(data, Mapping):
        return Node({str(key): node_of(value, (*path, str(key))) for key, value in data.items()}, path)
    if isinstance(data, list | tuple):
        return Node([node_of(item, (*path, index)) for index, item in enumerate(data)], path)
    if data is None or isinstance(data, str | int | float):
        return Node(data, path, written=str(data))
    raise TypeError(f"a scenario cannot hold a {type(data).__name__}")


def quoted(value: object) -> str:
    """A value from the file, safe to print and not too long."""
    text = repr(value)
    return text if len(text) <= MAX_SHOWN else f"{text[:MAX_SHOWN]}…"


def path_name(path: tuple[Key, ...]) -> str:
    """A path in words, such as ``steps.0.send``."""
    texts = (str(key) for key in path)
    return ".".join(text if _PLAIN_KEY.fullmatch(text) else quoted(text) for text in texts)
