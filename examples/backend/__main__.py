"""``python -m examples.backend``: serves the backends of the examples on loopback."""

from __future__ import annotations

import argparse
import os
import socket
import tempfile
from pathlib import Path

import uvicorn

from examples.backend.app import Settings, backend


def main() -> None:
    """Serve. Says at which URL in one line."""
    parser = argparse.ArgumentParser(prog="python -m examples.backend")
    parser.add_argument("--port", type=int, default=8000, help="0: any that is free")
    parser.add_argument("--folder", type=Path, help="for the databases; by default one that is thrown away")
    parser.add_argument("--pages", type=Path, help="the built page of examples/react")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary, socket.create_server(("127.0.0.1", asked.port)) as own:
        port = int(own.getsockname()[1])
        settings = Settings(
            port=port,
            folder=asked.folder or Path(temporary),
            secret=os.environ.get("CHAT_SECRET", ""),
            pages=asked.pages,
        )
        config = uvicorn.Config(backend(settings), log_level="warning")
        print(f"http://localhost:{port}", flush=True)
        uvicorn.Server(config).run(sockets=[own])


if __name__ == "__main__":
    main()
