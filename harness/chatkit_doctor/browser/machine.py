"""The machine that browsers are looked for on, as data: so that any other can be looked at in its place."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Machine:
    """What finding depends on: the system as ``sys.platform`` names it, the environment, the root folder."""

    system: str
    environ: Mapping[str, str]
    root: Path

    @classmethod
    def this(cls) -> Machine:
        """The machine the program runs on."""
        return cls(sys.platform, os.environ, Path(Path.cwd().anchor))

    @property
    def home(self) -> Path:
        """The person's own folder."""
        home = self.environ.get("HOME")
        return Path(home) if home else Path.home()
