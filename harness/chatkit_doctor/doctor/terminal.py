"""What is here, as it is read in a terminal; what to do next comes last, where it is seen first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from rich.console import Console
from rich.text import Text

from chatkit_doctor.doctor.model import BrowserModel, MachineModel, RuntimeModel
from chatkit_doctor.report.lines import block, safe
from chatkit_doctor.safe_text import one_line

_MAX_TEXT: Final = 600
"""Characters of one text, a path among them."""


def print_machine(machine: MachineModel, console: Console) -> None:
    """Print what was found. Each item is one line, so that a path can be copied and searched for."""
    head = Text(
        "READY" if machine.ready else "NOT READY", style="bold green" if machine.ready else "bold red"
    )
    head.append(f"  chatkit-doctor {machine.tool}", style="bold")
    console.print(head)
    console.print()
    _lines(console, "Python", [f"{machine.python}, {machine.interpreter}"])
    _lines(console, "Packages", [f"{name} {it or 'is not here'}" for name, it in machine.packages.items()])
    _lines(console, "Browsers", map(_browser, machine.browsers))
    _lines(console, "Runtimes", map(_runtime, machine.runtimes))
    _lines(console, "Reports", [machine.reports])
    _lines(console, "Caches", [machine.snapshots])
    _lines(console, "Missing", _missing(machine))
    console.print()
    line = Text("NEXT: ", style="bold").append_text(_safe(console, machine.next))
    console.print(line, soft_wrap=True)


def _lines(console: Console, label: str, texts: Iterable[str]) -> None:
    lines = [_safe(console, text) for text in texts]
    block(console, label, lines or [Text("none")], wrap=False)


def _safe(console: Console, text: str) -> Text:
    return safe(console, one_line(text, _MAX_TEXT))


def _browser(browser: BrowserModel) -> str:
    named = browser.kind if browser.kind == browser.channel else f"{browser.kind} ({browser.channel})"
    return f"{_mark(chosen=browser.chosen)} {named}: {browser.version or 'does not start'}, {browser.path}"


def _runtime(runtime: RuntimeModel) -> str:
    told = runtime.problem
    if not told:
        told = f"frame build {runtime.frame_build}, loader {runtime.loader_sha256[:12]}"
    if runtime.imported_at:
        told += f", imported on {runtime.imported_at[:10]}"
    if runtime.missing_chunks:
        told += f", {runtime.missing_chunks:,} chunks are missing"
    return f"{_mark(chosen=runtime.chosen)} {runtime.name}: {told}"


def _mark(*, chosen: bool) -> str:
    """What a check takes is marked."""
    return "*" if chosen else "-"


def _missing(machine: MachineModel) -> Iterator[str]:
    for each in machine.missing:
        yield f"{each.what}. {each.hint}" if each.needed else f"{each.what} (not needed). {each.hint}"
    if not machine.missing:
        yield "nothing"
