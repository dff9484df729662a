"""Keeping secrets out of every artifact: by value, by name, and by shape.

What is masked stays as long as it was: a text that came in pieces and the whole of it are masked alike.
"""

from __future__ import annotations

import base64
import json
import re
import threading
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from operator import itemgetter
from typing import Final, Self

from chatkit_doctor.errors import UsageError
from chatkit_doctor.recording.secret_forms import JSON_LEVELS, forms_of, utf16_length
from chatkit_doctor.recording.secret_shapes import (
    PLAIN_HEADERS,
    is_secret_member,
    is_sensitive_header,
    looks_like_a_credential,
    spans_of_shapes,
)

MASK: Final = "\N{FULL BLOCK}"
"""Stands for each character of a secret."""
SHORTEST_SECRET: Final = 6
"""Characters; a shorter text would be found in ordinary words, and not in base64."""
PART: Final = 8
"""Characters at the beginning or the end of a secret that are masked wherever the rest is."""
MOST_LEARNED: Final = 30
"""Secrets that are learned from headers, and as many from all else; more are masked by their shape alone."""
_MOST_ALIKE: Final = 8
"""Of so many forms that begin or end alike it is looked how much of them there is."""

_AUTH_SCHEME: Final = re.compile(r"(?i)^\s*(bearer|basic|token)\s+(\S.*)$", re.DOTALL)

Span = tuple[int, int, int]
"""Where a secret begins and ends in a text, and how many characters it is to whoever reads the text."""


@dataclass(frozen=True, slots=True)
class Shaped:
    """A text, and where something is in it that looks like a secret: looked for once."""

    text: str
    places: tuple[tuple[int, int], ...]

    @classmethod
    def of(cls, text: str) -> Self:
        """The text with its places."""
        return cls(text, tuple(spans_of_shapes(text)))


def mask_of(text: str) -> str:
    """A mask as long as a text, in UTF-16 units as browsers count."""
    return MASK * utf16_length(text)


