"""Text in place of JSON: ``data: Hello``."""

from __future__ import annotations

from chatkit_doctor.protocol.dialects.dialect import DELTA, REPLY, Dialect, Frame
from chatkit_doctor.protocol.payload import PayloadKind, read_payload


def _own(frame: Frame) -> str:
    is_text = frame.value is None and read_payload(frame.data).kind is PayloadKind.TEXT
    return "text" if is_text else ""


DIALECT = Dialect(
    id="plain-text",
    title="plain text",
    own=_own,
    meant=(("*", f"{DELTA} while the text is produced, then {REPLY}"),),
)
