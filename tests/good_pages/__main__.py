"""Looks at pages and backends with nothing wrong about them, and tells of each that is found fault with.

    python -m tests.good_pages --runs 3 --runtime snapshot
    python -m tests.good_pages 'backend/*' 'page/dialog'

Each is examined as by ``check URL``, on the component in a browser. One line for each page and run; exit
code 1 if any does not pass, or has a symptom or a cause. A warning is told and no more: catalogued pages have
oddities that the component bears.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path

from chatkit_doctor.browser.fresh import fresh_context
from chatkit_doctor.browser.visitor import Visitor
from chatkit_doctor.diagnosis.diagnosis import Diagnosis
from chatkit_doctor.engine.engine import carry_out
from chatkit_doctor.engine.events import SessionJudged, SessionStarted
from chatkit_doctor.engine.plan import Plan
from chatkit_doctor.vocabulary import Verdict
from tests.good_pages.good_page import GoodPage
from tests.good_pages.served import good_pages


@dataclass(slots=True)
class Looked:
    """What was found in all runs."""

    passed: int = 0
    wrong: list[str] = field(default_factory=list)
    """The lines of those that were found fault with."""

    def line(self, run: int, name: str, diagnosis: Diagnosis, took_s: float) -> str:
        """Count an answer, and tell it."""
        warned = ", ".join(sorted(cause.id for cause in diagnosis.warnings))
        told = f"run {run}  {took_s:5.1f} s  {name}"
        if is_unblamed(diagnosis):
            self.passed += 1
            return f"PASS  {told}{f'  (warned of: {warned})' if warned else ''}"
        symptoms = ", ".join(sorted(symptom.id for symptom in diagnosis.symptoms)) or diagnosis.reason
        cause = diagnosis.cause.id if diagnosis.cause is not None else "no cause"
        self.wrong.append(f"{diagnosis.verdict.upper()}  {told}: {symptoms or 'no symptom'}; {cause}")
        return self.wrong[-1]


def is_unblamed(diagnosis: Diagnosis) -> bool:
    """Whether nothing was found fault with."""
    blamed = (*diagnosis.symptoms, *diagnosis.causes, *diagnosis.contributing)
    return diagnosis.verdict is Verdict.PASS and not blamed and diagnosis.cause is None


async def look(pages: Sequence[GoodPage], run: int, runtime: str, workers: int, folder: Path) -> Looked:
    """One session on each page."""
    looked = Looked()
    drives = tuple(page.drive(f"{run}/{number}") for number, page in enumerate(pages))
    browser = fresh_context(Visitor())
    plan = Plan("good-pages", drives, folder, runtime=runtime, browser=browser, workers=workers)
    begun: dict[int, float] = {}
    async for event in carry_out(plan):
        if isinstance(event, SessionStarted):
            begun[event.session.index] = time.perf_counter()
        elif isinstance(event, SessionJudged):
            took_s = time.perf_counter() - begun[event.session.index]
            print(
                looked.line(run, event.session.name, event.judgement.diagnosis, took_s),
                flush=True,
            )
    return looked


def main() -> int:
    """What is typed; 1 if anything was found fault with, or was not looked at."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.good_pages", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("names", nargs="*", default=["*"], help="patterns, such as 'backend/*'")
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--runtime", choices=("reference", "snapshot"), default="reference")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--output", type=Path, help="where recordings stay; by default none does")
    typed = parser.parse_args()

    def wanted(name: str) -> bool:
        return any(fnmatchcase(name, pattern) for pattern in typed.names)

    total, missed = Looked(), 0
    with tempfile.TemporaryDirectory(prefix="chatkit-doctor-good-pages-") as folder:
        for run in range(1, typed.runs + 1):
            # Served anew each time: what a backend has stored is that of one run.
            with good_pages(typed.runtime, wanted) as pages:
                place = typed.output or Path(folder)
                looked = asyncio.run(look(pages, run, typed.runtime, typed.workers, place))
                missed += len(pages) - looked.passed - len(looked.wrong)
            total.passed += looked.passed
            total.wrong += looked.wrong
    print(f"\n{typed.runtime}: {total.passed} passed, {len(total.wrong)} were found fault with", flush=True)
    print("\n".join(total.wrong))
    if missed:
        print(f"{missed} were not looked at")
    return 1 if total.wrong or missed or not total.passed else 0


if __name__ == "__main__":
    sys.exit(main())
