"""Secrets of every kind, planted in a real session in every form: no byte of any artifact holds one."""

from __future__ import annotations

import base64
import html
import http.server
import json
import threading
from pathlib import Path
from typing import Final
from urllib.parse import quote, quote_plus

import pytest

from chatkit_doctor import sync
from chatkit_doctor.recording.redaction import MASK
from tests.artifacts import contents
from tests.chatkit_events import Event, created, done, streamed, user
from tests.conversation.made import sse

HEADER: Final = "opaque-header-7f3a91"
GIVEN: Final = 'gïven "secret"/+4711 ü'
COOKIE: Final = "cookie-8d2e4f6a-also"
KEYS: Final = {
    "openai": "sk-proj-Zx3dEf6hIj9lMn2pQr5t",
    "client": "ek_68a1b2c3d4e5f60718293a4b",
    "github": "ghp_16C7e42F292c6912E7710c838347Ae178B4a",
    "aws": "AKIAQ7EXAMPLE4ZW2K9P",
    "google": "AIzaSyD-9tSrke72PouQMnMX-a7eZSW0jkFMBWY",
    "slack": "-".join(["xoxb", "17653672481", "19874698323", "pdFZKVeTuE8sk7oOcHrzqqgy"]),
    "jwt": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI0NzExIn0.c2lnbmF0dXJlLW9mLXRva2Vu",
    "pem": "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0\n-----END PRIVATE KEY-----",
}
NAMED: Final = {"password": "p4ssw0rd-of-json", "client_secret": "cl13nt-s3cret", "apiKey": "4p1-k3y-of-json"}
QUERY: Final = "qu3ry-t0ken-value"
DOMAIN_KEY: Final = "domain_pk_68a1b2c3d4e5"
EVERY: Final = (HEADER, GIVEN, COOKIE, QUERY, DOMAIN_KEY, *KEYS.values(), *NAMED.values())


def forms(secret: str) -> set[str]:
    """The forms in which the backend sends a secret, and in which it is looked for."""
    raw = secret.encode()
    texts = {secret, html.escape(secret), quote(secret, safe=""), quote(secret, safe="").lower()}
    texts |= {quote_plus(secret), raw.hex(), base64.b64encode(raw).decode().rstrip("=")}
    texts |= {base64.urlsafe_b64encode(raw).decode().rstrip("=")}
    texts |= {json.dumps(text)[1:-1] for text in texts} | {json.dumps(json.dumps(secret))[3:-3]}
    return texts


def said() -> str:
    """A reply that holds every secret, and the two that are known by value in every form."""
    encoded = [form for secret in (HEADER, GIVEN) for form in sorted(forms(secret))]
    named = [json.dumps({name: value}) for name, value in NAMED.items()]
    return " | ".join(
        [*KEYS.values(), *named, COOKIE, *encoded, f"http://me:{QUERY}@a.example/?token={QUERY}"]
    )


class Careless(http.server.BaseHTTPRequestHandler):
    """A backend that sends whatever it was given to everybody, in pieces of a few characters."""

    protocol_version = "HTTP/1.0"

    def do_OPTIONS(self) -> None:
        self.send_response(204)
        self._cors()
        self.end_headers()

    def do_POST(self) -> None:
        op = json.loads(self.rfile.read(int(self.headers["content-length"])))["type"]
        self.send_response(200)
        self._cors()
        self.send_header("set-cookie", f"session={COOKIE}")
        self.send_header("x-api-key", KEYS["openai"])
        self.send_header("x-said", quote(GIVEN))
        if op not in {"threads.create", "threads.add_user_message"}:
            self.send_header("content-type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps({"data": [], "has_more": False, **NAMED}).encode())
            return
        self.send_header("content-type", "text/event-stream")
        self.end_headers()
        self.wfile.write(b"".join(sse(self._turn())))

    def _turn(self) -> list[Event]:
        text = said()
        return [created(), done(user("Hello")), *streamed(text, pieces=len(text) // 5)]

    def _cors(self) -> None:
        self.send_header("access-control-allow-origin", self.headers.get("origin", "*"))
        self.send_header("access-control-allow-credentials", "true")
        asked = self.headers.get("access-control-request-headers", "*")
        self.send_header("access-control-allow-headers", asked)
        self.send_header("access-control-expose-headers", "*")

    def log_message(self, *args: object) -> None:
        """Quiet."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The artifacts of a session with the careless backend."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Careless)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        result = sync.check(
            f"http://localhost:{server.server_port}/chatkit?token={QUERY}",
            messages=["Hello"],
            headers={"X-Opaque-Token": HEADER},
            secrets=[GIVEN],
            domain_key=DOMAIN_KEY,
            runtime="reference",
            output=tmp_path_factory.mktemp("planted"),
        )
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    return result.folder


@pytest.mark.browser
def test_no_artifact_holds_a_secret_in_any_form(folder: Path) -> None:
    found = {
        (name, form)
        for name, data in contents(folder)
        for secret in EVERY
        for form in forms(secret)
        if form.encode() in data
    }
    assert found == set()


@pytest.mark.browser
def test_what_was_masked_was_there(folder: Path) -> None:
    masked = {name for name, data in contents(folder) if MASK.encode() in data}
    names = {name.partition("/")[0] for name in masked}
    assert {"recording.ndjson", "report.json", "index.html", "reproduce.sh", "trace.zip"} <= names | {
        name for name, data in contents(folder) if b"CHATKIT_DOCTOR_" in data
    }


@pytest.mark.browser
def test_the_answer_is_that_of_a_backend_without_secrets(folder: Path) -> None:
    assert sync.audit(folder).report.verdict == json.loads((folder / "report.json").read_text())["verdict"]
