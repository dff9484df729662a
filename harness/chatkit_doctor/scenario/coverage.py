"""Which operations of the protocol the catalogue makes the component request."""

from __future__ import annotations

from collections.abc import Iterable

from chatkit_doctor.scenario.load import NamedScenario
from chatkit_doctor.vocabulary import JSON_OPS, STREAMING_OPS


def shown_by(scenarios: Iterable[NamedScenario]) -> dict[str, list[str]]:
    """The names of the scenarios that expect a request for it, by operation; the most telling come first."""
    found: dict[str, list[str]] = {op: [] for op in STREAMING_OPS | JSON_OPS}
    for named in scenarios:
        expect = named.scenario.expect
        for op in dict.fromkeys(expect.requests or ()) if expect is not None else ():
            found[op].append(named.name)
    for names in found.values():
        names.sort(key=lambda name: (not name.startswith("operations/"), name))
    return found
