"""Which fields and values of the entries the package writes and reads, by what the type checker knows.

The checker resolves every expression, so that ``attempt.end.data.size`` is known to read ``wire.end`` and
nothing else. What a probe writes is found in its text: that an entry has all it needs is checked by tsc.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import mypy.build
import mypy.nodes as n
import mypy.options
import mypy.types as t
from mypy.modulefinder import BuildSource
from mypy.patterns import ClassPattern

import chatkit_doctor

PACKAGE: Final = Path(chatkit_doctor.__file__).parent
PROBES: Final = PACKAGE.parent.parent / "static" / "probes"
RECORDING: Final = "chatkit_doctor.recording"

ANYWHERE: Final = "anywhere"

Place = tuple[str, str]
"""A type's name and a field's."""


@dataclass
class Uses:
    """What one module does with the entries."""

    written: set[Place] = field(default_factory=set)
    read: set[Place] = field(default_factory=set)
    given: set[tuple[Place, str]] = field(default_factory=set)
    """Texts that are given to a field as they stand."""
    wanted: set[str] = field(default_factory=set)
    """Texts that stand wherever else an enumerated value is wanted."""
    compared: set[tuple[frozenset[str], str]] = field(default_factory=set)
    """Texts that an enumerated value is compared with, each with the values that there are."""


def uses(*imagined: tuple[str, str]) -> dict[str, Uses]:
    """What each module of the package does, and each that is ``imagined``: its name and its text."""
    paths = {_dotted(path): path for path in sorted(PACKAGE.rglob("*.py"))}
    sources = [BuildSource(str(path), name, None) for name, path in paths.items()]
    sources += [BuildSource(f"{name}.py", name, text) for name, text in imagined]
    options = mypy.options.Options()
    options.export_types = options.preserve_asts = True
    options.incremental = False
    # Reading the libraries takes minutes.
    options.follow_imports = "skip"
    options.namespace_packages = options.explicit_package_bases = True
    options.mypy_path = [str(PACKAGE.parent)]
    built = mypy.build.build(sources, options)
    trees = {source.module: built.graph[source.module].tree for source in sources}
    return {name: _uses(tree, built.types) for name, tree in trees.items() if tree is not None}


def probes() -> dict[str, str]:
    """The text of the probes that emit it, by the kind of entry, and of them all."""
    found: dict[str, str] = defaultdict(str)
    for path in sorted(PROBES.glob("*.js")):
        text = path.read_text(encoding="utf-8")
        found[ANYWHERE] += text
        for kind in re.findall(r'"([a-z]+\.[a-z-]+)"', text):
            found[kind] += text
    return found


def _dotted(path: Path) -> str:
    names = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(names[:-1] if names[-1] == "__init__" else names)


def _uses(tree: n.MypyFile, types: Mapping[n.Expression, t.Type]) -> Uses:
    found = Uses()
    for node in _nodes(tree):
        match node:
            case n.MemberExpr(expr=holder, name=name):
                found.read |= {(info.name, name) for info in _structs(types.get(holder))}
            case ClassPattern(class_ref=n.RefExpr() as struct, keyword_keys=names):
                found.read |= {(info.name, name) for info in (_class(struct),) if info for name in names}
            case n.CallExpr():
                for place, value in _written(node, types):
                    found.written.add(place)
                    found.given |= {(place, text) for text in _texts(value)}
            case n.ComparisonExpr(operands=operands):
                found.compared |= set(_compared(operands, types))
            case n.StrExpr(value=value) if isinstance(t.get_proper_type(types.get(node)), t.LiteralType):
                found.wanted.add(value)
    return found


_ELSEWHERE: Final = frozenset(
    {"node", "info", "type", "unanalyzed_type", "names", "analyzed", "original_def", "setter"}
)
"""Attributes of a node that lead to what is declared elsewhere."""


def _nodes(root: n.Node) -> Iterator[n.Node]:
    """All nodes of a tree. The checker's own visitors are compiled, and cannot be inherited from."""
    seen: set[int] = set()
    attributes: dict[type, list[str]] = {}
    open_nodes: list[object] = [root]
    while open_nodes:
        node = open_nodes.pop()
        if isinstance(node, list | tuple):
            open_nodes += node
        elif isinstance(node, n.Node) and id(node) not in seen:
            seen.add(id(node))
            yield node
            names = attributes.setdefault(type(node), [])
            names += [] if names else _attributes(type(node))
            open_nodes += [getattr(node, name, None) for name in names]


