"""What judging takes can be loaded before there is anything to judge."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Final

from chatkit_doctor.recording.redaction import Redactor
from chatkit_doctor.simulator.simulate import simulate
from tests.chatkit_events import good
from tests.conversation.made import conversation, first

LOADED: Final = """
import sys
from pathlib import Path
from chatkit_doctor.engine import pipeline
pipeline.prepare()
before = set(sys.modules)
pipeline.judge_folder(Path(sys.argv[1]))
print(*(name for name in sorted(set(sys.modules) - before) if "chatkit" in name))
"""


def test_once_judging_is_prepared_nothing_is_left_to_load(tmp_path: Path) -> None:
    simulate(conversation(first(good())), tmp_path, Redactor())
    command = [sys.executable, "-c", LOADED, str(tmp_path)]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout.split() == []
