"""Stopping a response in the reference component."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from chatkit_doctor.recording.entries import WireEnd
from chatkit_doctor.recording.views.behaviour import behaviour
from chatkit_doctor.scenario.read import scenario_from
from tests.session_runner import SessionRunner

STOPPED = """
title: Stopping a response
backend:
  kind: script
  answers:
    "*":
      stream:
        - good_turn: {without: [reply]}
        - event: {type: stream_options, stream_options: {allow_cancel: true}}
        - event:
            type: thread.item.added
            item: {id: msg_1, type: assistant_message, thread_id: "${thread_id}", content: []}
        - event:
            type: thread.item.updated
            item_id: msg_1
            update:
              type: assistant_message.content_part.added
              content_index: 0
              content: {type: output_text, text: As far as it came, annotations: []}
        - end: hang
limits: {turn: 5000}
steps:
  - send: {text: Hello, until: request}
  - click: Stop response
"""


@pytest.mark.browser
def test_a_stopped_response_ends_the_request_and_keeps_what_came(tmp_path: Path) -> None:
    session_runner = SessionRunner("reference")
    try:
        recording = session_runner.record(scenario_from(yaml.safe_load(STOPPED)), tmp_path)
    finally:
        session_runner.close()
    ends = [entry.data.how for entry in recording.of(WireEnd) if entry.data.op == "threads.create"]
    seen = recording.derive(behaviour)
    assert ends == ["aborted"]
    assert seen.transcript == ("user: Hello", "assistant: As far as it came")
    assert seen.events[-1] == "response.end"
