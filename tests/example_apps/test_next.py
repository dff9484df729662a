"""The app of the report under ``chatkit-doctor check URL``, and the same app repaired."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from examples.runner.building import EXAMPLES, NotBuiltError, built
from examples.runner.checking import check
from examples.runner.variants import REPAIRED, REPORTED

INSTALLED = json.loads((EXAMPLES / "next" / "package.json").read_text(encoding="utf-8"))["dependencies"]

pytestmark = [pytest.mark.browser, pytest.mark.examples]


@pytest.fixture(scope="module", autouse=True)
def page_is_built() -> None:
    """The page of examples/next, built once for its lock file and sources."""
    try:
        built("next")
    except NotBuiltError as error:
        pytest.skip(f"needs Node and what npm installs for examples/next: {error}")


def test_what_is_wrong_in_the_app_of_the_report_is_named_in_order(
    component: str, backend_url: str, tmp_path: Path
) -> None:
    checked = check(REPORTED, backend_url, component, tmp_path)
    assert (checked.verdict, checked.causes) == ("fail", ("wrong-dialect", "thread-read-failed"))
    assert checked.is_proven


def test_the_repaired_app_passes_two_turns_and_a_reload(
    component: str, backend_url: str, tmp_path: Path
) -> None:
    checked = check(REPAIRED, backend_url, component, tmp_path)
    assert (checked.verdict, checked.causes) == ("pass", ())
    assert [text.partition(":")[0] for text in checked.shown] == ["user", "assistant"] * 3
    # Next.js brings a build of React of its own, which need not be the one that was installed.
    assert sorted(checked.versions) == ["next", "react"]
    assert checked.versions["next"] == INSTALLED["next"]
