"""What the tests of the examples share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from examples.runner.serving import backend


@pytest.fixture(scope="module")
def backend_url() -> Iterator[str]:
    """The backend of the examples, in a process of its own."""
    with backend() as url:
        yield url