class Redactor:
    """Replaces secrets in text.

    Secrets are known by value (``--header``, ``--secret``, what a sensitive header carried, what was found
    once), and found by name and by shape: :mod:`chatkit_doctor.recording.secret_shapes`. A known one is
    replaced in every form it takes, and so is its beginning or its end where the rest was cut off.
    """

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._values: set[str] = set()
        self._learned = Counter[bool]()
        """How many were learned: those that are masked encoded, too, and others."""
        self._forms: dict[str, int] = {}
        self._plain: frozenset[str] = frozenset()
        self._heads: dict[str, tuple[str, ...]] = {}
        self._tails: dict[str, tuple[str, ...]] = {}
        self._lock = threading.Lock()
        for secret in secrets:
            self.add(secret)

    @property
    def values(self) -> frozenset[str]:
        """Every secret that is known by its value."""
        with self._lock:
            return frozenset(self._values)

    def add(self, secret: str, *, encoded: bool = True) -> None:
        """Know one secret; of an authorization value its token, and what that says if it is basic.

        Unless ``encoded``, it is masked as it is and in JSON.
        """
        with self._lock:
            for value in _parts(secret.strip()):
                if len(value) >= SHORTEST_SECRET and value not in self._values and MASK not in value:
                    self._values.add(value)
                    self._know(value, encoded=encoded)

    def _know(self, value: str, *, encoded: bool) -> None:
        # Addresses begin and end like others.
        part = len(value) * 8 if "://" in value else PART
        # Put in place of what there is: another thread may be looking for secrets.
        forms, heads, tails = dict(self._forms), dict(self._heads), dict(self._tails)
        for form, size in forms_of(value, encoded=encoded).items():
            if form not in forms:
                forms[form] = size
                heads[form[:part]] = (*heads.get(form[:part], ()), form)
                tails[form[-part:]] = (*tails.get(form[-part:], ()), form)
        self._plain |= {form[:part] for form in forms_of(value, encoded=False)}
        self._forms, self._heads, self._tails = forms, heads, tails

    def add_headers(self, headers: Mapping[str, str]) -> None:
        """Know what a user's own headers carry: all that is sensitive, and whatever can be a secret at all.

        The rest is a word such as the name of a role, which others may say.
        """
        for name, value in headers.items():
            if is_sensitive_header(name):
                for part in _carried(name, value):
                    self.add(part)
            elif name.lower() not in PLAIN_HEADERS and looks_like_a_credential(value):
                self.add(value)

    def learn(self, text: str) -> None:
        """Know what is found in a text by its name or shape, to mask it where it has neither."""
        self.learn_shaped(Shaped.of(text))

    def learn_shaped(self, shaped: Shaped) -> None:
        """The same for a text that was looked at."""
        for start, end in shaped.places:
            self._learn(_unescaped(shaped.text[start:end]), encoded=False)

    def learn_headers(self, headers: Mapping[str, str]) -> None:
        """Know what sensitive headers carry."""
        for name, value in headers.items():
            for part in _carried(name, value) if is_sensitive_header(name) else ():
                self._learn(part, encoded=True)

    def _learn(self, secret: str, *, encoded: bool) -> None:
        is_one = looks_like_a_credential(secret) or secret.startswith("-----BEGIN")
        if is_one and self._learned[encoded] < MOST_LEARNED and secret not in self._values:
            self._learned[encoded] += 1
            self.add(secret, encoded=encoded)

    def shows(self, text: str) -> bool:
        """Whether a text shows a secret that is not encoded: a quick look."""
        return any(head in text for head in self._plain) or any(True for _ in spans_of_shapes(text))

    def touched(self, texts: Sequence[str], shaped: Shaped | None = None) -> set[int]:
        """The numbers of the texts in which something would be masked: all are examined at once.

        ``shaped`` are their lines in one text, if it was looked at.
        """
        ends = list(accumulate(len(text) + 1 for text in texts))
        found: set[int] = set()
        for start, end, _ in self._spans(shaped or Shaped.of("\n".join(texts))):
            found |= set(range(bisect_right(ends, start), bisect_right(ends, end - 1) + 1))
        return found

    def text(self, text: str) -> str:
        """The text with every known or likely secret masked."""
        spans = self.spans(text)
        if not spans:
            return text
        pieces, at = [], 0
        for start, end, size in spans:
            whole = text[start:end]
            pieces += [text[at:start], mask_of(whole) if size == end - start else MASK * size]
            at = end
        return "".join([*pieces, text[at:]])

    def spans(self, text: str) -> list[Span]:
        """Where the secrets of a text stand, in order and apart from each other."""
        return self._spans(Shaped.of(text))

    def _spans(self, looked_at: Shaped) -> list[Span]:
        text = looked_at.text
        shaped = [(start, end, end - start) for start, end in looked_at.places]
        # What is escaped is longer here than to whoever reads it: its value, if it is known, tells how long.
        covered = _Covered((start, end) for start, end, _ in shaped if "\\" not in text[start:end])
        found: list[Span] = []
        for head, forms in self._heads.items():
            longest = max(map(len, forms))
            at = text.find(head)
            while at >= 0:
                end = covered.end(at, at + longest)
                if end is None:
                    found.append(self._forward(text, at, forms))
                    end = found[-1][1]
                at = text.find(head, end)
        for tail, forms in self._tails.items():
            longest = max(map(len, forms))
            at = text.find(tail)
            while at >= 0:
                end = at + len(tail)
                if covered.end(end - longest, end) is None:
                    found.append(self._backward(text, end, forms))
                at = text.find(tail, end)
        # Shapes last: of two places that are the same, the first tells how long it is.
        return _apart(found + shaped)

    def _forward(self, text: str, at: int, forms: Sequence[str]) -> Span:
        """The longest of some forms that begins here, or as much of one as there is."""
        whole = [form for form in forms if text.startswith(form, at)]
        if whole:
            form = max(whole, key=len)
            return at, at + len(form), self._forms[form]
        form, length = max(
            ((form, _common(text[at : at + len(form)], form)) for form in forms[:_MOST_ALIKE]),
            key=itemgetter(1),
        )
        return at, at + length, self._size(form, length)

    def _backward(self, text: str, end: int, forms: Sequence[str]) -> Span:
        """As much as there is of the one of some forms of which most ends here."""
        form, length = max(
            (
                (form, _common(text[max(0, end - len(form)) : end][::-1], form[::-1]))
                for form in forms[:_MOST_ALIKE]
            ),
            key=itemgetter(1),
        )
        return end - length, end, self._size(form, length)

    def _size(self, form: str, length: int) -> int:
        """How many characters so much of a form stands for."""
        whole = self._forms[form]
        return length if whole == len(form) else max(1, round(length * whole / len(form)))

    def data(self, data: bytes) -> bytes:
        """The same for bytes: those that are no text pass through unchanged."""
        text = data.decode("utf-8", "surrogateescape")
        masked = self.text(text)
        return data if masked is text else masked.encode("utf-8", "surrogateescape")

    def headers(self, headers: Mapping[str, str]) -> dict[str, str]:
        """Headers with lower-case names; values of sensitive ones are masked and learned as secrets."""
        self.learn_headers(headers)
        named = {name.lower(): value for name, value in headers.items()}
        return {
            name: masked_credentials(value) if is_sensitive_header(name) else value
            for name, value in named.items()
        }

    def member(self, name: str, value: str) -> str:
        """The value of a member of a JSON object: masked as a whole where its name calls it a secret."""
        return masked_credentials(value) if is_secret_member(name, value) else self.text(value)


