"""The forms that a secret takes on its way: escaped, encoded, or in a text that was encoded as a whole."""

from __future__ import annotations

import base64
import html
import json
import re
import unicodedata
from collections.abc import Callable, Iterable
from typing import Final
from urllib.parse import quote, quote_plus

JSON_LEVELS: Final = 3
"""How often JSON is looked for within a string of JSON."""
SHORTEST_CORE: Final = 6
"""Characters of base64 that do not depend on what stands beside the secret; fewer are no sign of it."""
_ESCAPE: Final = re.compile(r"%[0-9A-F]{2}|\\u[0-9a-f]{4}")


def forms_of(secret: str, *, encoded: bool = True) -> dict[str, int]:
    """Every form of a secret, with the number of UTF-16 units that it stands for where the form is read.

    A JSON escape is one character to whoever reads the JSON; every other form is text as it stands. Those of
    a different encoding from JSON are many, and left out unless they are requested.
    """
    texts = {secret}
    if encoded:
        texts |= {unicodedata.normalize(form, secret) for form in ("NFC", "NFD")}
        texts |= {form for each in tuple(texts) for form in _encoded(each)}
    found = {text: utf16_length(text) for text in texts if text}
    level = dict(found)
    for _ in range(JSON_LEVELS):
        level = {form: size for text, size in level.items() for form in _in_json(text)}
        for form, size in level.items():
            found.setdefault(form, size)
    return found


def utf16_length(text: str) -> int:
    """How long a text is to a browser."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def _encoded(text: str) -> set[str]:
    raw = text.encode("utf-8", "surrogatepass")
    percent = {quote(raw, safe=safe) for safe in ("", "/", "!~*'()", ";,/?:@&=+$-_.!~*'()#")}
    percent |= {quote_plus(raw), quote(quote(raw, safe=""), safe="")}
    found = percent | {_changed(each, str.lower) for each in percent}
    escaped = {html.escape(text), html.escape(text, quote=False)}
    escaped |= {each.replace("&#x27;", other) for each in escaped for other in ("&#39;", "&apos;")}
    found |= escaped | {each.encode("ascii", "xmlcharrefreplace").decode() for each in escaped}
    found |= {raw.hex(), raw.hex().upper(), raw.decode("latin-1")}
    if not text.isascii():
        # Bytes that are no UTF-8 are read with surrogates: Redactor.data.
        latin = text.encode("latin-1", "ignore")
        found |= {latin.decode("utf-8", "surrogateescape")} if len(latin) == len(text) else set()
    return found | set(_in_base64(raw))


def _in_base64(raw: bytes) -> Iterable[str]:
    """What is in the base64 of any text that contains these bytes: only the middle is always the same."""
    for offset in range(3):
        encoded = base64.b64encode(b"\0" * offset + raw).decode().rstrip("=")
        whole = (offset + len(raw)) % 3 == 0
        core = encoded[(0, 2, 3)[offset] : None if whole else -1]
        if len(core) >= SHORTEST_CORE:
            yield core
            yield core.replace("+", "-").replace("/", "_")


def _in_json(text: str) -> set[str]:
    ascii_only = json.dumps(text)[1:-1]
    found = {ascii_only, json.dumps(text, ensure_ascii=False)[1:-1], _changed(ascii_only, str.upper)}
    return found | {each.replace("/", "\\/") for each in found}


def _changed(text: str, case: Callable[[str], str]) -> str:
    """With the digits of its escapes in another case."""
    return _ESCAPE.sub(lambda match: match[0][:-2] + case(match[0][-2:]), text)
