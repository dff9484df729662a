"""Asking the CDN for the live loader."""

from __future__ import annotations

import hashlib
import queue
import threading
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Final

from chatkit_doctor.runtime.runtime import CDN_HOST, LOADER_URL, defines_component, frame_builds
from chatkit_doctor.version import __version__

LIMIT_S: Final = 3.0
"""How long the CDN may take to hand over the whole loader, name resolution included."""
MAX_LOADER_BYTES: Final = 4 * 1024 * 1024
"""Bytes read of the loader (26 KB in June 2026)."""


@dataclass(frozen=True, slots=True)
class LiveLoader:
    """The loader the CDN serves at this moment."""

    sha256: str
    frame_build: str


def probe(url: str = LOADER_URL, *, limit_s: float = LIMIT_S) -> LiveLoader | str:
    """The live loader, or in a few words why it is not available. Takes ``limit_s`` seconds at most."""
    answers: queue.SimpleQueue[LiveLoader | str] = queue.SimpleQueue()
    # A thread, because neither name resolution nor a body that trickles obeys a socket's time limit; a
    # daemon, because the process must not wait for it at its end.
    threading.Thread(target=lambda: answers.put(_fetch(url, limit_s)), name="cdn-probe", daemon=True).start()
    try:
        return answers.get(timeout=limit_s)
    except queue.Empty:
        return f"{CDN_HOST} did not answer within {limit_s:g} s"


def _fetch(url: str, limit_s: float) -> LiveLoader | str:
    request = urllib.request.Request(  # noqa: S310 - a constant https URL
        url, headers={"User-Agent": f"Mozilla/5.0 (compatible; chatkit-doctor/{__version__})"}
    )
    try:
        with urllib.request.urlopen(request, timeout=limit_s) as response:  # noqa: S310
            body: bytes = response.read(MAX_LOADER_BYTES)
    except urllib.error.HTTPError as error:
        return f"{CDN_HOST} answered with status {error.code}"
    except OSError as error:
        reason = error.reason if isinstance(error, urllib.error.URLError) else error
        return f"{CDN_HOST} cannot be reached ({_in_words(reason)})"
    except Exception as error:  # noqa: BLE001 - http.client has errors of its own; none may leave the thread
        return f"{CDN_HOST} sent an invalid response ({type(error).__name__})"
    text = body.decode("utf-8", "replace")
    builds = frame_builds(text)
    if not defines_component(text) or not builds:
        return f"{CDN_HOST} answered with something that is not chatkit.js"
    return LiveLoader(hashlib.sha256(body).hexdigest(), builds[0])


def _in_words(reason: object) -> str:
    if isinstance(reason, OSError):
        return reason.strerror or str(reason) or type(reason).__name__
    return str(reason)
