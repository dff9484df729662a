"""``runtime pull``: copying what the CDN serves now, by following what its files refer to."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import httpx

from chatkit_doctor.errors import RuntimeSourceError, UsageError
from chatkit_doctor.origins import origin_of, without_origin
from chatkit_doctor.runtime import references
from chatkit_doctor.runtime.component_files import MAX_PARTS
from chatkit_doctor.runtime.importing import MAX_DOCUMENT_BYTES, Imported, import_snapshot
from chatkit_doctor.runtime.runtime import (
    CDN_ORIGIN,
    LOADER_PATH,
    defines_component,
    frame_builds,
    frame_path,
)
from chatkit_doctor.runtime.source_folder import MAX_BYTES, MAX_FILE_BYTES
from chatkit_doctor.temporary import owned_folder
from chatkit_doctor.version import __version__

AT_A_TIME: Final = 8
"""Files that are requested in parallel."""
ANSWER_LIMIT_S: Final = 20.0
"""How long the CDN may be silent."""
LIMIT_S: Final = 600.0
"""How long everything may take; the component had 1,654 files in June 2026."""
_ABSENT: Final = frozenset({403, 404, 410})
"""The statuses of a CDN for a missing file: storage buckets use 403."""


async def pull(origin: str = CDN_ORIGIN, *, limit_s: float = LIMIT_S) -> Imported:
    """Copy the component that ``origin`` serves now into the user's cache, with all its chunks.

    Chunks that are not there are counted, as by an import. Raises UsageError for an ``origin`` that is none,
    RuntimeSourceError when the CDN does not answer, when what it answers is no whole component, and at a
    limit; nothing is kept then.
    """
    known = origin_of(origin)
    if known is None or known.scheme not in {"http", "https"} or without_origin(origin) not in {"", "/"}:
        raise UsageError("this is not an origin", where=origin, hint="It looks like https://cdn.example.com.")
    origin = str(known)
    with owned_folder("pull") as folder:
        async with httpx.AsyncClient(
            base_url=origin,
            timeout=ANSWER_LIMIT_S,
            headers={"user-agent": f"Mozilla/5.0 (compatible; chatkit-doctor/{__version__})"},
            limits=httpx.Limits(max_connections=AT_A_TIME),
        ) as client:
            try:
                async with asyncio.timeout(limit_s):
                    await _Pull(client, origin, folder).all()
            except TimeoutError as error:
                raise RuntimeSourceError(
                    f"it was not copied within {limit_s:g} s", where=origin, hint="Try again later."
                ) from error
        return await asyncio.to_thread(import_snapshot, folder)


class _Pull:
    """What has been copied so far, below a folder, at the paths of its URLs."""

    def __init__(self, client: httpx.AsyncClient, origin: str, folder: Path) -> None:
        self._client = client
        self._origin = origin
        self._folder = folder
        self._asked: set[str] = set()
        self._bytes_left = MAX_BYTES

    async def all(self) -> None:
        """Copy the loader, the frame's document, and everything they lead to."""
        loader = await self._needed(LOADER_PATH)
        builds = frame_builds(loader)
        if not defines_component(loader) or not builds:
            raise RuntimeSourceError("this is not chatkit.js", where=self._origin + LOADER_PATH)
        document = frame_path(builds[0])
        loads = references.in_document((await self._needed(document))[:MAX_DOCUMENT_BYTES], document)
        wanted = self._new([*loads.scripts, *loads.styles, *loads.others])
        while wanted:
            batch, wanted = wanted[:AT_A_TIME], wanted[AT_A_TIME:]
            for found in await asyncio.gather(*map(self._followed, batch)):
                wanted += self._new(found)

    def _new(self, paths: Iterable[str]) -> list[str]:
        """Those that nobody has asked for yet."""
        new = [path for path in dict.fromkeys(paths) if path not in self._asked]
        self._asked.update(new)
        if len(self._asked) > MAX_PARTS:
            raise RuntimeSourceError(f"it refers to more than {MAX_PARTS:,} files", where=self._origin)
        return new

    async def _needed(self, path: str) -> str:
        self._asked.add(path)
        data = await self._copied(path)
        if data is None:
            raise RuntimeSourceError("there is nothing at its place", where=self._origin + path)
        return data.decode("utf-8", "replace")

    async def _followed(self, path: str) -> list[str]:
        """Copy a file; what it refers to."""
        data = await self._copied(path)
        if data is None or not path.endswith((".js", ".mjs", ".css")):
            return []
        read = references.in_style if path.endswith(".css") else references.in_script
        try:
            found = await asyncio.to_thread(read, data.decode("utf-8", "replace"), path)
        except references.TooManyReferencesError as error:
            raise RuntimeSourceError(
                f"it refers to other files more than {references.MAX_REFERENCES:,} times",
                where=self._origin + path,
            ) from error
        return [*found.uses, *found.others]

    async def _copied(self, path: str) -> bytes | None:
        """The file at a path, which is kept; None where there is none."""
        data = bytearray()
        try:
            async with self._client.stream("GET", path) as answer:
                if answer.status_code in _ABSENT:
                    return None
                if answer.status_code != 200:
                    raise RuntimeSourceError(
                        f"it is answered with status {answer.status_code}",
                        where=self._origin + path,
                        hint="Try again later.",
                    )
                async for chunk in answer.aiter_bytes():
                    data += chunk
                    self._bytes_left -= len(chunk)
                    if len(data) > MAX_FILE_BYTES or self._bytes_left < 0:
                        raise RuntimeSourceError("it is too large", where=self._origin + path)
        except (httpx.HTTPError, OSError) as error:
            said = str(error) or type(error).__name__
            raise RuntimeSourceError(
                f"it is not available: {said}", where=self._origin + path, hint="Is the network there?"
            ) from error
        if path.endswith((".js", ".mjs")) and data.lstrip().startswith(b"<"):
            return None  # A page, as some servers answer for every file that they do not have.
        await asyncio.to_thread(_write, self._folder / path.lstrip("/"), bytes(data))
        return bytes(data)


def _write(file: Path, data: bytes) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    except OSError as error:
        raise RuntimeSourceError(
            f"it cannot be written: {error.strerror or error}", where=str(file), hint="Make room there."
        ) from error
