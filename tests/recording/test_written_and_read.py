"""Whatever is read of a recording is written by someone, and whatever is written is read by someone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, get_args

import msgspec
import pytest
from msgspec import inspect as types

from chatkit_doctor.gather.probe_messages import FetchRead, Raw
from chatkit_doctor.recording.documented import Field, fields_of, shapes_in
from chatkit_doctor.recording.entries import ENTRY_TYPES, FetchEnd, PageInventory, PageObstacle, PaintBox
from chatkit_doctor.recording.header import Footer, Header
from tests.recording.uses import ANYWHERE, Place, Uses, probes, uses

WRITERS: Final = ("browser", "gather", "simulator", "runtime", "host")
"""Rooms that write entries: what they read of their own is not for them to read."""
LISTENERS: Final = frozenset({"chatkit_doctor.gather.session_state", "chatkit_doctor.gather.tee"})
"""Modules in those rooms that hear what others write."""

STRUCTS: Final[tuple[type[msgspec.Struct], ...]] = (
    *shapes_in((*ENTRY_TYPES, Header)),
    *ENTRY_TYPES,
    Header,
    Footer,
)
MESSAGES: Final[tuple[type[msgspec.Struct], ...]] = (FetchRead, *get_args(Raw))
"""What a probe says that only a gatherer can make an entry of."""
ANSWERS: Final[tuple[type[msgspec.Struct], ...]] = (PageInventory, PageObstacle, PaintBox)
"""Entries of what a probe answers; tsc checks that it answers all of it."""

_STUB = "which part of the component a snapshot lacks, and what stood in for it"
_DROPPED = "session.capped tells where it begins; how much it was in the end stands here"
_LOADED = "what exactly was loaded, for who wonders whether it was the right file"
FOR_PEOPLE: Final[dict[Place, str]] = {
    ("ComponentConsole", "url"): "the script that wrote a line is where to look for its reason",
    ("ComponentConsole", "where"): "tells the page's own lines from the component's",
    ("FetchEnd", "error"): "why the component could not read on",
    ("FetchReturned", "url"): "where redirects led the page's fetch",
    ("Footer", "refused"): "a page that calls the probes' binding is seen here, and a probe that errs",
    ("Footer", "shortened"): _DROPPED,
    ("FrameAsset", "bytes"): _LOADED,
    ("FrameAsset", "mime"): _LOADED,
    ("FrameDetached", "url"): "which frame it was, where a page has several",
    ("FrameRequest", "method"): "tells a preflight from the request",
    ("FrameStubbed", "exports"): _STUB,
    ("FrameStubbed", "url"): _STUB,
    ("HostedRequest", "url"): "which region's service was asked",
    ("Header", "epoch_ms"): "places the recording beside the logs of a backend",
    ("Header", "schema"): "read before the rest of the header, whose shape depends on it",
    ("Header", "tool"): "which version of the program to ask about a recording",
    ("PageElement", "count"): "two chats on one page are seen here",
    ("PageError", "stack"): "where in the page's code it went wrong",
    ("PageInventory", "frames"): "frames beside the component's are seen here",
    ("PageInventory", "scripts"): "a second copy of chatkit.js is seen here",
    ("PageObstacle", "url"): "where a redirect led, such as to the address of a login",
    ("PaintBox", "at"): "which of several looks at the page this was",
    ("RequestAsked", "via"): "how the component asked for it",
    ("SessionEnded", "state"): "what the panel showed in the end, without putting all states together",
    ("SseParsed", "index"): "gaps show where a limit dropped events",
    ("StepBegin", "clicked"): "which button sent the message",
    ("StepBegin", "url"): "what was opened",
    ("WireResponse", "mime"): "what the browser made of the content type",
}
"""What nobody but a user reads in the journal, and why it is kept."""
FROM_THE_BROWSER: Final[dict[tuple[Place, str], str]] = {
    (("PageCsp", "disposition"), value): "SecurityPolicyViolationEvent.disposition has these two values"
    for value in ("enforce", "report")
}
"""Enumerated values that stand nowhere in the source, and where they come from."""

IMAGINED: Final = """
from chatkit_doctor.recording.entries import DomState, StepEnd, WireChunk, WireEnd
from chatkit_doctor.recording.reader import Recording

def read(recording: Recording) -> None:
    for chunk in recording.of(WireChunk):
        print(chunk.data.at)
    for entry in recording.of(StepEnd, WireEnd):
        match entry.data:
            case StepEnd(waited_ms=waited):
                print(waited)
    states = [entry.data for entry in recording.of(DomState)]
    print(any(state.view in {"start", "moon"} for state in states))

def write() -> WireChunk:
    return WireChunk("1", size=3, at=0)
