"""The machine that browsers are looked for on, as data: so that any other can be looked at in its place."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from chatkit_doctor.paths import NO_HOME


@dataclass(frozen=True, slots=True)
class Machine:
    """What finding depends on: the system as ``sys.platform`` names it, the environment, the root folder."""

    system: str
    environ: Mapping[str, str]
    root: Path

    @classmethod
    def this(cls) -> Machine:
        """The machine the program runs on."""
        # Not the current folder's: that may be gone.
        return cls(sys.platform, os.environ, Path(Path(sys.executable).anchor))

    @property
    def home(self) -> Path:
        """The user's own folder; one that does not exist for a user without any."""
        home = self.environ.get("HOME")
        if home:
            return Path(home)
        try:
            return Path.home()
        except RuntimeError:
            return NO_HOME
