"""Reading our own YAML with the parser in C: a page with explanations is written at the end of each run."""

from __future__ import annotations

from pathlib import Path

import yaml


def read_yaml(path: Path) -> object:
    """The one document of a file. Raises OSError or yaml.YAMLError for a file that is none."""
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
