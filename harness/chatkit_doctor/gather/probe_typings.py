"""What the probes may say, as types for the checker: ``python -m chatkit_doctor.gather.probe_typings``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final, get_args

import msgspec
from msgspec import inspect as types

from chatkit_doctor.gather.probe_messages import FetchRead, Raw, SecretValue, Told
from chatkit_doctor.paths import static_dir
from chatkit_doctor.recording.documented import Field, fields_of, shapes_in, summary
from chatkit_doctor.recording.entries import PageInventory, PageObstacle, PaintBox

MESSAGES: Final[tuple[type[msgspec.Struct], ...]] = (*get_args(Told), FetchRead, SecretValue, *get_args(Raw))
"""What a probe may say by itself."""
ANSWERS: Final[tuple[type[msgspec.Struct], ...]] = (PageInventory, PageObstacle, PaintBox)
"""What a probe is requested; part of it is known without it."""

_HEAD: Final = """\
// Written by `make docs` from harness/chatkit_doctor/gather/probe_messages.py and the entries that it takes.

"""
_NAMES: Final[dict[type[types.Type], str]] = {
    types.StrType: "string",
    types.IntType: "number",
    types.FloatType: "number",
    types.BoolType: "boolean",
    types.NoneType: "null",
    # `object`: whatever someone else said.
    types.CustomType: "unknown",
}


def typings() -> str:
    """The whole file."""
    shapes = shapes_in((*MESSAGES, *ANSWERS))
    parts = ["\n".join(_interface(struct)) for struct in (*shapes, *MESSAGES, *ANSWERS)]
    union = "".join(f"\n  | {struct.__name__}" for struct in MESSAGES)
    parts.append(f"/** What a probe may say by itself. */\ntype ProbeEntry ={union};")
    return _HEAD + "\n\n".join(parts) + "\n"


def typings_path() -> Path:
    """Where the file is in a checkout."""
    return static_dir() / "probes" / "entries.d.ts"


def _interface(struct: type[msgspec.Struct]) -> Iterator[str]:
    yield f"/** {_line(summary(struct))} */"
    yield f"interface {struct.__name__} {{"
    tag = struct.__struct_config__.tag
    if isinstance(tag, str):
        yield f'  kind: "{tag}";'
    for field in fields_of(struct):
        if field.note:
            yield f"  /** {_line(field.note)} */"
        yield from _member(field)
    yield "}"


def _member(field: Field) -> Iterator[str]:
    options = _options(field.type)
    name = field.name if field.required else f"{field.name}?"
    line = f"  {name}: {' | '.join(options)};"
    if len(line) <= 110:
        yield line
    else:
        yield f"  {name}:"
        yield from (f"    | {option}" for option in options[:-1])
        yield f"    | {options[-1]};"


def _options(type_: types.Type) -> list[str]:
    match type_:
        case types.LiteralType(values=values):
            return [f'"{value}"' for value in values]
        case types.UnionType(types=options):
            return [each for option in options for each in _options(option)]
        case types.VarTupleType(item_type=item):
            inner = " | ".join(_options(item))
            return [f"({inner})[]" if " | " in inner else f"{inner}[]"]
        case types.DictType(value_type=value):
            return [f"Record<string, {' | '.join(_options(value))}>"]
        case types.StructType(cls=struct):
            return [struct.__name__]
        case _:
            return [_NAMES[type(type_)]]


def _line(text: str) -> str:
    return " ".join(text.replace("``", "`").split())


if __name__ == "__main__":
    typings_path().write_text(typings(), encoding="utf-8")
