"""What ``check`` takes for a backend's URL."""

from __future__ import annotations

import pytest

from chatkit_doctor.errors import UsageError
from chatkit_doctor.scenario.check import backend_check, served_origin


@pytest.mark.parametrize(
    "url",
    [
        "",
        "localhost:8000",
        "ftp://localhost/",
        "http://",
        "http://[x",
        "http://a..b/",
        "http://h:99999/",
        "http://a b/",
    ],
)
def test_what_is_no_url_is_refused_by_name(url: str) -> None:
    with pytest.raises(UsageError) as refused:
        backend_check(url, {}, [])
    assert refused.value.what == "this is not an http(s) URL"


@pytest.mark.parametrize("origin", ["http://[x", "http://a..b/", "https://localhost:1", "http://localhost"])
def test_an_origin_that_cannot_be_served_is_refused_by_name(origin: str) -> None:
    with pytest.raises(UsageError) as refused:
        served_origin(origin)
    assert refused.value.what == "the host page can only be served from http://localhost:PORT"


def test_what_is_foreseen_is_waited_for_only_by_the_patient() -> None:
    url = "http://localhost:8000/chatkit"
    hasty = backend_check(url, {}, []).scenario.limits
    patient = backend_check(url, {}, [], patient=True).scenario.limits
    assert (hasty.silence, hasty.refusals) == (10_000, 2)
    assert (patient.silence, patient.refusals) == (None, None)


def test_an_origin_on_localhost_is_written_as_browsers_do() -> None:
    assert served_origin("http://LOCALHOST:3000/") == "http://localhost:3000"
