"""``--match``: a part of a URL, or the whole of it with ``*``."""

from __future__ import annotations

import pytest

from chatkit_doctor.conversation.har_match import matching

URL = "http://localhost:3000/api/chat?thread=7"


@pytest.mark.parametrize(
    "pattern",
    [None, "/api/chat", "localhost:3000", URL, "thread=7", "**/api/chat", "*/api/*", "http://*?thread=7"],
)
def test_a_url_is_matched(pattern: str | None) -> None:
    assert matching(pattern)(URL)


@pytest.mark.parametrize("pattern", ["/api/chats", "*/api", "/api/*", "*/api.chat", "api[/]chat"])
def test_another_url_is_not(pattern: str) -> None:
    assert not matching(pattern)(URL)
