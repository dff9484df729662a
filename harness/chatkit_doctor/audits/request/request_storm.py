"""Whether the component asks the same thing again and again."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from chatkit_doctor.audits.audit import Audit, Evidence, Failure, NotApplicable
from chatkit_doctor.audits.wording import counted
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.recording.views.exchanges import Exchange, exchanges
from chatkit_doctor.vocabulary import Layer

LEAST: Final = 12
"""Equal requests, each of them answered, from which on it is no coincidence: a page that is loaded asks once
for the list and once for its thread, and a request that fails is repeated six times at most."""


def judge(recording: Recording) -> Iterator[Failure]:
    """One failure for each request that was asked and answered a dozen times in the same words."""
    asked = [exchange for exchange in exchanges(recording) if exchange.op and not exchange.streaming]
    if not asked:
        raise NotApplicable("no request to the backend was seen")
    alike: dict[str, list[Exchange]] = defaultdict(list)
    for exchange in asked:
        if exchange.status is not None and 200 <= exchange.status < 300:
            alike[json.dumps([exchange.url, exchange.body_asked], sort_keys=True, default=str)].append(
                exchange
            )
    for group in alike.values():
        if len(group) >= LEAST:
            yield _failure(group)


def _failure(group: list[Exchange]) -> Failure:
    first, last = group[0], group[-1]
    span_s = (last.t - first.t) / 1000
    what = f"{first.op} is requested {counted(len(group), 'time')} in {span_s:.1f} s with the same parameters"
    entry = first.asked or (first.last.sent if first.last is not None else None)
    return Failure(
        (Evidence(entry.n if entry is not None else 0, first.t, what),),
        t_ms=first.t,
        details={"op": first.op, "times": len(group)},
    )


AUDIT = Audit(
    id="request-storm",
    passes="The component did not repeat a request endlessly.",
    why="The component repeats the same request endlessly: it puts useless load on the backend, and "
    "whatever waits for the answer never appears.",
    fix="Find out what the response lacks that makes the component ask again.",
    judge=judge,
    seen_at=Layer.REQUEST,
)
