"""Secrets are masked by value, by name and by shape, in every form they take, and prose is left alone."""

from __future__ import annotations

import base64
import html
import json
from collections.abc import Callable
from urllib.parse import quote, quote_plus

import pytest

from chatkit_doctor.recording.redaction import MASK, PART, Redactor, mask_of

SECRET = 'pa"ss/wörd+1234 x?'
KEY = "sk-proj-Ab3dEf6hIj9lMn2pQr5t"
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJlLW9mLXRva2Vu"
PEM = "-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA75\nzQ==\n-----END RSA PRIVATE KEY-----"

FORMS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "json": json.dumps,
    "json in non-ASCII": lambda text: json.dumps(text, ensure_ascii=False),
    "json in json": lambda text: json.dumps(json.dumps(text)),
    "json in json in json": lambda text: json.dumps(json.dumps(json.dumps(text))),
    "html": html.escape,
    "html in json": lambda text: json.dumps(html.escape(text)),
    "percent": lambda text: quote(text, safe=""),
    "percent as in a path": quote,
    "percent, lower case": lambda text: (
        quote(text, safe="").replace("%C3%B6", "%c3%b6").replace("%2F", "%2f")
    ),
    "percent, twice": lambda text: quote(quote(text, safe=""), safe=""),
    "form": quote_plus,
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "base64 within": lambda text: base64.b64encode(f"user:{text}:tail".encode()).decode(),
    "base64 within, shifted": lambda text: base64.b64encode(f"us:{text}:tail".encode()).decode(),
    "base64 for URLs": lambda text: base64.urlsafe_b64encode(f"?{text}".encode()).decode(),
    "hex": lambda text: text.encode().hex(),
    "hex, upper case": lambda text: text.encode().hex().upper(),
    "read as Latin-1": lambda text: text.encode().decode("latin-1"),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_known_value_is_masked_in_every_form(form: str) -> None:
    written = FORMS[form](SECRET)
    masked = Redactor([SECRET]).text(f"before {written} after")
    left = masked.removeprefix("before ").removesuffix(" after").replace(MASK, "").strip('\\"')
    # In base64 that holds more, the neighbours stay, with the characters that they share with the secret.
    assert len(left) <= (16 if "within" in form or "URLs" in form else 3), left
    assert masked.startswith("before ")
    assert masked.endswith(" after")


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
def test_a_known_value_is_masked_in_bytes(encoding: str) -> None:
    data = b"\xff\xfe " + SECRET.encode(encoding) + b" \x00"
    assert Redactor([SECRET]).data(data) == b"\xff\xfe " + mask_of(SECRET).encode() + b" \x00"


@pytest.mark.parametrize("form", ["plain", "json", "json in non-ASCII"])
def test_a_mask_is_as_long_as_the_secret_to_whoever_reads_it(form: str) -> None:
    masked = Redactor([SECRET]).text(FORMS[form](SECRET))
    assert (json.loads(masked) if form != "plain" else masked) == MASK * len(SECRET)


@pytest.mark.parametrize("length", [PART, PART + 1, len(KEY) - 1])
@pytest.mark.parametrize("cut", ["its end", "its beginning"])
def test_what_is_left_of_a_secret_that_was_cut_is_masked(length: int, cut: str) -> None:
    left = KEY[:length] if cut == "its end" else KEY[-length:]
    assert Redactor([KEY]).text(f"({left}…") == f"({MASK * length}…"


@pytest.mark.parametrize(
    "secret",
    [
        KEY,
        JWT,
        PEM,
        "ek_68a1b2c3d4e5f60718293a4b",
        "ghp_16C7e42F292c6912E7710c838347Ae178B4a",
        "AKIAIOSFODNN7EXAMPLE",
        "AIzaSyD-9tSrke72PouQMnMX-a7eZSW0jkFMBWY",
        "-".join(["xoxb", "17653672481", "19874698323", "pdFZKVeTuE8sk7oOcHrzqqgy"]),
    ],
    ids=lambda secret: secret[:5],
)
@pytest.mark.parametrize("around", ["{}", "it is {} now", "\n{}\n", '{{"a": "b\\n{}"}}', "a%3D{}%26"])
def test_a_credential_is_known_by_its_shape(secret: str, around: str) -> None:
    assert Redactor().text(around.format(secret)) == around.format(MASK * len(secret))