def masked_credentials(value: str) -> str:
    """``Bearer abc`` → ``Bearer ███``; an empty token stays visibly empty, which is a finding."""
    match = _AUTH_SCHEME.match(value)
    if match:
        return f"{match[1]} {mask_of(match[2])}"
    if value.strip().lower() in {"", "bearer", "basic", "token"}:
        return value
    return mask_of(value)


def _carried(name: str, value: str) -> set[str]:
    """The secrets that a sensitive header carries."""
    if name.lower() in {"cookie", "set-cookie"}:
        pairs = value.replace("\n", ";").split(";")
        return {pair.partition("=")[2].strip() for pair in pairs}
    return _parts(value.strip())


def _parts(secret: str) -> set[str]:
    match = _AUTH_SCHEME.match(secret)
    if match is None:
        return {secret}
    token = match[2].strip()
    found = {token}
    if match[1].lower() == "basic":
        try:
            pair = base64.b64decode(token, validate=True).decode()
        except ValueError:
            return found
        found |= {pair, pair.partition(":")[2]}
    return found


def _unescaped(text: str) -> str:
    """A text that was found in JSON, or in JSON within JSON, as whoever reads it in the end has it."""
    for _ in range(JSON_LEVELS):
        if "\\" not in text:
            break
        try:
            text = str(json.loads(f'"{text}"'))
        except ValueError:
            break
    return text


def maskable(secrets: Iterable[str]) -> tuple[str, ...]:
    """The same, all of which can be masked: to go on otherwise would be to promise what cannot be held.

    Raises UsageError for one that is too short.
    """
    given = tuple(secrets)
    if any(len(secret.strip()) < SHORTEST_SECRET for secret in given):
        raise UsageError(
            f"a secret of fewer than {SHORTEST_SECRET} characters cannot be masked: it would match ordinary "
            "words",
            where="--secret",
            hint="Use a longer one, or omit it.",
        )
    return given


def _common(left: str, right: str) -> int:
    """How many characters two texts have in common at their beginning."""
    pairs = enumerate(zip(left, right, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(left), len(right)))


class _Covered:
    """Places in a text: what is within one of them needs no second look."""

    def __init__(self, places: Iterable[tuple[int, int]]) -> None:
        self._places = sorted(places)
        self._starts = [start for start, _ in self._places]

    def end(self, start: int, end: int) -> int | None:
        """The end of the place that holds all of this."""
        at = bisect_right(self._starts, start) - 1
        return self._places[at][1] if at >= 0 and self._places[at][1] >= end else None


def _apart(spans: list[Span]) -> list[Span]:
    """The same places, without overlap."""
    merged: list[Span] = []
    for start, end, size in sorted(spans, key=lambda span: (span[0], -span[1])):
        if merged and start < merged[-1][1]:
            first, last, known = merged[-1]
            if end > last:
                merged[-1] = (first, end, known + end - last)
        else:
            merged.append((start, end, size))
    return merged
