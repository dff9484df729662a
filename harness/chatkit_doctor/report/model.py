"""The report object: the one machine-readable answer, the same for JSON, HTML, JUnit and the terminal."""

from __future__ import annotations

from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from chatkit_doctor.report.operation_model import OperationModel

REPORT_SCHEMA: Final = "chatkit-doctor/report/2"
RUN_SCHEMA: Final = "chatkit-doctor/run/2"


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class EvidenceModel(_Model):
    """An observation: journal entry ``n`` (0: something that never came), time in ms, and words."""

    n: int
    t_ms: float
    text: str


class SymptomModel(_Model):
    """What the user saw."""

    id: str
    turn: int | None
    t_ms: float | None
    title: str
    evidence: list[EvidenceModel]
    details: dict[str, Any] = Field(default_factory=dict)
    cause: str = ""
    """The id of the fault that brings it about; empty where no experiment told."""


class CauseModel(_Model):
    """Why it happened, how sure that is, and what to change."""

    id: str
    layer: str | None
    confidence: str
    title: str
    why: str
    fix: str
    evidence: list[EvidenceModel]
    details: dict[str, Any] = Field(default_factory=dict)
    also: list[str] = Field(default_factory=list)
    """The other places of the same fault, one sentence each, at most twenty."""


class FindingModel(_Model):
    """What one audit found."""

    id: str
    layer: str | None
    role: str
    """``symptom``, ``root-cause``, ``contributing`` or ``warning``."""
    title: str
    evidence: list[EvidenceModel] = Field(default_factory=list)
    details: dict[str, Any] = Field(default_factory=dict)


class UnansweredModel(_Model):
    """An audit whose question has no answer here, which is not the same as having passed."""

    id: str
    layer: str | None
    status: str
    """``not-applicable``: there is nothing that it could be asked of; ``not-testable``: what it needs was not
    recorded; ``error``: the audit itself failed, which is a defect of this program."""
    why: str


class MessageModel(_Model):
    """One message the user could see, and for how long."""

    role: str
    """``user`` or ``assistant``."""
    kind: str
    """The item type as the component marks it, such as ``user-message``."""
    text: str
    appeared_ms: float
    vanished_ms: float | None
    """None: still shown at the end."""
    visible_ms: float
    turn: int | None = None


class MomentModel(_Model):
    """One row of the timeline."""

    t_ms: float
    layer: str
    text: str
    n: int


class ScreenshotModel(_Model):
    """A picture of the panel: what it is called, why it was taken, when, and its file beside the report."""

    name: str
    why: str
    t_ms: float
    file: str


class ExpectationModel(_Model):
    """Whether a scenario led where it was expected to lead."""

    met: bool
    drift: list[str]
    """One sentence for each difference."""


class StrictModel(_Model):
    """What results from warnings where they count as failures (``--strict``)."""

    failed: bool
    """Whether there is one that counts. The exit code is then 1, though the verdict is ``pass``."""
    warnings: list[str]
    """The ids of those that count: all of a session that passes, but for those its scenario expects."""


class CorrectionModel(_Model):
    """The stream the backend should have sent in one turn."""

    turn: int
    op: str
    """The operation it answers."""
    file: str
    """Where it is next to the report."""
    events: int
    text: str
    """The body to answer with: server-sent events."""


class RequestModel(_Model):
    """A request of the session as a ``curl`` command."""

    turn: int | None
    """None: it belongs to no turn."""
    op: str
    command: str
    variables: list[str] = Field(default_factory=list)
    """Shell variables that stand for secrets in it: they were not recorded."""
    shortened: bool = False
    """Whether only the beginning of the body was recorded."""


class StreamEventModel(_Model):
    """An event as it was received: its entry, when (ms), what it is called, and its data, clipped."""

    n: int
    t_ms: float
    name: str
    data: str


class StreamModel(_Model):
    """What answered an operation that streams."""

    op: str
    turn: int | None
    status: int | None
    """None without a response."""
    content_type: str
    events: list[StreamEventModel]
    left_out: int = 0
    """Events of the stream beyond those."""
    unread: str = ""
    """What is an event to no client: the end of a body without a blank line, or a body that is not a
    stream."""


class CommandModel(_Model):
    """What to type, and what it is good for, in words that go on from “It …”."""

    command: str
    why: str


class DiffModel(_Model):
    """What a repair changed in one answer, as the lines of a unified diff."""

    op: str
    """The operation it answers."""
    number: int
    """Which answer of the session it is, from 1."""
    lines: list[str]
    """Each begins with ``+``, ``-``, a blank or ``@``."""
    left_out: int = 0
    """Lines of the diff that are not shown."""


class ReplayModel(_Model):
    """A session that was replayed in a browser, and what came of it."""

    repaired: list[str]
    """The causes whose repairs were made; none for what was recorded."""
    verdict: str
    symptoms: list[str]
    folder: str
    """Where its recording is next to the report."""
    messages: list[MessageModel]
    screenshots: list[ScreenshotModel]


class ProofModel(_Model):
    """What replays have shown of the cause."""

    outcome: str
    """``proven``, ``disproven``, ``not-reproducible``, ``not-tried`` or ``broken-off``."""
    note: str = ""
    """Why it is not proven; empty where it is."""
    causes: list[str] = Field(default_factory=list)
    """What was proven."""
    does: list[str] = Field(default_factory=list)
    """What each repair changed, in words that go on from “The repair …”."""
    disproven: list[str] = Field(default_factory=list)
    """Suspects whose repair alone did not take the symptoms away."""
    replays: list[ReplayModel] = Field(default_factory=list)
    """The replay of what was recorded first."""
    diff: list[DiffModel] = Field(default_factory=list)
    """What the repair changed in the answers, the smallest difference."""


