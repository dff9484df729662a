"""``make examples``: installs, builds and serves every variant, and prints what ``check`` makes of it."""

from __future__ import annotations

import argparse
import sys
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.table import Table

from examples.runner.building import NotBuiltError, built
from examples.runner.checking import Checked, check
from examples.runner.serving import backend
from examples.runner.variants import VARIANTS

_WIDTH: Final = 160
"""Columns of the table at least, wherever it is written to."""


def main() -> int:
    """Exit code 0: everything was as it should be; 1: something was not; 2: it could not be tried."""
    parser = argparse.ArgumentParser(prog="make examples")
    parser.add_argument("names", nargs="*", default=["*"], help="patterns, such as next/* or react/1.5.0/*")
    parser.add_argument(
        "--runtime", action="append", help="which component; repeatable; reference by default"
    )
    parser.add_argument(
        "--output", type=Path, default=Path("reports/examples"), help="where the reports are written"
    )
    asked = parser.parse_args()
    console = Console(highlight=False)
    console.width = max(console.width, _WIDTH)
    chosen = [each for each in VARIANTS if any(fnmatchcase(each.name, name) for name in asked.names)]
    if not chosen:
        console.print("None of the variants is called so. There are:")
        console.print("\n".join(each.name for each in VARIANTS))
        return 2
    try:
        pages = built("react") if any(each.app == "react" for each in chosen) else None
    except NotBuiltError as error:
        console.print(str(error), markup=False)
        return 2
    results: list[tuple[str, Checked]] = []
    with backend(pages) as url:
        for runtime in asked.runtime or ["reference"]:
            for variant in chosen:
                result = check(variant, url, runtime, asked.output / variant.name)
                mark = "as it should be" if result.is_as_it_should_be else "NOT as it should be"
                console.print(f"{runtime} {variant.name}: {mark}")
                results.append((runtime, result))
    console.print(_table(results))
    return 0 if all(result.is_as_it_should_be for _, result in results) else 1


def _table(results: list[tuple[str, Checked]]) -> Table:
    table = Table("runtime", "variant", "verdict", "causes", "proven", "symptoms", "on screen")
    for runtime, result in results:
        table.add_row(
            runtime,
            result.variant.name,
            result.verdict,
            ", ".join(result.causes),
            "yes" if result.is_proven else "",
            ", ".join(dict.fromkeys(result.symptoms)),
            str(len(result.shown)),
        )
    return table


if __name__ == "__main__":
    sys.exit(main())
