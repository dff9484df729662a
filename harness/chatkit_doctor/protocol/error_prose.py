"""A reply that reports a failure and of nothing else: what a handler says that catches an exception.

Seen in the field: "I'm sorry, I encountered an error: …", "Error calling the agent: …", "Failed to connect to
the server", a traceback, the body of a refused request. Only English is known. An answer *about* errors is
what many users ask an assistant for: it begins with other words, or says more than that something failed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from chatkit_doctor.protocol.payload import parse_json
from chatkit_doctor.protocol.told_errors import told_error

_LONGEST: Final = 4_000
"""Characters that are examined: what a handler says is short, but for a traceback."""
_REGRET: Final = (
    r"(?:(?:(?:i|we)(?:['’]m| am|['’]re| are) )?(?:really |very |so )?sorry(?: about that)?|"
    r"(?:i |we )?apologi[sz]e|(?:my )?apologies|oops|uh-?oh|unfortunately)[,.!:;]? *"
    r"(?:but |it (?:looks|seems) like |that )?"
)
_FAULT: Final = (
    r"(?:(?:an?|some) (?:\w+ )?(?:error|exception|technical (?:problem|issue|difficulty))|"
    r"(?:technical|internal) (?:problems|issues|difficulties))"
)
_CLAUSE: Final = r"(?:[^.!?:\n]|[.!?:](?=\S)){0,160}"
"""The rest of a clause; a sign within a number, a host or a file's name does not end it."""
_DOING: Final = (
    rf"(?P<doing>(?: (?:while|when|during|processing|generating|handling|calling|connecting|contacting|"
    rf"trying|from the|on our|with (?:the|your|our|my) (?:request|server|service|connection|api|message))\b"
    rf"{_CLAUSE})?)"
)
_PARTY: Final = r"(?:server|backend|api|service|database|model|agent|host|localhost|https?:|[\w.]+:\d{2,5})"
_WE_MET: Final = (
    rf"(?:i|we|the (?:agent|assistant|server|system|backend))(?:['’]ve| have| has)? (?:just )?"
    rf"(?:encountered|ran into|run into|hit|experienced) {_FAULT}{_DOING}"
)
_THERE_WAS: Final = (
    rf"(?:there (?:was|has been) {_FAULT}|{_FAULT}(?: has| have)? (?:occurred|happened)|"
    rf"something went wrong){_DOING}"
)
_OUT_OF_REACH: Final = (
    rf"(?:failed to|unable to|could not|couldn['’]t|cannot|can['’]t) (?:connect|reach|call|contact)"
    rf"(?P<doing>(?: [\w'’]+){{0,4}} {_PARTY}{_CLAUSE})"
)
_ERROR_IN: Final = (
    rf"error (?P<doing>(?:calling|running|processing|generating|communicating|connecting|fetching|invoking|"
    rf"while) {_CLAUSE})(?=:)"
)
_TELLS: Final = tuple(
    re.compile(rf"(?:{_REGRET})?{clause}", re.IGNORECASE)
    for clause in (_WE_MET, _THERE_WAS, _OUT_OF_REACH, _ERROR_IN)
)
_BARE: Final = re.compile(r"(?:\w+ )?(?:error|exception)\s*[:\-]\s*(?=\S)", re.IGNORECASE)
"""``Error: …``. Explanations begin so, too: what follows must be what a program says."""
_TECHNICAL: Final = re.compile(
    r"\b\w{2,}(?:Error|Exception)\b|\bE[A-Z]{5,}\b|HTTPS?ConnectionPool|\bErrno \d|\bHTTP/?[\d.]* ?[45]\d\d|"
    r"\{['\"](?:error|detail|message)['\"]|"
    r"(?i:error code: \d{3}|status(?: code)?:? [45]\d\d|connection (?:error|refused|reset)|timed out|"
    r"invalid api key|max retries)"
)
_EXPLAINS: Final = re.compile(
    r"\b(?:means?|usually|typically|often|indicates?|refers?|(?:when|if) you|"
    r"is (?:an?|what|raised|thrown))\b",
    re.IGNORECASE,
)
_SENTENCE_END: Final = re.compile(r"[.!?]+(?=\s|$)|\n")
_AND_SO: Final = re.compile(
    r"\b(?:try|again|retry|later|contact|support|refresh|reload|check|rephras\w+|assist|help|patience|"
    r"inconvenience|sorry|apologi\w+|details?|logs?|trace)\b",
    re.IGNORECASE,
)
"""What is said after it: that one may try again, and whom to ask."""
_TRACEBACK: Final = re.compile(
    r"Traceback \(most recent call last\):\s*\n\s*File \"[^\"\n]+\", line \d+|"
    r"^\w*(?:Error|Exception): [^\n]+\n\s+at [^\n]+:\d+:\d+\)?$",
    re.MULTILINE,
)
_FENCED: Final = re.compile(r"(```|~~~).*?(?:\1|\Z)", re.DOTALL)
_ORNAMENT: Final = re.compile(r"^[\W_]+")
"""Signs, quotation marks and emphasis before the first word."""


def error_prose(text: str) -> str:
    """The words with which a text reports a failure; empty where it reports none, or of more than that."""
    text = text[:_LONGEST].strip()
    if text.startswith("{"):
        return _told_in_json(text)
    if found := _TRACEBACK.search(_FENCED.sub("", text)):
        return found[0].strip()
    words = _ORNAMENT.sub("", text)
    for tells in _TELLS:
        if found := tells.match(words):
            rest = words[found.end() :]
            is_all = rest.startswith(":") or _is_nothing_more(rest)
            return "" if _EXPLAINS.search(found["doing"]) or not is_all else _first_line(words)
    found = _BARE.match(words)
    is_told = found and _TECHNICAL.search(words[found.end() :][:300]) and not _EXPLAINS.search(words)
    return _first_line(words) if is_told else ""


def _told_in_json(text: str) -> str:
    try:
        body = parse_json(text)
    except ValueError:
        return ""
    return told_error(body) if isinstance(body, Mapping) else ""


def _is_nothing_more(rest: str) -> bool:
    sentences = (_ORNAMENT.sub("", each) for each in _SENTENCE_END.split(rest))
    return all(_AND_SO.search(sentence) for sentence in sentences if sentence)


def _first_line(text: str) -> str:
    return text.partition("\n")[0].strip()
