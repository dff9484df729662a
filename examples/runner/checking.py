"""A variant under ``chatkit-doctor check URL``: what was found, beside what must be."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from examples.runner.serving import logged_in, page
from examples.runner.variants import Variant

_LIMIT_S: Final = 300.0


@dataclass(frozen=True, slots=True)
class Checked:
    """The answer of ``check``. ``causes`` are the ids of what must be repaired, in its order."""

    variant: Variant
    command: str
    """What was run, with the URL it was run on."""
    verdict: str
    causes: tuple[str, ...]
    symptoms: tuple[str, ...]
    warnings: tuple[str, ...]
    is_proven: bool
    """Whether a replay without these causes passed."""
    versions: dict[str, str]
    """What the page is made with, as far as it shows."""
    shown: tuple[str, ...]
    """The messages that were on the screen at the end, as ``user: text``."""

    @property
    def is_as_it_should_be(self) -> bool:
        """Whether what is wrong was found, in order, and nothing else."""
        return (self.verdict, self.causes) == (
            "fail" if self.variant.causes else "pass",
            self.variant.causes,
        )


def check(variant: Variant, backend_url: str, runtime: str, output: Path) -> Checked:
    """Serve a variant's page, and put the command in front of it. Raises RuntimeError without an answer."""
    output.mkdir(parents=True, exist_ok=True)
    with page(variant, backend_url) as url:
        arguments = ["check", url, "--runtime", runtime, "--output", str(output)]
        if variant.app == "next":
            arguments += ["--storage-state", str(logged_in(url, output / "login.json"))]
        done = subprocess.run(
            [sys.executable, "-m", "chatkit_doctor.cli.main", *arguments, "--format", "json"],
            capture_output=True,
            text=True,
            timeout=_LIMIT_S,
            check=False,
        )
    if not done.stdout:
        raise RuntimeError(f"check {url} gave no answer:\n{done.stderr}")
    report = json.loads(done.stdout)
    return Checked(
        variant=variant,
        command=f"chatkit-doctor {' '.join(arguments)}",
        verdict=report["verdict"],
        causes=tuple(cause["id"] for cause in report["causes"]),
        symptoms=tuple(symptom["id"] for symptom in report["symptoms"]),
        warnings=tuple(warning["id"] for warning in report["warnings"]),
        is_proven=report["proof"] is not None and report["proof"]["outcome"] == "proven",
        versions=report["versions"],
        shown=tuple(
            f"{each['role']}: {each['text']}" for each in report["messages"] if each["vanished_ms"] is None
        ),
    )
