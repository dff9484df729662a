"""Plain technical English: idioms that were removed from the project do not come back."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from chatkit_doctor.paths import scenarios_dir

CHECKOUT: Final = scenarios_dir().parent
FOLDERS: Final = ("harness", "scenarios", "docs", "static/report", "static/probes", "static/host", "tests")
SUFFIXES: Final = {".py", ".yaml", ".md", ".j2", ".js"}

IDIOMS: Final = {
    "begun to be": r"\bbegun to be\b",
    "is come to": r"\b(?:is|are) come to\b",
    "without a word": r"\bignor(?:e|es|ed) (?:it |them |those )?without a word\b",
    "for good, of a state": r"\b(?:blank|empty|gone|hidden),? for good\b",
    "comes to its end": r"\b(?:come|comes|came) to (?:its|their) (?:proper )?end\b",
    "taken for a failure": r"\bis taken for a failure\b",
    "lies in the folder": r"\b(?:the copies|snapshots|reports) lie in\b",
    "so ids count not": r"\bso (?:ids|it) counts? not\b",
    "nobody has seen": r"\bnobody has seen this\b",
    "worth a road": r"\bworth a road\b",
    "of no account": r"\bof no account\b",
    "told no more": r"\bis (?:told|named) no more\b",
    "taken out of the document": r"\bis taken out of the document\b",
    "is no JSON": r"\b(?<!there )is no (?:JSON|Response)\b",
    "this is no": r"\bthis is no (?:origin|report|folder|page|TOML|recording|address)\b",
    "for want of": r"\bfor want of\b",
    "in silence": r"\b(?:skipped|ended|ends the turn) in silence\b",
    "the person": r"\bthe person(?:'s (?:message|view|browser)| at the screen| sees| reads| waits)\b",
    "behind, of time or order": r"\bputs a blank line behind\b",
    "broke down": r"\bthe backend broke down\b",
    "made up, of a response": r"\bmade this answer up\b",
    "cannot be had": r"\b(?:cannot|could not) be had\b",
    "mend": r"\bhow to mend\b",
    "anew": r"\b(?:begins?|starts?|makes?|made|draws?|loaded) anew\b",
}
"""What cannot be right English here, by a short name. Each is a regular expression without regard to case."""


def _texts() -> Iterator[tuple[Path, str]]:
    for folder in FOLDERS:
        for path in sorted((CHECKOUT / folder).rglob("*")):
            if path.suffix in SUFFIXES and path.is_file() and path != Path(__file__).resolve():
                yield path.relative_to(CHECKOUT), re.sub(r"\s+(?:# |// |\* )?", " ", path.read_text("utf-8"))


TEXTS: Final = tuple(_texts())


@pytest.mark.parametrize("idiom", IDIOMS)
def test_an_idiom_that_was_removed_stays_removed(idiom: str) -> None:
    pattern = re.compile(IDIOMS[idiom], re.IGNORECASE)
    found = [f"{path}: {match[0]}" for path, text in TEXTS for match in pattern.finditer(text)]
    assert found == []
