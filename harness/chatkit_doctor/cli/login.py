"""``chatkit-doctor login URL --save FILE``: log in by hand, for ``check URL --storage-state FILE``."""

from __future__ import annotations

import asyncio
import sys
import threading
from pathlib import Path
from typing import Annotated, Final

import typer

from chatkit_doctor.cli.options import ChannelOption
from chatkit_doctor.cli.output import say
from chatkit_doctor.errors import Interrupted

WITHOUT_A_DISPLAY: Final = (
    "Log in on a machine that has a display and copy the file here, or use check --setup FILE.py."
)


def login(
    url: Annotated[str, typer.Argument(metavar="URL", help="Your page, or its login page.")],
    save: Annotated[Path, typer.Option("--save", help="The file to save the login to.", dir_okay=False)],
    browser_channel: ChannelOption = None,
    ignore_https_errors: Annotated[
        bool, typer.Option("--ignore-https-errors", help="Accept any certificate.")
    ] = False,
) -> int:
    """Open a window, let you log in, and save what the browser keeps of it: cookies and local storage.

    Whoever can read the file is logged in: it is made for you alone (mode 0600).
    """
    from chatkit_doctor.browser.choose import choose_browser
    from chatkit_doctor.browser.login import require_display, save_login
    from chatkit_doctor.cli.process import carried_out
    from chatkit_doctor.client.page_or_endpoint import Kind, find_out

    async def logged_in(*, stop: asyncio.Event) -> None:
        require_display("login", WITHOUT_A_DISPLAY)
        found = await find_out(url, kind=Kind.PAGE, verify=not ignore_https_errors)
        choice = choose_browser(channel=browser_channel, headed=True)
        say(f"Log in at {found.url} in the window, then press Enter here or close the window.")
        done = asyncio.Event()
        _set_at_enter(done)
        saving = asyncio.ensure_future(
            save_login(found.url, save, choice, done, ignore_https_errors=ignore_https_errors)
        )
        stopping = asyncio.ensure_future(stop.wait())
        await asyncio.wait({saving, stopping}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        if not saving.done():
            saving.cancel()
            await asyncio.wait({saving})
            raise Interrupted("stopped: no login was saved")
        saving.result()

    carried_out(logged_in)
    say(f"Saved to {save}. Use it with: chatkit-doctor check URL --storage-state {save}")
    return 0


def _set_at_enter(done: asyncio.Event) -> None:
    """Set an event when someone presses Enter; without a terminal, only the window can say it."""
    if sys.stdin is None or not sys.stdin.isatty():
        return
    loop = asyncio.get_running_loop()

    def wait() -> None:
        sys.stdin.readline()
        loop.call_soon_threadsafe(done.set)

    # A daemon: nobody has to press Enter once the window is closed.
    threading.Thread(target=wait, name="enter", daemon=True).start()
