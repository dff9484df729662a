"""Whether the component took the options it was given."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Final

from chatkit_doctor.audits.audit import Audit, Evidence, Failure, NotApplicable, seen
from chatkit_doctor.audits.failure_modes import CHAT_NEVER_STARTS
from chatkit_doctor.audits.wording import quoted
from chatkit_doctor.recording.entries import (
    ComponentConsole,
    ComponentError,
    ComponentEvent,
    Entry,
    PageDocument,
    PageOptions,
)
from chatkit_doctor.recording.reader import Recording

_REFUSAL: Final = re.compile(r"ChatKit\.create\(\)|InvalidFrameParams|FatalAppError|Invalid frame params")
_NO_REFUSAL: Final = "Failed to load Sentinel SDK script"
"""Said with the same kind of error, where a script of hosted mode is not available (measured)."""
_PLACE: Final = re.compile(r"→ at ([\w.\[\]$-]+)")
_KEY: Final = re.compile(r"Unrecognised keys?:? (\"[^\"]+\"(?:, \"[^\"]+\")*)")


def judge(recording: Recording) -> Iterator[Failure]:
    """One failure for the first refusal of the component's options, or a warning for what is not heard."""
    if not recording.has(PageOptions):
        raise NotApplicable("setOptions was never called")
    found = _refusal(recording)
    if found is None:
        yield from _partial(recording)
        return
    entry, text = found
    places = _PLACE.findall(text)
    keys = _KEY.search(text)
    where = f" The path is {', '.join(dict.fromkeys(places))}." if places else ""
    what = f" It does not recognise the key {keys[1]}." if keys else ""
    evidence: list[Evidence] = [seen(entry, f"the component rejects its options: {quoted(text)}")]
    options = recording.of(PageOptions)[0]
    evidence.append(seen(options, f"setOptions was called with the keys {_keys(options.data)}"))
    yield Failure(
        tuple(evidence),
        t_ms=entry.t,
        why=f"The component validates its options strictly and rejected them.{where}{what} It stays blank "
        "and sends no request.",
        details={"path": places[0] if places else "", "message": text[:500]},
    )


def _partial(recording: Recording) -> Iterator[Failure]:
    """The first call that leaves out where the API is, although an earlier one had said so.

    The component neither takes such options nor says anything, and goes on with those it had (measured).
    """
    loads = recording.of(PageDocument)
    for whole, partial in pairwise(recording.of(PageOptions)):
        is_reload = any(whole.n < load.n < partial.n for load in loads)
        if _has_api(whole.data) and not _has_api(partial.data) and not is_reload:
            yield _unheard(whole, partial)
            return


def _unheard(whole: Entry[PageOptions], partial: Entry[PageOptions]) -> Failure:
    return Failure(
        (
            seen(whole, f"setOptions was called with the keys {_keys(whole.data)}"),
            seen(partial, f"setOptions was called with the keys {_keys(partial.data)} alone"),
        ),
        t_ms=partial.t,
        title="Options were set again without the API URL",
        why="setOptions replaces all options; it does not merge. The component silently ignores options "
        "without `api` and keeps the old ones.",
        fix="Pass all options every time: setOptions({...options, …}).",
        warns_only=True,
    )


def _has_api(options: PageOptions) -> bool:
    return isinstance(options.given.get("api"), Mapping)


Report = PageOptions | ComponentEvent | ComponentConsole | ComponentError
"""How to recognise options that are refused."""


def _refusal(recording: Recording) -> tuple[Entry[Report], str] | None:
    for entry in recording.of(PageOptions, ComponentEvent, ComponentConsole, ComponentError):
        text = _text(entry.data)
        if _NO_REFUSAL in text:
            continue
        if text and (_REFUSAL.search(text) or isinstance(entry.data, PageOptions)):
            return entry, text
    return None


def _text(report: Report) -> str:
    match report:
        case PageOptions(threw=threw):
            return _error(threw)
        case ComponentEvent(name=name):
            return _error(report.details.get("error")) if name == "error" else ""
        case ComponentConsole(level=level, text=text):
            return text if level == "error" else ""
        case ComponentError(message=message):
            return message


def _error(value: object) -> str:
    if isinstance(value, Mapping):
        parts = (str(value.get(key, "")) for key in ("name", "message"))
        return ": ".join(part for part in parts if part)
    return value if isinstance(value, str) else ""


def _keys(options: PageOptions) -> str:
    api = options.given.get("api")
    inner = f" (api: {', '.join(map(str, api))})" if isinstance(api, Mapping) else ""
    return ", ".join(options.given) + inner


AUDIT = Audit(
    id="invalid-options",
    passes="The component accepted its options.",
    why="The component validates its options strictly: if one is missing, unknown or of the wrong type, it "
    "stays blank and sends no request.",
    fix="Correct the option that is named. Self-hosted: api: {url, domainKey, fetch?, uploadStrategy?}, "
    "with domainKey even on localhost (any text); hosted: api: {getClientSecret}; never both. "
    "initialThread is a top-level option and a string; prompts have label and prompt; unknown keys are "
    "rejected.",
    judge=judge,
    explains=CHAT_NEVER_STARTS | {"error-shown"},
)
