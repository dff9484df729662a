"""Which application the chat talks to: CHAT_VARIANT=broken takes the one that was written by hand."""

from __future__ import annotations

import importlib
import os

import pytest
from fastapi import FastAPI


@pytest.fixture
def chatkit_backend() -> FastAPI:
    """A new application for each test, served on a free port."""
    broken = os.environ.get("CHAT_VARIANT") == "broken"
    application: FastAPI = importlib.import_module("broken_app" if broken else "chat_app").made()
    return application
