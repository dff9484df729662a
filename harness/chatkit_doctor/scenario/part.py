"""What the models of a scenario file have in common."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar, Final

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from chatkit_doctor.vocabulary import CAUSES, JSON_OPS, LAYERS, STREAMING_OPS, SYMPTOMS

UNKNOWN_NAME: Final = "unknown_name"
"""Type of the error for a name that is in no list of the vocabulary.

Its context says ``what`` should have been named, the ``known`` names, and what ``list`` calls them."""
NOT_ALLOWED: Final = "not_allowed"
"""Type of an error whose message is already meant for a user."""


class Part(BaseModel):
    """A part of a scenario: immutable, without unknown keys, and without type conversion."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, populate_by_name=True)


class Variant(Part):
    """One of the kinds that a thing can be; which one stands in the field ``tag`` of the canonical form.

    A user writes the kind either there (``kind: script``) or, ``by_key``, as a key with all else under it
    (``send: {text: Hello}``).
    """

    tag: ClassVar[str]
    """The field with the kind."""
    what: ClassVar[str]
    """What the thing is, in a word."""
    by_key: ClassVar[bool] = True
    """Whether the kind is given by a key of the same name."""
    short: ClassVar[str] = ""
    """The field that a single value stands for: ``send: Hello`` is ``send: {text: Hello}``."""


class OneOrMore:
    """Marks a list of which a single member may be written without its brackets."""


def refusal(sentence: str) -> PydanticCustomError:
    """The error of a validator that says itself what is wrong."""
    return PydanticCustomError(NOT_ALLOWED, "{sentence}", {"sentence": sentence})


@dataclass(frozen=True, slots=True)
class OneOf:
    """Marks a text as a name of a vocabulary: ``what`` it names, and what ``list`` calls them, if it does."""

    what: str
    known: frozenset[str]
    listed: str = ""

    def __get_pydantic_core_schema__(self, source: type, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self._check, handler(source))

    def _check(self, value: str) -> str:
        if value not in self.known:
            about = {"what": self.what, "known": sorted(self.known), "listed": self.listed}
            raise PydanticCustomError(UNKNOWN_NAME, "unknown", about)
        return value


Symptom = Annotated[str, OneOf("symptom", frozenset(SYMPTOMS), "symptoms")]
Cause = Annotated[str, OneOf("cause", frozenset(CAUSES), "causes")]
Reported = Annotated[str, OneOf("symptom or cause", frozenset(SYMPTOMS.keys() | CAUSES.keys()))]
"""Anything that a diagnosis can report."""
LayerName = Annotated[str, OneOf("layer", frozenset(LAYERS))]
Operation = Annotated[str, OneOf("operation", STREAMING_OPS | JSON_OPS | {"*"})]
"""An operation of the protocol; ``*`` is every streaming one."""
