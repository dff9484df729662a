"""What reading the protocol costs: events per second and memory, on one core, without a browser.

*Parsed* is bytes to events; *checked* adds JSON, schema, strictness and the transcript. Times are of this
process's own CPU, so that a busy machine does not change them. Run with ``make bench``.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from collections.abc import Callable, Iterator
from itertools import cycle, islice

from chatkit_doctor.component.strictness import event_violations
from chatkit_doctor.component.transcript import Playback
from chatkit_doctor.protocol.payload import read_payload
from chatkit_doctor.protocol.sse import SseEvent, SseParser
from tests.chatkit_events import Event, created, good
from tests.conversations import written

PARSED_PER_S = 100_000
CHECKED_PER_S = 20_000
CHUNK_BYTES = 16 * 1024
MOST_GROWTH_MB = 1.0
"""How much the peak of memory may grow between a tenth of the long stream and its end."""

REPLY = " ".join(f"word{number}" for number in range(100))


def turn() -> list[Event]:
    """A first turn with a reply of about a hundred deltas; one place of it is only tolerated."""
    events = good(REPLY)
    pieces = [event for event in events if "delta" in event.get("update", {})]
    begin, end = events.index(pieces[0]), events.index(pieces[-1]) + 1
    update = pieces[0]["update"]
    words = [{**pieces[0], "update": {**update, "delta": f"{word} "}} for word in REPLY.split(" ")]
    bare: Event = {"type": "thread.created", "thread": {"id": "thr_1"}}
    return [bare, *events[1:begin], *words, *events[end:]]


def chunks(events: int) -> Iterator[bytes]:
    """The bytes of a stream of at least so many events, as a network brings them."""
    one = turn()
    body = written(one) * 10
    pieces = [body[at : at + CHUNK_BYTES] for at in range(0, len(body), CHUNK_BYTES)]
    return islice(cycle(pieces), -(-events * len(pieces) // (len(one) * 10)))


class Checker:
    """Does with each event all that can be done with it alone."""

    def __init__(self) -> None:
        self.problems = 0
        self._playback = Playback()
        self._playback.begin(new_thread=True)

    def check(self, event: SseEvent) -> None:
        """Read, check and apply one event."""
        value = read_payload(event.data).value
        if value is not None:
            self.problems += len(event_violations(value))
            self._playback.apply(value)


def read(events: int, each: Callable[[SseEvent], object] | None = None) -> tuple[int, float]:
    """Reads a stream; says how many events came and how many seconds of CPU it took."""
    parser = SseParser()
    count = 0
    begun = time.process_time()
    for chunk in chunks(events):
        found = parser.feed(chunk)
        count += len(found)
        if each is not None:
            for event in found:
                each(event)
    return count, time.process_time() - begun


def peak_mb() -> float:
    """The most memory this process ever held, in MB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)


def memory(events: int) -> tuple[float, float]:
    """The peak of memory in MB when a tenth of one long stream has been checked, and at its end."""
    checker = Checker()
    parser = SseParser()
    count, early = 0, 0.0
    for chunk in chunks(events):
        for event in parser.feed(chunk):
            checker.check(event)
            count += 1
        if not early and count >= events // 10:
            early = peak_mb()
    return early, peak_mb()


def main(events: int, long: int) -> bool:
    """Measure and print; says whether every target was met."""
    event_violations(created())  # Building the validators is paid once.
    parsed, parse_s = read(events)
    checker = Checker()
    checked, check_s = read(events, checker.check)
    if not checker.problems:
        raise RuntimeError("the stream no longer holds anything for the rules of strictness")
    early, late = memory(long)
    growth = late - early
    rates = [("parsed", parsed / parse_s, PARSED_PER_S), ("fully checked", checked / check_s, CHECKED_PER_S)]
    for name, rate, target in rates:
        print(f"{name:18} {rate:10,.0f} events/s  (target {target:,}, {events:,} events)")
    print(
        f"{'peak memory':18} {early:10.1f} MB at 10 % of {long:,} events, {growth:+.1f} MB at 100 % "
        f"(at most {MOST_GROWTH_MB:+.1f})"
    )
    return growth <= MOST_GROWTH_MB and all(rate >= target for _, rate, target in rates)


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--events", type=int, default=200_000)
    arguments.add_argument("--long", type=int, default=1_000_000)
    options = arguments.parse_args()
    sys.exit(0 if main(options.events, options.long) else 1)
