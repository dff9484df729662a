"""The texts below the fields of the scenario's models, which Python itself does not keep."""

from __future__ import annotations

import ast
import inspect
from functools import cache
from itertools import pairwise
from textwrap import dedent

from chatkit_doctor.scenario.part import Part


@cache
def descriptions(model: type[Part]) -> dict[str, str]:
    """What the fields of a model and of its bases mean, by their names."""
    texts: dict[str, str] = {}
    for base in reversed([base for base in model.mro() if issubclass(base, Part)]):
        (body,) = (
            place.body
            for place in ast.walk(ast.parse(dedent(inspect.getsource(base))))
            if isinstance(place, ast.ClassDef)
        )
        for field, text in pairwise(body):
            match field, text:
                case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(said))):
                    texts[name] = said
    return texts
