"""Hosted mode as it was recorded: each call for a client secret, and what became of the operations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from chatkit_doctor.recording.entries import (
    Entry,
    HostedRequest,
    PageOptions,
    SecretAsked,
    SecretFailed,
    SecretGiven,
    SecretRequest,
    StepBegin,
)
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.recording.views.timeline import OPENING_STEPS

_GIVEN_UP: Final = "ERR_ABORTED"
"""What Chromium calls a request that its sender broke off: the component does, with an answer it refuses."""


@dataclass(frozen=True, slots=True)
class SecretCall:
    """One call of the page's ``getClientSecret``, with the requests that the page made meanwhile.

    ``until_ms`` is when it ended, or when nobody waited for it any more: the page was reloaded,
    or the session was over.
    """

    asked: Entry[SecretAsked]
    requests: tuple[Entry[SecretRequest], ...]
    given: Entry[SecretGiven] | None
    failed: Entry[SecretFailed] | None
    until_ms: float

    @property
    def is_open(self) -> bool:
        """Whether it never came to an end."""
        return self.given is None and self.failed is None


def is_hosted(recording: Recording) -> bool:
    """Whether the page has no backend of its own, but lets OpenAI answer."""
    return recording.derive(_is_hosted)


def _is_hosted(recording: Recording) -> bool:
    return any(_gives_secrets(entry.data) for entry in recording.of(PageOptions))


def secret_calls(recording: Recording) -> tuple[SecretCall, ...]:
    """Every call for a client secret, in order of time."""
    return recording.derive(_secret_calls)


def hosted_requests(recording: Recording) -> tuple[Entry[HostedRequest], ...]:
    """What became of the operations that the frame sent to OpenAI, but for those that it gave up itself."""
    return tuple(
        entry
        for entry in recording.of(HostedRequest)
        if entry.data.state != "sent" and _GIVEN_UP not in entry.data.error
    )


def _gives_secrets(options: PageOptions) -> bool:
    api = options.given.get("api")
    return isinstance(api, Mapping) and "getClientSecret" in api


def _secret_calls(recording: Recording) -> tuple[SecretCall, ...]:
    loads = [entry.t for entry in recording.of(StepBegin) if entry.data.do in OPENING_STEPS]
    return tuple(_call(recording, asked, loads) for asked in recording.of(SecretAsked))


def _call(recording: Recording, asked: Entry[SecretAsked], loads: list[float]) -> SecretCall:
    name = asked.data.call
    given = next((e for e in recording.of(SecretGiven) if e.data.call == name), None)
    failed = next((e for e in recording.of(SecretFailed) if e.data.call == name), None)
    left_ms = next((t for t in loads if t > asked.t), recording.end_ms)
    end = given or failed
    return SecretCall(
        asked,
        tuple(e for e in recording.of(SecretRequest) if e.data.call == name),
        given,
        failed,
        left_ms if end is None else end.t,
    )
