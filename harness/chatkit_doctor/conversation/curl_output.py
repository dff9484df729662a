"""What curl prints, as users save it: what ``2>&1`` mixes into an answer is taken out of it again.

``curl -v`` writes what it does behind ``*``, what it sent behind ``>`` and the head of what came behind
``<``; without ``-s`` its progress goes between the pieces of the body; a failure is told at the end. Measured
with curl 7.88.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from chatkit_doctor.conversation.body_limits import MAX_LINES
from chatkit_doctor.safe_text import one_line

_METER_TITLE: Final = re.compile(
    rb"  % Total    % Received % Xferd  Average Speed [^\n]*\n[ \t]+Dload [^\n]*\n"
)
_METER: Final = re.compile(
    # Percent and bytes three times, two speeds, three times of day, the speed now: each of a width.
    rb"\r(?:[ \d]{3} [ \d.kMGTP]{5}  ){3}[ \d.kMGTP]{5} [ \d.kMGTP]{6}(?: [-: \dhd]{8}){3} [ \d.kMGTP]{5}"
    # Its last line ends; those between two pieces of a body do not.
    rb"(?:\r?\n(?=\*|curl: \(|HTTP/|\Z))?"
)
_FIRST_LINE: Final = re.compile(rb"(?:\* |> [A-Z]+ \S+ HTTP/|< HTTP/|[{}] \[\d+ bytes data\])")
_REQUEST: Final = re.compile(rb"> ([A-Z]+) \S+ HTTP/[\d.]+\s*$")
_STATUS: Final = re.compile(rb"< (HTTP/[\d.]+ (\d{3})\b[^\r\n]*)")
_ANSWERED: Final = re.compile(rb"^< HTTP/[\d.]+ \d{3}", re.MULTILINE)
_SIZE: Final = re.compile(rb"[{}] \[\d+ bytes data\]\s*$")
_DOING: Final = re.compile(
    rb"\* (?:Issue another request|Ignoring the response-body|Maximum |Found bundle|Can not |Re-using |"
    rb"Reusing |Mark bundle|Please rewind|Leftovers|Excess |Send failure|OpenSSL |TLSv|\(304\) |old SSL|SSL |"
    rb"schannel|Request completely|upload completely|We are completely|Host |IPv[46]: |  Trying |"
    rb"Connected to |Established |using HTTP/|\[HTTP/2\] |ALPN|Switch|Failed |end of response|"
    rb"client returned ERROR)"
)
"""What it does once a head has come. Before, it is the only one to write a line that begins so."""
_END: Final = re.compile(
    rb"\* (?:Connection #\d+ to host [^\n]{0,300} left intact|[Cc]losing connection[^\n]{0,20}|"
    rb"shutting down connection[^\n]{0,20}|(transfer closed with|Recv failure|HTTP/2 stream \d+ was|"
    rb"Operation timed out)[^\n]{0,300})(?:\n|\Z)"
)
"""What it says of the end, which stands right behind a body without a line's end."""
_FAILURE: Final = re.compile(rb"curl: \((\d{1,3})\) ([^\n]{0,500})\r?\n?\Z")
_BROKE_OFF: Final = frozenset({b"18", b"56", b"92"})
"""Exit codes for a body that does not end: closed, reset, an HTTP/2 stream ended so."""
_TIMED_OUT: Final = b"28"


@dataclass(frozen=True, slots=True)
class CurlOutput:
    """An answer as ``curl -si`` alone would have saved it, and how its end was told."""

    data: bytes
    was_mixed: bool = False
    """Whether anything had to be taken out."""
    broke_off: str = ""
    """What curl said of a body that did not end; empty where it said nothing of it."""
    gave_up: str = ""
    """What curl said when it stopped waiting for more, as ``--max-time`` has it; empty where it did not."""
    failed: str = ""
    """What curl said of any other failure; empty where there was none."""


def unmixed(data: bytes) -> CurlOutput:
    """The answer in what curl printed. What it did not print stays as it is."""
    plain, code, words = _without_failure(_without_meter(data))
    is_end = code in _BROKE_OFF or code == _TIMED_OUT
    is_verbose = _FIRST_LINE.match(plain.lstrip(b"\r\n")) is not None
    # Without an answer or a failure, lines that begin with a * are a list in someone's text.
    if is_verbose and (_ANSWERED.search(plain) or (code and not is_end)):
        transcript = _Transcript()
        transcript.read(plain)
        plain = transcript.answer()
        if not code and transcript.end:
            code = _TIMED_OUT if transcript.end.startswith("Operation timed out") else b"18"
            words, is_end = f"curl: {transcript.end}", True
    return CurlOutput(
        plain,
        was_mixed=plain != data,
        broke_off=words if code in _BROKE_OFF else "",
        gave_up=words if code == _TIMED_OUT else "",
        failed=words if code and not is_end else "",
    )


def _without_meter(data: bytes) -> bytes:
    title = _METER_TITLE.search(data)
    if title is None:
        return data
    return _METER.sub(b"", data[: title.start()] + data[title.end() :])


def _without_failure(data: bytes) -> tuple[bytes, bytes, str]:
    """What was printed without the failure that stands at its end; its exit code, and its words."""
    # The expression would be tried at each place of a long body.
    begin = data.rfind(b"curl: (")
    found = _FAILURE.match(data, begin) if begin >= 0 else None
    return (data[:begin], found[1], _words(found[0])) if found is not None else (data, b"", "")


def _words(line: bytes) -> str:
    return one_line(line.decode(errors="replace"), 300)


class _Transcript:
    """Reads the lines that ``-v`` wrote, and keeps those that are not its own."""

    def __init__(self) -> None:
        self.end = ""
        """What was said of a body that did not end."""
        self._heads: list[bytes] = []
        self._printed = bytearray()
        self._is_in_head = False
        self._has_answer = False
        self._method = b""

    def read(self, data: bytes) -> None:
        """All lines, in order: as many as are examined of any body, and what comes behind them as it is."""
        data = _END.sub(self._note_end, data)
        at = 0
        for _ in range(MAX_LINES):
            end = data.find(b"\n", at) + 1 or len(data)
            line = data[at:end]
            if not self._is_own(line):
                self._printed += line
            at = end
            if at == len(data):
                return
        self._printed += data[at:]

    def answer(self) -> bytes:
        """The answer with its heads, those that were printed by ``-i`` before those that ``-v`` showed."""
        printed = bytes(self._printed)
        return printed if printed.startswith(b"HTTP/") else b"".join(self._heads) + printed

    def _is_own(self, line: bytes) -> bool:
        """Whether a line is of curl's own making; notes what it says."""
        if status := _STATUS.match(line):
            self._heads.append(status[1].strip() + b"\r\n")
            self._is_in_head = True
            # A proxy's consent, and 100 Continue, are not answers yet.
            self._has_answer = self._method != b"CONNECT" and not status[2].startswith(b"1")
            return True
        if self._is_in_head and line.startswith(b"<"):
            header = line[1:].strip()
            self._heads.append(header + b"\r\n")
            self._is_in_head = bool(header)
            return True
        if asked := _REQUEST.match(line):
            self._method, self._has_answer = asked[1], False
            return True
        if _SIZE.match(line):
            return True
        if self._has_answer and not self._is_in_head:
            return self._is_doing(line)
        return line.startswith((b"* ", b">"))

    def _is_doing(self, line: bytes) -> bool:
        if line.startswith(b"* Issue another request"):
            self._has_answer = False
        return _DOING.match(line) is not None

    def _note_end(self, found: re.Match[bytes]) -> bytes:
        if found[1]:
            self.end = _words(found[0][2:])
        return b""
