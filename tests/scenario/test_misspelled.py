"""Any misspelled key of any shipped scenario is named with its line, and so is the right one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from chatkit_doctor.scenario.read import MistakesError, read
from chatkit_doctor.scenario.select import catalogue

FREE: Final = frozenset({"event", "data", "json", "options", "headers", "details", "args"})
"""Keys under which anything may be written."""


@dataclass(frozen=True)
class Key:
    """A key of a file, and where it is in the text."""

    path: tuple[str, ...]
    line: int
    begin: int
    end: int


def keys(node: yaml.Node | None, path: tuple[str, ...] = ()) -> Iterator[Key]:
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from keys(item, (*path, "-"))
    if isinstance(node, yaml.MappingNode):
        for name, value in node.value:
            here = (*path, name.value)
            yield Key(here, name.start_mark.line + 1, name.start_mark.index, name.end_mark.index)
            if name.value not in FREE:
                yield from keys(value, here)


TEXTS: Final = {name: path.read_text(encoding="utf-8") for name, path in catalogue().items()}
# The fast loader counts bytes, the one that is written in Python counts characters.
KEYS: Final = {
    name: list(keys(yaml.compose(text, Loader=yaml.CSafeLoader if text.isascii() else yaml.SafeLoader)))
    for name, text in TEXTS.items()
}
PLACES: Final = [(name, key) for name, found in KEYS.items() for key in found if len(key.path[-1]) > 2]
KINDS: Final = {key.path: (name, key) for name, key in PLACES}
"""One place for each key of the format that the catalogue uses."""
WORDS: Final = frozenset(path[-1] for path in KINDS)
"""A slip that makes one of these is no misspelled key but another one, as ``cause`` for ``causes``."""


def misspellings(word: str) -> Iterator[str]:
    """The slips in a word that make no other key."""
    return (wrong for wrong in _slips(word) if wrong not in WORDS - {word})


def _slips(word: str) -> Iterator[str]:
    """A letter left out, typed twice, mistaken for a z (which no key has), or swapped with its neighbour."""
    for at in range(len(word)):
        yield word[:at] + word[at + 1 :]
        yield word[: at + 1] + word[at:]
        yield word[:at] + "z" + word[at + 1 :]
        if at and word[at] != word[at - 1]:
            yield word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :]


def assert_named(name: str, key: Key, wrong: str) -> None:
    text = TEXTS[name]
    with pytest.raises(MistakesError) as caught:
        read((text[: key.begin] + wrong + text[key.end :]).encode(), "x.yaml")
    said = str(caught.value)
    assert said.startswith(f"x.yaml:{key.line}:"), said
    assert said.endswith(f"did you mean '{key.path[-1]}'?"), said


@pytest.mark.parametrize("path", sorted(KINDS), ids=".".join)
def test_every_slip_in_every_key_of_the_format(path: tuple[str, ...]) -> None:
    name, key = KINDS[path]
    for wrong in misspellings(path[-1]):
        assert_named(name, key, wrong)


@settings(max_examples=200, deadline=None)
@given(place=st.sampled_from(PLACES), data=st.data())
def test_any_slip_in_any_key_of_any_scenario(place: tuple[str, Key], data: st.DataObject) -> None:
    name, key = place
    assert_named(name, key, data.draw(st.sampled_from(list(misspellings(key.path[-1])))))
