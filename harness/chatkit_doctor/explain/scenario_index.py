"""Noting down which scenarios show an id: ``python -m chatkit_doctor.explain.scenario_index``.

Reading the catalogue takes a second and more, which nobody who asks for one explanation should wait.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from chatkit_doctor.explain.shown import INDEX, Catalogue, Shown
from chatkit_doctor.scenario.expect import Expect
from chatkit_doctor.scenario.load import NamedScenario
from chatkit_doctor.scenario.select import select
from chatkit_doctor.vocabulary import CAUSES, SYMPTOMS, Verdict

_PURE_LAST: Final = "compound"
"""The folder of scenarios with several faults, which show none of them by itself."""


def catalogue_of(scenarios: Sequence[NamedScenario]) -> Catalogue:
    """What these scenarios show, by what they expect."""
    expected = {named.name: named.scenario.expect for named in scenarios}
    known = {name: expect for name, expect in expected.items() if expect is not None}
    failing = sum(expect.verdict is Verdict.FAIL for expect in known.values())
    return Catalogue(failing=failing, ids={id_: _shown(id_, known) for id_ in (*SYMPTOMS, *CAUSES)})


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
    INDEX.write_text(f"{catalogue_of(select([])).model_dump_json(indent=1)}\n", encoding="utf-8")
