"""What a scripted backend gives back of the items it has streamed."""

from __future__ import annotations

from typing import Any, get_args

import pytest

from chatkit_doctor.host.stores import given_back
from chatkit_doctor.scenario.backend import Store

SAID: dict[str, Any] = {
    "id": "u1",
    "type": "user_message",
    "created_at": "1",
    "content": [{"type": "input_text", "text": "Hi"}],
}
ANSWERED: dict[str, Any] = {
    "id": "a1",
    "created_at": "2",
    "type": "assistant_message",
    "content": [{"type": "output_text", "text": "Good day", "annotations": []}],
}
LOUD = ANSWERED | {"content": [{"type": "output_text", "text": "GOOD DAY", "annotations": []}]}


@pytest.mark.parametrize(
    ("store", "expected"),
    [
        ("keeps", [SAID, ANSWERED]),
        ("forgets-replies", [SAID]),
        ("forgets-messages", [ANSWERED]),
        ("forgets-all", []),
        ("makes-new-ids", [SAID | {"id": "row_1"}, ANSWERED | {"id": "row_2"}]),
        ("reverses", [ANSWERED, SAID]),
        ("one-moment", [ANSWERED | {"created_at": "1"}, SAID]),
        ("rewrites", [SAID, LOUD]),
        ("doubles", [SAID, SAID, ANSWERED, ANSWERED]),
    ],
)
def test_a_store_fails_in_its_own_way_only(store: Store, expected: list[dict[str, Any]]) -> None:
    assert given_back(store, [SAID, ANSWERED]) == expected


@pytest.mark.parametrize("store", get_args(Store))
def test_an_empty_thread_stays_empty(store: Store) -> None:
    assert given_back(store, []) == []
