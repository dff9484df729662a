"""Entries about the component itself: its public events, its console, its uncaught errors."""

from __future__ import annotations

from typing import ClassVar

from chatkit_doctor.protocol.payload import JsonObject, as_object
from chatkit_doctor.recording.entries.entry_data import EntryData
from chatkit_doctor.recording.entries.page import Place
from chatkit_doctor.vocabulary import Layer


class ComponentEntry(EntryData, frozen=True):
    """Anything about the component itself."""

    layer: ClassVar[Layer] = Layer.COMPONENT


class ComponentEvent(ComponentEntry, frozen=True, tag="component.event"):
    """A public event of the element."""

    name: str
    """Without the ``chatkit.`` prefix."""
    detail: object = None

    @property
    def details(self) -> JsonObject:
        """The detail by name; empty where it has none."""
        return as_object(self.detail)


class ComponentConsole(ComponentEntry, frozen=True, tag="component.console"):
    """A line in the console of the page or of the frame."""

    level: str
    """As the browser names it: ``error``, ``warning``, ``log``, …"""
    text: str
    where: Place
    noise: bool
    """Whether it is telemetry, or reports a failed load, which other layers record in more detail."""
    url: str = ""
    """The script that wrote it."""


class ComponentError(ComponentEntry, frozen=True, tag="component.error"):
    """An uncaught error inside the frame."""

    message: str
    stack: str
