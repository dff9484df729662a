"""Requests that never got an answer: by what they failed, in the same words whoever met it."""

from __future__ import annotations

import re
from typing import Final

from chatkit_doctor.conversation.transport_faults import TABLE, TLS, TransportFault, of_text
from chatkit_doctor.recording.entries import Entry, RequestFailed

_T: Final = TransportFault
_NAME: Final = re.compile(r"(net::)?ERR_[A-Z0-9_]+")
NOBODY_THERE: Final = frozenset({_T.REFUSED, _T.NAME_UNKNOWN, _T.UNREACHABLE, _T.UNSAFE_PORT, _T.PROXY})
"""The request reached nobody."""
WRONG_ADDRESS: Final = NOBODY_THERE | TLS | {_T.TOO_MANY_REDIRECTS, _T.BAD_REDIRECT}
"""The URL is what must be looked at."""
HUNG_UP: Final = frozenset({_T.CLOSED, _T.RESET, _T.NOT_HTTP, _T.HEADERS_TOO_BIG, _T.NO_ANSWER})
"""The request reached someone, who gave no answer to it."""


def fault_of(failed: Entry[RequestFailed]) -> TransportFault | None:
    """What happened to a request below HTTP; None for one that the browser itself held back."""
    if failed.data.cors or failed.data.blocked:
        return None
    fault = of_text(failed.data.error)
    # Chromium has a name of its own for a connection that never came about in time.
    is_connecting = "CONNECTION_TIMED_OUT" in failed.data.error
    return _T.UNREACHABLE if fault is _T.NO_ANSWER and is_connecting else fault


def sentence(fault: TransportFault, failed: Entry[RequestFailed]) -> str:
    """A fault in words, with the browser's name for it."""
    name = _NAME.search(failed.data.error)
    return f"{TABLE[fault].says} ({name[0]})" if name is not None else TABLE[fault].says
