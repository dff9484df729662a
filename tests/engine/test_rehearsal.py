"""Replays that begin while a silent stream is waited for: they are what is requested, or leave no trace."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

from chatkit_doctor.conversation.conversation import Conversation
from chatkit_doctor.engine.pipeline import judge
from chatkit_doctor.engine.proof import Replay
from chatkit_doctor.engine.rehearsal import EXPECTED, Rehearsal
from chatkit_doctor.engine.setup import Setup, repaired
from chatkit_doctor.recording.reader import Recording, load
from chatkit_doctor.recording.redaction import Redactor
from chatkit_doctor.scenario.backend import ReplayBackend
from chatkit_doctor.scenario.model import Scenario
from chatkit_doctor.simulator.simulate import simulate
from tests.chatkit_events import good
from tests.conversation.made import conversation, first

SCENARIO = Scenario(title="x", backend=ReplayBackend(recording="x"))
OPEN = first(good(), how="open", ended_ms=2_500.0)
SO_FAR = Setup(SCENARIO, conversation(OPEN))
LATER = Setup(SCENARIO, conversation(replace(OPEN, ended_ms=10_300.0)))
"""The same when it has been waited for to the end."""
OTHER = Setup(SCENARIO, conversation(first(good("And more."), how="open")))

Scene = Callable[[Rehearsal], Awaitable[None]]


class Replays:
    """Makes replays on the simulated component, and counts them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.made: list[tuple[tuple[str, ...], Conversation]] = []
        self.begun = asyncio.Event()

    async def carry(self, setup: Setup, causes: tuple[str, ...], number: int) -> Replay:
        """One replay, in a folder of its number."""
        self.made.append((causes, setup.conversation))
        self.begun.set()
        place = self.folder / str(number)
        simulate(setup.conversation, place, Redactor())
        await asyncio.sleep(0)
        recording = load(place)
        return Replay(causes, str(number), recording, judge(recording, None).diagnosis)


def played(folder: Path, scene: Scene) -> Replays:
    """What was made in a scene that begins with a silent stream."""
    simulate(SO_FAR.conversation, folder / "so-far", Redactor())
    recording = load(folder / "so-far")

    def setup_of(given: Recording) -> Setup:
        assert given is recording
        return SO_FAR

    replays = Replays(folder / "proof")

    async def play() -> None:
        rehearsal = Rehearsal(setup_of, replays.carry, replays.folder)
        rehearsal.on_silence.begins(lambda: recording)
        await replays.begun.wait()
        await scene(rehearsal)
        await rehearsal.leave()

    asyncio.run(asyncio.wait_for(play(), 30))
    return replays


def test_what_a_proof_asks_for_was_made_before_and_is_made_once(tmp_path: Path) -> None:
    given: list[Replay | None] = []

    async def scene(rehearsal: Rehearsal) -> None:
        given.append(await rehearsal.carry(LATER, (), 0))
        given.append(await rehearsal.carry(repaired(LATER, EXPECTED), EXPECTED, 1))

    replays = played(tmp_path, scene)
    assert [causes for causes, _ in replays.made] == [(), EXPECTED]
    assert [each and each.repaired for each in given] == [(), EXPECTED]
    assert sorted(path.name for path in replays.folder.iterdir()) == ["0", "1"]


def test_another_session_than_was_foreseen_is_replayed_as_it_was(tmp_path: Path) -> None:
    async def scene(rehearsal: Rehearsal) -> None:
        await rehearsal.carry(OTHER, (), 0)

    replays = played(tmp_path, scene)
    assert replays.made[-1] == ((), OTHER.conversation)
    assert [path.name for path in replays.folder.iterdir()] == ["0"]


def test_another_cause_than_was_foreseen_is_what_is_repaired(tmp_path: Path) -> None:
    async def scene(rehearsal: Rehearsal) -> None:
        await rehearsal.carry(LATER, (), 0)
        await rehearsal.carry(LATER, ("empty-reply",), 1)

    replays = played(tmp_path, scene)
    assert replays.made[0][0] == ()
    assert replays.made[-1] == (("empty-reply",), LATER.conversation)


def test_of_a_silence_that_is_broken_nothing_is_left(tmp_path: Path) -> None:
    async def scene(rehearsal: Rehearsal) -> None:
        rehearsal.on_silence.ends()

    assert not played(tmp_path, scene).folder.exists()
