"""What may be kept of an entry, with long strings cut, and what may be written, with secrets masked."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cache
from typing import Final, Literal, TypeVar, get_args, get_origin, get_type_hints

import msgspec

from chatkit_doctor.recording.redaction import Redactor

MAX_DEPTH: Final = 64
"""How deep foreign JSON may be nested; what lies deeper is left out."""
LEFT_OUT: Final = "[deeper]"

S = TypeVar("S", bound=msgspec.Struct)


def cleaned(struct: S, *, longest: int) -> tuple[S, int]:
    """A copy of a struct that can be kept, and how many of its strings were cut at ``longest`` characters."""
    cleaner = _Cleaner(longest)
    return cleaner.struct(struct), cleaner.shortened


def cut(text: str, longest: int) -> str:
    """The beginning of a longer text, with how many characters are left out."""
    return f"{text[:longest]}… [{len(text) - longest} characters more]"


def masked(struct: S, redactor: Redactor) -> S:
    """A copy of a cleaned struct that can be written.

    Enumerated values stay as they are: a secret that happens to be one of their words must not make the
    recording unreadable.
    """
    return _Masker(redactor).struct(struct)


class _Copier:
    """Copies a struct, each of its texts changed."""

    def text(self, text: str) -> str:
        raise NotImplementedError

    def member(self, _name: str, value: str) -> str:
        """The text of a member of foreign JSON."""
        return self.text(value)

    def struct(self, struct: S) -> S:
        kept = _kept_fields(type(struct))
        values = {name: getattr(struct, name) for name in struct.__struct_fields__}
        changed = {name: self._value(value, 0) for name, value in values.items() if name not in kept}
        return type(struct)(**(values | changed))

    def _value(self, value: object, depth: int) -> object:
        match value:
            case str():
                return self.text(value)
            case None | bool() | int() | float():
                return None if isinstance(value, float) and not math.isfinite(value) else value
            case msgspec.Struct():
                return self.struct(value)
            case _ if depth >= MAX_DEPTH:
                return LEFT_OUT
            case Mapping():
                return {self.text(str(name)): self._member(str(name), v, depth) for name, v in value.items()}
            case list() | tuple():
                items = (self._value(each, depth + 1) for each in value)
                return tuple(items) if isinstance(value, tuple) else list(items)
            case _:
                return self.text(str(value))

    def _member(self, name: str, value: object, depth: int) -> object:
        return self.member(name, value) if isinstance(value, str) else self._value(value, depth + 1)


class _Cleaner(_Copier):
    def __init__(self, longest: int) -> None:
        self._longest = longest
        self.shortened = 0

    def text(self, text: str) -> str:
        if len(text) > self._longest:
            self.shortened += 1
            text = cut(text, self._longest)
        # A lone surrogate is legal in JavaScript strings and not in UTF-8.
        return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


class _Masker(_Copier):
    def __init__(self, redactor: Redactor) -> None:
        self._redactor = redactor

    def text(self, text: str) -> str:
        return self._redactor.text(text)

    def member(self, _name: str, value: str) -> str:
        return self._redactor.member(_name, value)


@cache
def _kept_fields(struct: type[msgspec.Struct]) -> frozenset[str]:
    """The fields that hold no text but enumerated words and numbers."""
    hints = get_type_hints(struct)
    return frozenset(name for name in struct.__struct_fields__ if _is_enumerated(hints[name]))


def _is_enumerated(hint: object) -> bool:
    if hint in {int, float, bool, type(None)} or get_origin(hint) is Literal:
        return True
    if get_origin(hint) is Mapping:
        return _is_enumerated(get_args(hint)[1])
    return bool(get_args(hint)) and all(_is_enumerated(each) for each in get_args(hint))
