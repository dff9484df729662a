"""Output in which GitHub's runner finds no command.

To it, a line that begins with ``::`` is one, and so is what follows ``##[`` anywhere in a line: with them,
whoever writes a line could set outputs and hide others. A backend whose words are shown must not.
"""

from __future__ import annotations

import re
from typing import Any, Final, TextIO

_COMMAND: Final = re.compile(r"^(\s*):(?=:)", re.MULTILINE)


class HarmlessLines:
    """A stream whose lines are no commands. Whatever else it can do stays as it is."""

    def __init__(self, stream: TextIO) -> None:
        self.commands = stream
        """The stream itself, for what is meant as a command."""

    def write(self, text: str) -> int:
        """Write text with blanks in what would be a command."""
        return self.commands.write(_COMMAND.sub(r"\1: ", text).replace("##[", "## ["))

    def __getattr__(self, name: str) -> Any:
        return getattr(self.commands, name)
