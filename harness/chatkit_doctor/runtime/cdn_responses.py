"""What the CDN's host answers when a runtime stands in for it."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from typing import Final

from chatkit_doctor.runtime.runtime import LOADER_PATH, Runtime, RuntimeName

STUB_HEADER: Final = "x-chatkit-doctor-stub"
"""Response header of a stub: the exports it was given, separated by commas."""
ALWAYS_EXPORTED: Final = ("LottieIcon", "__iconNode")
"""Exports of every stub: the code that uses them cannot be found by looking at imports (measured: an animated
icon and an icon's drawing are reached through a promise of several modules)."""
SESSION_MAX_AGE_S: Final = 3600
"""How long a browser may keep a file whose name does not change with its content."""

_CONTENT_TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".mjs": "text/javascript; charset=utf-8",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".wasm": "application/wasm",
    ".webp": "image/webp",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
}
_EXPORT_NAME: Final = re.compile(r"[A-Za-z_$][\w$]*\Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer; that of a stub carries ``STUB_HEADER``."""

    status: int
    headers: dict[str, str]
    body: bytes


def answer(runtime: Runtime, url_path: str) -> Answer:
    """The answer to a GET of a path on the CDN's host.

    A script or style sheet that a snapshot lacks is answered with an empty one: a component turns the whole
    turn into an error when a lazy chunk fails to load (measured), and the copy's gaps are not the user's.
    """
    file = runtime.files.get(url_path)
    if file is not None:
        try:
            return Answer(200, _headers(url_path, _cache_control(runtime, url_path)), file.path.read_bytes())
        except OSError:
            # Removed since the session began; the recording will name the file that failed.
            return not_found()
    if runtime.name is RuntimeName.SNAPSHOT and _beside_assets(runtime, url_path):
        if url_path.endswith((".js", ".mjs")):
            return _stub(url_path, runtime.missing.get(url_path, ()))
        if url_path.endswith(".css"):
            return Answer(200, _headers(url_path, "no-store") | {STUB_HEADER: ""}, b"")
    return not_found()


def _stub(url_path: str, used: tuple[str, ...]) -> Answer:
    names = [name for name in dict.fromkeys((*ALWAYS_EXPORTED, *used)) if _EXPORT_NAME.match(name)]
    components = [name for name in names if name not in {"default", "__iconNode"}]
    lines = [
        "const none = () => null;",
        "const __iconNode = [];",
        # An importer may take a whole module out of a module: `.then((m) => m.a)` and then its default.
        "Object.assign(none, { default: none, __iconNode });",
        "export default none;",
        f"export {{ __iconNode, {', '.join(f'none as {name}' for name in components)} }};",
    ]
    exports = ("default", *(name for name in names if name != "default"))
    # Never kept by the browser: every session that meets a stub must learn of it.
    headers = _headers(url_path, "no-store") | {STUB_HEADER: ",".join(exports)}
    return Answer(200, headers, "\n".join(lines).encode())


def _beside_assets(runtime: Runtime, url_path: str) -> bool:
    if url_path in runtime.missing:
        return True
    folder = posixpath.dirname(url_path)
    return any(posixpath.dirname(path) == folder for path in runtime.files if path.endswith(".js")) and (
        folder != posixpath.dirname(LOADER_PATH)
    )


def _cache_control(runtime: Runtime, url_path: str) -> str:
    hashed = runtime.name is RuntimeName.SNAPSHOT and url_path != LOADER_PATH
    return "public, max-age=31536000, immutable" if hashed else f"public, max-age={SESSION_MAX_AGE_S}"


def _headers(url_path: str, cache_control: str) -> dict[str, str]:
    extension = posixpath.splitext(url_path)[1].lower()
    return {
        "content-type": _CONTENT_TYPES.get(extension, "application/octet-stream"),
        "cache-control": cache_control,
        "access-control-allow-origin": "*",
        "access-control-expose-headers": STUB_HEADER,
        "x-content-type-options": "nosniff",
    }


def not_found() -> Answer:
    """The answer for what is not there; never kept by the browser."""
    headers = {
        "content-type": "text/plain; charset=utf-8",
        "cache-control": "no-store",
        "access-control-allow-origin": "*",
    }
    return Answer(404, headers, b"not found\n")
