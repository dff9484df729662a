"""What a console says that no chat depends on."""

from __future__ import annotations

import pytest

from chatkit_doctor.gather.console import is_noise_url


@pytest.mark.parametrize(
    ("url", "noise"),
    [
        ("http://localhost:3000/favicon.ico", True),
        ("http://localhost:3000/chatkit", False),
        ("http://[::1", False),
        ("", False),
    ],
)
def test_whatever_a_script_calls_itself_has_an_answer(url: str, noise: bool) -> None:
    assert is_noise_url(url) is noise
