"""What is written of a scenario is read as the same scenario."""

from __future__ import annotations

from chatkit_doctor.export.scenario_file import as_yaml
from chatkit_doctor.scenario.read import read
from chatkit_doctor.scenario.select import select
from tests.shipped import shipped
from tests.simulator.test_forecast import ASKED


def test_every_scenario_of_the_catalogue_survives() -> None:
    changed = [
        named.name
        for named in shipped()
        if read(as_yaml(named.scenario).encode(), named.name) != named.scenario
    ]
    assert len(ASKED) > 100
    assert changed == []


def test_it_is_as_short_as_a_person_writes_it() -> None:
    (named,) = select(["control/reload"])
    assert "- send: " in as_yaml(named.scenario)
    assert "limits" not in as_yaml(named.scenario)
