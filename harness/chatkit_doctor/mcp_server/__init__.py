"""``check``, ``lint`` and ``explain`` for assistants that fix code, over the Model Context Protocol (MCP)."""
