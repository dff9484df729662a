"""Whether the SDK for the protocol is installed: it is an extra of the package."""

from __future__ import annotations

from typing import Final

from chatkit_doctor.errors import UsageError

INSTALL: Final = "pip install 'chatkit-doctor[mcp]'"


def require_sdk() -> None:
    """Raises UsageError, with the command to run, if the SDK is missing or older than version 2."""
    try:
        import mcp.server.mcpserver  # noqa: F401
    except ImportError as error:
        raise UsageError(
            "the Python SDK of the Model Context Protocol is not installed, or is older than version 2",
            where="mcp",
            hint=f"Type: {INSTALL}",
        ) from error
