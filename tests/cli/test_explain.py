"""``explain`` and ``list`` as a user meets them."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner, Result

from chatkit_doctor.cli.app import app
from chatkit_doctor.errors import UsageError
from chatkit_doctor.protocol.events import EVENT_TYPES, UPDATE_TYPES
from chatkit_doctor.vocabulary import CAUSES, SYMPTOMS


def doctor(*arguments: str) -> Result:
    """One call of the command line."""
    return CliRunner().invoke(app, list(arguments))


@pytest.mark.parametrize(
    "id_",
    ["wrong-dialect", "blank-panel", "thread.item.updated", "assistant_message.content_part.text_delta"],
)
def test_every_kind_of_id_is_explained(id_: str) -> None:
    result = doctor("explain", id_)
    assert result.exit_code == 0
    assert id_ in result.output
    assert "What to do instead" in result.output


def test_json_is_the_explanation_and_nothing_else() -> None:
    told = json.loads(doctor("explain", "user-item-missing", "--format", "json").output)
    assert (told["id"], told["kind"], told["layer"]) == ("user-item-missing", "cause", "protocol")
    event = json.loads(next(s["text"] for s in told["instead"] if s["language"] == "json"))
    assert event["item"]["type"] == "user_message"


def test_an_unknown_id_names_the_nearest() -> None:
    error = doctor("explain", "wrong-dialekt").exception
    assert isinstance(error, UsageError)
    assert "wrong-dialect" in error.hint


@pytest.mark.parametrize(
    ("what", "ids"),
    [("causes", set(CAUSES)), ("symptoms", set(SYMPTOMS)), ("events", EVENT_TYPES | UPDATE_TYPES)],
)
def test_everything_that_can_be_explained_is_listed(what: str, ids: set[str]) -> None:
    listed = json.loads(doctor("list", what, "--format", "json").output)
    assert {row["id"] for row in listed} == ids
    assert all(row["title"] for row in listed)
    text = doctor("list", what).output
    assert [id_ for id_ in ids if id_ not in text] == []
