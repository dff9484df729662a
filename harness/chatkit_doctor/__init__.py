"""chatkit-doctor: says at which layer a ChatKit message was lost, and why.

``await chatkit_doctor.check("http://localhost:8000/chatkit")`` puts the component in front of a backend;
``chatkit_doctor.sync.check`` does the same without ``await``. Importing the package costs next to nothing:
what it offers is loaded when it is used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from chatkit_doctor import sync
    from chatkit_doctor.api import (
        audit,
        check,
        check_page,
        compare_runtimes,
        lint,
        run,
    )
    from chatkit_doctor.browser.choose import BrowserChoice, choose_browser
    from chatkit_doctor.browser.fresh import FreshContext
    from chatkit_doctor.browser.remote import RemoteBrowser
    from chatkit_doctor.browser.visitor import Cookie, Credentials, Visitor
    from chatkit_doctor.browser.warm import WarmProfile
    from chatkit_doctor.errors import DoctorError
    from chatkit_doctor.live.chosen import Visit
    from chatkit_doctor.live.session import serve
    from chatkit_doctor.report.model import ReportModel, RunModel
    from chatkit_doctor.results import ComparisonResult, RunResult, SessionResult
    from chatkit_doctor.version import __version__
    from chatkit_doctor.vocabulary import Verdict

__all__ = [
    "BrowserChoice",
    "ComparisonResult",
    "Cookie",
    "Credentials",
    "DoctorError",
    "FreshContext",
    "RemoteBrowser",
    "ReportModel",
    "RunModel",
    "RunResult",
    "SessionResult",
    "Verdict",
    "Visit",
    "Visitor",
    "WarmProfile",
    "__version__",
    "audit",
    "check",
    "check_page",
    "choose_browser",
    "compare_runtimes",
    "lint",
    "run",
    "serve",
    "sync",
]

_HOMES: Final = {
    "BrowserChoice": "browser.choose",
    "ComparisonResult": "results",
    "Cookie": "browser.visitor",
    "Credentials": "browser.visitor",
    "DoctorError": "errors",
    "FreshContext": "browser.fresh",
    "RemoteBrowser": "browser.remote",
    "ReportModel": "report.model",
    "RunModel": "report.model",
    "RunResult": "results",
    "SessionResult": "results",
    "Verdict": "vocabulary",
    "Visit": "live.chosen",
    "Visitor": "browser.visitor",
    "WarmProfile": "browser.warm",
    "__version__": "version",
    "audit": "api",
    "check": "api",
    "check_page": "api",
    "choose_browser": "browser.choose",
    "compare_runtimes": "api",
    "lint": "api",
    "run": "api",
    "serve": "live.session",
}


def __getattr__(name: str) -> Any:
    if name == "sync":
        return importlib.import_module(f"{__name__}.sync")
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
