"""Parts of many scenarios: each scenario is in one of them, and they take about the same time."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatkit_doctor.errors import UsageError
from chatkit_doctor.scenario.load import NamedScenario
from chatkit_doctor.scenario.read import scenario_from
from chatkit_doctor.scenario.shard import Shard, parsed

SCENARIO = scenario_from({"title": "one"})


def scenarios(count: int) -> list[NamedScenario]:
    return [NamedScenario(f"mine/{number}", Path(), SCENARIO) for number in range(count)]


@given(st.data())
def test_each_scenario_is_in_one_part_and_the_parts_keep_their_order(data: st.DataObject) -> None:
    chosen = scenarios(data.draw(st.integers(1, 40)))
    of = data.draw(st.integers(1, len(chosen)))
    known = data.draw(st.dictionaries(st.sampled_from([n.name for n in chosen]), st.floats(1, 1e5)))
    parts = [Shard(number, of, known).part_of(chosen) for number in range(1, of + 1)]
    assert sorted(named.name for part in parts for named in part) == sorted(named.name for named in chosen)
    assert all(part == sorted(part, key=chosen.index) for part in parts)


def test_parts_take_about_the_same_time() -> None:
    chosen = scenarios(8)
    took = dict(zip((n.name for n in chosen), (9000.0, 100, 100, 100, 4000, 3000, 2000, 300), strict=True))
    loads = [sum(took[n.name] for n in Shard(number, 2, took).part_of(chosen)) for number in (1, 2)]
    assert max(loads) - min(loads) <= 400


def test_what_is_not_known_takes_as_long_as_others_do() -> None:
    chosen = scenarios(4)
    took = {"mine/0": 3000.0, "mine/1": 1000.0}
    # Two that are not known count 2,000 each.
    assert [n.name for n in Shard(1, 2, took).part_of(chosen)] == ["mine/0", "mine/1"]


def test_too_few_scenarios_are_said_to_be() -> None:
    with pytest.raises(UsageError, match="2 scenarios are too few for 3 parts"):
        Shard(3, 3).part_of(scenarios(2))


@pytest.mark.parametrize(("number", "of"), [(0, 4), (5, 4), (1, 0)])
def test_a_part_that_there_is_not_is_refused(number: int, of: int) -> None:
    with pytest.raises(UsageError, match="there is no such part"):
        Shard(number, of)


def test_a_part_is_written_with_a_slash() -> None:
    assert parsed("2/4") == (2, 4)


@pytest.mark.parametrize("text", ["", "2", "2/", "2/4/8", "two/four", "-1/4"])
def test_anything_else_is_no_part(text: str) -> None:
    with pytest.raises(UsageError, match="a part is written as its number"):
        parsed(text)
