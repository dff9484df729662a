"""The command line: ``chatkit-doctor VERB``. An error a user can meet is one message and exit code 2."""

from __future__ import annotations

import gc
import sys
from typing import Final

from chatkit_doctor.cli import process, standard_streams
from chatkit_doctor.errors import DoctorError

UNABLE: Final = 2
"""Exit code of a command that could not do what it was requested."""
SWITCH_S: Final = 0.0005
"""How long one thread may go on while another waits, in place of Python's own 5 ms: what imports, judges or
writes in a thread must not hold up what arrives meanwhile, because its time of arrival is a finding."""


def main() -> None:
    """Entry point of the command.

    Exit codes: 0 pass, 1 fail, 2 inconclusive or unable to run; 128 and the signal's number where one stopped
    it, whatever was found until then: 130 for Ctrl-C.
    """
    # The process is the command's own. The API changes nothing that other code in a process could notice.
    sys.setswitchinterval(SWITCH_S)
    standard_streams.prepare()
    process.SIGNALS.install()
    status: object = UNABLE
    try:
        # What takes a while comes after the signals: whoever stops it at once gets a sentence, too.
        from chatkit_doctor.cli.app import app

        app()
    except DoctorError as error:
        _explain(error)
    except OSError as error:
        _explain(
            DoctorError(
                f"the system reports an error: {error.strerror or error}", where=str(error.filename or "")
            )
        )
    except SystemExit as leaving:
        status = leaving.code
    finally:
        # The process is over: looking through all modules for what could be freed would take 0.2 s more.
        gc.freeze()
    process.leave(process.SIGNALS.status or (status if isinstance(status, int) else UNABLE if status else 0))


def _explain(error: DoctorError) -> None:
    from rich.console import Console
    from rich.text import Text

    console = Console(stderr=True)
    head = Text("Error: ", style="bold red")
    head.append(error.headline, style="default")
    console.print(head, soft_wrap=True)
    if error.advice:
        console.print(Text(error.advice), soft_wrap=True)


if __name__ == "__main__":
    main()
