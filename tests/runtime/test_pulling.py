"""Copying what a CDN serves now: all of it, nothing but it, and nothing at all where it is not whole."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.responses import HTMLResponse, Response

from chatkit_doctor.errors import RuntimeSourceError, UsageError
from chatkit_doctor.runtime.importing import Imported
from chatkit_doctor.runtime.pulling import pull
from chatkit_doctor.runtime.runtime import Runtime
from chatkit_doctor.runtime.snapshot_index import snapshot_index
from tests.runtime.component import BUILD, DOCUMENT, HTML, LOADER, MAIN
from tests.stand_in_cdn import Cdn, serving

DEPLOYED = "/deployments/chatkit"
FILES = {
    f"{DEPLOYED}/chatkit.js": LOADER.encode(),
    f"{DEPLOYED}/{DOCUMENT}": HTML.encode(),
    "/assets/ck1/index-AAAAAAAA.js": MAIN.encode(),
    "/assets/ck1/index-BBBBBBBB.css": b"body { background: url(./paper-GGGGGGGG.png) }",
    "/assets/ck1/paper-GGGGGGGG.png": b"\x89PNG",
    "/assets/ck1/shared-CCCCCCCC.js": b"export const a = 1;",
    "/assets/ck1/lazy-EEEEEEEE.js": b"export default 2;",
    "/assets/ck1/nobody-asks-for-it.js": b"export default 3;",
}


@pytest.fixture
def cdn(cache: Path) -> Iterator[Cdn]:
    with serving(FILES) as cdn:
        yield cdn


def pulled(cdn: Cdn, limit_s: float = 30.0) -> Imported:
    return asyncio.run(pull(cdn.origin, limit_s=limit_s))


def refused(cdn: Cdn, limit_s: float = 30.0) -> str:
    with pytest.raises(RuntimeSourceError) as error:
        pulled(cdn, limit_s)
    assert not snapshot_index().snapshots
    return str(error.value)


def test_all_that_is_referred_to_is_copied_and_nothing_else(cdn: Cdn) -> None:
    imported = pulled(cdn)
    copied = {path: file.path.read_bytes() for path, file in imported.snapshot.files.items()}
    assert copied == {path: data for path, data in FILES.items() if "nobody" not in path}
    assert imported.snapshot.frame_build == BUILD
    assert set(imported.examples) == {"/assets/ck1/icon-DDDDDDDD.js", "/assets/ck1/favicon-AAAAAAAA.ico"}
    assert len(cdn.asked) == len(set(cdn.asked)), "each is asked for once"


def test_a_page_in_the_place_of_a_chunk_is_a_missing_chunk(cdn: Cdn) -> None:
    cdn.absent = HTMLResponse("<!doctype html>Not here")
    cdn.files["/assets/ck1/favicon-AAAAAAAA.ico"] = b"icon"
    assert pulled(cdn).examples == ("/assets/ck1/icon-DDDDDDDD.js",)


def test_the_next_version_is_another_snapshot_and_the_newest(cdn: Cdn) -> None:
    pulled(cdn)
    cdn.files[f"{DEPLOYED}/chatkit.js"] = LOADER.replace(BUILD, "Made2Up2ab").encode()
    cdn.files[f"{DEPLOYED}/index-Made2Up2ab.html"] = HTML.encode()
    pulled(cdn)
    assert [each.frame_build for each in snapshot_index().snapshots] == ["Made2Up2ab", BUILD]


def test_a_script_that_is_needed_and_absent_is_named(cdn: Cdn) -> None:
    del cdn.files["/assets/ck1/shared-CCCCCCCC.js"]
    assert "shared-CCCCCCCC.js" in refused(cdn)


def test_without_a_frame_document_there_is_no_component(cdn: Cdn) -> None:
    del cdn.files[f"{DEPLOYED}/{DOCUMENT}"]
    assert DOCUMENT in refused(cdn)


def test_what_is_no_loader_is_not_followed(cdn: Cdn) -> None:
    cdn.files[f"{DEPLOYED}/chatkit.js"] = b"console.log('maintenance')"
    assert "this is not chatkit.js" in refused(cdn)
    assert cdn.asked == [f"{DEPLOYED}/chatkit.js"]


def test_a_cdn_that_is_out_of_order_is_not_taken_for_one_that_lacks_files(cdn: Cdn) -> None:
    cdn.absent = Response(status_code=503)
    assert "status 503" in refused(cdn)


def test_a_cdn_that_says_nothing_is_given_up_at_the_limit(cdn: Cdn) -> None:
    cdn.hangs = "/assets/ck1/lazy-EEEEEEEE.js"
    assert "not copied within 0.5 s" in refused(cdn, 0.5)


def test_where_nobody_listens_that_is_said(cdn: Cdn) -> None:
    cdn.server.stop()
    assert "it is not available" in refused(cdn)


@pytest.mark.parametrize("origin", ["localhost:1", "ftp://localhost", "http://localhost/a", "https://", ""])
def test_what_is_no_origin_is_not_asked(origin: str) -> None:
    with pytest.raises(UsageError, match="this is not an origin"):
        asyncio.run(pull(origin))


def test_of_the_real_one_all_is_had_that_it_asks_for(real_snapshot: Runtime, cache: Path) -> None:
    files = {path: file.path.read_bytes() for path, file in real_snapshot.files.items()}
    with serving(files) as cdn:
        imported = pulled(cdn, 120.0)
    assert imported.snapshot.frame_build == real_snapshot.frame_build
    assert imported.snapshot.loader_sha256 == real_snapshot.loader_sha256
    assert imported.snapshot.files.keys() <= files.keys()
    assert imported.snapshot.missing.keys() <= real_snapshot.missing.keys()
