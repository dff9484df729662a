"""``chatkit-doctor runtime (list | import DIR | pull | compare A B)``: where chatkit.js comes from."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from chatkit_doctor.cli import compare
from chatkit_doctor.cli.groups import with_groups
from chatkit_doctor.cli.options import Format, FormatOption
from chatkit_doctor.cli.output import say
from chatkit_doctor.errors import Interrupted
from chatkit_doctor.runtime.choose import choose
from chatkit_doctor.runtime.importing import Imported, import_snapshot
from chatkit_doctor.runtime.runtime import CDN_ORIGIN, RuntimeName
from chatkit_doctor.runtime.snapshot_index import Snapshot, snapshot_index, snapshots_dir

app = typer.Typer(help="Where chatkit.js comes from.", no_args_is_help=True, rich_markup_mode=None)
app.command("compare")(with_groups(compare.compare))


@app.command("list")
def show(format_: FormatOption = Format.TEXT) -> int:
    """List the component copies on this machine, the newest import first, and the reference component."""
    found = snapshot_index()
    reference = choose(RuntimeName.REFERENCE)
    if format_ is Format.JSON:
        typer.echo(
            json.dumps(
                [_facts(snapshot) for snapshot in found.snapshots] + [reference.info().as_json()],
                indent=2,
            )
        )
        return 0
    table = Table(
        "runtime", "loader", "frame build", "imported", "size", "missing chunks", box=None, pad_edge=False
    )
    for snapshot in found.snapshots:
        facts = _facts(snapshot)
        table.add_row(
            "snapshot",
            Text(snapshot.loader_sha256[:12]),
            Text(snapshot.frame_build),
            snapshot.imported_at,
            f"{snapshot.size / 1e6:.1f} MB",
            str(facts["missing_chunks"]),
        )
    size = sum(file.size for file in reference.files.values())
    table.add_row(
        "reference", reference.loader_sha256[:12], reference.frame_build, "-", f"{size / 1e6:.1f} MB", "-"
    )
    console = Console(highlight=False)
    console.print(table)
    for sentence in found.unusable:
        console.print(Text(f"Not usable: {sentence}"), soft_wrap=True)
    console.print(Text(f"Snapshots are stored in {snapshots_dir()}"), style="dim", soft_wrap=True)
    return 0


@app.command("import")
def take(
    directory: Annotated[
        Path, typer.Argument(help="A folder that contains chatkit.js, its index-*.html and the assets.")
    ],
) -> int:
    """Copy the component in a folder into the user's cache, after checking that its parts belong together."""
    _tell(import_snapshot(directory))
    return 0


@app.command("pull")
def pull(
    origin: Annotated[
        str,
        typer.Option(
            "--from", metavar="ORIGIN", help="Where it is served, if not by OpenAI's CDN: a mirror."
        ),
    ] = CDN_ORIGIN,
) -> int:
    """Copy what the CDN serves now into the user's cache, with all its chunks."""
    from chatkit_doctor.cli.process import carried_out
    from chatkit_doctor.runtime.pulling import pull as pulled

    last = next((each.frame_build for each in snapshot_index().snapshots), None)

    async def copied(*, stop: asyncio.Event) -> Imported:
        work, halt = asyncio.ensure_future(pulled(origin)), asyncio.ensure_future(stop.wait())
        await asyncio.wait({work, halt}, return_when=asyncio.FIRST_COMPLETED)
        halt.cancel()
        if not work.done():
            work.cancel()
            await asyncio.gather(work, return_exceptions=True)
            raise Interrupted("stopped before the component was copied")
        return await work

    imported = carried_out(copied)
    _tell(imported)
    if last is not None:
        is_last = imported.snapshot.frame_build == last
        say(
            "The frame build is that of the last copy."
            if is_last
            else f"The frame build has changed: it was {last}."
        )
    return 0


def _tell(imported: Imported) -> None:
    snapshot = imported.snapshot
    console = Console(highlight=False)
    console.print(
        Text(
            f"Imported frame build {snapshot.frame_build}, loader {snapshot.loader_sha256[:12]}, "
            f"{len(snapshot.files)} files, {snapshot.size / 1e6:.1f} MB"
        ),
        soft_wrap=True,
    )
    if imported.missing:
        examples = ", ".join(imported.examples)
        missing = Text(f"Missing: {imported.missing} files that its code refers to, such as {examples}")
        console.print(missing, soft_wrap=True)
        console.print("A missing chunk is served as an empty module, and the recording says so.")


def _facts(snapshot: Snapshot) -> dict[str, object]:
    return {
        "name": str(RuntimeName.SNAPSHOT),
        "loader_sha256": snapshot.loader_sha256,
        "frame_build": snapshot.frame_build,
        "imported_at": snapshot.imported_at,
        "bytes": snapshot.size,
        "missing_chunks": len(snapshot.missing),
    }
