"""The tools, with their parameters as shown to an assistant."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from mcp.server.mcpserver import Context
from mcp_types import CallToolResult
from pydantic import Field

from chatkit_doctor import api
from chatkit_doctor.errors import DoctorError, UsageError
from chatkit_doctor.mcp_server.answers import of_error, of_explanation, of_session
from chatkit_doctor.mcp_server.calls import Calls
from chatkit_doctor.mcp_server.next_calls import ToolCall
from chatkit_doctor.mcp_server.progress import progress_told
from chatkit_doctor.report.subscriber import Subscriber
from chatkit_doctor.results import SessionResult

CHECK_LIMIT_S: Final = 120.0
LINT_LIMIT_S: Final = 60.0
"""Default time limits of a call; an assistant waits for it."""
LONGEST_S: Final = 600.0
SHORTEST_S: Final = 5.0
_UNSAID: Final = (None, "auto", CHECK_LIMIT_S, LINT_LIMIT_S)
"""Default values of the parameters."""

Messages = Annotated[
    list[str] | None, Field(description="Messages to send, one per turn. Default: two short ones.")
]
Headers = Annotated[
    dict[str, str] | None,
    Field(description="Headers for the ChatKit endpoint, such as Authorization. No report has their values."),
]
Limit = Annotated[
    float, Field(ge=SHORTEST_S, le=LONGEST_S, description="Time limit in seconds, after which it is judged.")
]


class Tools:
    """The tools that a client can call. Reports are written to ``output``."""

    def __init__(self, output: Path, calls: Calls) -> None:
        self._output = output
        self._calls = calls

    async def check(  # noqa: PLR0913 - what an assistant is shown, and who is told of it
        self,
        url: Annotated[
            str,
            Field(description="The page with the chat, or the ChatKit endpoint, as http://localhost:PORT/…"),
        ],
        messages: Messages = None,
        kind: Annotated[
            Literal["auto", "page", "endpoint"],
            Field(description="What the URL is; auto detects it with a request."),
        ] = "auto",
        headers: Headers = None,
        storage_state: Annotated[
            str | None,
            Field(
                description="For a page: a file with a saved login (`chatkit-doctor login URL --save FILE`)."
            ),
        ] = None,
        clicks: Annotated[
            list[str] | None, Field(description="For a page: selectors to click to open the chat, in order.")
        ] = None,
        runtime: Annotated[
            Literal["cdn", "snapshot", "reference"] | None,
            Field(description="Which chatkit.js to use; by default the most authentic one available."),
        ] = None,
        timeout_s: Limit = CHECK_LIMIT_S,
        *,
        context: Context,
    ) -> CallToolResult:
        """Run turns in a browser on a page, or on an endpoint through a page served for it."""
        from chatkit_doctor.client.page_or_endpoint import Kind, find_out

        call = _call(
            "check",
            url=url,
            messages=messages,
            kind=kind,
            headers=headers,
            storage_state=storage_state,
            clicks=clicks,
            runtime=runtime,
            timeout_s=timeout_s,
        )

        async def start(stop: asyncio.Event, subscriber: Subscriber) -> SessionResult:
            found = await find_out(url, kind=None if kind == "auto" else Kind(kind))
            if found.kind is Kind.PAGE:
                _only_for("an endpoint", found.url, headers=headers)
                return await api.check_page(
                    found.url,
                    messages=messages or (),
                    clicks=clicks or (),
                    visitor=None if storage_state is None else _visitor(storage_state),
                    limit_s=timeout_s,
                    runtime=runtime,
                    output=self._output,
                    subscribers=[subscriber],
                    stop=stop,
                )
            _only_for("a page", found.url, storage_state=storage_state, clicks=clicks)
            return await api.check(
                found.url,
                messages=messages or (),
                headers=headers,
                limit_s=timeout_s,
                runtime=runtime,
                output=self._output,
                subscribers=[subscriber],
                stop=stop,
            )

        return await self._session(call, context, start)

    async def lint(
        self,
        source: Annotated[
            str,
            Field(
                description="The ChatKit endpoint's URL; or a file: a HAR, output of `curl -N`, a recording."
            ),
        ],
        messages: Messages = None,
        headers: Headers = None,
        origin: Annotated[
            str | None,
            Field(description="The page's origin, if it differs from the endpoint's; CORS is then checked."),
        ] = None,
        op: Annotated[
            str | None, Field(description="The operation of a saved stream; threads.create by default.")
        ] = None,
        match: Annotated[
            str | None, Field(description="Selects requests of a HAR by a part of their URL.")
        ] = None,
        timeout_s: Limit = LINT_LIMIT_S,
        *,
        context: Context,
    ) -> CallToolResult:
        """Judge an endpoint or a saved stream without a browser."""

        call = _call(
            "lint",
            source=source,
            messages=messages,
            headers=headers,
            origin=origin,
            op=op,
            match=match,
            timeout_s=timeout_s,
        )

        async def start(stop: asyncio.Event, subscriber: Subscriber) -> SessionResult:
            if source == "-":
                raise UsageError(
                    "standard input is used by the protocol", where="source", hint="Pass a file or a URL."
                )
            return await api.lint(
                source,
                messages=messages or (),
                headers=headers,
                origin=origin,
                op=op,
                match=match,
                limit_s=timeout_s,
                output=self._output,
                subscribers=[subscriber],
                stop=stop,
            )

        return await self._session(call, context, start)

    async def explain(
        self,
        what: Annotated[
            str,
            Field(description="A cause, a symptom, an event's name, or text copied from a screen or a log."),
        ],
    ) -> CallToolResult:
        """Say what it means, what the component does with it, and what to send instead."""
        from chatkit_doctor.explain.lookup import explain

        try:
            return of_explanation(await asyncio.to_thread(explain, what))
        except DoctorError as error:
            return of_error(error)

    async def _session(
        self,
        call: ToolCall,
        context: Context,
        start: Callable[[asyncio.Event, Subscriber], Coroutine[Any, Any, SessionResult]],
    ) -> CallToolResult:
        try:
            async with progress_told(context) as subscriber:
                result = await self._calls.carry_out(lambda stop: start(stop, subscriber))
            return await asyncio.to_thread(of_session, result, call)
        except DoctorError as error:
            return of_error(error)
        except OSError as error:
            refused = f"the system reports an error: {error.strerror or error}"
            return of_error(DoctorError(refused, where=str(error.filename or "")))


def _call(tool: str, **given: object) -> ToolCall:
    """A tool and the parameters that differ from their defaults."""
    return ToolCall(tool, {name: value for name, value in given.items() if value not in _UNSAID})


def _visitor(storage_state: str) -> Any:
    from chatkit_doctor.browser.storage_state import read_state
    from chatkit_doctor.browser.visitor import Visitor

    return Visitor(storage_state=read_state(Path(storage_state)))


def _only_for(what: str, url: str, **given: object) -> None:
    """Raises UsageError for parameters that do not apply here, rather than ignoring them."""
    names = [name for name, value in given.items() if value]
    if names:
        raise UsageError(f"{' and '.join(names)} can only be given for {what}", where=url)
