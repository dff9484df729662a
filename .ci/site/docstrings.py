"""Docstrings of the package as Markdown: what they refer to, and the pages that they name."""

from __future__ import annotations

import re
from typing import Any, Final

from griffe import Extension, Object

_ROLE: Final = re.compile(r":\w+:`~?([^`]+)`")
_PAGE: Final = re.compile(r"(?<![\w/`])docs/([\w-]+\.md)")


class Docstrings(Extension):
    """Rewrites each docstring that is shown."""

    def on_object(self, *, obj: Object, **_more: Any) -> None:
        """Every function, class, module and attribute comes by here once, when its file has been read."""
        if obj.docstring is not None:
            obj.docstring.value = markdown(obj.docstring.value)


def markdown(docstring: str) -> str:
    """The same in Markdown: ``:func:`check``` becomes code, and ``docs/ci.md`` a link to that page.

    They are shown on .ci/site/api.md, and links begin there.
    """
    return _PAGE.sub(r"[\1](../../docs/\1)", _ROLE.sub(r"`\1`", docstring))
