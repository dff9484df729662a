"""Whether the SDK that speaks the protocol is here: it is an extra of the package."""

from __future__ import annotations

from typing import Final

from chatkit_doctor.errors import UsageError

INSTALL: Final = "pip install 'chatkit-doctor[mcp]'"


def require_sdk() -> None:
    """Raises UsageError, with what to type, where the SDK is missing or older than its version 2."""
    try:
        import mcp.server.mcpserver  # noqa: F401
    except ImportError as error:
        raise UsageError(
            "the Python SDK of the Model Context Protocol is not here, or is older than its version 2",
            where="mcp",
            hint=f"Type: {INSTALL}",
        ) from error