@pytest.mark.parametrize(
    "begin",
    [
        "sk-",
        "ek_",
        "cs_",
        "ck_",
        "ghp_",
        "gho_",
        "ghu_",
        "ghs_",
        "ghr_",
        "github_pat_",
        "AKIA",
        "ASIA",
        "AIza",
    ],
)
def test_a_key_is_known_by_how_it_begins(begin: str) -> None:
    secret = begin + "1A" * 20
    assert Redactor().text(f"it is {secret} now") == f"it is {mask_of(secret)} now"


@pytest.mark.parametrize(
    "name",
    [
        *("password", "passwd", "passphrase", "secret", "authorization"),
        *("api_key", "accessKey", "private-key", "domainKey", "refresh_token", "id_token", "authToken"),
    ],
)
def test_a_member_of_some_names_is_a_secret_whatever_it_says(name: str) -> None:
    assert Redactor().text(f'{{"{name}": "open"}}') == f'{{"{name}": "{mask_of("open")}"}}'


@pytest.mark.parametrize(
    "name", ["token", "session", "cookie", "signature", "credential", "jwt", "csrf", "xsrf"]
)
def test_a_member_of_other_names_is_one_if_it_looks_like_it(name: str) -> None:
    assert Redactor().text(f'{{"{name}": "abcdef1234"}}') == f'{{"{name}": "{mask_of("abcdef1234")}"}}'
    assert Redactor().text(f'{{"{name}": "open"}}') == f'{{"{name}": "open"}}'


@pytest.mark.parametrize(
    "name",
    [
        *("key", "sig", "auth", "sid", "pass", "pwd"),
        *("password", "passwd", "passphrase", "secret", "authorization"),
        *("token", "session", "cookie", "signature", "credential", "jwt", "csrf", "xsrf"),
    ],
)
def test_a_parameter_of_a_url_is_a_secret_by_its_name(name: str) -> None:
    assert Redactor().text(f"/a?b=1&{name}=open#c") == f"/a?b=1&{name}={mask_of('open')}#c"


def test_a_letter_that_is_two_in_lower_case_moves_no_mask() -> None:
    assert Redactor().text(f"İİİ {KEY} İ") == f"İİİ {mask_of(KEY)} İ"


def test_each_key_is_masked_of_several_that_begin_alike() -> None:
    keys = ["ghp_" + letter * 36 for letter in "ABC"]
    assert Redactor().text(" ".join(keys)) == " ".join(map(mask_of, keys))


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("Authorization: bearer abcdefgh12345678", "abcdefgh12345678"),
        ("Authorization: Basic dXNlcjpwYXNz", "dXNlcjpwYXNz"),
        ("http://user:pass@localhost/x", "user:pass"),
        ("see /a?token=abc&b=1", "abc"),
        ("see /a?b=1&amp;api_key=abc#c", "abc"),
        ("/a?key=x1", "x1"),
        ("password=abc&b=1", "abc"),
        ('{"password": "abc", "b": 1}', "abc"),
        ('{"clientSecret":"abc"}', "abc"),
        ('{"domainKey": "domain_pk_abc"}', "domain_pk_abc"),
        (r'{"a": "{\"access_token\": \"abc\"}"}', "abc"),
        ('{"token": "abcdef1234"}', "abcdef1234"),
        ('{"token": "AbcdefGhijklmnopqrst"}', "AbcdefGhijklmnopqrst"),
    ],
)
def test_a_secret_is_known_by_its_name(text: str, secret: str) -> None:
    assert Redactor().text(text) == text.replace(secret, mask_of(secret), 1)


@pytest.mark.parametrize(
    "text",
    [
        "The bearer of this letter said: thread.item.done, msg_1234, {a: 1}",
        "basic information about bearer certificates, Basic authentication and bearer instruments",
        "Bearer responsibilities-of-organisations",
        "sk-learn-based-approach, sk-estimator_of_everything, cs_department_of_mathematics",
        "What is a token? Its secret: no password, no api_key.",
        'Every {"token": " word"} of {"token": "a"} {"token": "stream"} is text',
        '{"token_endpoint": "https://a.example/token", "getClientSecret": "[function]"}',
        "https://a.example/@user/x and mail to me@a.example",
        '{\'max_tokens\': 100, "session": "start"}',
    ],
)
def test_prose_and_protocol_are_left_alone(text: str) -> None:
    assert Redactor(["topsecret"]).text(text) == text


def test_a_sensitive_header_is_masked_and_its_value_learned() -> None:
    redactor = Redactor()
    headers = redactor.headers({"Authorization": "Bearer opaque-token-9", "Accept": "*/*"})
    assert headers == {"authorization": f"Bearer {mask_of('opaque-token-9')}", "accept": "*/*"}
    assert redactor.text("echo: opaque-token-9") == f"echo: {mask_of('opaque-token-9')}"


