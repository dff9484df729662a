"""What a session opens: the host's own page for its scenario, or any address."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from chatkit_doctor.conversation.conversation import Conversation
from chatkit_doctor.host.server import Host
from chatkit_doctor.runtime.runtime import LOADER_URL
from chatkit_doctor.scenario.model import Scenario


@dataclass(frozen=True, slots=True)
class HostPage:
    """The page that the host serves for the scenario, with the scenario's backend behind it.

    ``replayed`` is what a backend of kind ``replay`` answers with, in place of what the scenario names.
    """

    replayed: Conversation | None = None


@dataclass(frozen=True, slots=True)
class Address:
    """Any page, by its URL. The component may lie anywhere in it, in nested frames and shadow roots."""

    url: str


Target = HostPage | Address


@contextmanager
def served(target: Target, scenario: Scenario, host: Host, headers: Mapping[str, str]) -> Iterator[str]:
    """The URL to open, which is served for as long as the context lasts if it is the host's."""
    match target:
        case Address(url=url):
            yield url
        case HostPage(replayed=replayed):
            with host.site(scenario, LOADER_URL, headers, replayed) as site:
                yield host.url(site)
