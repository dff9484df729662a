"""What ``check`` takes for a user's own page, and what it refuses in one sentence."""

from __future__ import annotations

from typing import Any

import pytest

from chatkit_doctor.browser.visitor import Credentials
from chatkit_doctor.cli.check import _only_for, _target
from chatkit_doctor.cli.page_options import PageOptions
from chatkit_doctor.client.page_or_endpoint import Kind
from chatkit_doctor.errors import UsageError

URL = "http://localhost:3000/chat"


@pytest.mark.parametrize("text", ["1280x720", "1280X720", " 1280, 720 "])
def test_a_viewport_is_two_numbers(text: str) -> None:
    assert PageOptions(viewport=text).visitor(URL, {}).viewport == (1280, 720)


@pytest.mark.parametrize("text", ["", "wide", "1280", "0x0", "1280x720x2"])
def test_any_other_viewport_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="a viewport must have the form WIDTHxHEIGHT"):
        PageOptions(viewport=text).visitor(URL, {})


@pytest.mark.parametrize(
    ("given", "target"),
    [
        (("localhost:3000", None, None), ("localhost:3000", None)),
        ((None, "localhost:3000", None), ("localhost:3000", Kind.PAGE)),
        ((None, None, "http://localhost:8000"), ("http://localhost:8000", Kind.ENDPOINT)),
    ],
)
def test_one_url_is_looked_at(given: tuple[Any, Any, Any], target: tuple[str, Kind | None]) -> None:
    assert _target(*given) == target


@pytest.mark.parametrize("given", [(None, None, None), ("a", "b", None), (None, "a", "b")])
def test_neither_none_nor_two(given: tuple[Any, Any, Any]) -> None:
    with pytest.raises(UsageError) as refused:
        _target(*given)
    assert "check URL" in refused.value.hint


@pytest.mark.parametrize(
    ("options", "names"),
    [
        ({}, []),
        ({"click": ["#open"]}, ["--click"]),
        ({"reload": False, "send": False}, ["--no-send", "--no-reload"]),
        ({"ignore_https_errors": True}, ["--ignore-https-errors"]),
    ],
)
def test_what_was_asked_for_is_known_by_its_name(options: dict[str, Any], names: list[str]) -> None:
    assert list(PageOptions(**options).given) == names


def test_what_makes_no_sense_for_a_backend_is_refused_and_not_dropped() -> None:
    with pytest.raises(UsageError, match="--click can only be used with a page"):
        _only_for("a page", "http://localhost:8000/chatkit", PageOptions(click=["#open"]).given)


def test_a_header_goes_to_the_origin_of_the_page_and_nowhere_else() -> None:
    visitor = PageOptions().visitor(URL, {"X-Tenant": "acme"})
    assert visitor.headers == {"http://localhost:3000": {"X-Tenant": "acme"}}


def test_a_header_goes_to_the_origins_it_is_meant_for() -> None:
    options = PageOptions(header_to=["http://localhost:8000/api", "https://api.test"])
    assert list(options.visitor(URL, {"X-Tenant": "acme"}).headers) == [
        "http://localhost:8000",
        "https://api.test",
    ]


def test_a_cookie_is_set_as_one_however_it_is_given() -> None:
    visitor = PageOptions(cookie=["theme=dark"]).visitor(URL, {"Cookie": "session=a=b; lang=en"})
    assert [(each.name, each.value, each.url) for each in visitor.cookies] == [
        ("session", "a=b", URL),
        ("lang", "en", URL),
        ("theme", "dark", URL),
    ]
    assert not visitor.headers


@pytest.mark.parametrize("name", ["Host", "origin", "Sec-Fetch-Site", "Proxy-Authorization"])
def test_a_header_that_nobody_can_set_is_refused_by_name(name: str) -> None:
    with pytest.raises(UsageError, match=f"the header '{name}' cannot be set"):
        PageOptions().visitor(URL, {name: "x"})


def test_credentials_are_for_the_origin_of_the_page() -> None:
    asked = PageOptions(http_credentials="ann:a:b").visitor(URL, {}).credentials
    assert asked == Credentials("ann", "a:b", "http://localhost:3000")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"cookie": ["session"]}, "a cookie must have the form NAME=VALUE"),
        ({"http_credentials": "ann"}, "credentials must have the form USER:PASSWORD"),
        ({"header_to": ["api"]}, "this is not an origin"),
    ],
)
def test_what_cannot_be_understood_is_refused_without_quoting_it(options: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        PageOptions(**options).visitor(URL, {"X-Tenant": "acme"})
