"""Console lines of the page and of the component's frame, with telemetry noise marked as such."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

from playwright.async_api import ConsoleMessage

from chatkit_doctor.gather.observed_page import ObservedPage
from chatkit_doctor.recording.entries import ComponentConsole

NOISE_HOSTS: Final = (
    "chatgpt.com",
    "mixpanel.com",
    "datadoghq.com",
    "browser-intake-datadoghq.com",
    "statsigapi.net",
)
"""Telemetry of the component: its failures are harmless (measured; failure-mode research)."""

_NOISE: Final = (
    re.compile(r"\[Statsig\]|Unable to access localStorage|^Failed to fetch$"),
    re.compile(r"favicon|apple-touch-icon"),
)


def is_noise_url(url: str) -> bool:
    """Whether a URL is telemetry or decoration that no chat depends on."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False  # A script may call itself what it likes (sourceURL).
    host = parts.hostname or ""
    return (
        any(host == noise or host.endswith(f".{noise}") for noise in NOISE_HOSTS) or "favicon" in parts.path
    )


class ConsoleGatherer:
    """Writes ``component.console``."""

    async def attach(self, observed: ObservedPage) -> None:
        def heard(message: ConsoleMessage) -> None:
            location = message.location
            url = str(location.get("url", ""))
            text = message.text
            noise = any(pattern.search(text) for pattern in _NOISE) or is_noise_url(url)
            # A failed load is a fact of the network layers, which know which request it was.
            noise = noise or text.startswith("Failed to load resource")
            observed.journal.add(
                ComponentConsole(
                    level=message.type,
                    text=text,
                    where="component" if url.startswith(observed.cdn_origin) else "page",
                    url=url,
                    noise=noise,
                )
            )

        observed.page.on("console", heard)

    async def finish(self, observed: ObservedPage) -> None:
        """Nothing is left open."""
