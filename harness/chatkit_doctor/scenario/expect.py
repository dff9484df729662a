"""The expected result of a scenario."""

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
    """The expected result of the scenario. Values are compared exactly; omitted keys are not compared."""

    # The only conversion: from the text used in every file and recording.
    verdict: Annotated[Verdict, Field(strict=False)]
    """The verdict of the diagnosis."""
    symptoms: list[Symptom] = Field(default_factory=list)
    """Exactly these symptoms, apart from those in ``symptoms_may``."""
    symptoms_may: list[Symptom] = Field(default_factory=list)
    """Symptoms that may or may not occur, depending on the speed of the machine."""
    cause: Cause | None = None
    """The root cause."""
    causes: list[Cause] | None = None
    """All faults that must be repaired before no symptom is left, the root cause first."""
    warnings: list[Cause] = Field(default_factory=list)
    """Causes that must be reported without a symptom; others are not compared."""
    near_miss_of: list[Reported] = Field(default_factory=list)
    """Symptoms and causes that the scenario comes close to and that must not be reported in any form."""
    layer: LayerName | None = None
    """The layer of the root cause."""
    details: dict[str, str] = Field(default_factory=dict)
    """Details of the cause, such as ``dialect``."""
    transcript: list[Line] | None = None
    """The messages on screen at the end."""
    alerts: list[str] | None = None
    """The banners on screen at the end, as ``kind: text`` with kind ``error``, ``notice`` or ``crash``."""
    events: list[str] | None = None
    """The component's public events in order, as ``chatkit_doctor.recording.views.behaviour`` names them."""
    requests: list[str] | None = None
    """The operations sent over the network, in order, including retries."""
    errors: list[str] | None = None
    """The kinds of the component's console errors, sorted."""
