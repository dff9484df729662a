"""Which scenarios show an id, and which come close; ``python -m chatkit_doctor.explain.shown`` notes it down.

Reading the catalogue takes a second and more, which nobody who asks for one explanation should wait.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cache
from typing import Final

from pydantic import BaseModel, ConfigDict, Field

from chatkit_doctor.explain.texts import OBSERVED
from chatkit_doctor.scenario.expect import Expect
from chatkit_doctor.scenario.load import NamedScenario
from chatkit_doctor.scenario.select import select
from chatkit_doctor.vocabulary import CAUSES, SYMPTOMS, Verdict

_PATH: Final = OBSERVED / "scenarios.json"
_PURE_LAST: Final = "compound"
"""The folder of scenarios with several faults, which show none of them by itself."""


class Shown(BaseModel):
    """The scenarios of one symptom or cause, those that show it best first."""

    scenarios: list[str] = Field(default_factory=list)
    """In which it is a symptom, or the root cause."""
    warned: list[str] = Field(default_factory=list)
    """In which it is a warning."""
    near: list[str] = Field(default_factory=list)
    """That come close, and where it must not be found."""
    beside: dict[str, int] = Field(default_factory=dict)
    """Of a cause the symptoms, of a symptom the root causes, with the number of scenarios; most first."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Catalogue(BaseModel):
    """What the catalogue shows."""

    failing: int
    """Scenarios that end in the verdict ``fail``."""
    ids: dict[str, Shown]

    model_config = ConfigDict(extra="forbid", frozen=True)


def catalogue_of(scenarios: Sequence[NamedScenario]) -> Catalogue:
    """What these scenarios show, by what they expect."""
    expected = {named.name: named.scenario.expect for named in scenarios}
    known = {name: expect for name, expect in expected.items() if expect is not None}
    failing = sum(expect.verdict is Verdict.FAIL for expect in known.values())
    return Catalogue(failing=failing, ids={id_: _shown(id_, known) for id_ in (*SYMPTOMS, *CAUSES)})


@cache
def catalogue() -> Catalogue:
    """What the shipped catalogue shows, as it was written down."""
    return Catalogue.model_validate_json(_PATH.read_bytes())


def _shown(id_: str, known: dict[str, Expect]) -> Shown:
    showing = [name for name, expect in known.items() if id_ in {expect.cause, *expect.symptoms}]
    beside = Counter(
        other
        for name in showing
        for other in ([known[name].cause or ""] if id_ in SYMPTOMS else dict.fromkeys(known[name].symptoms))
    )
    return Shown(
        scenarios=sorted(showing, key=lambda name: _rank(id_, name, known[name])),
        warned=[name for name, expect in known.items() if id_ in expect.warnings],
        near=[name for name, expect in known.items() if id_ in expect.near_miss_of],
        beside=dict(sorted(beside.items(), key=lambda pair: (-pair[1], pair[0]))),
    )


def _rank(id_: str, name: str, expect: Expect) -> tuple[bool, bool, int, str]:
    """What shows an id best: alone, where it belongs, with little else to see."""
    folder = name.split("/", 1)[0]
    layer = CAUSES[id_][0] if id_ in CAUSES else None
    return folder == _PURE_LAST, folder not in {layer, "seed"}, len(expect.symptoms), name


if __name__ == "__main__":
    _PATH.write_text(f"{catalogue_of(select([])).model_dump_json(indent=1)}\n", encoding="utf-8")
