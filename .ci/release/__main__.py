"""``make release``: builds what a release consists of, and checks it. It uploads nothing.

What comes first costs least: a tree with changes or a version without its section in the changelog is refused
before anything is built.
"""

from __future__ import annotations

import argparse
import datetime as dt
import re
import runpy
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

_SECTION: Final = re.compile(r"^## (\S+)(?: - (\S+))?\s*$", re.MULTILINE)
_PACKAGE: Final = "chatkit_doctor"


def main() -> int:
    """Build and check; exit code 1 and a line for each thing that is not right."""
    parser = argparse.ArgumentParser(prog="make release", description="Builds and checks a release.")
    parser.add_argument("--root", type=Path, default=Path(__file__).parents[2], help="the checkout")
    parser.add_argument("--only-ready", action="store_true", help="do not build: is it ready to be built?")
    options = parser.parse_args()
    root: Path = options.root
    version = version_of(root)
    problems = [*changes(root), *unwritten(root, version)]
    if not problems and not options.only_ready:
        problems += built(root, version)
    for problem in problems:
        sys.stderr.write(f"Not ready: {problem}\n")
    if not problems:
        sys.stdout.write(
            f"{version} is ready. Next:\n" + "".join(f"    {line}\n" for line in upload(version))
        )
    return 1 if problems else 0


def version_of(root: Path) -> str:
    """The version that is released."""
    version: str = runpy.run_path(str(root / "harness" / _PACKAGE / "version.py"))["__version__"]
    return version


def changes(root: Path) -> Iterator[str]:
    """What is not committed."""
    done = subprocess.run(
        ["git", "status", "--porcelain"], cwd=root, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        yield f"git does not know the tree: {done.stderr.strip()}"
    for line in done.stdout.splitlines():
        yield f"not committed: {line[3:]}"


def unwritten(root: Path, version: str) -> Iterator[str]:
    """What the changelog lacks: its first section is that of the version, with the day of its release."""
    text = (root / "docs" / "changelog.md").read_text(encoding="utf-8")
    found = _SECTION.search(text)
    name, day = found.groups() if found else ("", None)
    if name != version:
        yield f"docs/changelog.md begins with {name or 'no section'}, and the version is {version}"
    elif day is None:
        yield f"docs/changelog.md says no day: ## {version} - {dt.datetime.now(dt.UTC):%Y-%m-%d}"
    else:
        try:
            dt.date.fromisoformat(day)
        except ValueError:
            yield f"docs/changelog.md: {day} is no day such as 2026-12-01"


def built(root: Path, version: str) -> Iterator[str]:
    """What is wrong with the distributions, which are made anew."""
    dist = root / "dist"
    shutil.rmtree(dist, ignore_errors=True)
    yield from _failed(root, "build", "--no-isolation", "--outdir", str(dist), str(root))
    files = sorted(dist.glob("*")) if dist.is_dir() else []
    if len(files) == 2:
        yield from _failed(root, "twine", "check", "--strict", *map(str, files))
    for wheel in dist.glob("*.whl"):
        with zipfile.ZipFile(wheel) as opened:
            yield from strange(opened.namelist(), version)


def _failed(root: Path, module: str, *arguments: str) -> Iterator[str]:
    command = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(
        command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    if done.returncode != 0:
        yield f"{module} says:\n{done.stdout}"


def strange(names: list[str], version: str) -> Iterator[str]:
    """What does not belong into the wheel, or is missing there."""
    top = {name.partition("/")[0] for name in names}
    for name in sorted(top - {_PACKAGE, f"{_PACKAGE}-{version}.dist-info"}):
        yield f"the wheel has {name}"
    for name in names:
        if {"docs", "tests", "node_modules", "__pycache__"} & set(name.split("/")):
            yield f"the wheel has {name}"
    for name in (f"{_PACKAGE}/py.typed", f"{_PACKAGE}/_static/host/page.js"):
        if name not in names:
            yield f"the wheel lacks {name}"


def upload(version: str) -> list[str]:
    """What is left to do."""
    return [f"git tag v{version}", f"git push origin v{version}", "python -m twine upload dist/*"]


if __name__ == "__main__":
    sys.exit(main())
