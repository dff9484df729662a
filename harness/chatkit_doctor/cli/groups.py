"""Groups of options that several verbs share: a verb takes a group as one parameter.

Typer knows single parameters only; a group is a dataclass, and each of its fields becomes one of them.
"""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Callable
from functools import wraps
from typing import Any, get_type_hints


class OptionGroup:
    """A dataclass of options; its fields are annotated as a verb's parameters would be."""


def with_groups(verb: Callable[..., int]) -> Callable[..., int]:
    """The verb as Typer has to see it: with the options themselves in place of each group."""
    signature = inspect.signature(verb, eval_str=True)
    groups: dict[str, type[Any]] = {}
    parameters: list[inspect.Parameter] = []
    for parameter in signature.parameters.values():
        kind = parameter.annotation
        if isinstance(kind, type) and issubclass(kind, OptionGroup):
            groups[parameter.name] = kind
            parameters += _options(kind)
        else:
            parameters.append(parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY))

    @wraps(verb)
    def command(**given: Any) -> int:
        for name, kind in groups.items():
            own = {option.name for option in _options(kind)}
            given[name] = kind(**{option: given.pop(option) for option in own})
        return verb(**given)

    shown: Any = command
    shown.__signature__ = signature.replace(parameters=parameters)
    shown.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return command


def _options(group: type[Any]) -> list[inspect.Parameter]:
    hints = get_type_hints(group, include_extras=True)
    return [
        inspect.Parameter(
            field.name, inspect.Parameter.KEYWORD_ONLY, default=field.default, annotation=hints[field.name]
        )
        for field in dataclasses.fields(group)
    ]
