"""Backends with nothing wrong about them: what they say, and how long they take for it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from starlette.responses import Response, StreamingResponse

from chatkit_doctor.host.control import ControlBackend
from chatkit_doctor.scenario.backend import SdkBackend
from tests.own_pages import Respond

SLOW_S: Final = 20.0
"""How long a slow model thinks."""
_SENTENCE: Final = "This is a sentence of eight words, exactly."
_CODE: Final = """Try this:

```python
def total(prices: list[float]) -> float:
    # <b>not</b> markup, and **not** bold
    return sum(prices)  # "data: [DONE]" is a text
```

and call `total([1.5, 2])`, or `</script>`."""
_TABLE: Final = """| product | price | in stock |
| --- | ---: | :---: |
| Chair | 49.00 € | yes |
| Table, *oak* | 249.50 € | no |

Which of them?"""
_MARKDOWN: Final = """# A heading

Some **bold**, some *italic*, a [link](https://example.com/a?b=c&d=e) and ~~this~~.

1. first
2. second
   - inner
   - other

> quoted

---

Done."""
_HTML: Final = """A tag <b>bold</b> &amp; <script>alert(1)</script> and 1 < 2 > 0, "quoted" 'twice',
<img src=x onerror=alert(1)> stays a text."""
_EMOJI: Final = "👩‍👩‍👧‍👦 a family, 🏳️‍🌈 a flag, 👍🏽 a thumb, é and é, 漢字, and 𝒳 outside the first plane 🙂"
_RIGHT_TO_LEFT: Final = "مرحبا بك في المتجر، كيف يمكنني مساعدتك اليوم؟ Order 42 is ready. שלום לכולם"


@dataclass(frozen=True, slots=True)
class GoodBackend:
    """How a backend answers, and what it is asked."""

    make: Callable[[], Respond]
    messages: tuple[str, ...] = ()
    """Those of ``check`` where there are none."""


def _says(reply: str, stream_ms: int = 400) -> Callable[[], Respond]:
    return lambda: ControlBackend(SdkBackend(reply=reply, stream_ms=stream_ms)).answer


def _words(count: int) -> str:
    return " ".join([_SENTENCE] * (count // len(_SENTENCE.split())))


def _waits(before: int) -> Callable[[], Respond]:
    """A good backend that takes its time before one of its pieces, in the first turn alone."""
    return lambda: _Slow(_says(_SENTENCE)(), before).answer


class _Slow:
    """Another backend whose first stream waits before the piece of this number."""

    def __init__(self, respond: Respond, before: int) -> None:
        self._respond = respond
        self._before = before
        self._waited = False

    async def answer(self, asked: Any) -> Response:
        response = await self._respond(asked)
        if self._waited or not isinstance(response, StreamingResponse):
            return response
        self._waited = True
        body = response.body_iterator

        async def pieces() -> AsyncIterator[bytes | str | memoryview]:
            number = 0
            async for piece in body:
                if number == self._before:
                    await asyncio.sleep(SLOW_S)
                number += 1
                yield piece

        return StreamingResponse(pieces(), media_type="text/event-stream")


BACKENDS: Final[Mapping[str, GoodBackend]] = {
    "slow-before-its-first-event": GoodBackend(_waits(0)),
    "slow-before-its-first-word": GoodBackend(_waits(5)),
    "reply-of-2,000-words": GoodBackend(_says(_words(2_000), 10_000)),
    "message-of-400-characters": GoodBackend(_says(_SENTENCE), (" ".join([_SENTENCE] * 10)[:400],) * 2),
    "burst-of-300-pieces": GoodBackend(_says(" ".join(f"w{number}" for number in range(300)), 0)),
    "reply-of-8,000-pieces": GoodBackend(_says(" ".join(["a"] * 8_000), 20_000), ("Hello",)),
    "markdown": GoodBackend(_says(_MARKDOWN), ("*Hello*", "# Once more")),
    "code": GoodBackend(_says(_CODE), ("What is `x`?", "```\ncode\n```")),
    "table": GoodBackend(_says(_TABLE)),
    "html-in-text": GoodBackend(_says(_HTML), ("<b>Hello</b> & co", "</div><script>alert(1)</script>")),
    "emoji": GoodBackend(_says(_EMOJI), ("🙂👍🏽", "naïve café 漢字")),
    "right-to-left": GoodBackend(_says(_RIGHT_TO_LEFT), ("مرحبا", "שלום")),
    "reply-that-repeats-the-message": GoodBackend(_says("${message}")),
    "same-reply-in-every-turn": GoodBackend(_says("Yes.")),
}
"""Each is examined through a plain page."""
