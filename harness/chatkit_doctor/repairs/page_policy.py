"""What the headers of a page keep out: its policy and its isolation, loosened where they refuse."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from chatkit_doctor.repairs.repair import Repair, RepairPage
from chatkit_doctor.scenario.page import PageSetup

POLICY: Final = "content-security-policy"
ISOLATION: Final = "cross-origin-embedder-policy"

_SHUT: Final = frozenset({"'none'", "'strict-dynamic'"})
"""Sources beside which an address that is allowed counts for nothing (CSP3)."""


def _allowing(*directives: str) -> RepairPage:
    """Lets a policy allow every address for what the first directive is about.

    The others are those that stand in for it, in the order in which a browser looks for them (CSP3, 6.8.3).
    """

    def repair(page: PageSetup) -> PageSetup:
        headers = {
            name: _loosened(value, directives) if name.lower() == POLICY else value
            for name, value in page.headers.items()
        }
        return page if headers == page.headers else page.model_copy(update={"headers": headers})

    return repair


def _loosened(policies: str, directives: Sequence[str]) -> str:
    """Each policy of a header, which lists them with commas, with the directive that decides loosened."""
    return ", ".join(_loosened_policy(policy.strip(), directives) for policy in policies.split(","))


def _loosened_policy(policy: str, directives: Sequence[str]) -> str:
    found = [part.split() for part in policy.split(";") if part.strip()]
    known = {name.lower(): sources for name, *sources in reversed(found)}
    decides = next((name for name in directives if name in known), None)
    if decides is None or "*" in known[decides]:
        return policy
    sources = [*(source for source in known[decides] if source not in _SHUT), "*"]
    kept = [part for part in found if part[0].lower() != directives[0]]
    return "; ".join(" ".join(part) for part in [*kept, [directives[0], *sources]])


_allowing_frames = _allowing("frame-src", "child-src", "default-src")


def _with_frame(page: PageSetup) -> PageSetup:
    kept = {name: value for name, value in page.headers.items() if name.lower() != ISOLATION}
    freed = page if kept == page.headers else page.model_copy(update={"headers": kept})
    return _allowing_frames(freed)


REPAIRS: Final = (
    Repair(
        "script-blocked-by-csp",
        "makes the page's policy allow scripts from every origin.",
        page=_allowing("script-src-elem", "script-src", "default-src"),
    ),
    Repair(
        "frame-blocked-by-csp",
        f"makes the page's policy allow frames from every origin, and removes `{ISOLATION}`.",
        page=_with_frame,
    ),
    Repair(
        "connect-blocked-by-csp",
        "makes the page's policy allow requests to every origin.",
        page=_allowing("connect-src", "default-src"),
    ),
)
"""The repairs of this module; none of them depends on another."""
