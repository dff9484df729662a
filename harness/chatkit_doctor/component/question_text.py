"""What the component writes of questions to the user, and of their answers."""

from __future__ import annotations

from collections.abc import Mapping

from chatkit_doctor.component.javascript import ThrownError, child, get, is_nullish, string, truthy
from chatkit_doctor.component.rules import RULES
from chatkit_doctor.protocol.payload import JsonObject


def question_text(value: JsonObject, *, is_open: bool) -> str:
    """How they stand, and where they are open the answers too.

    Raises ThrownError where they cannot be drawn.
    """
    texts, status, inputs = RULES.texts, value.get("status"), value.get("inputs")
    if status == "pending":
        get(inputs, "length")
        asked = len(inputs) if isinstance(inputs, list | str) else 0
        return texts.waiting.format(s="" if asked == 1 else "s")
    if status == "skipped":
        get(inputs, "length")
        skipped = len(inputs) if isinstance(inputs, list | str) else 0
        return texts.skipped.format(n=skipped, s="" if skipped == 1 else "s")
    if not isinstance(inputs, list):
        raise ThrownError("TypeError: item.inputs.every is not a function")
    count = {"n": len(inputs), "s": "" if len(inputs) == 1 else "s"}
    title = texts.asked.format(**count) if status == "answered" else texts.unknown_questions
    has_answers = not all(_is_skipped(question) for question in inputs)
    answers = [f"{child(get(question, 'question'))}\n{_answer(question)}" for question in inputs]
    return "\n".join([title, *(answers if is_open and has_answers else [])])


def _is_skipped(question: object) -> bool:
    answer = get(question, "answer")
    return isinstance(answer, Mapping) and answer.get("skipped") is True


def _answer(question: object) -> str:
    answer = get(question, "answer")
    values = answer.get("values") if isinstance(answer, Mapping) else None
    is_skipped = truthy(answer.get("skipped")) if isinstance(answer, Mapping) else True
    if is_skipped or is_nullish(values) or values in ("", []):
        return RULES.texts.skipped_answer
    if not isinstance(values, list):
        raise ThrownError("TypeError: values.join is not a function")
    return ", ".join("" if is_nullish(each) else string(each) for each in values)


def check_form(value: JsonObject) -> None:
    """Raises ThrownError for what the form that asks them cannot draw: it stands below the thread, and begins
    with the first question.
    """
    inputs = value.get("inputs")
    if not isinstance(inputs, list):
        raise ThrownError("TypeError: inputs.map is not a function")
    if inputs and truthy(inputs[0]):
        _check_question(inputs[0])


def _check_question(question: object) -> None:
    if not isinstance(question, Mapping) or not string(question.get("id", "")):
        raise ThrownError("Error: a question without an id")
    child(question.get("question"))
    if question.get("type") == "multiple_choice":
        options = question.get("options")
        if not isinstance(options, list):
            raise ThrownError("TypeError: options.map is not a function")
        for option in options:
            child(get(option, "value"))
