"""Who comes to a user's own page: with which window, and logged in by what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TypedDict

from chatkit_doctor.browser.storage_state import stored_secrets
from chatkit_doctor.errors import UsageError
from chatkit_doctor.recording.redaction import SHORTEST_SECRET, Redactor
from chatkit_doctor.recording.secret_shapes import looks_like_a_credential
from chatkit_doctor.scenario.spelling import nearest

if TYPE_CHECKING:
    from playwright.async_api import HttpCredentials, Playwright, StorageState, ViewportSize

VIEWPORT: Final = (1280, 720)
"""CSS pixels of a window that nothing else is requested: the usual one of Playwright."""


@dataclass(frozen=True, slots=True)
class Cookie:
    """A cookie for the pages below a URL."""

    name: str
    value: str
    url: str


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a browser answers with when the server of an origin asks for a name and a password (HTTP)."""

    username: str
    password: str
    origin: str


@dataclass(frozen=True, slots=True)
class Visitor:
    """What a context is set to for a user's own page.

    ``device`` is one of Playwright's; ``viewport`` is in CSS pixels. ``headers`` are added to the requests to
    some origins and to no others, by origin. ``storage_state`` is what Playwright has saved of a context.
    """

    device: str = ""
    viewport: tuple[int, int] | None = None
    ignore_https_errors: bool = False
    storage_state: StorageState | None = None
    cookies: tuple[Cookie, ...] = ()
    headers: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    credentials: Credentials | None = None

    @property
    def secrets(self) -> tuple[str, ...]:
        """What of it must appear in no artifact, if it can be masked."""
        found = [each.value for each in self.cookies]
        if self.storage_state is not None:
            found += stored_secrets(self.storage_state)
        found = [value for value in found if looks_like_a_credential(value)]
        known = Redactor()
        for headers in self.headers.values():
            known.add_headers(headers)
        found += sorted(known.values)
        if self.credentials is not None and len(self.credentials.password) >= SHORTEST_SECRET:
            found.append(self.credentials.password)
        return tuple(dict.fromkeys(found))

    @property
    def has_size(self) -> bool:
        """Whether they ask for a size of the page, by its name or by that of a device."""
        return bool(self.device) or self.viewport is not None

    def context_options(self, playwright: Playwright) -> ContextOptions:
        """Options for a new context. Raises UsageError for a device that there is not."""
        options: ContextOptions = {"viewport": _size(VIEWPORT)}
        if self.device:
            options = device_options(self.device, playwright)
        if self.viewport is not None:
            options["viewport"] = _size(self.viewport)
        if self.ignore_https_errors:
            options["ignore_https_errors"] = True
        if self.storage_state is not None:
            options["storage_state"] = self.storage_state
        if self.credentials is not None:
            asked = self.credentials
            options["http_credentials"] = {
                "username": asked.username,
                "password": asked.password,
                "origin": asked.origin,
            }
        return options


class ContextOptions(TypedDict, total=False):
    """What of a new context's options differs from one visitor to another."""

    viewport: ViewportSize
    screen: ViewportSize
    user_agent: str
    device_scale_factor: float
    is_mobile: bool
    has_touch: bool
    ignore_https_errors: bool
    storage_state: StorageState
    http_credentials: HttpCredentials


def device_options(name: str, playwright: Playwright) -> ContextOptions:
    """What a device of Playwright's list is made of. Raises UsageError for one that is not in it."""
    device = playwright.devices.get(name)
    if device is None:
        near = nearest(name, playwright.devices)
        hint = f"Did you mean {near!r}?" if near else "For example 'iPhone 15' or 'Desktop Chrome'."
        raise UsageError(f"no such device: {name!r}", where="--device", hint=hint)
    options: ContextOptions = {
        "viewport": device["viewport"],
        "user_agent": device["user_agent"],
        "device_scale_factor": device["device_scale_factor"],
        "is_mobile": device["is_mobile"],
        "has_touch": device["has_touch"],
    }
    if screen := device.get("screen"):
        options["screen"] = screen
    return options


def _size(pixels: tuple[int, int]) -> ViewportSize:
    width, height = pixels
    return {"width": width, "height": height}
