"""Pages that empty the view themselves."""

from __future__ import annotations

import pytest

from chatkit_doctor.audits.page.app_reset_thread import AUDIT
from tests.audits.asking import ask, assert_silent, failing
from tests.audits.page.pages import opening, page
from tests.chatkit_events import ANSWER, HELLO, created, good
from tests.conversations import exchange, recorded
from tests.recordings import Made, Part, reply, send, state, step, user

SHOWN = [user(1, HELLO), reply(2, ANSWER)]


def conversation(
    call: Made | None, *after: Part, events: list[dict[str, object]] | None = None
) -> list[Part]:
    """A turn that is shown, a call of the page, and what is shown then."""
    turn: list[Part] = [
        opening(),
        send(600, HELLO, until=1500),
        exchange(650, body=good() if events is None else events),
        state(700, *SHOWN, responding=False),
    ]
    return [*turn, *([call] if call else []), *after]


@pytest.mark.parametrize(
    "call",
    [
        page("call", 900, method="setThreadId", args=[None]),
        page("call", 900, method="fetchUpdates", args=[]),
        page("options", 900, options={"api": {}}, threw=None),
    ],
)
def test_a_call_after_which_confirmed_messages_go_fails(call: Made) -> None:
    (failure,) = failing(AUDIT, recorded(*conversation(call, state(950, view="start"))))
    assert failure.details["left"] == 0


def test_the_call_is_quoted() -> None:
    call = page("call", 900, method="setThreadId", args=[None])
    assert (
        "setThreadId(null)" in failing(AUDIT, recorded(*conversation(call, state(950, view="start"))))[0].why
    )


def test_a_call_after_which_everything_stays_passes() -> None:
    call = page("call", 900, method="fetchUpdates", args=[])
    assert_silent(AUDIT, recorded(*conversation(call, state(950, *SHOWN))))


@pytest.mark.parametrize("call", [None, "fetchUpdates"], ids=["options", "a call"])
def test_what_a_page_does_that_loaded_itself_anew_takes_nothing_away(call: str | None) -> None:
    """That the old frame is gone, and the new document came, is told only after the page has begun."""
    does = page("call", 910, method=call, args=[]) if call else page("options", 910, options={}, threw=None)
    told_late = [state(950, view="blank"), page("document", 990, url="http://localhost/", status=200)]
    anew = page("element", 900, state="defined", count=0)
    assert_silent(AUDIT, recorded(*conversation(anew, does, *told_late)))


def test_messages_the_backend_never_confirmed_go_by_themselves() -> None:
    call = page("call", 900, method="fetchUpdates", args=[])
    unconfirmed = conversation(call, state(950, view="start"), events=[created()])
    assert_silent(AUDIT, recorded(*unconfirmed))


def test_messages_that_go_long_after_the_call_have_another_cause() -> None:
    call = page("call", 900, method="fetchUpdates", args=[])
    assert_silent(AUDIT, recorded(*conversation(call, state(5000, view="start"))))


RUNNING: list[Part] = [opening(), send(600, HELLO, until=1500), exchange(650, body=good(), end=750)]
"""A turn whose stream ends at 1400 ms."""
NEW_THREAD = page("call", 660, method="setThreadId", args=[None])


def test_another_thread_while_a_turn_is_running_takes_it_away() -> None:
    """Nothing was shown yet that the page could have removed."""
    (failure,) = failing(AUDIT, recorded(*RUNNING, NEW_THREAD, state(700, view="start")))
    assert failure.details["view"] == "start"


def test_a_turn_that_is_taken_away_before_it_was_painted_is_one() -> None:
    (failure,) = failing(AUDIT, recorded(state(550, view="start"), *RUNNING, NEW_THREAD))
    assert "0 ms later" in failure.why


def test_another_thread_that_shows_the_answer_takes_nothing_away() -> None:
    assert_silent(AUDIT, recorded(*RUNNING, NEW_THREAD, state(700, *SHOWN)))


def test_another_thread_after_the_stream_takes_no_turn_away() -> None:
    late = page("call", 1450, method="setThreadId", args=[None])
    assert_silent(AUDIT, recorded(*RUNNING, late, state(1480, view="start")))


def test_options_of_a_new_element_start_it() -> None:
    out = page("element", 890, state="disconnected", count=0)
    call = page("options", 900, options={"api": {}}, threw=None)
    assert_silent(AUDIT, recorded(*conversation(out, call, state(950, view="start"))))


def test_the_first_options_start_the_chat() -> None:
    assert ask(AUDIT, recorded(*conversation(None, state(950, view="start")))).status == "not-applicable"


def test_what_a_reload_takes_away_is_not_taken_away_by_what_is_called_then() -> None:
    reload = step(2_000, "reload", index=20, until=2_900)
    options = [page("options", t, options={"api": {}}, threw=None) for t in (2_100, 2_110)]
    back = [state(2_200, view="blank"), state(2_600, *SHOWN)]
    assert_silent(AUDIT, recorded(*conversation(None, reload, *options, *back)))
