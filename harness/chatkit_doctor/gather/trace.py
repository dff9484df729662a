"""The Playwright trace of a session, without secrets and without the component's code."""

from __future__ import annotations

import asyncio
import json
import shutil
import tempfile
import uuid
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Final
from weakref import WeakKeyDictionary

from playwright.async_api import BrowserContext
from playwright.async_api import Error as PlaywrightError

from chatkit_doctor.recording.masked_json import masked_json_lines
from chatkit_doctor.recording.pieces import masked_body
from chatkit_doctor.recording.redaction import Redactor
from chatkit_doctor.temporary import in_memory

FILE_NAME: Final = "trace.zip"
_RAW: Final = "chatkit-doctor-trace-"
_names: WeakKeyDictionary[BrowserContext, str] = WeakKeyDictionary()
"""What the files of the trace that is being made in a context are called."""
LEFT_OUT: Final = b"/* left out: the component is not ours to pass on */\n"


async def begin(context: BrowserContext, title: str) -> None:
    """Start to trace one session in a context, which may live longer than the session."""
    # No film strip: it takes a quarter of the session's processor time, and there are screenshots.
    name = _names[context] = uuid.uuid4().hex
    await context.tracing.start(name=name, title=title, screenshots=False, snapshots=True)


async def end(context: BrowserContext) -> Path | None:
    """Stop; the raw trace in a private place, or None when the browser is gone and nothing was kept.

    A raw trace holds every header as it was sent: it must not lie where reports lie.
    """
    folder = Path(await asyncio.to_thread(tempfile.mkdtemp, prefix=_RAW, dir=in_memory()))
    raw = folder / FILE_NAME
    with suppress(PlaywrightError):
        await context.tracing.stop(path=raw)
    await asyncio.to_thread(_forget, _names.pop(context, ""))
    if await asyncio.to_thread(raw.is_file):
        return raw
    await asyncio.to_thread(folder.rmdir)
    return None


def raw_folder() -> tempfile.TemporaryDirectory[str]:
    """A folder for what a browser notes while it traces: in memory where that can be, private anywhere."""
    return tempfile.TemporaryDirectory(prefix=_RAW, dir=in_memory(), ignore_cleanup_errors=True)


def _forget(name: str) -> None:
    """Remove what a browser noted of a session: it would keep that as long as it runs."""
    for folder in Path(in_memory() or tempfile.gettempdir()).glob(f"{_RAW}*") if name else ():
        # Another session may be done with its own folder meanwhile.
        with suppress(FileNotFoundError):
            for file in folder.glob(f"{name}*"):
                file.unlink(missing_ok=True)


def scrub(
    raw: Path,
    target: Path,
    redactor: Redactor,
    cdn_origin: str,
    is_out_of_time: Callable[[], bool] = lambda: False,
) -> None:
    """Write a trace anew and remove the raw one: secrets are masked, the component is left out.

    The component is proprietary; a trace is passed around. Its scripts and styles are replaced by a line that
    says so, and the trace viewer shows everything else as before. A trace that cannot be read is not kept,
    nor is one for which there is no time.
    """
    try:
        with zipfile.ZipFile(raw) as source:
            code = _component_resources(source, cdn_origin)
            with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as cleaned:
                for info in source.infolist():
                    if is_out_of_time():
                        raise TimeoutError
                    cleaned.writestr(*_cleaned(source, info, code, redactor))
    except (OSError, zipfile.BadZipFile, ValueError):
        target.unlink(missing_ok=True)
    finally:
        shutil.rmtree(raw.parent, ignore_errors=True)


def _cleaned(
    source: zipfile.ZipFile, info: zipfile.ZipInfo, code: set[str], redactor: Redactor
) -> tuple[str, bytes, int]:
    if info.filename.removeprefix("resources/") in code:
        return info.filename, LEFT_OUT, zipfile.ZIP_STORED
    data = source.read(info)
    if info.filename.endswith((".jpeg", ".png")):
        return info.filename, data, zipfile.ZIP_STORED
    if info.filename.startswith("resources/"):
        return info.filename, masked_body(data, redactor), zipfile.ZIP_DEFLATED
    text = masked_json_lines(data.decode("utf-8", "surrogateescape"), redactor)
    return info.filename, text.encode("utf-8", "surrogateescape"), zipfile.ZIP_DEFLATED


def _component_resources(source: zipfile.ZipFile, cdn_origin: str) -> set[str]:
    """Names of the resources that are the component's code or styles."""
    found: set[str] = set()
    for name in source.namelist():
        if not name.endswith(".network"):
            continue
        for line in source.read(name).decode("utf-8", "replace").splitlines():
            snapshot: dict[str, Any] = json.loads(line).get("snapshot", {}) if line.strip() else {}
            response = snapshot.get("response", {})
            content = response.get("content", {})
            url = str(snapshot.get("request", {}).get("url", ""))
            if url.startswith(cdn_origin) and content.get("_sha1"):
                found.add(str(content["_sha1"]))
    return found
