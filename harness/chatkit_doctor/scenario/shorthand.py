"""From what a user wrote to the one canonical form that the models describe.

Walks the values of a file along the models: writes out what may be written shorter, says which kind a step or
a frame is, and finds the keys that no model has. A misspelled key is taken for the one it was probably meant
to be, so that what is under it is examined, too.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from types import NoneType, UnionType
from typing import Annotated, TypeGuard, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from chatkit_doctor.scenario.node import Mistake, Node, quoted
from chatkit_doctor.scenario.part import OneOrMore, Part, Variant
from chatkit_doctor.scenario.spelling import did_you_mean, nearest, suggestion


def written_out(root: Node, model: type[Part]) -> tuple[Node, list[Mistake]]:
    """The canonical form of a file's values, and the mistakes that were found on the way.

    What cannot be brought into the form is left out, and is among the mistakes.
    """
    walk = _Walk()
    return walk.part(root, model), walk.mistakes


def fields_of(model: type[Part]) -> dict[str, FieldInfo]:
    """The keys that a user may write in a mapping of this model; the kind of a variant is none of them."""
    tag = model.tag if issubclass(model, Variant) else None
    return {info.alias or name: info for name, info in model.model_fields.items() if name != tag}


def kinds_of(members: Sequence[type[Variant]]) -> dict[str, type[Variant]]:
    """The members of a union by their kinds."""
    return {str(get_args(model.model_fields[model.tag].annotation)[0]): model for model in members}


class _Walk:
    def __init__(self) -> None:
        self.mistakes: list[Mistake] = []

    def part(self, node: Node, model: type[Part]) -> Node:
        """A mapping whose keys are those of a model."""
        if not isinstance(node.value, dict):
            return node
        fields = fields_of(model)
        written = self._spelled(node.value, fields)
        values = {
            key: made
            for key, child in written.items()
            if (made := self._value(_listed(child, fields[key]), fields[key].annotation)) is not None
        }
        return replace(node, value=values)

    def _spelled(self, values: dict[str, Node], known: dict[str, FieldInfo]) -> dict[str, Node]:
        """The values by known keys; a misspelled key counts as the nearest one that is not there."""
        found = {key: child for key, child in values.items() if key in known}
        for key, child in values.items():
            if key not in known:
                free = [name for name in known if name not in values]
                near = nearest(key, free) or nearest(key, known)
                self._wrong(child, f"unknown key; {suggestion(key, [near] if near else list(known))}")
                if near is not None:
                    found.setdefault(near, child)
        return found

    def _value(self, node: Node, annotation: object) -> Node | None:
        """A value of this type; None when it must be left out."""
        origin, args = get_origin(annotation), get_args(annotation)
        if origin is Annotated:
            inner, *marks = args
            if any(isinstance(mark, OneOrMore) for mark in marks) and not isinstance(node.value, list):
                node = replace(node, value=[node])
            return self._value(node, inner)
        if origin in {Union, UnionType}:
            return self._union(node, [member for member in args if member is not NoneType])
        if isinstance(annotation, type) and issubclass(annotation, Part):
            return self.part(node, annotation)
        if origin is list and isinstance(node.value, list):
            made = [self._value(item, args[0]) for item in node.value]
            return replace(node, value=[item for item in made if item is not None])
        if origin is dict and isinstance(node.value, dict):
            children = {key: self._value(child, args[1]) for key, child in node.value.items()}
            return replace(node, value={key: child for key, child in children.items() if child is not None})
        return node

    def _union(self, node: Node, members: Sequence[object]) -> Node | None:
        if len(members) == 1:
            return self._value(node, members[0])
        kinds = kinds_of([member for member in members if _is_variant(member)])
        if len(kinds) != len(members):
            raise TypeError(f"these cannot be told apart: {members}")
        by_key = next(iter(kinds.values())).by_key
        return self._kind_by_key(node, kinds) if by_key else self._kind_by_tag(node, kinds)

    def _kind_by_tag(self, node: Node, kinds: dict[str, type[Variant]]) -> Node | None:
        """A mapping that says in one of its fields which of several models it is."""
        tag, names = next(iter(kinds.values())).tag, ", ".join(kinds)
        if not isinstance(node.value, dict):
            self._wrong(node, f"should be a mapping with a {tag}, which is one of {names}", value=True)
            return None
        known = {name for model in kinds.values() for name in fields_of(model)}
        key = tag if tag in node.value else _misspelled(tag, node.value.keys() - known)
        if key is None:
            self._wrong(node, f"{tag!r} is missing, which is one of {names}")
            return None
        if key != tag:
            self._wrong(node.value[key], f"unknown key; {did_you_mean(tag)}")
        said = node.value[key]
        kind = said.value if isinstance(said.value, str) and said.value in kinds else None
        if kind is None:
            shown = said.written or "this"
            self._wrong(said, f"{quoted(shown)} is no {tag}; {suggestion(shown, list(kinds))}", value=True)
            kind = nearest(shown, kinds)
        if kind is None:
            return None
        rest = {name: child for name, child in node.value.items() if name != key}
        return self._tagged(self.part(replace(node, value=rest), kinds[kind]), kind, kinds[kind])

    def _kind_by_key(self, node: Node, kinds: dict[str, type[Variant]]) -> Node | None:
        """A mapping that tells by one of its keys which of several models it is."""
        what = next(iter(kinds.values())).what
        if isinstance(node.value, str) and node.value in kinds and not needs_fields(kinds[node.value]):
            node = replace(node, value={node.value: replace(node, value=None)})
        if not isinstance(node.value, dict) or not node.value:
            self._wrong(node, f"should be a {what}, which starts with one of {', '.join(kinds)}", value=True)
            return None
        key = next((key for key in node.value if key in kinds), None)
        kind = key
        if key is None or kind is None:
            key, kind = self._misspelled_kind(node.value, kinds, what)
            if kind is None:
                return None
        model = kinds[kind]
        others = {name: child for name, child in node.value.items() if name != key}
        if kind in model.model_fields:
            # What else belongs to it stands beside it.
            strange = {name: child for name, child in others.items() if name in kinds}
            given = replace(
                node,
                value={kind: node.value[key]}
                | {name: child for name, child in others.items() if name not in strange},
            )
        else:
            strange = others
            given = _opened(node.value[key], model)
        for name, child in strange.items():
            self._wrong(child, f"unknown key; {_where_it_belongs(name, kind, kinds)}")
        if not isinstance(given.value, dict):
            fields = ", ".join(fields_of(model))
            self._wrong(given, f"should be a mapping of {fields}" if fields else "takes nothing", value=True)
            return None
        return self._tagged(self.part(given, model), kind, model)

    def _misspelled_kind(
        self, values: dict[str, Node], kinds: dict[str, type[Variant]], what: str
    ) -> tuple[str, str | None]:
        """The key that was meant to tell the kind, and the kind that is nearest to it."""
        known = {name for model in kinds.values() for name in fields_of(model)}
        strange = [name for name in values if name not in known] or list(values)
        key = next((name for name in strange if nearest(name, kinds)), strange[0])
        self._wrong(values[key], f"unknown {what}; {suggestion(key, list(kinds))}")
        return key, nearest(key, kinds)

    def _tagged(self, node: Node, kind: str, model: type[Variant]) -> Node:
        values = node.value if isinstance(node.value, dict) else {}
        return replace(node, value={model.tag: replace(node, value=kind), **values}, tag=kind)

    def _wrong(self, node: Node, text: str, *, value: bool = False) -> None:
        """Note a mistake at the key that leads to a node, or at its value."""
        self.mistakes.append(Mistake(node.place if value else node.key, node.name, text))


def _opened(node: Node, model: type[Variant]) -> Node:
    """What stands behind the key of a kind, as the mapping it is short for."""
    if node.value is None and not needs_fields(model):
        return replace(node, value={})
    takes_list = bool(model.short) and _is_list(model.model_fields[model.short])
    if model.short and not isinstance(node.value, dict if takes_list else dict | list):
        return replace(node, value={model.short: node})
    return node


def _is_list(info: FieldInfo) -> bool:
    return any(isinstance(mark, OneOrMore) for mark in info.metadata)


def _listed(node: Node, info: FieldInfo) -> Node:
    """A single member of a list that may be written without its brackets, as the list."""
    return replace(node, value=[node]) if _is_list(info) and not isinstance(node.value, list) else node


def _where_it_belongs(key: str, kind: str, kinds: dict[str, type[Variant]]) -> str:
    what = kinds[kind].what
    if key in kinds:
        return f"a {what} is one thing: write {key!r} as a {what} of its own"
    fields = fields_of(kinds[kind])
    if key in fields:
        return f"write it under {kind!r}"
    return suggestion(key, list(fields)) if fields else f"{kind!r} takes nothing"


def _misspelled(word: str, keys: Collection[str]) -> str | None:
    return next((key for key in sorted(keys) if nearest(key, [word])), None)


def needs_fields(model: type[Part]) -> bool:
    """Whether a mapping of this model cannot be empty."""
    return any(info.is_required() for info in model.model_fields.values())


def _is_variant(member: object) -> TypeGuard[type[Variant]]:
    return isinstance(member, type) and issubclass(member, Variant)
