"""Options for a person's own page: how the chat is come to, in which window, and logged in by what."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Annotated

import typer

from chatkit_doctor.cli.groups import OptionGroup
from chatkit_doctor.errors import UsageError

if TYPE_CHECKING:
    from chatkit_doctor.browser.visitor import Visitor


@dataclass(frozen=True, slots=True)
class PageOptions(OptionGroup):
    """How a person's own page is looked at."""

    click: Annotated[
        list[str] | None,
        typer.Option("--click", help="Your page: a selector of what opens the chat. Repeatable, in order."),
    ] = None
    send: Annotated[
        bool, typer.Option("--send/--no-send", help="Your page: --no-send only loads it and looks.")
    ] = True
    reload: Annotated[
        bool, typer.Option("--reload/--no-reload", help="Your page: reload it, and send once more.")
    ] = True
    device: Annotated[
        str | None, typer.Option("--device", help="Your page: as on a device, such as 'iPhone 15'.")
    ] = None
    viewport: Annotated[
        str | None, typer.Option("--viewport", help="Your page: WIDTHxHEIGHT in CSS pixels; 1280x720.")
    ] = None
    slow_mo: Annotated[
        float, typer.Option("--slow-mo", min=0, help="Your page: ms to wait after each action.")
    ] = 0
    ignore_https_errors: Annotated[
        bool,
        typer.Option("--ignore-https-errors", help="Your page: accept any certificate."),
    ] = False

    @property
    def given(self) -> dict[str, object]:
        """What of these was asked for, by the options' names."""
        return {
            f"--{'' if value is not False else 'no-'}{field.name.replace('_', '-')}": value
            for field in fields(self)
            if (value := getattr(self, field.name)) != field.default
        }

    def visitor(self) -> Visitor:
        """Who comes to the page. Raises UsageError for what makes no sense."""
        from chatkit_doctor.browser.visitor import Visitor

        return Visitor(
            device=self.device or "",
            viewport=None if self.viewport is None else _size(self.viewport),
            ignore_https_errors=self.ignore_https_errors,
        )


def _size(text: str) -> tuple[int, int]:
    match = re.fullmatch(r"\s*(\d{2,5})\s*[xX,]\s*(\d{2,5})\s*", text)
    if match is None:
        raise UsageError("a viewport is written as WIDTHxHEIGHT", where=f"--viewport {text}")
    return int(match[1]), int(match[2])
