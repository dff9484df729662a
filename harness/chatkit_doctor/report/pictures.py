"""Pictures inside a document, as ``data:`` addresses, within a budget: what is left out is next to it."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Final

from markupsafe import Markup

from chatkit_doctor.regular_files import NotAllowedError, read_regular
from chatkit_doctor.report.document import local_href

MAX_PICTURE: Final = 400_000
"""Bytes of one picture in a document."""
MAX_PICTURES: Final = 3_000_000
"""Bytes of all pictures in the document of one session."""

_KINDS: Final = ((b"\x89PNG\r\n\x1a\n", "png"), (b"\xff\xd8\xff", "jpeg"), (b"RIFF", "webp"))
"""What is shown, told by its first bytes: a name says nothing of what a file is."""


class Pictures:
    """Hands out the pictures of one session's folder, those asked for first before the others."""

    def __init__(self, folder: Path, budget: int = MAX_PICTURES) -> None:
        self.left_out = 0
        """Pictures that are there and were not handed out, for lack of room."""
        self._folder = folder
        self._budget = budget
        self._known: dict[str, Markup | None] = {}

    def uri(self, file: str) -> Markup | None:
        """The picture as a ``data:`` address; ``file`` is its path below the folder.

        None where there is no such picture, or no room for it. The same picture counts once.
        """
        if file not in self._known:
            self._known[file] = self._read(file)
        return self._known[file]

    @property
    def handed_out(self) -> dict[str, Markup]:
        """What was handed out so far, by file."""
        return {file: uri for file, uri in self._known.items() if uri is not None}

    def _read(self, file: str) -> Markup | None:
        if local_href(file) is None:
            return None
        try:
            data = read_regular(self._folder / file, MAX_PICTURE + 1, below=self._folder)
        except (OSError, NotAllowedError, ValueError):
            return None
        kind = next((kind for start, kind in _KINDS if data.startswith(start)), None)
        if kind is None:
            return None
        if len(data) > min(MAX_PICTURE, self._budget):
            self.left_out += 1
            return None
        self._budget -= len(data)
        # Its letters need no escaping, and it is longer than what is shown of a text.
        return Markup(f"data:image/{kind};base64,{base64.b64encode(data).decode()}")  # noqa: S704
