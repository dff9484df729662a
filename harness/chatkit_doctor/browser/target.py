"""What a session opens: the host's own page for its scenario, or any address."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from playwright.async_api import Page

from chatkit_doctor.browser.setup_file import failure
from chatkit_doctor.browser.storage_state import stored_secrets
from chatkit_doctor.conversation.conversation import Conversation
from chatkit_doctor.gather.session_state import BrokeOff
from chatkit_doctor.recording.redaction import Redactor
from chatkit_doctor.recording.secret_shapes import looks_like_a_credential
from chatkit_doctor.runtime.runtime import LOADER_URL
from chatkit_doctor.scenario.model import Scenario

if TYPE_CHECKING:
    from chatkit_doctor.host.server import Host

SETUP_LIMIT_S: Final = 120.0
"""How long a setup may take: someone may have to wait for a mail in it."""
Setup = Callable[[Page], Awaitable[object]]
"""What is done with a tab before a session."""


@dataclass(frozen=True, slots=True)
class HostPage:
    """The page that the host serves for the scenario, with the scenario's backend behind it.

    ``replayed`` is what a backend of kind ``replay`` answers with, in place of what the scenario names.
    ``origin`` is one that the page is opened under in place of the host's own, and ``note`` says why.
    """

    replayed: Conversation | None = None
    origin: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Address:
    """Any page, by its URL. The component may lie anywhere in it, in nested frames and shadow roots.

    ``clicks`` are Playwright's selectors of what opens the chat, in their order, after every load of the page
    that does not show it by itself. ``setup`` is done with the tab before anything is watched, such as a
    login.
    """

    url: str
    clicks: tuple[str, ...] = ()
    setup: Setup | None = None


Target = HostPage | Address


async def prepared(target: Target, page: Page, redactor: Redactor) -> None:
    """Do what is to be done with a tab before anything is watched, and know the secrets that came of it.

    Raises BrokeOff when it fails or takes too long.
    """
    if not isinstance(target, Address) or target.setup is None:
        return
    try:
        async with asyncio.timeout(SETUP_LIMIT_S):
            await target.setup(page)
        for secret in stored_secrets(await page.context.storage_state()):
            if looks_like_a_credential(secret):
                redactor.add(secret)
    except TimeoutError as error:
        raise BrokeOff(f"the setup took longer than {SETUP_LIMIT_S:g} s") from error
    except Exception as error:  # a user's own file: whatever it raises
        raise BrokeOff(f"the setup failed: {failure(error, target.setup)}") from error


@contextmanager
def served(target: Target, scenario: Scenario, host: Host, headers: Mapping[str, str]) -> Iterator[str]:
    """The URL to open, which is served for as long as the context lasts if it is the host's."""
    match target:
        case Address(url=url):
            yield url
        case HostPage(replayed=replayed, origin=origin):
            with host.site(scenario, LOADER_URL, headers, replayed, origin) as site:
                yield host.url(site)
