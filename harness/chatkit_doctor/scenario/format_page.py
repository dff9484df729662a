"""The page on scenario files: ``python -m chatkit_doctor.scenario.format_page`` writes ``docs/scenarios.md``.

Keys, values, defaults and meanings are read from the models, so that nothing is written twice.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin

from annotated_types import Ge, Le
from pydantic.fields import FieldInfo

from chatkit_doctor.paths import scenarios_dir
from chatkit_doctor.scenario.documented import descriptions
from chatkit_doctor.scenario.model import Scenario
from chatkit_doctor.scenario.part import OneOf, OneOrMore, Part, Variant
from chatkit_doctor.scenario.shorthand import fields_of, kinds_of
from chatkit_doctor.vocabulary import JSON_OPS, LAYERS, STREAMING_OPS, Verdict

INTRODUCTION: Final = """\
# Scenario files

<!-- Written by `make docs` from the models in harness/chatkit_doctor/scenario; do not edit it here. -->

A scenario is one YAML file. Only `title` is required; everything else has a default:

```yaml
title: The second message is answered in another protocol
backend:
  kind: script
  answers:
    "*":
      - stream:
          - good_turn: Hello, what can I do for you?
      - stream:
          - event: {type: response.output_text.delta, delta: You have three open tasks.}
          - delay_ms: 500
steps:
  - send: Hello
  - send: What is open?
expect:
  verdict: fail
  symptoms: [user-message-vanished, reply-missing]
  cause: wrong-dialect
```

`chatkit-doctor run mine.yaml more/` runs files, and all `*.yaml` and `*.yml` below folders. With `expect`, a
run reports whether each scenario had the expected result; without it, the verdict counts, as with `check`.

Every mistake is reported with its line, its key and the likely intention; unknown keys are mistakes. In the
texts of a stream, `${message}` stands for what the user typed; `${thread_id}`, `${turn}` and `${op}` are
those of the request. YAML does not read `no`, `yes`, `on`, `off` and numbers as text: put them in quotes.

An editor completes and validates a file whose first line points to the JSON Schema, which you create with
`chatkit-doctor schema scenario > scenario.schema.json`:

