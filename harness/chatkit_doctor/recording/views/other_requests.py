"""By what other way a page asked for the component, and by which it was answered: told by the words.

What a page had under way meanwhile may have nothing to do with the chat. A message stands for the operation
where it carries what the component asked to send, and for the answer where it brought what the component was
given in the end.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, unquote_plus, urlsplit

from chatkit_doctor.protocol.events import member
from chatkit_doctor.protocol.intended_replies import intended_replies
from chatkit_doctor.protocol.payload import as_object, json_or_text, read_payload
from chatkit_doctor.protocol.sse import parse
from chatkit_doctor.recording.entries import Entry, RequestOther
from chatkit_doctor.recording.reader import Recording

_TELLING: Final = 8
"""Characters of a text that is known wherever it stands; a shorter one has to stand alone."""
_MOST_VALUES: Final = 20_000
"""Values of one text that are examined."""


@dataclass(frozen=True, slots=True)
class Others:
    """What a page had under way while its own fetch answered one call."""

    sent: Entry[RequestOther] | None = None
    """What carries the words that the component asked to send."""
    answered: Entry[RequestOther] | None = None
    """What brought the words that the component was given."""
    rest: tuple[Entry[RequestOther], ...] = ()
    has_words: bool = False
    """Whether there were any to know it by."""

    @property
    def asked_by(self) -> Entry[RequestOther] | None:
        """By which the page asked: what brought the answer was asked, where nothing else is known to be."""
        by_answer = self.answered if self.answered is not None and self.answered.data.sent else None
        return self.sent or by_answer

    @property
    def tells_more(self) -> bool:
        """Whether more is known than that the page called fetch meanwhile: what it asked by, or that what
        left has none of the words, or that several requests left.
        """
        requests = sum(each.data.way in {"fetch", "xhr"} for each in self.rest)
        known = self.sent is not None or self.answered is not None
        return known or requests > 1 or (self.has_words and requests > 0)

    @property
    def answered_by(self) -> Entry[RequestOther] | None:
        """By which it was answered, likewise."""
        return self.answered or self.sent


def others_of(recording: Recording, call: str, asked: object, given: bytes) -> Others:
    """What went on beside a call, by what the component ``asked`` and what it was ``given``."""
    mine = [entry for entry in recording.of(RequestOther) if entry.data.call == call]
    wanted, brought = list(_words_asked(asked)), list(_words_given(given))
    sent = next((each for each in mine if _carries(each.data, wanted)), None)
    answered = next((each for each in mine if _brings(each.data, brought)), None)
    known = {id(each) for each in (sent, answered)}
    return Others(
        sent, answered, tuple(each for each in mine if id(each) not in known), bool(wanted or brought)
    )


def named(other: RequestOther) -> str:
    """Such as ``a WebSocket to ws://localhost/chat: 1 message written, 3 read``."""
    of = " of a worker" if other.by == "worker" else ""
    match other.way:
        case "websocket":
            return f"a WebSocket{of} to {other.url}: {_messages(other.sent)} written, {other.got} read"
        case "event-source":
            events = "1 event" if other.got == 1 else f"{other.got} events"
            return f"an EventSource{of} at {other.url}: {events} came"
        case "fetch" | "xhr":
            by = " by XMLHttpRequest" if other.way == "xhr" else ""
            by += " by a worker" if other.by == "worker" else ""
            what = " ".join(filter(None, (str(other.status or ""), other.content_type.partition(";")[0])))
            came = other.error or what or "no answer"
            return f"{other.method} {other.url}{by} ({came})"


def _messages(count: int) -> str:
    return "1 message" if count == 1 else f"{count} messages"


def _words_asked(asked: object) -> Iterator[str]:
    """What a user wrote, and the ids that were asked for."""
    params = member(as_object(asked), "params")
    content = member(params, "input").get("content")
    for part in content if isinstance(content, list) else ():
        text = as_object(part).get("text")
        if isinstance(text, str) and text.strip():
            yield text.strip()
    yield from (v for k, v in params.items() if k.endswith("_id") and isinstance(v, str) and v)


def _words_given(body: bytes) -> Iterator[str]:
    """The replies in a stream of events, else the longer texts of a document."""
    events = [value for e in parse(body)[0] if (value := read_payload(e.data).value) is not None]
    if events:
        yield from (text.strip() for text in intended_replies(events) if text.strip())
    elif body:
        values = _values(json_or_text(body.decode("utf-8", "replace")))
        yield from (text for _, text in values if len(text) >= _TELLING)


def _carries(other: RequestOther, words: list[str]) -> bool:
    if not other.sent or not words:
        return False
    texts = [other.body, unquote_plus(other.body), *_of_url(other.url), *_texts_in(other.body)]
    return any(_is_in(word, text) for word in words for text in texts)


def _brings(other: RequestOther, words: list[str]) -> bool:
    if not other.got or not words:
        return False
    texts = [other.answer, *_texts_in(other.answer)]
    return any(_is_in(word, text) for word in words for text in texts)


def _is_in(word: str, text: str) -> bool:
    return word == text.strip() or (len(word) >= _TELLING and word in text)


def _of_url(url: str) -> Iterator[str]:
    try:
        parts = urlsplit(url)
        yield from (unquote_plus(segment) for segment in parts.path.split("/"))
        yield from (value for _, value in parse_qsl(parts.query))
    except ValueError:
        return


def _texts_in(text: str) -> Iterator[str]:
    """The texts within a body: of JSON its values, and what those at one place make one after the other."""
    yield from (value for _, value in _values(json_or_text(text)))
    events = [event.data for event in parse(text.encode("utf-8", "replace"))[0]]
    joined: dict[str, list[str]] = {}
    for line in events or text.split("\n"):
        for place, value in _values(json_or_text(line)):
            joined.setdefault(place, []).append(value)
    for parts in joined.values():
        yield from parts
        yield "".join(parts)


def _values(value: object) -> Iterator[tuple[str, str]]:
    """The texts in a JSON value, each with its place."""
    left: list[tuple[str, object]] = [("$", value)]
    for _ in range(_MOST_VALUES):
        if not left:
            return
        place, inner = left.pop()
        if isinstance(inner, str):
            yield place, inner
        elif isinstance(inner, Mapping):
            left += [(f"{place}.{key}", each) for key, each in reversed(list(inner.items()))]
        elif isinstance(inner, list):
            left += [(f"{place}[]", each) for each in reversed(inner)]
