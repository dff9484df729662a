"""Where a scenario should lead."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from chatkit_doctor.scenario.part import Cause, LayerName, Part, Reported, Symptom, refusal
from chatkit_doctor.vocabulary import Verdict


class Line(Part):
    """One visible message of a transcript: the user's or the assistant's."""

    user: str | None = None
    """What the user said."""
    assistant: str | None = None
    """What the assistant said."""

    @model_validator(mode="after")
    def _one_speaker(self) -> Line:
        if (self.user is None) == (self.assistant is None):
            raise refusal("a message must be either `user: text` or `assistant: text`")
        return self


class Expect(Part):
    """Where the scenario should lead. Compared exactly; what is absent is not compared."""

    # The one conversion: from the text that stands in every file and recording.
    verdict: Annotated[Verdict, Field(strict=False)]
    """The verdict of the diagnosis."""
    symptoms: list[Symptom] = Field(default_factory=list)
    """All of these, and none besides them and ``symptoms_may``."""
    symptoms_may: list[Symptom] = Field(default_factory=list)
    """May come or not: their coming depends on how fast the machine is."""
    cause: Cause | None = None
    """The root cause."""
    causes: list[Cause] | None = None
    """All faults that must be repaired until no symptom is left, the root cause first."""
    warnings: list[Cause] = Field(default_factory=list)
    """Causes that are reported without a symptom: all of these; others are not compared."""
    near_miss_of: list[Reported] = Field(default_factory=list)
    """What the scenario comes close to: symptoms and causes that must not be reported in any way."""
    layer: LayerName | None = None
    """The layer of the root cause."""
    details: dict[str, str] = Field(default_factory=dict)
    """Details of the cause, such as ``dialect``."""
    transcript: list[Line] | None = None
    """What is on screen at the end."""
    alerts: list[str] | None = None
    """The banners on screen at the end, as ``kind: text`` with kind ``error``, ``notice`` or ``crash``."""
    events: list[str] | None = None
    """The component's public events in order, as ``chatkit_doctor.recording.views.behaviour`` names them."""
    requests: list[str] | None = None
    """The operations that went over the wire, in order, retries included."""
    errors: list[str] | None = None
    """The kinds of console errors of the component, sorted."""
