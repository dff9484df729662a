"""The JSON Schema of scenario files as a user may write them, by which editors complete and check them.

It is made by the same walk along the models that reads a file (``shorthand.py``), so that what may be written
shorter there may be written shorter here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from types import NoneType, UnionType
from typing import Annotated, Any, Final, Union, get_args, get_origin

from pydantic import TypeAdapter
from pydantic.fields import FieldInfo

from chatkit_doctor.scenario.documented import descriptions
from chatkit_doctor.scenario.model import Scenario
from chatkit_doctor.scenario.part import OneOf, OneOrMore, Part, Variant
from chatkit_doctor.scenario.shorthand import fields_of, kinds_of, needs_fields

Json = dict[str, Any]
DRAFT: Final = "https://json-schema.org/draft/2020-12/schema"
ID: Final = "urn:chatkit-doctor:scenario:1"


def scenario_schema() -> Json:
    """The schema of a whole file."""
    walk = _Walk()
    root = walk.part(Scenario)
    return {
        "$schema": DRAFT,
        "$id": ID,
        "title": "A scenario of chatkit-doctor",
        **root,
        "$defs": walk.definitions,
    }


class _Walk:
    def __init__(self) -> None:
        self.definitions: Json = {}

    def part(self, model: type[Part], *, kind: str = "") -> Json:
        """A mapping with the keys of a model; with ``kind``, its tag is one of them."""
        fields = fields_of(model)
        names = {id(info): name for name, info in model.model_fields.items()}
        about = descriptions(model)
        properties = {key: self._field(info, about.get(names[id(info)], "")) for key, info in fields.items()}
        required = [key for key, info in fields.items() if info.is_required()]
        if kind and issubclass(model, Variant):
            properties = {model.tag: {"const": kind}, **properties}
            required = [model.tag, *required]
        made: Json = {"type": "object", "properties": properties, "additionalProperties": False}
        return made | ({"required": required} if required else {}) | _described(model)

    def _field(self, info: FieldInfo, about: str) -> Json:
        annotation: Any = info.annotation
        for mark in info.metadata:
            annotation = Annotated[annotation, mark]
        return self._value(annotation) | ({"description": " ".join(about.split())} if about else {})

    def _value(self, annotation: Any) -> Json:
        origin, args = get_origin(annotation), get_args(annotation)
        if origin is Annotated:
            return self._marked(annotation, args[0], args[1:])
        if origin in {Union, UnionType}:
            return self._union(args)
        if isinstance(annotation, type) and issubclass(annotation, Part):
            return self._reference(annotation)
        if origin is list:
            return {"type": "array", "items": self._value(args[0])}
        if origin is dict:
            return {
                "type": "object",
                "propertyNames": self._value(args[0]),
                "additionalProperties": self._value(args[1]),
            }
        return _leaf(annotation)

    def _marked(self, annotation: Any, inner: Any, marks: Sequence[object]) -> Json:
        for mark in marks:
            if isinstance(mark, OneOf):
                return {"enum": sorted(mark.known)}
        if get_origin(inner) is list or not _is_plain(inner):
            # What bounds a list bounds what is in its brackets.
            made = self._value(inner)
            for mark in _flat(marks):
                if (size := getattr(mark, "min_length", None)) is not None:
                    made["minItems"] = size
            one = any(isinstance(mark, OneOrMore) for mark in marks)
            return {"anyOf": [made, made["items"]]} if one and "items" in made else made
        return _leaf(annotation)

    def _union(self, members: Sequence[Any]) -> Json:
        others = [member for member in members if member is not NoneType]
        if len(others) == 1:
            made = self._value(others[0])
        elif all(isinstance(member, type) and issubclass(member, Variant) for member in others):
            return {
                "anyOf": [
                    each for kind, model in kinds_of(others).items() for each in self._kind(kind, model)
                ]
            }
        else:
            made = {"anyOf": [self._value(member) for member in others]}
        return {"anyOf": [made, {"type": "null"}]} if len(others) < len(members) else made

    def _kind(self, kind: str, model: type[Variant]) -> list[Json]:
        """The ways in which a user may write one of several kinds."""
        if not model.by_key:
            return [self._define(f"{model.__name__}", self.part(model, kind=kind))]
        plain = [] if needs_fields(model) else [{"const": kind} | _described(model)]
        if kind in model.model_fields:
            beside = self.part(model)
            beside["required"] = list(dict.fromkeys([kind, *beside.get("required", [])]))
            return [self._define(model.__name__, beside), *plain]
        ways: list[Json] = [self._reference(model)]
        if not needs_fields(model):
            ways.append({"type": "null"})
        if model.short:
            ways.append(self._field(model.model_fields[model.short], ""))
        under = {kind: ways[0] if len(ways) == 1 else {"anyOf": ways}}
        made: Json = {
            "type": "object",
            "properties": under,
            "additionalProperties": False,
            "required": [kind],
        }
        return [made | _described(model), *plain]

    def _reference(self, model: type[Part]) -> Json:
        if model.__name__ not in self.definitions:
            # It may lead back to itself.
            self.definitions[model.__name__] = {}
            self.definitions[model.__name__] = self.part(model)
        return {"$ref": f"#/$defs/{model.__name__}"}

    def _define(self, name: str, made: Json) -> Json:
        self.definitions[name] = made
        return {"$ref": f"#/$defs/{name}"}


def _leaf(annotation: Any) -> Json:
    """What holds no part of a scenario: pydantic knows its schema."""
    return {key: value for key, value in TypeAdapter(annotation).json_schema().items() if key != "title"}


def _flat(marks: Sequence[object]) -> Iterator[object]:
    for mark in marks:
        yield from mark.metadata if isinstance(mark, FieldInfo) else (mark,)


def _described(model: type[Part]) -> Json:
    return {"description": " ".join(model.__doc__.split())} if model.__doc__ else {}


def _is_plain(annotation: Any) -> bool:
    """Whether there is no part of a scenario in a type."""
    if isinstance(annotation, type) and issubclass(annotation, Part):
        return False
    return all(_is_plain(each) for each in get_args(annotation))