@pytest.mark.parametrize("name", ["X-Page-Token", "x-api-key", "X-Session-Id", "Cookie", "X-Hub-Signature"])
def test_a_header_is_sensitive_by_its_name(name: str) -> None:
    assert Redactor().headers({name: "abc"}) == {name.lower(): mask_of("abc")}


@pytest.mark.parametrize(
    "word",
    [
        *("apikey", "auth", "authorization", "cookie", "credential", "credentials", "csrf", "jwt", "key"),
        *("passphrase", "passwd", "password", "secret", "session", "sig", "signature", "token", "xsrf"),
    ],
)
def test_a_header_is_sensitive_by_any_word_of_its_name(word: str) -> None:
    assert Redactor().headers({f"X-Acme-{word}": "abc"}) == {f"x-acme-{word}": mask_of("abc")}


@pytest.mark.parametrize(
    "name",
    [
        "X-Role",
        "Content-Type",
        "Access-Control-Allow-Credentials",
        "WWW-Authenticate",
        ":authority",
        "Sec-WebSocket-Key",
    ],
)
def test_other_headers_are_kept(name: str) -> None:
    assert Redactor().headers({name: "assistant"}) == {name.lower(): "assistant"}


def test_an_empty_bearer_stays_visibly_empty() -> None:
    assert Redactor().headers({"Authorization": "Bearer "}) == {"authorization": "Bearer "}


def test_the_password_of_basic_authentication_is_known_by_itself() -> None:
    redactor = Redactor(["Basic " + base64.b64encode(b"me:correct-horse").decode()])
    assert redactor.text("it was correct-horse") == f"it was {mask_of('correct-horse')}"


def test_cookies_are_learned_value_by_value() -> None:
    redactor = Redactor()
    redactor.headers({"cookie": "theme=dark; session=abcdef0123456789"})
    assert redactor.text("abcdef0123456789 dark") == f"{mask_of('abcdef0123456789')} dark"


def test_what_was_found_once_is_masked_where_it_has_no_name() -> None:
    redactor = Redactor()
    redactor.learn('{"client_secret": "a1b2c3d4"}')
    assert redactor.text("a1b2c3d4") == mask_of("a1b2c3d4")


def test_bytes_that_are_no_text_pass_unchanged() -> None:
    data = bytes(range(256))
    assert Redactor([SECRET]).data(data) == data


@pytest.mark.parametrize(
    "text",
    [
        "eyJ" * 100_000,
        "sk-" * 100_000,
        "bearer " * 50_000,
        "-----BEGIN PRIVATE KEY-----" * 10_000,
        '"password":"' * 30_000,
        "?token=" * 50_000,
        "://a@" * 50_000,
        '"' + "a" * 300_000,
        "?" + "a" * 300_000 + "token",
        KEY[:-1] * 10_000,
    ],
    ids=lambda text: text[:12],
)
def test_no_text_makes_it_slow(text: str) -> None:
    """A pattern that looks at the same characters again and again does not end here."""
    Redactor([KEY]).text(text)


@pytest.mark.parametrize(
    ("header", "text", "masked"),
    [
        ({"X-Role": "assistant"}, "role: assistant", "role: assistant"),
        ({"Accept": "application/json;v=2"}, "application/json;v=2", "application/json;v=2"),
        ({"X-Page-Token": "opaque"}, "an opaque wall", f"an {mask_of('opaque')} wall"),
        ({"X-Tenant": "tenant-4711"}, "of tenant-4711", f"of {mask_of('tenant-4711')}"),
        ({"Cookie": "a=first-one; b=second-one"}, "second-one", mask_of("second-one")),
        ({"Authorization": "Bearer opaque"}, "an opaque wall", f"an {mask_of('opaque')} wall"),
    ],
)
def test_the_value_of_a_persons_own_header_is_known_where_it_can_be_a_secret(
    header: dict[str, str], text: str, masked: str
) -> None:
    redactor = Redactor()
    redactor.add_headers(header)
    assert redactor.text(text) == masked


def test_a_flood_of_keys_keeps_no_cookie_from_being_learned() -> None:
    redactor = Redactor()
    redactor.learn(" ".join(f"sk-Ab3dEf6hIj9lMn2p{number:04}" for number in range(1_000)))
    redactor.learn_headers({"set-cookie": "session=abcdef0123456789"})
    assert redactor.text("abcdef0123456789") == mask_of("abcdef0123456789")
