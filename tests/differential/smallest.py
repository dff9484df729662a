"""The smallest form of a dialogue that is played differently: only what the difference needs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import replace

from tests.differential.dialogue import Answer, Dialogue

Differ = Callable[[Sequence[Dialogue]], Awaitable[list[str]]]
"""Tells for each dialogue in what it is played differently; many at a time, for playing one costs as much."""


async def smallest(dialogue: Dialogue, differ: Differ, rounds: int = 8) -> Dialogue:
    """A dialogue that is played differently in the same way and from which nothing more can be left out.

    Stops after so many rounds, in each of which everything is tried that can be left out at once.
    """
    (kind,) = await differ([dialogue])
    for _ in range(rounds):
        smaller = list(_smaller(dialogue))
        found = [one for one, how in zip(smaller, await differ(smaller), strict=True) if how == kind]
        if not kind or not found:
            break
        dialogue = min(found, key=lambda one: (len(one.events), len(one.exchanges)))
    return dialogue


def _smaller(dialogue: Dialogue) -> Iterator[Dialogue]:
    exchanges = dialogue.exchanges
    for at, exchange in enumerate(exchanges):
        if len(exchanges) > 1:
            yield Dialogue((*exchanges[:at], *exchanges[at + 1 :]))
        for answers in _fewer(exchange.answers):
            yield Dialogue((*exchanges[:at], replace(exchange, answers=answers), *exchanges[at + 1 :]))


def _fewer(answers: tuple[Answer, ...]) -> Iterator[tuple[Answer, ...]]:
    for at, answer in enumerate(answers):
        before, after = answers[:at], answers[at + 1 :]
        if len(answers) > 1:
            yield (*before, *after)
        events, half = answer.events, len(answer.events) // 2
        if half > 1:
            yield (*before, replace(answer, events=events[:half]), *after)
            yield (*before, replace(answer, events=events[half:]), *after)
            yield (*before, replace(answer, events=(*events[:2], *events[half:])), *after)
        for place in range(len(events)):
            yield (*before, replace(answer, events=(*events[:place], *events[place + 1 :])), *after)
        if answer.end != "finished":
            yield (*before, replace(answer, end="finished"), *after)