"""


@pytest.fixture(scope="module")
def found() -> dict[str, Uses]:
    """What each module does with the entries."""
    return uses(("imagined", IMAGINED))


@pytest.fixture(scope="module")
def package(found: dict[str, Uses]) -> dict[str, Uses]:
    """The same without the one that is only imagined."""
    return {name: each for name, each in found.items() if name != "imagined"}


def room(module: str) -> str:
    """The room of a module."""
    return [*module.split("."), ""][1]


def places() -> Iterator[Place]:
    """Every field of every type."""
    for struct in STRUCTS:
        yield from ((struct.__name__, field.name) for field in fields_of(struct))


def family(place: Place) -> set[Place]:
    """A field as its type has it, and as the bases of its type have it."""
    struct = next(each for each in (*STRUCTS, *MESSAGES) if each.__name__ == place[0])
    return {(base.__name__, place[1]) for base in struct.__mro__}


def is_told_by_a_probe(struct: type[msgspec.Struct], field: str, texts: dict[str, str]) -> bool:
    """Whether a probe emits this kind of entry with such a key; that all it needs is there, tsc checks."""
    text = _text_of(struct, texts)
    return any(f"{field}{end}" in text for end in (":", ",", " }"))


def enumerated(type_: types.Type) -> frozenset[str]:
    """The values of a field that has enumerated ones."""
    match type_:
        case types.LiteralType(values=values):
            return frozenset(str(value) for value in values)
        case types.UnionType(types=options):
            return frozenset[str]().union(*(enumerated(option) for option in options))
        case types.DictType(value_type=value):
            return enumerated(value)
        case _:
            return frozenset()


def test_reading_and_writing_is_seen(found: dict[str, Uses]) -> None:
    imagined = found["imagined"]
    entries = {(name, field) for name, field in imagined.read if name not in {"Entry", "Recording"}}
    assert entries == {("WireChunk", "at"), ("StepEnd", "waited_ms"), ("DomState", "view")}
    assert imagined.written == {("WireChunk", "id"), ("WireChunk", "size"), ("WireChunk", "at")}
    assert {text for _, text in imagined.compared} == {"start", "moon"}


def test_every_field_is_written(package: dict[str, Uses]) -> None:
    written = {place for each in package.values() for place in each.written}
    texts = probes()
    unwritten = [
        (struct.__name__, field.name)
        for struct in STRUCTS
        for field in fields_of(struct)
        if not family((struct.__name__, field.name)) & written
        and not is_told_by_a_probe(struct, field.name, texts)
    ]
    assert unwritten == []


def test_every_field_is_read_or_kept_for_people(package: dict[str, Uses]) -> None:
    readers = (each for name, each in package.items() if room(name) not in WRITERS or name in LISTENERS)
    read = {place for each in readers for place in each.read}
    # What goes into the report as it is was read as a whole.
    whole = {name for name, what in read if what == "as_json"}
    unread = {place for place in places() if place[0] not in whole and not family(place) & read}
    assert sorted(unread - FOR_PEOPLE.keys()) == []
    assert sorted(FOR_PEOPLE.keys() - unread) == [], "these are read, or are no more"


def test_every_message_of_a_probe_is_read(package: dict[str, Uses]) -> None:
    read = {place for each in package.values() for place in each.read}
    fields = {(struct.__name__, field.name) for struct in MESSAGES for field in fields_of(struct)}
    assert sorted(fields - read) == []
    texts = probes()
    untold = [
        (struct.__name__, field.name)
        for struct in MESSAGES
        for field in fields_of(struct)
        if not is_told_by_a_probe(struct, field.name, texts)
    ]
    assert untold == []


def test_every_enumerated_value_is_written(package: dict[str, Uses]) -> None:
    given = {each for module in package.values() for each in module.given}
    wanted = {text for module in package.values() for text in module.wanted}
    texts = probes()
    fields = [(struct, field, enumerated(field.type)) for struct in STRUCTS for field in fields_of(struct)]
    written = {
        ((struct.__name__, field.name), value)
        for struct, field, values in fields
        for value in values
        if any((each, value) in given for each in family((struct.__name__, field.name)))
        or value in wanted
        or f'"{value}"' in _text_of(struct, texts)
    }
    # What is written of an enumeration goes on from there to whatever has at least its values.
    passed_on = [(values, value) for place, value in written for values in [_values_of(place, fields)]]
    unwritten = [
        ((struct.__name__, field.name), value)
        for struct, field, values in fields
        for value in sorted(values)
        if not any(value == passed and narrower <= values for narrower, passed in passed_on)
    ]
    assert [each for each in unwritten if each not in FROM_THE_BROWSER] == []
    assert [each for each in FROM_THE_BROWSER if each not in unwritten] == [], "these are written"


def _values_of(
    place: Place, fields: list[tuple[type[msgspec.Struct], Field, frozenset[str]]]
) -> frozenset[str]:
    return next(values for struct, field, values in fields if (struct.__name__, field.name) == place)


def _text_of(struct: type[msgspec.Struct], texts: dict[str, str]) -> str:
    """The probes in which something of a type is made."""
    if any(struct in {each, *shapes_in([each])} for each in ANSWERS):
        return texts[ANYWHERE]
    makers = [each for each in (*ENTRY_TYPES, *MESSAGES) if struct in {each, *shapes_in([each])}]
    return "".join(texts.get(str(each.__struct_config__.tag), "") for each in makers)


def test_nothing_is_compared_with_a_value_that_there_is_not(package: dict[str, Uses]) -> None:
    wrong = [
        (name, text, sorted(values))
        for name, each in package.items()
        for values, text in each.compared
        if text not in values
    ]
    assert wrong == []


def test_what_a_probe_reads_is_what_is_written(package: dict[str, Uses]) -> None:
    """A ``fetch.end`` takes from the probe's message all that the message has."""
    written = {field for each in package.values() for name, field in each.written if name == "FetchEnd"}
    assert written == set(FetchEnd.__struct_fields__)
