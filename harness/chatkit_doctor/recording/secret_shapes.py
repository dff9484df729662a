"""What a secret looks like, and what it is called: told from prose, in one pass over a text.

Every pattern is bounded or starts only where a run of its characters starts, so that no text makes it slow.
"""

from __future__ import annotations

import base64
import re
import string
from collections.abc import Callable, Iterable, Iterator
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
_ASCII_LOWER: Final = {ord(letter): letter.lower() for letter in string.ascii_uppercase}
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
    lower = name.lower()
    is_qualified = any(
        _QUALIFIERS.search(lower[: match.start()]) for match in re.finditer("|".join(_QUALIFIED), lower)
    )
    if lower in SENSITIVE_HEADERS or is_qualified or any(word in lower for word in _STRONG):
        return _stands_for_itself(value)
    return any(word in lower for word in _WEAK) and looks_like_a_credential(value)


def looks_like_a_credential(value: str) -> bool:
    """Whether a value could be one at all: no word, no prose, no address."""
    return "://" not in value and _CREDENTIAL.fullmatch(value) is not None


def spans_of_shapes(text: str) -> Iterator[tuple[int, int]]:
    """Where something is in a text that looks like a secret, or is called one."""
    lower = text.lower()
    if len(lower) != len(text):
        # Some letters are two in lower case.
        lower = text.translate(_ASCII_LOWER)
    present = {start for start in _STARTS if start in lower}
    for shape in _SHAPES if present else ():
        for start in shape.starts:
            if start in present:
                yield from shape.spans(start, text, lower)


@dataclass(frozen=True, slots=True)
class _Shape:
    """``starts``, in lower case, are what the pattern begins with; its group is the secret."""

    starts: tuple[str, ...]
    pattern: re.Pattern[str]
    accepts: Callable[[str], bool] = bool
    behind: re.Pattern[str] | None = None
    """What the text has to look like, in lower case, that stands before."""

    def spans(self, start: str, text: str, lower: str) -> Iterator[tuple[int, int]]:
        """The secrets that begin in one way. To find that is much faster than to search for the pattern."""
        at = lower.find(start)
        while at >= 0:
            match = self.pattern.match(text, at)
            group = match.lastindex or 0 if match is not None else 0
            if match is not None and self.accepts(match[group]) and self._is_in_place(lower, at):
                yield match.span(group)
            at = lower.find(start, at + 1 if match is None else match.end())

    def _is_in_place(self, lower: str, at: int) -> bool:
        return self.behind is None or self.behind.search(lower[max(0, at - _LONGEST_NAME) : at]) is not None


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
"""Where a word begins, be it behind an escaped character. Nothing is examined twice."""
_DIGIT_OR_LONG: Final = r"(?=[A-Za-z_-]{0,200}\d|[A-Za-z0-9]{20})"
"""A key has a digit or a long run: ``sk-learn-based-approach`` has neither."""
_STRONG: Final = ("password", "passwd", "passphrase", "secret", "authorization")
_QUALIFIED: Final = ("key", "token")
"""What is a secret by a word before it."""
_QUALIFIERS: Final = re.compile(r"(?:api|access|private|domain|refresh|id|auth)[_-]?\Z")
_WEAK: Final = ("token", "session", "cookie", "signature", "credential", "jwt", "csrf", "xsrf")
_SHORT: Final = ("key", "sig", "auth", "sid", "pass", "pwd")
"""What only a parameter of a URL is called."""
_BEFORE_PARAMETER: Final = re.compile(r"(?:\A|[?&;\"'\n])[a-z0-9_.\[\]-]{0,40}\Z")


_LONGEST_NAME: Final = 64


def _starting(starts: Iterable[str], rest: str) -> re.Pattern[str]:
    return re.compile(f"(?i)(?:{'|'.join(starts)}){rest}")


_MEMBER: Final = r'[A-Za-z0-9_.-]{0,40}\\{0,7}"\s{0,8}:\s{0,8}\\{0,7}"([^"\\]+)'
"""A member of a JSON object, also of one in a string of another, from within its name on."""
_PARAMETER: Final = r"[A-Za-z0-9_.\]-]{0,40}=([^&#\s\"'<>\\;]+)"
"""A parameter of a URL or of a form, from within its name on."""

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
    _Shape(("://",), re.compile(r"://([^\s/@\"'<>\\?#]{1,256})@")),
    _Shape(_STRONG, _starting(_STRONG, _MEMBER), _stands_for_itself),
    _Shape(_QUALIFIED, _starting(_QUALIFIED, _MEMBER), _stands_for_itself, _QUALIFIERS),
    _Shape(_WEAK, _starting(_WEAK, _MEMBER), looks_like_a_credential),
    _Shape((*_STRONG, *_WEAK), _starting((*_STRONG, *_WEAK), _PARAMETER), behind=_BEFORE_PARAMETER),
    _Shape(_SHORT, _starting([f"{name}(?==)" for name in _SHORT], _PARAMETER), behind=_BEFORE_PARAMETER),
)
_STARTS: Final = tuple(dict.fromkeys(start for shape in _SHAPES for start in shape.starts))
"""Each beginning once: most texts hold none, and several shapes share some."""
