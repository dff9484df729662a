"""What users paste is taken as it was copied: from a stream, a screen, a console, a log."""

from __future__ import annotations

import json

import pytest

from chatkit_doctor.errors import UsageError
from chatkit_doctor.explain.explain import explanations
from chatkit_doctor.explain.lookup import explain
from chatkit_doctor.explain.model import Kind
from chatkit_doctor.explain.texts import known_text, known_texts
from chatkit_doctor.paths import static_dir

RULES = json.loads((static_dir() / "reference" / "frame" / "rules.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("pasted", "id_"),
    [
        ('"response.done"', "response.done"),
        ("`thread.message.delta`,", "thread.message.delta"),
        ('"type": "response.created",', "response.created"),
        ("event: thread.message.delta", "thread.message.delta"),
        ('event: thread.message.delta\ndata: {"delta": {}}\n\n', "thread.message.delta"),
        ('data: {"type": "content_block_delta", "index": 0}', "content_block_delta"),
        ('data: {"object": "chat.completion.chunk", "choices": []}', "chat.completion.chunk"),
        ('{"choices": [{"delta": {"content": "Here "}}]}', "chat.completion.chunk"),
        ('{"type": "response.output_text.delta", "delta": "He', "response.output_text.delta"),
        ('{"type": "response.done", "x": "' + "a" * 50_000 + '"}', "response.done"),
        ('0:"Here "', "0:"),
        ('{"type": "thread.created", "thread": {}}', "thread.created"),
        (
            '{"type": "thread.item.updated", "update": {"type": "assistant_message.content_part.done"}}',
            "assistant_message.content_part.done",
        ),
        ('{"type": "assistant_message", "id": "m", "content": []}', "item-not-wrapped"),
        ("user_message", "item-not-wrapped"),
        ("data: [DONE]", "sse-done-marker"),
        ("data: {'type': 'thread.created'}", "sse-bad-json"),
        (r'data: "{\"type\": \"thread.created\"}"', "sse-double-encoded"),
    ],
)
def test_what_was_copied_from_a_stream_is_explained(pasted: str, id_: str) -> None:
    assert explain(pasted).id == id_


@pytest.mark.parametrize(
    ("pasted", "id_"),
    [
        (RULES["texts"]["crashed"], "turn-crashed"),
        (RULES["texts"]["failed"], "error-shown"),
        (RULES["texts"]["too_many"], "request-rejected"),
        ("StreamError", "error-shown"),
        (
            "Failed to parse stream event: Unexpected token 'D', \"[DONE]\" is not valid JSON",
            "sse-done-marker",
        ),
        ("Failed to parse stream event: Unexpected end of JSON input", "sse-bad-json"),
        ("FatalAppError: ChatKit.create():\n✖ Invalid input\n  → at api", "invalid-options"),
        ("Error handling thread event Error: Expected undefined to be output_text", "handler-error"),
        (
            "Domain verification failed for https://app.example. Please register your domain",
            "domain-not-verified",
        ),
        (
            "Access to fetch at 'http://a.test' from origin 'http://b.test' has been blocked by CORS policy:",
            "cors-blocked",
        ),
        ("No 'Access-Control-Allow-Origin' header is present", "cors-blocked"),
        (
            "Loading it violates the following Content Security Policy directive: \"script-src 'self'\"",
            "script-blocked-by-csp",
        ),
        (
            "Framing 'x' violates the following Content Security Policy directive: \"frame-src 'self'\".",
            "frame-blocked-by-csp",
        ),
        (
            "Connecting to 'x' violates the following Content Security Policy directive: \"connect-src y\".",
            "connect-blocked-by-csp",
        ),
        (
            "POST http://a.test/chatkit net::ERR_INCOMPLETE_CHUNKED_ENCODING 200 (OK)",
            "stream-cut",
        ),
        ("TypeError: target.setOptions is not a function", "options-never-set"),
        ("TypeError: crypto.randomUUID is not a function", "insecure-context"),
        ("Uncaught Error: Minified React error #185; visit https://react.dev/errors/185", "event-burst"),
        ("Cross-Origin Request Blocked: The Same Origin Policy disallows reading", "cors-blocked"),
        ("curl: (18) transfer closed with outstanding read data remaining", "stream-cut"),
        ("GET http://localhost:8000/chatkit net::ERR_CONNECTION_REFUSED", "wrong-url"),
        ("Unexpected token '<', \"<!DOCTYPE \"... is not valid JSON", "wrong-url"),
        ("__fake_id__", "item-id-collision"),
        ("threads.create", "first-message-ignored"),
        ("chatkit.thread.change", "thread-not-restored"),
    ],
)
def test_what_a_screen_or_a_console_says_leads_to_its_likeliest_cause(pasted: str, id_: str) -> None:
    explained = explain(pasted)
    assert explained.kind is Kind.TEXT
    assert explained.related[0] == id_
    assert explained.title.startswith(f"Most often {id_}: ")


def test_half_a_sentence_leads_there_too() -> None:
    assert explain("went wrong. please try again").related[0] == "turn-crashed"


def test_a_text_is_known_in_any_case() -> None:
    assert explain("streamerror").related[0] == "error-shown"


def test_every_text_leads_to_ids_that_are_explained() -> None:
    known = explanations()
    assert [id_ for text in known_texts() for id_ in text.ids if id_ not in known] == []


def test_no_text_hides_a_later_one() -> None:
    hidden = [text.has for text in known_texts() if known_text(" … ".join(text.has)) is not text]
    assert hidden == []


def test_an_id_is_always_its_own() -> None:
    assert [id_ for id_ in explanations() if explain(id_).id != id_] == []


@pytest.mark.parametrize("asked", ["", "   ", "zzzzzzzz", "{}", "x" * 100_000])
def test_what_nobody_knows_is_refused_in_one_short_line(asked: str) -> None:
    with pytest.raises(UsageError) as caught:
        explain(asked)
    assert len(str(caught.value).splitlines()[0]) < 200


def test_nothing_in_what_was_pasted_acts_on_the_terminal() -> None:
    explained = explain('data: {"type": "response.done", "x": "\x1b[31m\u202e"}')
    assert explained.sent[0].text.isprintable()
    assert explain("StreamError \x1b[31m").id.isprintable()


def test_a_long_event_is_clipped() -> None:
    explained = explain(json.dumps({"type": "response.done", "x": "a" * 5_000}))
    assert explained.sent[0].text.endswith("characters more]")
    assert len(explained.sent[0].text) < 400
