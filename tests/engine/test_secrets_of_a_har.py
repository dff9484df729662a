"""A HAR is full of secrets that nobody has named: none of them is in what is made of it."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Final

from chatkit_doctor import sync
from chatkit_doctor.recording.redaction import MASK
from tests.chatkit_events import good
from tests.conversation.made import sse

SECRETS: Final = {
    "userinfo": "us3r-of-url:p4ss-of-url",
    "query": "qu3ry-t0ken-value",
    "request header": "short",
    "bearer": "opaque-b34rer-value",
    "cookie": "c00kie-of-request",
    "set-cookie": "c00kie-of-response",
    "response header": "h3ader-of-response",
    "postData": "p4ssword in words",
    "JSON in JSON": "s3cret-in-json-in-json",
}


def har() -> dict[str, object]:
    """A HAR with a secret in every place that has one."""
    metadata = {"password": SECRETS["postData"], "inner": json.dumps({"api_key": SECRETS["JSON in JSON"]})}
    body = {
        "type": "threads.create",
        "metadata": metadata,
        "params": {"input": {"content": [{"type": "input_text", "text": "Hello there"}]}},
    }
    sent = {
        "Content-Type": "application/json",
        "Origin": "https://app.example.test",
        "X-Api-Key": SECRETS["request header"],
        "Authorization": f"Bearer {SECRETS['bearer']}",
        "Cookie": f"a={SECRETS['cookie']}",
    }
    answered = {
        "Content-Type": "text/event-stream",
        "Set-Cookie": f"b={SECRETS['set-cookie']}; Path=/",
        "X-Session-Token": SECRETS["response header"],
    }
    echoed = base64.b64encode(f"x{SECRETS['bearer']}".encode()).decode()
    text = (
        f"{SECRETS['cookie']}, {SECRETS['response header']}, {echoed} and {SECRETS['bearer'].encode().hex()}"
    )
    entry = {
        "startedDateTime": "2026-01-01T10:00:00.000Z",
        "time": 300.0,
        "timings": {"send": 1, "wait": 98, "receive": 200},
        "request": {
            "method": "POST",
            "url": f"https://{SECRETS['userinfo']}@api.example.test/chatkit?access_token={SECRETS['query']}",
            "headers": [{"name": name, "value": value} for name, value in sent.items()],
            "postData": {"mimeType": "application/json", "text": json.dumps(body)},
        },
        "response": {
            "status": 200,
            "headers": [{"name": name, "value": value} for name, value in answered.items()],
            "content": {"mimeType": "text/event-stream", "text": b"".join(sse(good(text))).decode()},
        },
    }
    return {"log": {"version": "1.2", "entries": [entry]}}


def test_no_file_holds_a_secret_of_a_har(tmp_path: Path) -> None:
    source = tmp_path / "session.har"
    source.write_text(json.dumps(har()))
    folder = sync.lint(source, output=tmp_path / "reports").folder
    written = {path.name: path.read_text() for path in folder.rglob("*") if path.is_file()}
    held = {
        (name, kind) for name, text in written.items() for kind, value in SECRETS.items() if value in text
    }
    assert held - {(name, "request header") for name in written} == set()
    encoded = SECRETS["bearer"].encode()
    for text in written.values():
        assert encoded.hex() not in text
        assert base64.b64encode(b"x" + encoded).decode() not in text
    assert f'"x-api-key":"{MASK * len("short")}"' in written["recording.ndjson"]
    assert "reproduce.sh" in written
    assert "CHATKIT_DOCTOR_X_API_KEY" in written["reproduce.sh"]
