"""Which requests of a HAR a user means: ``--match``."""

from __future__ import annotations

import re
from collections.abc import Callable

UrlTest = Callable[[str], bool]
"""Whether a URL is one of those that are meant."""


def matching(pattern: str | None) -> UrlTest:
    """The test for a pattern; None means every URL.

    A part of the URL is enough. With a ``*`` in it, the pattern is for the whole URL, with its query or
    without, as in Playwright's ``page.route``; here ``*`` and ``**`` alike stand for any characters.
    """
    if pattern is None:
        return lambda _url: True
    if "*" not in pattern:
        return lambda url: pattern in url
    whole = re.compile(".*".join(re.escape(part) for part in re.split(r"\*+", pattern)), re.DOTALL)
    return lambda url: any(whole.fullmatch(form) for form in (url, url.partition("?")[0]))