class RemainingModel(_Model):
    """A symptom that is left in the simulation with every fault repaired that can be."""

    id: str
    turn: int | None


class PartingModel(_Model):
    """The first entry of the recording whose screen the simulated component does not show."""

    n: int
    """The entry, by its number in the journal."""
    t_ms: float
    event: str
    """The event after which it was seen, counted within its turn; empty before the first."""
    seen: str
    simulated: str


class ReportModel(_Model):
    """The diagnosis of one session."""

    schema_: Literal["chatkit-doctor/report/2"] = Field(default=REPORT_SCHEMA, alias="schema")
    tool: str = ""
    """The version of chatkit-doctor that judged it."""
    name: str
    title: str
    verdict: str
    """``pass``: no symptom; ``fail``: at least one; ``inconclusive``: the check could not be made. Warnings
    change nothing of it: see ``strict``."""
    reason: str = ""
    """Why an inconclusive diagnosis could not be made; empty otherwise."""
    mode: str = ""
    """``hosted``: OpenAI answers (``getClientSecret``), not a backend of the page; empty otherwise."""
    unrecorded: list[str] = Field(default_factory=list)
    """What limits of the recording left out, one sentence each."""
    symptoms: list[SymptomModel]
    cause: CauseModel | None
    contributing: list[CauseModel]
    causes: list[CauseModel] = Field(default_factory=list)
    """All faults that must be repaired until no symptom is left, the root cause first."""
    alternatives: list[list[str]] = Field(default_factory=list)
    """Other sets of faults, by their ids, without which no symptom would be left either."""
    experiment: str = ""
    """What the simulated experiments say of the answer where they do not simply agree with it."""
    remaining: list[RemainingModel] = Field(default_factory=list)
    parting: PartingModel | None = None
    """None where the simulation shows what was seen, or was not asked."""
    warnings: list[CauseModel]
    strict: StrictModel | None = None
    """None unless warnings were to count as failures; the verdict is the same either way."""
    findings: list[FindingModel]
    """What audits found: the symptoms and every fault, whether it brought one about or not."""
    passed: list[str] = Field(default_factory=list)
    """The ids of the audits that found nothing."""
    unanswered: list[UnansweredModel] = Field(default_factory=list)
    """The audits that could not be made, and why."""
    layers: dict[str, str]
    operations: list[OperationModel] = Field(default_factory=list)
    """What the page's fetch made of each operation, in order of time; empty where no page was watched."""
    operations_left_out: int = 0
    """Operations beyond those, of a session that had very many."""
    streams: list[StreamModel] = Field(default_factory=list)
    """The events that were received, in order; of very many the first."""
    messages: list[MessageModel]
    timeline: list[MomentModel]
    screenshots: list[ScreenshotModel]
    corrections: list[CorrectionModel] = Field(default_factory=list)
    """What to send instead, where the cause is in the events."""
    reproduce: list[RequestModel] = Field(default_factory=list)
    """How to send the session's requests without a browser."""
    proof: ProofModel | None = None
    """What replays have shown; None where none were to be made."""
    expectation: ExpectationModel | None
    runtime: dict[str, Any]
    browser: dict[str, Any]
    target: dict[str, Any]
    versions: dict[str, str] = Field(default_factory=dict)
    """What the page is made with, by package, such as ``react``: only what the page shows."""
    next: list[CommandModel] = Field(default_factory=list)
    """What to type next; none where the session passed."""
    artifacts: dict[str, str]
    """Paths relative to the report's folder."""
    folder: str = ""
    """The report's folder, as an absolute path: only in what is printed. A file names no place of a machine,
    and a scenario's report in that of its run has none of its own."""
    started_at: str
    duration_ms: float

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class RunTotals(_Model):
    """How a run of several scenarios went."""

    scenarios: int
    as_expected: int
    drifted: int
    passed: int = 0
    """Without an expectation, and without a symptom."""
    failed: int = 0
    """Without an expectation, and with a symptom."""
    inconclusive: int
    """With an expectation that was not met, or without one."""
    not_run: int = 0
    """Planned, and not carried out: the run was stopped, its time was over, or its browser died."""
    duration_ms: float


class RunModel(_Model):
    """The answer of ``run``: one report per scenario, with totals."""

    schema_: Literal["chatkit-doctor/run/2"] = Field(default=RUN_SCHEMA, alias="schema")
    tool: str = ""
    """The version of chatkit-doctor that judged it."""
    verdict: str
    """``pass``: every scenario led where it was expected to, and none without an expectation has a symptom
    (nor, with ``--strict``, a warning); ``fail``: at least one drifted or failed; ``inconclusive``: no such,
    but not all could be checked."""
    totals: RunTotals
    runtime: dict[str, Any]
    browser: dict[str, Any]
    started_at: str
    folder: str = ""
    """The folder of the run's report, as an absolute path: only in what is printed."""
    scenarios: list[ReportModel]
    not_run: list[str] = Field(default_factory=list)
    """The names of the scenarios that were planned, and not carried out."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)
