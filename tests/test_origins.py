"""Origins as browsers compare them, of whatever text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatkit_doctor.origins import origin_of, same_address, without_origin


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("http://localhost:3000/chat?x#y", "http://localhost:3000"),
        ("HTTPS://Example.COM:443/", "https://example.com"),
        ("http://example.com:443", "http://example.com:443"),
        ("http://user:pass@example.com/", "http://example.com"),
        ("http://[::1]:8080/", "http://[::1]:8080"),
        ("http://example.com:0/", "http://example.com:0"),
    ],
)
def test_an_origin_is_scheme_host_and_port(url: str, origin: str) -> None:
    assert str(origin_of(url)) == origin


@pytest.mark.parametrize(
    "url", ["", "/chatkit", "chatkit", "null", "data:text/html,x", "http://", "http://["]
)
def test_what_has_no_origin_has_none(url: str) -> None:
    assert origin_of(url) is None


@pytest.mark.parametrize("url", ["http://example.com:port/", "http://example.com:99999/"])
def test_a_port_that_is_none_makes_no_origin(url: str) -> None:
    assert origin_of(url) is None


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("http://a/x?y", "http://a:80/x?y", True),
        ("http://a/x", "http://b/x", False),
        ("http://a/x", "http://a/y", False),
        ("http://a/x?y", "http://a/x?z", False),
        ("http://a/x#y", "http://a/x#z", True),
        ("/x", "http://a/x", True),
        ("http://a", "http://a/", True),
    ],
)
def test_addresses_are_compared_as_far_as_both_tell(one: str, other: str, same: bool) -> None:
    assert same_address(one, other) is same
    assert same_address(other, one) is same


@given(st.one_of(st.text(), st.text().map("http://{}".format)))
def test_no_text_is_too_odd(text: str) -> None:
    origin_of(text)
    assert same_address(text, text)
    without_origin(text)
