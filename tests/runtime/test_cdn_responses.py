from __future__ import annotations

from pathlib import Path

import pytest

from chatkit_doctor.runtime.cdn_responses import STUB_HEADER, answer
from chatkit_doctor.runtime.choose import choose
from chatkit_doctor.runtime.importing import import_snapshot
from chatkit_doctor.runtime.runtime import LOADER_PATH, Runtime

pytestmark = pytest.mark.usefixtures("cache")


@pytest.fixture
def snapshot(saved: Path) -> Runtime:
    import_snapshot(saved)
    return choose("snapshot")


def test_a_file_is_answered_with_its_bytes_and_type(snapshot: Runtime, saved: Path) -> None:
    reply = answer(snapshot, "/assets/ck1/index-AAAAAAAA.js")
    assert (reply.status, reply.headers["content-type"], reply.body) == (
        200,
        "text/javascript; charset=utf-8",
        (saved / "assets/ck1/index-AAAAAAAA.js").read_bytes(),
    )


def test_a_page_of_any_origin_may_read_the_answers(snapshot: Runtime) -> None:
    assert answer(snapshot, LOADER_PATH).headers["access-control-allow-origin"] == "*"


def test_a_file_named_by_its_content_may_be_kept_for_good(snapshot: Runtime) -> None:
    assert "immutable" in answer(snapshot, "/assets/ck1/index-AAAAAAAA.js").headers["cache-control"]


def test_the_loader_may_be_kept_for_a_session_only(snapshot: Runtime) -> None:
    assert answer(snapshot, LOADER_PATH).headers["cache-control"] == "public, max-age=3600"


def test_nothing_of_the_reference_component_is_kept_for_good() -> None:
    reference = choose("reference")
    assert not [p for p in reference.files if "immutable" in answer(reference, p).headers["cache-control"]]


def test_a_missing_chunk_is_stubbed_with_what_its_importers_use(snapshot: Runtime) -> None:
    assert answer(snapshot, "/assets/ck1/icon-DDDDDDDD.js").headers[STUB_HEADER] == (
        "default,LottieIcon,__iconNode,Star"
    )


def test_a_chunk_that_nobody_knew_of_is_stubbed_too(snapshot: Runtime) -> None:
    assert answer(snapshot, "/assets/ck1/unheard-ZZZZZZZZ.js").headers[STUB_HEADER] == (
        "default,LottieIcon,__iconNode"
    )


def test_a_missing_style_sheet_is_stubbed_with_an_empty_one(snapshot: Runtime) -> None:
    reply = answer(snapshot, "/assets/ck1/math-ZZZZZZZZ.css")
    assert (reply.status, reply.body, reply.headers[STUB_HEADER]) == (200, b"", "")


def test_a_stub_is_never_kept_by_the_browser(snapshot: Runtime) -> None:
    assert answer(snapshot, "/assets/ck1/icon-DDDDDDDD.js").headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "path",
    ["/", "/assets/ck1/image-ZZZZZZZZ.png", "/elsewhere/x.js", "/deployments/chatkit/other.js"],
)
def test_what_is_no_part_of_the_component_is_not_found(snapshot: Runtime, path: str) -> None:
    assert answer(snapshot, path).status == 404


def test_the_reference_component_has_no_stubs() -> None:
    assert answer(choose("reference"), "/deployments/chatkit/frame/none.js").status == 404


def test_a_file_removed_meanwhile_is_not_found(snapshot: Runtime) -> None:
    snapshot.files["/assets/ck1/lazy-EEEEEEEE.js"].path.unlink()
    assert answer(snapshot, "/assets/ck1/lazy-EEEEEEEE.js").status == 404
