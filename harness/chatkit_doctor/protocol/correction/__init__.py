"""The stream a backend should have sent: made from what it did send, in whatever protocol it spoke."""

from __future__ import annotations

from chatkit_doctor.protocol.correction.correct import added_text, as_sse, corrected, corrected_from

__all__ = ["added_text", "as_sse", "corrected", "corrected_from"]
