"""How pytest-xdist spreads the tests over processes.

A file's tests share what its fixtures open, and stay together. The catalogue's sessions, which take most of
the time, share nothing but the browser of their process: each goes where there is room, and they come last,
so that all processes end together.
"""

from __future__ import annotations

from typing import Final

from xdist.scheduler import LoadScopeScheduling

_CATALOGUE: Final = "tests/e2e/test_catalogue.py"


class ByFile(LoadScopeScheduling):  # type: ignore[misc] # pytest-xdist has no types
    """Files at a time, biggest first, and then the catalogue session by session."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return nodeid if file == _CATALOGUE else file
