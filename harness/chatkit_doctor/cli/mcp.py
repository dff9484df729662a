"""``chatkit-doctor mcp``: check, lint and explain for an assistant that fixes code."""

from __future__ import annotations

import sys
from functools import partial

from chatkit_doctor.cli import standard_streams
from chatkit_doctor.cli.options import REPORTS, OutputOption


def mcp(output: OutputOption = REPORTS) -> int:
    """Serve check, lint and explain over the Model Context Protocol, for an assistant that starts this.

    It speaks on standard input and output. Nothing is changed but for the messages that check and lint send,
    and the reports that they write.
    """
    from chatkit_doctor.mcp_server.available import require_sdk

    require_sdk()
    from chatkit_doctor.cli.process import carried_out
    from chatkit_doctor.mcp_server.server import serve

    # JSON is no command to GitHub's runner: only the client reads it.
    sys.stdout = standard_streams.commands(sys.stdout)
    if sys.stdin is not None and sys.stdin.isatty():
        print(
            "An assistant starts this command and talks to it in JSON; press Ctrl-C to stop it.",
            file=sys.stderr,
        )
    carried_out(partial(serve, output))
    return 0
