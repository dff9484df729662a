"""Puts a dialogue to the simulated component."""

from __future__ import annotations

from typing import Final

from chatkit_doctor.component.chat_state import Chat, Response
from tests.differential.dialogue import Answer, Dialogue, Exchange, Look, Outcome

MOST_REQUESTS: Final = 12
"""Requests that one message may lead to: a tool may be called again and again."""


class _Nobody:
    def changed(self, chat: Chat, t: float) -> None:
        """What cannot be drawn shows when it is drawn."""
        chat.picture(t)

    def said(self, _name: str, _detail: object, _t: float) -> None:
        """Nobody listens."""

    def complained(self, _text: str, _t: float) -> None:
        """Nobody reads the console."""


def simulated(dialogue: Dialogue) -> list[Outcome]:
    """What the simulated component makes of each exchange, up to the one after which nobody can write."""
    chat = Chat(_Nobody())
    outcomes: list[Outcome] = []
    for exchange in dialogue.exchanges:
        outcomes.append(_exchange(chat, exchange))
        final = outcomes[-1].final
        if final.responding or (final.view == "blank" and final.responding is None):
            break
    return outcomes


def _exchange(chat: Chat, exchange: Exchange) -> Outcome:
    requests = ["threads.create" if chat.thread is None else "threads.add_user_message"]
    looks: list[Look] = []
    answers = iter(exchange.answers)
    chat.say([{"type": "input_text", "text": exchange.message}], 0)
    _answer(chat, next(answers, Answer()), looks)
    while chat.waits_for_tool and len(requests) < MOST_REQUESTS:
        requests.append("threads.add_client_tool_output")
        chat.begin(Response(), 0)
        _answer(chat, next(answers, Answer()), looks)
    return Outcome(tuple(requests), tuple(looks), _look(chat))


def _answer(chat: Chat, answer: Answer, looks: list[Look]) -> None:
    if answer.status != 200:
        chat.fail(answer.status, 0)
        chat.settle(0)
        return
    for data in answer.events:
        chat.receive(data, 0)
        looks.append(_look(chat))
    if answer.end == "cut":
        chat.fail(None, 0)
    chat.settle(0)


def _look(chat: Chat) -> Look:
    picture = chat.picture(0)
    return Look.of(
        picture.view,
        picture.responding,
        ((element.turn, element.kind, element.text) for element in picture.elements),
        ((alert.kind, alert.text) for alert in picture.alerts),
    )
