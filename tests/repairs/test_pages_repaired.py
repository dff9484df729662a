"""Faults of a page are undone in its set-up, and nothing else of it is changed."""

from __future__ import annotations

from typing import Any

import pytest

from chatkit_doctor.repairs.registry import REPAIRS
from chatkit_doctor.scenario.page import PageSetup
from chatkit_doctor.scenario.steps import CallMethod, Reload, Send, Step

GOOD = PageSetup()
OWN: dict[str, Any] = {
    "headers": {"x-app": "demo"},
    "client_tool": "answers",
    "remember_thread": True,
    "options": {"theme": "dark"},
}
"""What a page may do of its own, without a fault."""
CSP = "content-security-policy"
COEP = "cross-origin-embedder-policy"
OF_PAGES = [cause for cause, repair in REPAIRS.items() if repair.page is not None]

FAULTS: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("script-not-loaded", {"script": {"load": "never"}}, {}),
    ("script-not-loaded", {"script": {"load": "late", "src": "/chat.js"}}, {"script": {"load": "late"}}),
    ("options-never-set", {"set_options": "never"}, {}),
    ("options-never-set", {"set_options": "immediately"}, {}),
    ("invalid-options", {"options": {"api": None}}, {"options": {}}),
    ("container-not-visible", {"style": "height: 0"}, {}),
    ("container-not-visible", {"overlay": "position: fixed; inset: 0"}, {}),
    ("container-not-visible", {"reaction": {"to": "ready", "do": "hide"}}, {}),
    ("insecure-context", {"served": "http"}, {"served": "https"}),
    ("element-remounted", {"reaction": {"to": "ready", "do": "remount"}}, {}),
    ("element-remounted", {"reaction": {"to": "ready", "do": "remove"}}, {}),
    ("app-reset-thread", {"reaction": {"to": "ready", "do": "reset-thread"}}, {}),
    ("client-tool-unhandled", {"client_tool": "hangs"}, {"client_tool": "answers"}),
    ("thread-not-restored", {"remember_thread": False}, {"remember_thread": True}),
    ("frame-load-failed", {"component": "bundle-missing"}, {}),
    ("frame-asset-missing", {"component": "parts-missing"}, {}),
    ("domain-not-verified", {"domain_check": "refused"}, {}),
    ("domain-check-unreachable", {"domain_check": "filtered"}, {}),
    ("frame-blocked-by-csp", {"headers": {COEP: "require-corp"}}, {"headers": {}}),
    *(
        (cause, {"fetch": "throws"}, {"fetch": "passes-through"})
        for cause in OF_PAGES
        if cause.startswith("fetch-") or cause == "request-rewritten"
    ),
]


def repaired(cause: str, page: PageSetup) -> PageSetup:
    repair = REPAIRS[cause].page
    assert repair is not None
    return repair(page)


@pytest.mark.parametrize(("cause", "faulty", "right"), FAULTS)
def test_a_fault_is_undone_and_nothing_else(
    cause: str, faulty: dict[str, Any], right: dict[str, Any]
) -> None:
    page = PageSetup.model_validate({**OWN, **faulty})
    usual = {name: getattr(GOOD, name) for name in faulty}
    assert repaired(cause, page) == PageSetup.model_validate({**OWN, **usual, **right})


@pytest.mark.parametrize(("cause", "faulty"), [(cause, faulty) for cause, faulty, _ in FAULTS])
def test_what_is_repaired_stays_as_it_is(cause: str, faulty: dict[str, Any]) -> None:
    once = repaired(cause, PageSetup.model_validate(faulty))
    assert repaired(cause, once) == once


def test_every_repair_of_a_page_is_tried_here() -> None:
    policies = {"script-blocked-by-csp", "connect-blocked-by-csp"}
    assert set(OF_PAGES) == {cause for cause, _, _ in FAULTS} | policies


@pytest.mark.parametrize(
    ("cause", "action"), [("element-remounted", "hide"), ("app-reset-thread", "remount")]
)
def test_what_a_page_does_otherwise_is_left_to_it(cause: str, action: str) -> None:
    page = PageSetup.model_validate({"reaction": {"to": "ready", "do": action}})
    assert repaired(cause, page) == page


def test_calls_that_can_empty_the_view_are_left_out_of_the_steps() -> None:
    repair = REPAIRS["app-reset-thread"].steps
    assert repair is not None
    steps: list[Step] = [
        Send(text="Hello"),
        CallMethod(method="setThreadId", args=[None]),
        CallMethod(method="fetchUpdates"),
        CallMethod(method="focusComposer"),
        Reload(),
    ]
    assert repair(steps) == [steps[0], *steps[3:]]


@pytest.mark.parametrize(
    ("cause", "policy", "loosened"),
    [
        ("script-blocked-by-csp", "script-src 'self'", "script-src 'self'; script-src-elem 'self' *"),
        ("script-blocked-by-csp", "default-src 'none'", "default-src 'none'; script-src-elem *"),
        (
            "script-blocked-by-csp",
            "script-src-elem 'strict-dynamic' 'nonce-1'; img-src a.example",
            "img-src a.example; script-src-elem 'nonce-1' *",
        ),
        ("frame-blocked-by-csp", "child-src a.example", "child-src a.example; frame-src a.example *"),
        ("frame-blocked-by-csp", "Frame-Src 'self'", "frame-src 'self' *"),
        ("connect-blocked-by-csp", "connect-src a.example", "connect-src a.example *"),
        ("connect-blocked-by-csp", "img-src 'self'", "img-src 'self'"),
        (
            "connect-blocked-by-csp",
            "connect-src 'self', default-src 'none'",
            "connect-src 'self' *, default-src 'none'; connect-src *",
        ),
    ],
)
def test_only_the_directive_that_refuses_is_loosened(cause: str, policy: str, loosened: str) -> None:
    """Which one decides is CSP3, 6.8.3; of two policies both have to allow an address."""
    page = PageSetup(headers={CSP: policy, "x-app": "demo"})
    assert repaired(cause, page) == PageSetup(headers={CSP: loosened, "x-app": "demo"})


def test_a_policy_that_only_reports_is_left_as_it_is() -> None:
    page = PageSetup(headers={f"{CSP}-report-only": "frame-src 'none'"})
    assert repaired("frame-blocked-by-csp", page) == page
