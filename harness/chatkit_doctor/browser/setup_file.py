"""A user's own steps before a page is examined: ``async def setup(page)`` in a Python file."""

from __future__ import annotations

import importlib.util
import inspect
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Final

from chatkit_doctor.errors import UsageError

if TYPE_CHECKING:
    from chatkit_doctor.browser.target import Setup

NAME: Final = "setup"
_HINT: Final = "Write `async def setup(page): …`; page is a Page of Playwright's async API."


def load_setup(path: Path) -> Setup:
    """The function of a file. Raises UsageError when there is none, or the file does not run."""
    where = f"--setup {path}"
    if not path.is_file():
        raise UsageError("no such file", where=where, hint=_HINT)
    spec = importlib.util.spec_from_file_location("chatkit_doctor_setup", path)
    if spec is None or spec.loader is None:
        raise UsageError("this is not a Python file", where=where, hint=_HINT)
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise UsageError(f"the file does not run: {_failure(error, str(path))}", where=where) from error
    setup = getattr(module, NAME, None)
    if not inspect.iscoroutinefunction(setup):
        raise UsageError("this file has no `async def setup(page)`", where=where, hint=_HINT)
    return setup


def failure(error: Exception, setup: Setup) -> str:
    """What a setup raised, and in which line of its file."""
    code = getattr(setup, "__code__", None)
    return _failure(error, "" if code is None else code.co_filename)


def _failure(error: Exception, file: str) -> str:
    text = str(error).strip().splitlines()
    said = f"{type(error).__name__}{f': {text[0]}' if text else ''}"
    frames = [each for each in traceback.extract_tb(error.__traceback__) if each.filename == file]
    return f"{said} (line {frames[-1].lineno})" if frames else said
