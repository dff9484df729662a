"""Masking never changes an answer: what is judged was received, and what was written is judged alike."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from chatkit_doctor import SessionResult, sync
from chatkit_doctor.recording.entries import DomState, SsePosted
from chatkit_doctor.recording.reader import load
from chatkit_doctor.recording.redaction import MASK, mask_of
from chatkit_doctor.recording.views.messages import messages
from chatkit_doctor.report.model import ReportModel
from tests.chatkit_events import Event, created, delta, done, good, reply, updated, user
from tests.conversation.made import answer, sse

KEY: Final = "sk-proj-Ab3dEf6hIj9lMn2pQr5t"
PEM: Final = "-----BEGIN PRIVATE KEY-----\nMIIEpAIBAAKCAQEA75\nzQ==\n-----END PRIVATE KEY-----"
FOREIGN: Final = "pässwörd-🔑-of-mine-1"
PROSE: Final = "There is basic information about bearer certificates, and a token is no password at all."


def lint(folder: Path, events: list[Event] | bytes, *secrets: str) -> SessionResult:
    """What results from a saved stream."""
    folder.mkdir(exist_ok=True)
    file = folder / "stream.sse"
    file.write_bytes(events if isinstance(events, bytes) else b"".join(sse(events)))
    return sync.lint(file, op="threads.create", secrets=secrets, output=folder / "reports")


def in_pieces(text: str, size: int) -> list[Event]:
    """A good turn whose reply comes so many characters at a time."""
    whole = good(text)
    first, last = whole.index(delta(text[: -(-len(text) // 3)])), len(whole) - 2
    return [*whole[:first], *(delta(text[at : at + size]) for at in range(0, len(text), size)), *whole[last:]]


def everything_in(folder: Path) -> str:
    """The content of all files."""
    return "\n".join(path.read_text(errors="replace") for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("size", [1, 3, 7, 1000])
def test_prose_that_sounds_like_credentials_passes_and_stays_readable(tmp_path: Path, size: int) -> None:
    result = lint(tmp_path, in_pieces(PROSE, size))
    assert (result.report.verdict, result.report.messages[-1].text) == ("pass", PROSE)


@pytest.mark.parametrize("size", [1, 2, 3, 7, 11, 1000])
@pytest.mark.parametrize("secret", [KEY, PEM, FOREIGN], ids=["key", "pem", "foreign"])
def test_a_secret_in_pieces_is_in_no_file_and_changes_no_answer(
    tmp_path: Path, secret: str, size: int
) -> None:
    text = f"Before {secret} after, and more text than that."
    result = lint(tmp_path, in_pieces(text, size), *([FOREIGN] if secret == FOREIGN else []))
    again = sync.audit(result.folder)
    assert answer(result.report) == answer(again.report) == ("pass", "", [])
    recording = load(result.folder)
    posted = [entry.data.data for entry in recording.of(SsePosted)]
    assert MASK in "".join(posted)
    shown = recording.derive(messages)[-1].said
    assert shown.replace("\n", "") == text.replace(secret, MASK * shown.count(MASK)).replace("\n", "")
    written = everything_in(result.folder)
    for at in range(len(secret) - 8):
        assert secret[at : at + 8] not in written
    masked = text.replace(secret, mask_of(secret))
    assert masked in "".join(piece_of(each) for each in posted)


def piece_of(data: str) -> str:
    """What an event adds to a reply."""
    import json

    update = json.loads(data).get("update", {})
    return str(update.get("delta", ""))


def answers(report: ReportModel) -> dict[str, str]:
    """What each audit answers."""
    found = {finding.id: "failed" for finding in report.findings} | dict.fromkeys(report.passed, "passed")
    return found | {each.id: each.status for each in report.unanswered}


def test_a_common_word_as_a_secret_changes_no_answer(tmp_path: Path) -> None:
    result = lint(tmp_path, good("Here is your assistant_message."), "assistant_message")
    assert answer(result.report) == ("pass", "", [])


@pytest.mark.parametrize("word", ["threads.create", "text/event-stream", "thread.item.done"])
def test_words_of_the_protocol_as_secrets_change_no_finding(tmp_path: Path, word: str) -> None:
    plain, secret = (
        answers(lint(tmp_path / name, good(), *given).report)
        for name, given in (("plain", ()), ("secret", (word,)))
    )
    assert secret == plain


def test_a_fault_is_found_all_the_same(tmp_path: Path) -> None:
    events = [created(), done(user()), done({**reply(f"Key {KEY}"), "content": [{"text": KEY}]})]
    result = lint(tmp_path, events)
    again = sync.audit(result.folder)
    assert answer(result.report) == answer(again.report)
    assert result.report.verdict == "fail"
    assert KEY not in everything_in(result.folder)


def test_deltas_of_two_texts_at_once_are_told_apart(tmp_path: Path) -> None:
    second = updated(
        {
            "type": "assistant_message.content_part.added",
            "content_index": 1,
            "content": {"type": "output_text", "text": "", "annotations": []},
        }
    )
    whole = good("x")
    begun, last = whole[:5], whole[-1]
    pieces = [
        each for at in range(0, len(KEY), 4) for each in (delta(KEY[at : at + 4]), delta("between ", index=1))
    ]
    result = lint(tmp_path, [*begun, second, *pieces, last])
    posted = [entry.data.data for entry in load(result.folder).of(SsePosted)]
    assert "".join(map(piece_of, posted)).replace("between ", "") == mask_of(KEY)


def test_a_text_on_the_screen_is_masked_as_it_grows(tmp_path: Path) -> None:
    result = lint(tmp_path, in_pieces(f"See {KEY} here", 5))
    texts: dict[str, str] = {}
    for entry in load(result.folder).of(DomState):
        for item in entry.data.items:
            if item.text is not None:
                texts[item.key] = item.text.after(texts.get(item.key, ""))
                assert KEY[:8] not in texts[item.key]
    assert f"See {mask_of(KEY)} here" in texts.values()


def test_a_body_that_is_no_stream_is_masked(tmp_path: Path) -> None:
    body = b'data: {"client_secret": "abcdef-1"}\n\ndata: [DONE]\n\nabcdef-1'
    result = lint(tmp_path, body)
    assert "abcdef-1" not in everything_in(result.folder)
