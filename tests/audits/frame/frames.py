"""The component's frame and what it loads."""

from __future__ import annotations

from tests.recordings import Made, entry

CDN = "https://cdn.platform.openai.com"


def document(t: float = 40, *, status: int | None = 200, error: str = "", url: str = "") -> Made:
    """The frame's own document."""
    where = url or f"{CDN}/deployments/chatkit/index-abc123.html"
    return entry(t, "frame", "frame.document", url=where, status=status, error=error)


def asset(
    name: str, t: float = 50, *, status: int | None = 200, error: str = "", kind: str = "script"
) -> Made:
    """A script or style of the frame."""
    url = f"{CDN}/assets/ck1/{name}"
    return entry(t, "frame", "frame.asset", url=url, status=status, error=error, type=kind)


def check(*, status: int | None = 200, body: str | None = None, error: str = "") -> Made:
    """The component's check of the page's domain."""
    url = "https://api.openai.com/v1/chatkit/domain_keys/verify"
    return entry(60, "frame", "frame.request", url=url, status=status, error=error, noise=False, body=body)


def refusal() -> Made:
    """The component's report that the domain is not allowed."""
    error = {"name": "IntegrationError", "message": "Domain verification failed for https://app.example"}
    return entry(70, "component", "component.event", name="error", detail={"error": error})


def breakdown() -> Made:
    """The component's report that the check could not be made."""
    error = {"name": "DomainVerificationRequestError", "message": "Failed to fetch"}
    return entry(70, "component", "component.event", name="error", detail={"error": error})