def _attributes(kind: type) -> Iterator[str]:
    for name in dir(kind):
        if not name.startswith("_") and name not in _ELSEWHERE and not callable(getattr(kind, name)):
            yield name


def _written(call: n.CallExpr, types: Mapping[n.Expression, t.Type]) -> Iterator[tuple[Place, n.Expression]]:
    """The fields that a call gives a value to."""
    struct = _class(call.callee)
    first = call.args[0] if call.args else None
    arguments = list(zip(call.arg_names, call.args, strict=True))
    if struct is not None:
        fields = _fields(struct)
        for position, (name, value) in enumerate(arguments):
            yield (struct.name, name or fields[position]), value
    elif (
        first is not None
        and isinstance(call.callee, n.NameExpr | n.MemberExpr)
        and call.callee.name in _MAKERS
    ):
        # A copy of an entry, or one of what a document answered, which is checked against the probes' types.
        made = _class(first)
        for each in [made] if made is not None else _structs(types.get(first)):
            yield from (((each.name, name), value) for name, value in arguments if name is not None)


_MAKERS: Final = frozenset({"replace", "answer_as"})


def _compared(
    operands: list[n.Expression], types: Mapping[n.Expression, t.Type]
) -> Iterator[tuple[frozenset[str], str]]:
    allowed = [values for each in operands if (values := _values(types.get(each)))]
    texts = [text for each in operands for text in _texts(each)]
    yield from ((values, text) for values in allowed for text in texts)


def _structs(type_: t.Type | None) -> Iterator[n.TypeInfo]:
    """The types of entries, or of shapes within them, that a value can be of."""
    match t.get_proper_type(type_):
        case t.UnionType(items=items):
            for item in items:
                yield from _structs(item)
        case t.TypeVarType(upper_bound=bound):
            yield from _structs(bound)
        case t.Instance(type=info) if _is_struct(info):
            yield info


def _is_struct(info: n.TypeInfo) -> bool:
    return info.fullname.startswith((f"{RECORDING}.entries.", f"{RECORDING}.header.")) or (
        info.fullname.startswith("chatkit_doctor.gather.probe_messages.") and info.name != "ProbeMessage"
    )


def _class(expression: n.Expression) -> n.TypeInfo | None:
    node = expression.node if isinstance(expression, n.RefExpr) else None
    return node if isinstance(node, n.TypeInfo) and _is_struct(node) else None


def _fields(info: n.TypeInfo) -> list[str]:
    """The fields in the order in which they are given."""
    bases = [base for base in reversed(info.mro) if _is_struct(base)]
    variables = [symbol.node for base in bases for symbol in base.names.values()]
    return [
        each.name
        for each in variables
        if isinstance(each, n.Var) and not (each.is_classvar or each.name.startswith("_"))
    ]


def _values(type_: t.Type | None) -> frozenset[str]:
    """The values of an enumeration of texts; none for any other type."""
    match t.get_proper_type(type_):
        case t.UnionType(items=items):
            return frozenset[str]().union(*(_values(item) for item in items))
        case t.LiteralType(value=str(value)):
            return frozenset({value})
        case _:
            return frozenset()


def _texts(expression: n.Expression) -> Iterable[str]:
    match expression:
        case n.StrExpr(value=value):
            return [value]
        case n.ConditionalExpr(if_expr=one, else_expr=other):
            return [*_texts(one), *_texts(other)]
        case n.SetExpr(items=items) | n.TupleExpr(items=items) | n.ListExpr(items=items):
            return [item.value for item in items if isinstance(item, n.StrExpr)]
        case _:
            return []
