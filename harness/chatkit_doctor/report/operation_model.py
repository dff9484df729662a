"""What the page's fetch did to each operation, as the report object tells it: four columns."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class DifferenceModel(_Model):
    """A part that is not the same in a column as in the one it was made of."""

    part: str
    """``url``, ``method``, ``header x-app``, ``$.params.thread_id``, ``status``, ``content type``, ``body``,
    ``value``, or which events."""
    before: str | None
    """What it was; None: it was not there. As JSON where the part is in a body; long ones are cut."""
    after: str | None
    """What it is; None: it is not there."""


class ColumnModel(_Model):
    """What all four columns have in common."""

    state: str
    """``shown``: there is nothing to compare it with; ``same`` as the column it was made of; ``different``;
    ``none``: it is known that there was nothing; ``not-recorded``: it is not wholly known."""
    differences: list[DifferenceModel] = Field(default_factory=list)
    """From what was asked to what was sent, from what was answered to what was handed back."""
    left_out: int = 0
    """Differences that are not listed."""
    note: str = ""
    """What else is known of it, or why it is not known."""


class RequestColumnModel(ColumnModel):
    """A request, as the component asked for it or as the page sent it."""

    method: str = ""
    url: str = ""
    """Empty where there was no request, or none is known."""
    headers: dict[str, str] | None = None
    """Without those that every browser adds; None: not recorded."""
    body: str = ""
    """As JSON where it is JSON. A long one is cut, and says so."""


class AnswerColumnModel(ColumnModel):
    """An answer, as it came over the network or as the component was given it."""

    status: int | None = None
    content_type: str = ""
    events: int | None = None
    """Server-sent events in it; None: it is not a stream, or not known."""
    body: str = ""
    """Of what is not a stream of events; cut like that of a request."""


class OperationModel(_Model):
    """One operation of the component, on its way to the backend and back."""

    op: str
    """Such as ``threads.create``."""
    turn: int | None
    """None: it belongs to no turn."""
    t_ms: float
    n: int
    """The journal entry it begins with."""
    outcome: str
    """``same``: passed on unchanged; ``changed``; ``answered-by-page``: nobody was asked, a fact and no
    fault; ``nothing-handed-back``; ``not-recorded``: not all of it is known."""
    own_fetch: bool
    """Whether the page's own ``api.fetch`` was called for it."""
    requests: int
    """Requests that left the browser for it, repetitions included."""
    asked: RequestColumnModel
    sent: RequestColumnModel
    answered: AnswerColumnModel
    handed_back: AnswerColumnModel
    meanwhile: list[str] = Field(default_factory=list)
    """What the page had under way with the network, where no request for the operation was recognised: such
    as a WebSocket. Nothing says that it has to do with the operation."""
