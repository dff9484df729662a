"""A scenario as the YAML that a user would write: only what is not as it always is."""

from __future__ import annotations

from typing import Any

import yaml
from pydantic import BaseModel

from chatkit_doctor.scenario.model import Scenario
from chatkit_doctor.scenario.part import Variant


def as_yaml(scenario: Scenario) -> str:
    """The text of a scenario file."""
    return yaml.safe_dump(_written(scenario), sort_keys=False, allow_unicode=True, width=110)


def _written(value: Any) -> Any:
    match value:
        case BaseModel():
            members = dict(_members(value))
            return _shortened(value, members) if isinstance(value, Variant) else members
        case list() | tuple():
            return [_written(each) for each in value]
        case dict():
            return {key: _written(each) for key, each in value.items()}
        case str():
            return str(value)  # A member of an enumeration is one, too.
        case _:
            return value


def _members(part: BaseModel) -> list[tuple[str, Any]]:
    """What of a part is not its default, and of which kind it is."""
    kind = type(part).tag if isinstance(part, Variant) else ""
    return [
        (field.alias or name, _written(getattr(part, name)))
        for name, field in type(part).model_fields.items()
        if name == kind or field.get_default(call_default_factory=True) != getattr(part, name)
    ]


def _shortened(part: Variant, members: dict[str, Any]) -> Any:
    """``send: Hello`` in place of ``do: send`` and ``text: Hello``."""
    if not part.by_key:
        return members
    kind = members[part.tag]
    rest = {name: value for name, value in members.items() if name != part.tag}
    if kind in rest:
        return rest
    if rest.keys() == {part.short}:
        return {kind: rest[part.short]}
    return {kind: rest} if rest else kind
