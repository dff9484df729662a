from __future__ import annotations

import hashlib
import socket

import pytest

from chatkit_doctor.runtime import cdn
from tests.runtime.component import BUILD, LOADER
from tests.runtime.conftest import PretendedCdn


def test_a_loader_is_known_by_its_hash_and_the_frame_it_names(pretended_cdn: PretendedCdn) -> None:
    assert cdn.probe(pretended_cdn.url("/loader")) == cdn.LiveLoader(
        hashlib.sha256(LOADER.encode()).hexdigest(), BUILD
    )


@pytest.mark.parametrize(
    ("path", "reason"),
    [("/forbidden", "status 403"), ("/other", "not chatkit.js")],
    ids=["status", "content"],
)
def test_an_answer_that_is_no_loader_is_named(pretended_cdn: PretendedCdn, path: str, reason: str) -> None:
    assert reason in str(cdn.probe(pretended_cdn.url(path)))


def test_a_port_where_nothing_listens_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    assert "cannot be reached" in str(cdn.probe(f"http://127.0.0.1:{port}/"))


def test_a_server_that_does_not_answer_is_given_up_at_the_limit(pretended_cdn: PretendedCdn) -> None:
    answer = str(cdn.probe(pretended_cdn.url("/hangs"), limit_s=0.2))
    # Either limit may be the first, the socket's or that of the whole; without both the server hangs up.
    assert "did not answer within 0.2 s" in answer or "timed out" in answer
