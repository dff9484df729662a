"""What a secret looks like, and what it is called: told from prose, in one pass over a text.

Every pattern is bounded or starts only where a run of its characters starts, so that no text makes it slow.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

SENSITIVE_HEADERS: Final = frozenset(
    {
        "authorization",
        "proxy-authorization",
        "cookie",
        "set-cookie",
        "x-api-key",
        "api-key",
        "x-auth-token",
        "x-csrf-token",
        "x-xsrf-token",
        "openai-sentinel-token",
    }
)
"""Header names whose value is never recorded, lower case."""
PLAIN_HEADERS: Final = frozenset(
    {
        "accept",
        "accept-encoding",
        "accept-language",
        "cache-control",
        "content-type",
        "origin",
        "referer",
        "user-agent",
    }
)
"""Header names whose value is never a secret, lower case."""
_SENSITIVE_WORDS: Final = frozenset(
    {
        "apikey",
        "auth",
        "authorization",
        "cookie",
        "credential",
        "credentials",
        "csrf",
        "jwt",
        "key",
        "passphrase",
        "passwd",
        "password",
        "secret",
        "session",
        "sig",
        "signature",
        "token",
        "xsrf",
    }
)
_ABOUT_THE_PROTOCOL: Final = ("access-control-", "sec-", ":")
"""Headers that only look as if they held a secret."""
_CREDENTIAL: Final = re.compile(r"(?=[^\d]*\d)(?=[^A-Za-z]*[A-Za-z])[!-~]{8,4096}|[!-~]{20,4096}")


def is_sensitive_header(name: str) -> bool:
    """Whether the value of a header is a secret by its name."""
    name = name.lower()
    if name in SENSITIVE_HEADERS:
        return True
    is_about = name.startswith(_ABOUT_THE_PROTOCOL) or name == "www-authenticate"
    return not is_about and not _SENSITIVE_WORDS.isdisjoint(re.split(r"[-_.]", name))


def is_secret_member(name: str, value: str) -> bool:
    """Whether a member of a JSON object is a secret by its name, where its value can be one."""
    if name.lower() in SENSITIVE_HEADERS or _STRONG_NAME.search(name):
        return _stands_for_itself(value)
    return _WEAK_NAME.search(name) is not None and looks_like_a_credential(value)


def looks_like_a_credential(value: str) -> bool:
    """Whether a value could be one at all: no word, no prose, no address."""
    return "://" not in value and _CREDENTIAL.fullmatch(value) is not None


def spans_of_shapes(text: str) -> Iterator[tuple[int, int]]:
    """Where something stands in a text that looks like a secret, or is called one."""
    lower = text.lower()
    for shape in _SHAPES:
        if not any(trigger in lower for trigger in shape.triggers):
            continue
        for match in shape.pattern.finditer(text):
            if shape.accepts(match[match.lastindex or 0]):
                yield match.span(match.lastindex or 0)


@dataclass(frozen=True, slots=True)
class _Shape:
    """``triggers``, in lower case, have to occur for the pattern to be tried; its group is the secret."""

    triggers: tuple[str, ...]
    pattern: re.Pattern[str]
    accepts: Callable[[str], bool] = bool


def _mixed(value: str) -> bool:
    return any(c.isdigit() for c in value) and any(c.isalpha() for c in value)


def _is_basic(value: str) -> bool:
    """Whether it is ``user:password`` in base64: words that follow "basic" are not."""
    try:
        return b":" in base64.b64decode(value, validate=True)
    except ValueError:
        return False


def _stands_for_itself(value: str) -> bool:
    """Whether it is neither an address nor a note such as ``[function]``."""
    return not value.startswith(("http:", "https:", "["))


_BEGIN: Final = r"(?:(?<![A-Za-z0-9_-])|(?<=\\[nrtbf])|(?<=\\u00[0-9A-Fa-f]{2})|(?<=%[0-9A-Fa-f]{2}))"
"""Where a word begins, be it behind an escaped character. Nothing is looked at twice."""
_DIGIT_OR_LONG: Final = r"(?=[A-Za-z_-]{0,200}\d|[A-Za-z0-9]{20})"
"""A key has a digit or a long run: ``sk-learn-based-approach`` has neither."""
_STRONG: Final = (
    "password|passwd|passphrase|secret|authorization|api[_-]?key|access[_-]?key|private[_-]?key"
    "|domain[_-]?key|access[_-]?token|refresh[_-]?token|id[_-]?token|auth[_-]?token"
)
_WEAK: Final = "token|session|cookie|signature|credential|jwt|csrf|xsrf"
_STRONG_TRIGGERS: Final = ("passw", "passp", "secret", "authorization", "key", "token")
_WEAK_TRIGGERS: Final = tuple(_WEAK.split("|"))


_STRONG_NAME: Final = re.compile(f"(?i){_STRONG}")
_WEAK_NAME: Final = re.compile(f"(?i){_WEAK}")


def _member(names: str) -> re.Pattern[str]:
    """A member of a JSON object, also of one in a string of another."""
    name = rf"[A-Za-z0-9_.-]{{0,40}}?(?:{names})[A-Za-z0-9_.-]{{0,40}}"
    return re.compile(rf'(?i)"{name}\\{{0,7}}"\s{{0,8}}:\s{{0,8}}\\{{0,7}}"([^"\\]+)')


def _parameter(names: str) -> re.Pattern[str]:
    """A parameter of a URL or of a form."""
    name = rf"[A-Za-z0-9_.\[-]{{0,40}}?(?:{names})[A-Za-z0-9_.\]-]{{0,40}}"
    return re.compile(rf"(?i)(?:\A|[?&;]){name}=([^&#\s\"'<>\\;]+)")


_SHAPES: Final = (
    _Shape(
        ("eyj",),
        re.compile(_BEGIN + r"eyJ[A-Za-z0-9_-]{6,}\.[A-Za-z0-9_-]{6,}\.[A-Za-z0-9_-]*"),  # JWT
    ),
    _Shape(("sk-",), re.compile(_BEGIN + r"sk-" + _DIGIT_OR_LONG + r"[A-Za-z0-9_-]{16,}")),  # OpenAI
    _Shape(  # client secrets
        ("ek_", "cs_", "ck_"),
        re.compile(_BEGIN + r"(?:ek|cs|ck)_" + _DIGIT_OR_LONG + r"[A-Za-z0-9_-]{16,}"),
    ),
    _Shape(  # GitHub
        ("ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"),
        re.compile(_BEGIN + r"(?:gh[pousr]|github_pat)_[A-Za-z0-9_]{20,}"),
    ),
    _Shape(("akia", "asia"), re.compile(_BEGIN + r"(?:AKIA|ASIA)[A-Z0-9]{16,}")),  # AWS
    _Shape(("aiza",), re.compile(_BEGIN + r"AIza[A-Za-z0-9_-]{30,}")),  # Google
    _Shape(("xox",), re.compile(_BEGIN + r"xox[abeoprs]-[A-Za-z0-9-]{10,}")),  # Slack
    _Shape(
        ("-----begin",),
        re.compile(
            r"-----BEGIN (?:[A-Z0-9]{1,20} ){0,4}PRIVATE KEY-----(?:\\+[nr]|[A-Za-z0-9+/=\r\n])*"
            r"(?:-----END [A-Z0-9 ]{0,60}-----)?"
        ),
    ),
    _Shape(("bearer",), re.compile(r"(?i)\bbearer\s{1,8}([A-Za-z0-9._~+/-]{16,}=*)"), _mixed),
    _Shape(("basic",), re.compile(r"(?i)\bbasic\s{1,8}([A-Za-z0-9+/]{8,}={0,2})"), _is_basic),
    _Shape(("@",), re.compile(r"://([^\s/@\"'<>\\?#]{1,256})@")),
    _Shape(_STRONG_TRIGGERS, _member(_STRONG), _stands_for_itself),
    _Shape(_WEAK_TRIGGERS, _member(_WEAK), looks_like_a_credential),
    _Shape((*_STRONG_TRIGGERS, *_WEAK_TRIGGERS), _parameter(f"{_STRONG}|{_WEAK}")),
    _Shape(("key=", "sig=", "auth=", "sid=", "pass=", "pwd="), _parameter("key|sig|auth|sid|pass|pwd")),
)
