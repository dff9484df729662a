"""What the types of a recording say of themselves: their fields, with the words that stand below each."""

from __future__ import annotations

import ast
import importlib
import inspect
import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from types import ModuleType

import msgspec
from msgspec import inspect as types


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a type. ``note`` is what is said of it; empty where its name says it all."""

    name: str
    type: types.Type
    required: bool
    note: str


def summary(type_: type) -> str:
    """What a type says of itself."""
    return inspect.cleandoc(type_.__doc__ or "")


def fields_of(struct: type[msgspec.Struct]) -> tuple[Field, ...]:
    """The fields of a type, those of its bases first, each with its note or that of its own type's name."""
    info = types.type_info(struct)
    assert isinstance(info, types.StructType)  # noqa: S101 - a struct is given
    notes = _notes(struct)
    return tuple(Field(f.encode_name, f.type, f.required, notes.get(f.name, "")) for f in info.fields)


def shapes_in(structs: Iterable[type[msgspec.Struct]]) -> list[type[msgspec.Struct]]:
    """The types that stand within others, each once, before those that they stand in."""
    found: dict[type[msgspec.Struct], None] = {}
    for struct in structs:
        for field in fields_of(struct):
            inner = list(_within(field.type))
            found |= dict.fromkeys([*shapes_in(inner), *inner])
    return list(found)


def _within(type_: types.Type) -> Iterator[type[msgspec.Struct]]:
    match type_:
        case types.StructType(cls=struct):
            yield struct
        case types.UnionType(types=options):
            for option in options:
                yield from _within(option)
        case types.VarTupleType(item_type=inner) | types.DictType(value_type=inner):
            yield from _within(inner)


@cache
def _notes(struct: type[msgspec.Struct]) -> dict[str, str]:
    notes: dict[str, str] = {}
    for base in reversed(struct.__mro__):
        if issubclass(base, msgspec.Struct) and base is not msgspec.Struct:
            notes |= dict(_own_notes(base))
    return notes


def _own_notes(struct: type[msgspec.Struct]) -> Iterator[tuple[str, str]]:
    (declaration,) = ast.parse(textwrap.dedent(inspect.getsource(struct))).body
    assert isinstance(declaration, ast.ClassDef)  # noqa: S101 - the source of a class
    module = inspect.getmodule(struct)
    for node, after in zip(declaration.body, [*declaration.body[1:], None], strict=True):
        match node:
            case ast.AnnAssign(target=ast.Name(id=name), annotation=annotation):
                yield name, _text(after) or _of_alias(annotation, module)


def _of_alias(annotation: ast.expr, module: ModuleType | None) -> str:
    """What is said of the enumeration that a field has its values from."""
    names = [node.id for node in ast.walk(annotation) if isinstance(node, ast.Name)]
    notes = alias_notes(module) if module is not None else {}
    return next((notes[name] for name in names if name in notes), "")


@cache
def alias_notes(module: ModuleType) -> dict[str, str]:
    """The enumerations of a module and those that it imports, with what is said of each."""
    notes: dict[str, str] = {}
    body = ast.parse(inspect.getsource(module)).body
    for node, after in zip(body, [*body[1:], None], strict=True):
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Subscript(value=ast.Name(id="Literal"))):
                notes[name] = _text(after)
            case ast.ImportFrom(module=str(source)) if source.startswith(__package__ or ""):
                imported = alias_notes(importlib.import_module(source))
                notes |= {alias.name: imported[alias.name] for alias in node.names if alias.name in imported}
    return notes


def _text(node: ast.stmt | None) -> str:
    match node:
        case ast.Expr(value=ast.Constant(value=str(text))):
            return inspect.cleandoc(text)
        case _:
            return ""
