"""Which credentials a request carries."""

from __future__ import annotations

import pytest

from chatkit_doctor.recording.credentials import credentials


@pytest.mark.parametrize(
    ("headers", "found"),
    [
        ({"Authorization": "Bearer abc"}, {"authorization": "present"}),
        ({"authorization": "Bearer "}, {"authorization": "empty"}),
        ({"authorization": "Bearer undefined"}, {"authorization": "empty"}),
        ({"Cookie": "a=1", "X-API-Key": ""}, {"cookie": "present", "x-api-key": "empty"}),
        ({"content-type": "application/json"}, {}),
    ],
)
def test_credentials_are_there_or_empty_and_never_told(
    headers: dict[str, str], found: dict[str, str]
) -> None:
    assert credentials(headers) == found
