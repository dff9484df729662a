"""Standard input that can be ended from this side: a thread that waits to read from it cannot be woken."""

from __future__ import annotations

import os
import sys
import threading
from contextlib import suppress
from typing import Final

PIECE: Final = 65_536
"""Bytes that are passed on at a time."""


class EndableInput:
    """A pipe in the place of standard input, into which a thread passes on whatever comes."""

    def __init__(self) -> None:
        """Take the place of standard input, for the rest of the process."""
        self._lock = threading.Lock()
        source = os.dup(0)
        read, self._write = os.pipe()
        os.dup2(read, 0)
        os.close(read)
        sys.stdin = os.fdopen(0, encoding="utf-8", errors="replace", closefd=False)
        self._is_open = True
        threading.Thread(target=self._pass_on, args=(source,), name="stdin", daemon=True).start()

    def end(self) -> None:
        """Let whoever reads see the end, as if the other side had closed it."""
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
