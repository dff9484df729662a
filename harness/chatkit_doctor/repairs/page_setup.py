"""Faults in how a page sets the component up: its script, options, container, address and client tools."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from chatkit_doctor.repairs.repair import Repair, RepairPage
from chatkit_doctor.scenario.page import PageSetup, ScriptTag
from chatkit_doctor.scenario.steps import CallMethod, Step

_STANDARD: Final = PageSetup()
_RESETTING: Final = frozenset({"setThreadId", "fetchUpdates"})
"""Methods with which a page can empty the view."""


def _changed(page: PageSetup, **update: object) -> PageSetup:
    """The page with other values, checked like those of a scenario file."""
    return PageSetup.model_validate({**dict(page), **update})


def _with_script(page: PageSetup) -> PageSetup:
    if page.script.load != "never" and not page.script.src:
        return page
    load = "early" if page.script.load == "never" else page.script.load
    script = ScriptTag.model_validate({**dict(page.script), "load": load, "src": ""})
    return _changed(page, script=script)


def _with_options_set(page: PageSetup) -> PageSetup:
    return _changed(page, set_options="when-defined")


def _with_standard_options(page: PageSetup) -> PageSetup:
    return _changed(page, options={})


def _shown(page: PageSetup) -> PageSetup:
    reaction = page.reaction
    if reaction is not None and reaction.do == "hide":
        reaction = None
    return _changed(page, style=_STANDARD.style, overlay="", reaction=reaction)


def _secure(page: PageSetup) -> PageSetup:
    return _changed(page, served="https") if page.served == "http" else page


def _without_reaction(*actions: str) -> RepairPage:
    """Takes away what the page does of its own when it learns of the component."""

    def repair(page: PageSetup) -> PageSetup:
        reaction = page.reaction
        return _changed(page, reaction=None) if reaction is not None and reaction.do in actions else page

    return repair


def _without_resets(steps: Sequence[Step]) -> Sequence[Step]:
    """The steps without the calls of the page that can empty the view."""
    return [step for step in steps if not (isinstance(step, CallMethod) and step.method in _RESETTING)]


def _answering_tools(page: PageSetup) -> PageSetup:
    return _changed(page, client_tool="answers")


def _remembering(page: PageSetup) -> PageSetup:
    return _changed(page, remember_thread=True)


REPAIRS: Final = (
    Repair("script-not-loaded", "loads chatkit.js from its official URL.", page=_with_script),
    Repair(
        "options-never-set",
        "calls `setOptions` once the element is defined.",
        page=_with_options_set,
    ),
    Repair(
        "invalid-options",
        "removes all options except the API URL.",
        page=_with_standard_options,
    ),
    Repair(
        "container-not-visible",
        "gives the container a size, and removes whatever hides or covers it.",
        page=_shown,
    ),
    Repair("insecure-context", "serves the page over https.", page=_secure),
    Repair(
        "element-remounted",
        "keeps the element in place.",
        page=_without_reaction("remount", "move", "remove"),
    ),
    Repair(
        "app-reset-thread",
        "stops the page from starting a new thread or re-reading the old one.",
        page=_without_reaction("reset-thread", "fetch-updates"),
        steps=_without_resets,
    ),
    Repair(
        "client-tool-unhandled",
        "gives the page an `onClientTool` that answers every call.",
        page=_answering_tools,
    ),
    Repair(
        "thread-not-restored",
        "makes the page save the thread's id and pass it as `initialThread` after a reload.",
        page=_remembering,
    ),
)
"""The repairs of this module; none of them depends on another."""
