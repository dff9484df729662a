"""Why a session cannot go on whose page does not answer."""

from __future__ import annotations

import asyncio

import pytest

from chatkit_doctor.browser import answered
from chatkit_doctor.gather.session_state import BrokeOff, SessionState
from chatkit_doctor.recording.journal import Clock


async def _never(state: SessionState) -> None:
    await answered.answered(asyncio.Event().wait(), state)


@pytest.mark.parametrize("known", ["", "the answer exceeded 16 MB"])
def test_what_is_known_already_comes_before_the_silence(known: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answered, "ANSWER_LIMIT_S", 0.01)
    state = SessionState(Clock())
    if known:
        state.broke_off(known)
    with pytest.raises(BrokeOff) as broke_off:
        asyncio.run(_never(state))
    assert str(broke_off.value) == (known or "the page no longer responds")
