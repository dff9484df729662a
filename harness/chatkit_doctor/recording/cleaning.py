"""What may be written of an entry: secrets masked, long strings cut, nothing that JSON cannot take."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cache
from typing import Final, Literal, TypeVar, get_args, get_origin, get_type_hints

import msgspec

from chatkit_doctor.recording.redaction import MASK, Redactor

MAX_DEPTH: Final = 64
"""How deep foreign JSON may be nested; what lies deeper is left out."""
LEFT_OUT: Final = "[deeper]"

S = TypeVar("S", bound=msgspec.Struct)


def cleaned(struct: S, redactor: Redactor, *, longest: int) -> tuple[S, int]:
    """A copy of a struct that can be written, and how many of its strings were cut at ``longest`` characters.

    Enumerated values stay as they are: a secret that happens to be one of their words must not make the
    recording unreadable.
    """
    cleaner = _Cleaner(redactor, longest)
    return cleaner.struct(struct), cleaner.shortened


class _Cleaner:
    def __init__(self, redactor: Redactor, longest: int) -> None:
        self._redactor = redactor
        self._longest = longest
        self.shortened = 0

    def struct(self, struct: S) -> S:
        kept = _kept_fields(type(struct))
        values = {name: getattr(struct, name) for name in struct.__struct_fields__}
        changed = {name: self._value(value, 0) for name, value in values.items() if name not in kept}
        return type(struct)(**(values | changed))

    def _value(self, value: object, depth: int) -> object:
        match value:
            case str():
                return self._text(value)
            case None | bool() | int() | float():
                return None if isinstance(value, float) and not math.isfinite(value) else value
            case msgspec.Struct():
                return self.struct(value)
            case _ if depth >= MAX_DEPTH:
                return LEFT_OUT
            case Mapping():
                return {self._text(str(name)): self._member(name, v, depth) for name, v in value.items()}
            case list() | tuple():
                items = (self._value(each, depth + 1) for each in value)
                return tuple(items) if isinstance(value, tuple) else list(items)
            case _:
                return self._text(str(value))

    def _member(self, name: object, value: object, depth: int) -> object:
        if self._redactor.is_credential(str(name), value):
            return MASK
        return self._value(value, depth + 1)

    def _text(self, text: str) -> str:
        if len(text) > self._longest:
            self.shortened += 1
            text = text[: self._longest] + f"… [{len(text) - self._longest} characters more]"
        # A lone surrogate is legal in JavaScript strings and not in UTF-8.
        text = text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")
        return self._redactor.text(text)


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
