"""The three attempts of the report as they are judged without a browser, to be exported."""

from __future__ import annotations

from pathlib import Path

from chatkit_doctor.conversation.conversation import Conversation
from chatkit_doctor.engine.events import Judgement, RunStarted, SessionJudged, SessionRef
from chatkit_doctor.engine.pipeline import judge
from chatkit_doctor.export.exporter import Export, Exporter
from chatkit_doctor.host.server import Host
from chatkit_doctor.recording.reader import load
from chatkit_doctor.recording.redaction import Redactor
from chatkit_doctor.scenario.select import select
from chatkit_doctor.simulator.simulate import simulate
from tests.simulator.scenario_client import converse


def judged(made: Conversation, folder: Path) -> Judgement:
    """What is found in the recording that the component would leave of a conversation."""
    simulate(made, folder, Redactor())
    return judge(load(folder), None)


def attempt(number: int, folder: Path) -> Judgement:
    """One of the three, its backend asked over a real socket."""
    (named,) = select([f"seed/attempt-{number}"])
    with Host() as host:
        return judged(converse(host, named.scenario), folder)


def exported(judgement: Judgement, folder: Path, redactor: Redactor | None = None) -> Export:
    """What an exporter makes of a run of one session."""
    session = SessionRef(0, "check", folder)
    exporter = Exporter(folder, redactor or Redactor())
    exporter.on_event(RunStarted("check", folder, (session,), None, 1))
    exporter.on_event(SessionJudged(session, judgement))
    exporter.close()
    (export,) = exporter.exports
    return export
