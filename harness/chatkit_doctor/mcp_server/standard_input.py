"""Standard input that can be closed from this side: a thread blocked reading it cannot be woken."""

from __future__ import annotations

import os
import sys
import threading
from contextlib import suppress
from typing import Final

PIECE: Final = 65_536
"""Maximum number of bytes forwarded at a time."""


class EndableInput:
    """A pipe that replaces standard input; a thread forwards the input to it."""

    def __init__(self) -> None:
        """Replace standard input, for the rest of the process."""
        self._lock = threading.Lock()
        source = os.dup(0)
        read, self._write = os.pipe()
        os.dup2(read, 0)
        os.close(read)
        sys.stdin = os.fdopen(0, encoding="utf-8", errors="replace", closefd=False)
        self._is_open = True
        threading.Thread(target=self._pass_on, args=(source,), name="stdin", daemon=True).start()

    def end(self) -> None:
        """Signal end of file to the reader, as if the other side had closed it."""
        with self._lock:
            if self._is_open:
                self._is_open = False
                os.close(self._write)

    def _pass_on(self, source: int) -> None:
        with suppress(OSError):
            while piece := os.read(source, PIECE):
                if not self._written(piece):
                    return
        self.end()

    def _written(self, piece: bytes) -> bool:
        while piece:
            with self._lock:
                if not self._is_open:
                    return False
                piece = piece[os.write(self._write, piece) :]
        return True