```yaml
# yaml-language-server: $schema=scenario.schema.json
title: What a good turn looks like
steps:
  - send: Hello
```
"""

_WORDS: Final = {str: "text", int: "whole number", bool: "`true` or `false`"}
_CODE: Final = re.compile(r"``(.+?)``")


def format_page() -> str:
    """The whole page as Markdown."""
    return "\n".join(_lines()) + "\n"


def page_path() -> Path:
    """Where the page is in a checkout."""
    return scenarios_dir().parent / "docs" / "scenarios.md"


def _lines() -> Iterator[str]:
    yield INTRODUCTION.rstrip()
    for heading, models in _sections().items():
        yield from ("", f"## {heading}")
        for model in models:
            if len(models) > 1:
                yield from ("", f"### {_name(model)}")
            yield from ("", _meaning(inspect.getdoc(model) or ""))
            if issubclass(model, Variant) and (written := _written(model)):
                yield from ("", written)
            if fields := fields_of(model):
                yield from ("", "| key | value | default | meaning |", "| --- | --- | --- | --- |")
                for name, info in fields.items():
                    yield _row(model, name, info)
    yield from ("", "## Names", "")
    yield (
        f"Operations that are answered with a stream (`*` stands for all of them): {_listed(STREAMING_OPS)}."
    )
    yield ""
    yield f"Operations that are answered with JSON: {_listed(JSON_OPS)}."
    yield ""
    yield f"Layers: {_listed(LAYERS, ordered=True)}. Symptoms and causes: [causes.md](causes.md)."


def _sections() -> dict[str, tuple[type[Part], ...]]:
    """The models by the headings they stand under: the scenario, and after each what is in it."""
    found: dict[str, tuple[type[Part], ...]] = {}
    ahead: list[object] = [Scenario]
    while ahead:
        annotation = ahead.pop(0)
        models = _models(annotation)
        if models and _heading(models) not in found:
            found[_heading(models)] = models
            inner = [info.annotation for model in models for info in fields_of(model).values()]
            ahead = inner + ahead
        elif not models:
            ahead = [*get_args(annotation), *ahead]
    return found


def _models(annotation: object) -> tuple[type[Part], ...]:
    """The model that an annotation is, or the several that it can be."""
    members = get_args(annotation) if get_origin(annotation) in {Union, UnionType} else (annotation,)
    return tuple(member for member in members if isinstance(member, type) and issubclass(member, Part))


def _heading(models: tuple[type[Part], ...]) -> str:
    first = models[0]
    if issubclass(first, Variant):
        return f"{first.what}s".capitalize()
    return _name(first)


def _name(model: type[Part]) -> str:
    """How a model is called on the page: a kind by what tells it, all others in words."""
    if issubclass(model, Variant):
        (kind,) = kinds_of([model])
        return f"`{kind}`" if model.by_key else f"`{model.tag}: {kind}`"
    return " ".join(re.findall("[A-Z][a-z]+", model.__name__)).capitalize()


def _written(model: type[Variant]) -> str:
    """How a kind is written whose fields stand under a key, or that has none."""
    (kind,) = kinds_of([model])
    if not model.by_key or kind in model.model_fields:
        return ""
    if not fields_of(model):
        return f"Written `{kind}`."
    short = f", for short `{kind}: {model.short}`" if model.short else ""
    return f"Written `{kind}: {{…}}`{short}."


def _row(model: type[Part], name: str, info: FieldInfo) -> str:
    field = next(key for key, value in model.model_fields.items() if value is info)
    default = "required" if info.is_required() else _default(info.get_default(call_default_factory=True))
    cells = (
        f"`{name}`",
        _value(info.annotation, *info.metadata),
        default,
        _meaning(descriptions(model)[field]),
    )
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _default(value: object) -> str:
    if isinstance(value, Variant):
        return _name(type(value))
    if value is None or isinstance(value, Part | list | dict) or value == "":
        return "–"
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def _value(annotation: Any, *marks: object) -> str:
    """What may be written, in words."""
    origin, args = get_origin(annotation), get_args(annotation)
    if models := _models(annotation):
        heading = _heading(models)
        name = models[0].what if issubclass(models[0], Variant) else heading.lower()
        return f"[{name}](#{heading.lower().replace(' ', '-')})"
    if origin is Annotated:
        return _value(args[0], *args[1:])
    if origin in {Union, UnionType}:
        return _value(next(member for member in args if member is not NoneType), *marks)
    if origin is list:
        one = any(isinstance(mark, OneOrMore) for mark in marks)
        return f"{'one or a list' if one else 'list'} of {_value(args[0])}"
    if origin is dict:
        return "mapping" if args[1] is Any else f"mapping of {_value(args[0])} to {_value(args[1])}"
    choices = args if origin is Literal else list(Verdict) if annotation is Verdict else []
    return " ".join(map(_choice, choices)) or _scalar(annotation, marks)


def _choice(value: str) -> str:
    return f"`{value}`" if value.strip() == value != "" else f'`"{value}"`'


def _scalar(annotation: Any, marks: Sequence[object]) -> str:
    named = [mark.what for mark in marks if isinstance(mark, OneOf)]
    bounds = [f"from {mark.ge:,}" for mark in marks if isinstance(mark, Ge)]
    bounds += [f"to {mark.le:,}" for mark in marks if isinstance(mark, Le)]
    return " ".join([*(named or [_WORDS.get(annotation, "anything")]), *bounds])


def _listed(names: Collection[str], *, ordered: bool = False) -> str:
    return ", ".join(f"`{name}`" for name in (names if ordered else sorted(names)))


def _meaning(text: str) -> str:
    return _CODE.sub(r"`\1`", " ".join(text.split()))


if __name__ == "__main__":
    page_path().write_text(format_page(), encoding="utf-8")
