"""Pages that open: well, and in the ways they can go wrong."""

from __future__ import annotations

from chatkit_doctor.vocabulary import Layer
from tests.recordings import Made, Part, entry, step

SCRIPT = "https://cdn.platform.openai.com/deployments/chatkit/chatkit.js"


def page(kind: str, t: float, **data: object) -> Made:
    """An entry of the page layer."""
    return entry(t, Layer.PAGE, f"page.{kind}", **data)


def script(state: str, t: float = 20, **data: object) -> Made:
    """What became of chatkit.js."""
    return page("script", t, **{"src": SCRIPT, "state": state, "status": None, "reason": "", **data})


def opening(*parts: Part, secure: bool = True, defined: bool = True, options: bool = True) -> list[Part]:
    """A page that is opened, with its usual life unless told otherwise."""
    life: list[Part] = [
        step(0, "open", index=0, until=500),
        page("document", 5, url="https://app.example/", status=200, headers={}),
    ]
    if defined:
        life += [script("requested", 10), script("loaded", 15, status=200)]
        life += [
            page("element", 20, state="defined", count=1),
            page("element", 21, state="connected", count=1),
        ]
    if options:
        life.append(page("options", 30, options={"api": {"url": "/chatkit", "domainKey": "x"}}, threw=None))
    held = {"elements": 1, "defined": defined, "options_set": int(options), "scripts": [], "frames": 1}
    return [*life, *parts, page("inventory", 490, **held, secure_context=secure, url="https://app.example/")]
