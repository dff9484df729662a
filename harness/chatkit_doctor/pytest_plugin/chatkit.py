"""What a test can do with a chat and read from it."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

import pytest

from chatkit_doctor.errors import DoctorError
from chatkit_doctor.protocol.payload import JsonObject
from chatkit_doctor.pytest_plugin.asked import (
    Message,
    assert_rendered,
    events,
    expect_no_symptoms,
    transcript,
)
from chatkit_doctor.pytest_plugin.session import Session
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.scenario.steps import Reload, Send

T = TypeVar("T")


class ChatKit:
    """A chat in the browser. The page is opened on first use.

    Each method returns when its action is complete. If the action fails, it raises ChatKitFailure, which is
    an AssertionError, and ends the session.
    """

    def __init__(self, session: Session) -> None:
        self._session = session

    def __repr__(self) -> str:
        return f"<ChatKit of {self._session.name}>"

    def send(self, text: str) -> None:
        """Type a message and send it; returns when the turn is over and the transcript has settled."""
        __tracebackhide__ = True
        self._done(self._session.do(Send(text=text)))

    def reload(self) -> None:
        """Reload the page; returns when the composer accepts input and the thread is loaded."""
        __tracebackhide__ = True
        self._done(self._session.do(Reload()))

    @property
    def transcript(self) -> tuple[Message, ...]:
        """The messages currently on the screen, from the top."""
        __tracebackhide__ = True
        return transcript(self.recording)

    @property
    def events(self) -> tuple[JsonObject, ...]:
        """The events of all turns that have reached the component, in order."""
        __tracebackhide__ = True
        return events(self.recording)

    @property
    def recording(self) -> Recording:
        """Everything recorded so far, as if the session ended now."""
        __tracebackhide__ = True
        return self._done(self._session.so_far())()

    def assert_rendered(self, text: str, *more: str) -> None:
        """Assert that these texts are on the screen, in this order; any whitespace counts as one space."""
        __tracebackhide__ = True
        assert_rendered(self.recording, (text, *more))

    def expect_no_symptoms(self) -> None:
        """Assert that a user has seen no symptoms so far."""
        __tracebackhide__ = True
        expect_no_symptoms(self.recording)

    def _done(self, work: Coroutine[Any, Any, T]) -> T:
        __tracebackhide__ = True
        try:
            return self._session.browsers.run(work)
        except DoctorError as error:
            raise pytest.fail.Exception(str(error), pytrace=False) from None


class AsyncChatKit:
    """The same chat for a coroutine test, on any asyncio event loop.

    Attributes without ``await`` are those of :class:`ChatKit`.
    """

    def __init__(self, chatkit: ChatKit, session: Session) -> None:
        self._chatkit = chatkit
        self._session = session

    def __repr__(self) -> str:
        return f"<AsyncChatKit of {self._session.name}>"

    async def send(self, text: str) -> None:
        """As :meth:`ChatKit.send`."""
        __tracebackhide__ = True
        await self._done(self._session.do(Send(text=text)))

    async def reload(self) -> None:
        """As :meth:`ChatKit.reload`."""
        __tracebackhide__ = True
        await self._done(self._session.do(Reload()))

    @property
    def transcript(self) -> tuple[Message, ...]:
        """As :attr:`ChatKit.transcript`."""
        __tracebackhide__ = True
        return self._chatkit.transcript

    @property
    def events(self) -> tuple[JsonObject, ...]:
        """As :attr:`ChatKit.events`."""
        __tracebackhide__ = True
        return self._chatkit.events

    @property
    def recording(self) -> Recording:
        """As :attr:`ChatKit.recording`."""
        __tracebackhide__ = True
        return self._chatkit.recording

    async def assert_rendered(self, text: str, *more: str) -> None:
        """As :meth:`ChatKit.assert_rendered`."""
        __tracebackhide__ = True
        assert_rendered(await self._recorded(), (text, *more))

    async def expect_no_symptoms(self) -> None:
        """As :meth:`ChatKit.expect_no_symptoms`."""
        __tracebackhide__ = True
        recording = await self._recorded()
        await asyncio.to_thread(expect_no_symptoms, recording)

    async def _recorded(self) -> Recording:
        __tracebackhide__ = True
        return await asyncio.to_thread(await self._done(self._session.so_far()))

    async def _done(self, work: Coroutine[Any, Any, T]) -> T:
        __tracebackhide__ = True
        try:
            return await asyncio.wrap_future(self._session.browsers.submit(work))
        except DoctorError as error:
            raise pytest.fail.Exception(str(error), pytrace=False) from None
