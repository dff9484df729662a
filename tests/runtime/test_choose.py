from __future__ import annotations

from pathlib import Path

import pytest

from chatkit_doctor.errors import RuntimeSourceError, UsageError
from chatkit_doctor.runtime.choose import choose
from chatkit_doctor.runtime.importing import import_snapshot
from chatkit_doctor.runtime.runtime import LOADER_PATH, RuntimeName
from tests.runtime.component import BUILD
from tests.runtime.conftest import PretendedCdn

pytestmark = pytest.mark.usefixtures("cache")


@pytest.fixture
def answering(pretended_cdn: PretendedCdn) -> str:
    return pretended_cdn.url("/loader")


@pytest.fixture
def refusing(pretended_cdn: PretendedCdn) -> str:
    return pretended_cdn.url("/forbidden")


def test_the_cdn_is_taken_when_it_answers_even_if_there_is_a_snapshot(saved: Path, answering: str) -> None:
    import_snapshot(saved)
    runtime = choose(cdn_url=answering)
    assert (runtime.name, runtime.frame_build, dict(runtime.files)) == (RuntimeName.CDN, BUILD, {})


def test_the_snapshot_is_taken_when_the_cdn_does_not_answer(saved: Path, refusing: str) -> None:
    snapshot = import_snapshot(saved).snapshot
    runtime = choose(cdn_url=refusing)
    assert (runtime.name, runtime.files) == (RuntimeName.SNAPSHOT, snapshot.files)


def test_the_reference_is_taken_when_there_is_nothing_else(refusing: str) -> None:
    runtime = choose(cdn_url=refusing)
    assert (runtime.name, LOADER_PATH in runtime.files) == (RuntimeName.REFERENCE, True)


def test_the_reference_is_not_passed_off_as_the_real_component() -> None:
    assert not choose("reference").is_real


def test_the_choice_is_explained_with_the_reason_for_not_taking_a_better_one(refusing: str) -> None:
    why = choose(cdn_url=refusing).why
    assert ("not the real component" in why, "status 403" in why, "no snapshot" in why, "\n" in why) == (
        True,
        True,
        True,
        False,
    )


def test_a_snapshot_that_cannot_be_used_is_part_of_the_explanation(saved: Path, refusing: str) -> None:
    snapshot = import_snapshot(saved).snapshot
    (snapshot.folder / "manifest.json").unlink()
    assert f"the snapshot {snapshot.id} cannot be used" in choose(cdn_url=refusing).why


@pytest.mark.parametrize("name", ["cdn", "snapshot", "reference"])
def test_what_is_asked_for_is_taken(saved: Path, answering: str, name: str) -> None:
    import_snapshot(saved)
    assert choose(name, cdn_url=answering).name == name


def test_asking_for_the_cdn_when_it_does_not_answer_is_an_error(refusing: str) -> None:
    with pytest.raises(RuntimeSourceError, match="status 403"):
        choose("cdn", cdn_url=refusing)


def test_asking_for_a_snapshot_without_one_says_how_to_get_one() -> None:
    with pytest.raises(RuntimeSourceError) as caught:
        choose("snapshot")
    assert "runtime import" in caught.value.hint


def test_an_unknown_runtime_is_refused_with_the_known_ones() -> None:
    with pytest.raises(UsageError) as caught:
        choose("nightly")
    assert "cdn, snapshot, reference" in caught.value.hint


def test_a_report_is_told_what_a_snapshot_lacks(saved: Path) -> None:
    import_snapshot(saved)
    info = choose("snapshot").info()
    assert (info.frame_build, info.missing_chunks, info.real) == (BUILD, 2, True)


def test_a_report_is_told_no_place_on_this_machine(saved: Path, tmp_path: Path) -> None:
    import_snapshot(saved)
    assert str(tmp_path) not in str(choose("snapshot").info())
