"""A plan that is carried out, reported, and exported."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

from chatkit_doctor.engine.engine import carry_out
from chatkit_doctor.engine.plan import Plan
from chatkit_doctor.export.exporter import Export, Exporter
from chatkit_doctor.report.artifacts import Artifacts
from chatkit_doctor.report.last_look import LastLook, given_secrets
from chatkit_doctor.report.publish import publish
from chatkit_doctor.report.subscriber import RunReported, Subscriber


async def reported_run(
    plan: Plan,
    subscribers: Sequence[Subscriber],
    stop: asyncio.Event | None,
    *,
    strict: bool,
    exporting: Path | None = None,
    writes: bool = True,
) -> tuple[RunReported, tuple[Export, ...]]:
    """The report of a run, and what was exported into a folder of its sessions.

    ``writes``: the files of the report are written. Raises what :func:`publish` raises.
    """
    secrets = given_secrets(plan)
    exporter = Exporter(exporting, secrets) if exporting is not None else None
    told: list[Subscriber] = [exporter] if exporter is not None else []
    # What is written comes first: who shows the report may name its files.
    told += [Artifacts(), LastLook(secrets, exporting)] if writes else []
    reported = await publish(carry_out(plan, stop), [*told, *subscribers], strict=strict)
    return reported, tuple(exporter.exports) if exporter is not None else ()
