"""What the models of a scenario file have in common."""

from __future__ import annotations

from collections.abc import Collection
from typing import Annotated, ClassVar, Final

from pydantic import AfterValidator, BaseModel, ConfigDict
from pydantic_core import PydanticCustomError

from chatkit_doctor.vocabulary import CAUSES, JSON_OPS, LAYERS, STREAMING_OPS, SYMPTOMS

UNKNOWN_NAME: Final = "unknown_name"
"""Type of the error for a name that is in no list of the vocabulary.

Its context says ``what`` should have been named, the ``known`` names, and what ``list`` calls them."""
NOT_ALLOWED: Final = "not_allowed"
"""Type of an error whose message is already meant for a person."""


class Part(BaseModel):
    """A part of a scenario: immutable, without keys that nobody reads, and nothing in it is converted."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, populate_by_name=True)


class Variant(Part):
    """One of the kinds that a thing can be; which one stands in the field ``tag`` of the canonical form.

    A person writes the kind either there (``kind: script``) or, ``by_key``, as a key with all else under it
    (``send: {text: Hello}``).
    """

    tag: ClassVar[str]
    """The field with the kind."""
    what: ClassVar[str]
    """What the thing is, in a word."""
    by_key: ClassVar[bool] = True
    """Whether a key of its own tells the kind."""
    short: ClassVar[str] = ""
    """The field that a single value stands for: ``send: Hello`` is ``send: {text: Hello}``."""


class OneOrMore:
    """Marks a list of which a single member may be written without its brackets."""


def refusal(sentence: str) -> PydanticCustomError:
    """The error of a validator that says itself what is wrong."""
    return PydanticCustomError(NOT_ALLOWED, "{sentence}", {"sentence": sentence})


def _one_of(what: str, known: Collection[str], listed: str) -> AfterValidator:
    """A validator for names of a vocabulary; ``listed`` is what ``chatkit-doctor list`` calls it."""

    def check(value: str) -> str:
        if value not in known:
            raise PydanticCustomError(
                UNKNOWN_NAME, "unknown", {"what": what, "known": sorted(known)} | {"listed": listed}
            )
        return value

    return AfterValidator(check)


Symptom = Annotated[str, _one_of("symptom", SYMPTOMS, "symptoms")]
Cause = Annotated[str, _one_of("cause", CAUSES, "causes")]
Reported = Annotated[str, _one_of("symptom or cause", SYMPTOMS.keys() | CAUSES.keys(), "")]
"""Anything that a diagnosis can report."""
LayerName = Annotated[str, _one_of("layer", LAYERS, "")]
Operation = Annotated[str, _one_of("operation", STREAMING_OPS | JSON_OPS | {"*"}, "")]
"""An operation of the protocol; ``*`` is every streaming one."""
