"""All repairs by cause, and why some causes have none."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from chatkit_doctor.repairs import framing, transport
from chatkit_doctor.repairs.repair import Repair

REPAIRS: Final[Mapping[str, Repair]] = MappingProxyType(
    {repair.cause: repair for repair in (*transport.REPAIRS, *framing.REPAIRS)}
)
"""By the cause that each undoes."""

NO_REPAIR: Final[Mapping[str, str]] = MappingProxyType(
    {"unexplained": "No fault was found, so there is none to undo."}
)
"""Causes that cannot be undone in a recorded conversation or a page, and why."""
