"""What other programs call: plans made from what a user asks for, carried out, and reported.

Everything here runs on the caller's event loop and changes nothing of the process around it: several calls at
once do not see each other. The same functions without ``await`` are in ``chatkit_doctor.sync``.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from chatkit_doctor.engine.plan import Drive, Plan, Reread, Simulate
from chatkit_doctor.errors import UsageError
from chatkit_doctor.export.folder import free_folder
from chatkit_doctor.export.reported import reported_run
from chatkit_doctor.recording.redaction import SHORTEST_SECRET, maskable
from chatkit_doctor.report.folder import folder_for
from chatkit_doctor.results import ComparisonResult, RunResult, SessionResult

if TYPE_CHECKING:
    from chatkit_doctor.browser.provider import BrowserProvider
    from chatkit_doctor.browser.target import Setup
    from chatkit_doctor.browser.visitor import Visitor
    from chatkit_doctor.compare.events import CompareSubscriber
    from chatkit_doctor.report.subscriber import Subscriber
    from chatkit_doctor.scenario.shard import Shard

OUTPUT: Final = "reports"
"""Default folder for reports, relative to the current folder."""
TURN_LIMIT_S: Final = 60.0
"""Default time limit of a turn."""


async def check(
    backend: str,
    *,
    messages: Sequence[str] = (),
    headers: Mapping[str, str] | None = None,
    origin: str | None = None,
    domain_key: str | None = None,
    turn_limit_s: float = TURN_LIMIT_S,
    patient: bool = False,
    limit_s: float | None = None,
    since: float | None = None,
    runtime: str | None = None,
    browser: BrowserProvider | None = None,
    motion: bool = False,
    trace: bool = True,
    proof: bool = True,
    secrets: Iterable[str] = (),
    strict: bool = False,
    expected: str | os.PathLike[str] | None = None,
    export_repair: str | os.PathLike[str] | None = None,
    output: str | os.PathLike[str] = OUTPUT,
    subscribers: Sequence[Subscriber] = (),
    stop: asyncio.Event | None = None,
) -> SessionResult:
    """Put the component in front of a backend: a turn for each message (two by default), and a reload.

    ``headers`` are added to every request, and their values appear in no artifact, nor do ``secrets``, if
    they can be masked (docs/secrets.md). ``origin`` is the ``http://localhost:PORT`` that the backend allows
    (CORS), whatever else is served there: the page is opened under it in this browser alone. Without it the
    page has a port of its own, or the backend's origin where that says nothing of CORS, as one that is on
    the origin of its page. ``domain_key`` is for a backend that is not on localhost. ``runtime`` is ``cdn``,
    ``snapshot`` or ``reference``, the most real one that is available by default; ``browser`` a warm profile
    of the first browser found. A turn may take ``turn_limit_s``; one whose end is predicted (the request is
    refused and sent again, or all is said and the stream stays open) is waited for only if ``patient``.
    Everything may take ``limit_s``, from the moment ``since`` (``time.monotonic``) or from now: when that is
    as good as over, the session breaks off, and what there is is judged. ``motion`` lets animations run,
    ``trace`` keeps a Playwright trace. ``proof`` replays a session that failed, as it was and with the fault
    repaired. ``strict`` lets warnings fail: the report says so beside the verdict, which stays what it is.
    ``expected`` is a file of failures that are known (docs/scenarios.md): with its own the session is as
    expected, and with anything else, or nothing, it has drifted. ``export_repair`` is a folder for the
    repaired conversation: a scenario, and a server that answers so (docs/export.md). ``subscribers`` are told
    what happens. Setting ``stop`` breaks the session off, and reports what there is.

    Raises UsageError for what does not fit together, TargetError when nothing answers at the URL,
    BrowserError and RuntimeSourceError when there is no browser or no such runtime, and Interrupted when it
    was stopped before there was anything to report.
    """
    from chatkit_doctor.engine.page_for_backend import host_page_for
    from chatkit_doctor.scenario.check import backend_check, require_reachable, served_origin
    from chatkit_doctor.scenario.known_failures import with_known_failures

    masked = maskable(secrets)
    if domain_key is not None and len(domain_key) >= SHORTEST_SECRET:
        masked += (domain_key,)
    named = backend_check(
        backend,
        headers or {},
        messages,
        turn_ms=_turn_ms(turn_limit_s, limit_s),
        patient=patient,
        domain_key=domain_key,
    )
    (named,) = await asyncio.to_thread(with_known_failures, [named], expected)
    borrowed = served_origin(origin)
    await asyncio.to_thread(require_reachable, backend)
    target = await host_page_for(backend, borrowed, headers or {})
    exporting = free_folder(export_repair)
    with folder_for(Path(output), "check") as folder:
        plan = Plan(
            name="check",
            sessions=(Drive(named, target=target),),
            directory=folder,
            runtime=runtime,
            browser=browser,
            motion=motion,
            trace=trace,
            proves=proof,
            secrets=masked,
            limit_s=limit_s,
            since=since,
        )
        return await _single(plan, subscribers, stop, strict=strict, exporting=exporting)


async def check_page(
    url: str,
    *,
    messages: Sequence[str] = (),
    sends: bool = True,
    reload: bool = True,
    clicks: Sequence[str] = (),
    setup: Setup | None = None,
    visitor: Visitor | None = None,
    browser_for: Callable[[Visitor], BrowserProvider] | None = None,
    turn_limit_s: float = TURN_LIMIT_S,
    patient: bool = False,
    limit_s: float | None = None,
    since: float | None = None,
    runtime: str | None = None,
    motion: bool = False,
    trace: bool = True,
    proof: bool = True,
    secrets: Iterable[str] = (),
    strict: bool = False,
    expected: str | os.PathLike[str] | None = None,
    export_repair: str | os.PathLike[str] | None = None,
    output: str | os.PathLike[str] = OUTPUT,
    subscribers: Sequence[Subscriber] = (),
    stop: asyncio.Event | None = None,
) -> SessionResult:
    """Look at a user's own page, as it is: a turn for each message, a reload, and one more turn.

    With not ``sends`` nothing is sent, with not ``reload`` the page is loaded once. ``clicks`` are selectors
    of what opens the chat; ``setup`` is done with the tab before. ``visitor`` is who comes there, in a
    browser that ``browser_for`` gives for it: a fresh context of the first one found, by default. The other
    options are those of :func:`check`, and so is what is raised.
    """
    from chatkit_doctor.browser.fresh import fresh_context
    from chatkit_doctor.browser.target import Address
    from chatkit_doctor.browser.visitor import Visitor
    from chatkit_doctor.scenario.check import require_reachable
    from chatkit_doctor.scenario.known_failures import with_known_failures
    from chatkit_doctor.scenario.page_check import announcement, page_check

    masked = maskable(secrets)
    turn_ms = _turn_ms(turn_limit_s, limit_s)
    named = page_check(url, messages, sends=sends, reload=reload, turn_ms=turn_ms, patient=patient)
    (named,) = await asyncio.to_thread(with_known_failures, [named], expected)
    await asyncio.to_thread(require_reachable, url)
    visitor = visitor or Visitor()
    exporting = free_folder(export_repair)
    with folder_for(Path(output), "check") as folder:
        plan = Plan(
            name="check",
            sessions=(Drive(named, "", Address(url, tuple(clicks), setup), announcement(named)),),
            directory=folder,
            runtime=runtime,
            browser=(browser_for or fresh_context)(visitor),
            motion=motion,
            trace=trace,
            proves=proof,
            secrets=masked + visitor.secrets,
            limit_s=limit_s,
            since=since,
        )
        return await _single(plan, subscribers, stop, strict=strict, exporting=exporting)


async def run(
    scenarios: Sequence[str | os.PathLike[str]] = (),
    *,
    workers: int | None = None,
    limit_s: float | None = None,
    since: float | None = None,
    runtime: str | None = None,
    browser: BrowserProvider | None = None,
    motion: bool = False,
    trace: bool = True,
    proof: bool = False,
    secrets: Iterable[str] = (),
    strict: bool = False,
    expected: str | os.PathLike[str] | None = None,
    shard: Shard | None = None,
    export_repair: str | os.PathLike[str] | None = None,
    output: str | os.PathLike[str] = OUTPUT,
    subscribers: Sequence[Subscriber] = (),
    stop: asyncio.Event | None = None,
) -> RunResult:
    """Carry out scenarios, and compare each with what it is expected to lead to.

    ``scenarios`` are names and folders of the catalogue, or files and folders of one's own; the whole
    catalogue by default. So many ``workers`` have a session each at a time, as many as the machine bears by
    default. ``proof`` replays those that failed. ``expected`` takes the place of what a scenario expects
    itself, ``shard`` is the part of them that is carried out. The other options are those of :func:`check`.
    Setting ``stop`` breaks off what is under way, and reports what there is.

    Raises UsageError and ScenarioError for what is not a scenario, and what :func:`check` raises for browsers
    and runtimes.
    """
    from chatkit_doctor.scenario.known_failures import with_known_failures
    from chatkit_doctor.scenario.names import folder_of
    from chatkit_doctor.scenario.select import run_name, select

    masked = maskable(secrets)
    arguments = [os.fspath(scenario) for scenario in scenarios]
    chosen = await asyncio.to_thread(select, arguments)
    if not chosen:
        raise UsageError("no scenarios found here", where=" ".join(arguments))
    chosen = chosen if shard is None else shard.part_of(chosen)
    chosen = await asyncio.to_thread(with_known_failures, chosen, expected)
    is_single = len(chosen) == 1
    name = run_name(arguments, chosen)
    exporting = free_folder(export_repair)
    with folder_for(Path(output), name) as folder:
        plan = Plan(
            name=name,
            sessions=tuple(Drive(named, "" if is_single else folder_of(named.name)) for named in chosen),
            directory=folder,
            runtime=runtime,
            browser=browser,
            workers=workers,
            motion=motion,
            trace=trace,
            proves=proof,
            secrets=masked,
            limit_s=limit_s,
            since=since,
        )
        reported, exports = await reported_run(plan, subscribers, stop, strict=strict, exporting=exporting)
    return RunResult(reported.run, reported.directory, reported.interrupted, exports)


async def lint(
    source: str | os.PathLike[str],
    *,
    messages: Sequence[str] = (),
    headers: Mapping[str, str] | None = None,
    origin: str | None = None,
    probes: Iterable[str] | None = None,
    turn_limit_s: float = TURN_LIMIT_S,
    limit_s: float | None = None,
    since: float | None = None,
    op: str | None = None,
    match: str | None = None,
    secrets: Iterable[str] = (),
    strict: bool = False,
    export_repair: str | os.PathLike[str] | None = None,
    output: str | os.PathLike[str] = OUTPUT,
    subscribers: Sequence[Subscriber] = (),
    stop: asyncio.Event | None = None,
) -> SessionResult:
    """Judge a backend or a saved exchange by what the component would make of it, without a browser.

    ``source`` is the URL of a backend, a HAR, a saved stream (``-`` for standard input), or a recording.
    ``origin`` is that of one's page, if it is another than the backend's: the backend then has to allow it.
    ``probes`` are what may be tried on a backend beyond what the component does (``client.probes.Probe``,
    ``all``, ``none``); by default only what changes nothing there. ``op`` says what operation a saved stream
    answers. ``match`` narrows down the requests of a HAR: a part of their URL, or the whole of it with ``*``
    for any characters. The other options are those of :func:`check`.

    Raises UsageError for what does not fit together, TargetError when nothing answers at the URL, and
    RecordingError for a file that cannot be read.
    """
    from chatkit_doctor.client.probes import READING, chosen
    from chatkit_doctor.client.session import MESSAGES, LiveOptions
    from chatkit_doctor.engine.simulated import is_url
    from chatkit_doctor.vocabulary import JSON_OPS, STREAMING_OPS

    if op is not None and op not in STREAMING_OPS | JSON_OPS:
        known = ", ".join(sorted(STREAMING_OPS))
        raise UsageError("this is not a ChatKit operation", where=f"--op {op}", hint=f"Use one of {known}.")
    if match is not None and is_url(os.fspath(source)):
        raise UsageError(
            "it selects requests of a HAR, but this is the URL of a backend",
            where=f"--match {match}",
            hint="Pass the HAR, or omit the option.",
        )
    masked = maskable(secrets)
    live = LiveOptions(
        messages=tuple(messages or MESSAGES),
        headers=dict(headers or {}),
        origin=origin or "",
        probes=READING if probes is None else chosen(probes),
        turn_limit_s=_turn_ms(turn_limit_s, limit_s) / 1000,
    )
    exporting = free_folder(export_repair)
    with folder_for(Path(output), "lint") as folder:
        plan = Plan(
            name="lint",
            sessions=(Simulate(os.fspath(source), live, op, match),),
            directory=folder,
            secrets=masked,
            limit_s=limit_s,
            since=since,
        )
        return await _single(plan, subscribers, stop, strict=strict, exporting=exporting)


async def audit(
    recording: str | os.PathLike[str],
    *,
    limit_s: float | None = None,
    strict: bool = False,
    since: float | None = None,
    export_repair: str | os.PathLike[str] | None = None,
    subscribers: Sequence[Subscriber] = (),
    stop: asyncio.Event | None = None,
) -> SessionResult:
    """Judge a saved recording again: a report's folder, or a journal. Writes nothing but an export.

    The same recording always leads to the same answer. Raises RecordingError when there is none.
    """
    place = Path(recording)
    folder = place if await asyncio.to_thread(place.is_dir) else place.parent
    exporting = free_folder(export_repair)
    plan = Plan(name="audit", sessions=(Reread(place),), directory=folder, limit_s=limit_s, since=since)
    return await _single(plan, subscribers, stop, strict=strict, exporting=exporting, writes=False)


async def compare_runtimes(
    left: str,
    right: str,
    scenarios: Sequence[str | os.PathLike[str]] = (),
    *,
    runs: int | None = None,
    at_least: float | None = None,
    workers: int | None = None,
    browser: BrowserProvider | None = None,
    output: str | os.PathLike[str] = OUTPUT,
    subscribers: Sequence[CompareSubscriber] = (),
    stop: asyncio.Event | None = None,
) -> ComparisonResult:
    """Run scenarios on two runtimes, and tell every difference that is not noise, and how far they agree.

    ``runs`` counts sessions per scenario and runtime; ``at_least`` is the agreement, in percent, that is
    wanted. A runtime that is compared with itself shows its noise. The other options are those of
    :func:`run`.

    Raises UsageError for fewer than two runs of a runtime and itself, and what :func:`run` raises.
    """
    from chatkit_doctor.compare.defaults import AT_LEAST, RUNS
    from chatkit_doctor.compare.measure import ComparePlan, compare, tell
    from chatkit_doctor.compare.output import CompareFiles
    from chatkit_doctor.scenario.select import select

    chosen = await asyncio.to_thread(select, [os.fspath(scenario) for scenario in scenarios])
    with folder_for(Path(output), "compare") as folder:
        plan = ComparePlan(
            left=left,
            right=right,
            scenarios=tuple(chosen),
            directory=folder,
            runs=RUNS if runs is None else runs,
            at_least=AT_LEAST if at_least is None else at_least,
            browser=browser,
            workers=workers,
        )
        finished = await tell(compare(plan, stop), (CompareFiles(), *subscribers))
    return ComparisonResult(finished.comparison, finished.directory, finished.interrupted)


def _turn_ms(turn_limit_s: float, limit_s: float | None) -> int:
    """How long a turn may take: within a limit for everything, one that never ends must be seen as one."""
    return int(1000 * (turn_limit_s if limit_s is None else min(turn_limit_s, limit_s / 3)))


async def _single(
    plan: Plan,
    subscribers: Sequence[Subscriber],
    stop: asyncio.Event | None,
    *,
    strict: bool,
    exporting: Path | None,
    writes: bool = True,
) -> SessionResult:
    reported, exports = await reported_run(
        plan, subscribers, stop, strict=strict, exporting=exporting, writes=writes
    )
    return SessionResult(reported.run.scenarios[0], reported.directory, exports)
