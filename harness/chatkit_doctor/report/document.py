"""The HTML documents: templates under ``static/report/``, with their style and scripts inside them.

Everything shown may have come from a foreign backend or recording: templates escape without exception, paths
become links only when they stay inside the report's folder, and the document's own Content Security Policy
lets no script run but those written here, and loads nothing.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Final
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from pydantic_core import to_jsonable_python

from chatkit_doctor.paths import static_dir
from chatkit_doctor.report.told_operations import OUTCOMES, STATES, told_difference
from chatkit_doctor.report.wording import (
    MODES,
    STATE_WORDS,
    Outcome,
    cause_name,
    counts,
    duration,
    entry_name,
    explain_command,
    milliseconds,
    outcome,
    status_label,
    strict_failure,
    summary,
    trace_command,
)
from chatkit_doctor.safe_text import clip, printable

INDEX: Final = "index.html"

STYLES: Final = (
    "report.css",
    "first_screen.css",
    "tables.css",
    "conversation.css",
    "narrow_and_paper.css",
)
"""The style of every document, in this order."""

MAX_TEXT: Final = 2_000
"""Characters shown of one foreign text; ``report.json`` has the rest."""
MAX_COPIED: Final = 100_000
"""Characters shown of what is to be copied."""


def write_page(
    folder: Path, template: str, *, scripts: Sequence[str] = (), embedded: bool = False, **values: object
) -> Path:
    """Render one of the templates as ``index.html`` and return its path.

    ``scripts`` are files of ``static/report/``, which run in this order. ``embedded``: every picture is in
    the document, and it may load none, not even from its folder.
    """
    text = render(template, values, scripts=scripts, embedded=embedded)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / INDEX
    path.write_text(text, encoding="utf-8", newline="\n")
    return path


def render(
    template: str,
    values: Mapping[str, object],
    *,
    scripts: Sequence[str] = (),
    embedded: bool = False,
    connects: bool = False,
) -> str:
    """One of the templates as text; see :func:`write_page`. One that ``connects`` may ask its own server."""
    sources = [_source(name) for name in scripts]
    policy = _policy(sources, embedded=embedded)
    if connects:
        policy = f"connect-src 'self'; {policy}"
    return _environment().get_template(template).render(policy=policy, scripts=sources, **values)


def local_href(path: str) -> str | None:
    """A link to a file below the report's folder, or None for a path that does not stay there.

    Each part is percent-encoded, colons too, so that nothing can be read as a scheme or another host.
    """
    parts = PurePosixPath(path).parts
    if not parts or path.startswith("/") or ".." in parts or "\\" in path:
        return None
    return "/".join(quote(part, safe="", errors="replace") for part in parts)


def data_block(value: object) -> Markup:
    """A value as JSON for a ``<script type="application/json">``: nothing in it ends the element early."""
    text = json.dumps(to_jsonable_python(value, fallback=str), ensure_ascii=False, separators=(",", ":"))
    return Markup(printable(text).replace("<", "\\u003c"))  # noqa: S704 - no markup is left in it


@cache
def _style() -> Markup:
    return Markup("").join(map(_source, STYLES))


@cache
def _source(name: str) -> Markup:
    text = (static_dir() / "report" / name).read_text(encoding="utf-8")
    return Markup(text)  # noqa: S704 - our own style sheet and scripts


def _policy(scripts: Sequence[Markup], *, embedded: bool) -> str:
    # `file:` because Firefox does not count a local file as 'self'.
    pictures = "data:" if embedded else "'self' file:"
    allowed = f"script-src {' '.join(map(_digest, scripts))}; " if scripts else ""
    return (
        f"default-src 'none'; style-src {_digest(_style())}; {allowed}img-src {pictures}; "
        "base-uri 'none'; form-action 'none'"
    )


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(static_dir() / "report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_safe,
    )
    environment.globals.update(
        css=_style(),
        modes=MODES,
        state_words=STATE_WORDS,
        operation_outcomes=OUTCOMES,
        column_states=STATES,
        outcomes={member.name: member for member in Outcome},
    )
    environment.filters.update(
        ms=milliseconds,
        duration=duration,
        entry_name=entry_name,
        cause_name=cause_name,
        explain_command=explain_command,
        strict_failure=strict_failure,
        counts=counts,
        status_label=status_label,
        summary=summary,
        outcome=outcome,
        pretty=_pretty,
        href=local_href,
        data_block=data_block,
        stream=_stream,
        whole=_whole,
        trace_command=trace_command,
        told_difference=told_difference,
    )
    return environment


def _safe(value: object) -> object:
    """Applied to whatever a template prints, before it is escaped."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return clip(printable(value), MAX_TEXT)
    return value


def _whole(text: str) -> Markup:
    """A text that is to be copied, and with that a longer one."""
    return escape(clip(printable(text), MAX_COPIED))


def _stream(text: str) -> Markup:
    """A stream to copy: what must not stand in a document is written as JSON escapes it."""
    return escape(text if printable(text) == text else "".join(map(_escaped, text)))


def _escaped(character: str) -> str:
    return character if printable(character) == character else f"\\u{ord(character):04x}"


def _pretty(value: object) -> str:
    """A free-form value as text: strings as they are, everything else as JSON."""
    if isinstance(value, str):
        return value
    return json.dumps(to_jsonable_python(value, fallback=str), ensure_ascii=False, indent=1)
