"""The component's own controls: where each one is, and how a user operates it.

They are found by role, attributes and place, none of which depends on the language of the page; class names
are hashed. Measured on frame build qHsKwIyx09.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Final

from playwright.async_api import Frame, Locator, Page

from chatkit_doctor.gather.observed_page import ObservedPage, component_frame
from chatkit_doctor.paths import static_dir
from chatkit_doctor.scenario.steps import (
    Answer,
    Attach,
    Choose,
    Delete,
    Dictate,
    Fill,
    Operate,
    Press,
    Rename,
)

SEND_BUTTON: Final = (
    '[data-composer-root] button[type=submit], [data-composer-root] button:text-is("Send message")'
)
"""The send button: of the component (measured), in any language, and of the reference."""
MOST_ACTS: Final = 8
"""Maximum number of clicks and other actions in a step, unless the step states a number."""
_COMPOSER: Final = "[data-composer-root]"
_REPLY: Final = 'article[data-thread-turn="assistant"]'
_BELOW_REPLY: Final = f"{_REPLY} >> nth=-1 >> button:not([data-thread-item] button):not([data-type] button)"
"""The buttons below the latest reply, in this order: copy; thumbs up and thumbs down, unless feedback is off;
regenerate, if retry is on. A button that is not there must not be confused with its neighbour."""
_PRESSED: Final = {
    "stop": f'body:has([data-responding="true"]) {_COMPOSER} button >> nth=-1',
    "retry": "article [data-type] button >> nth=-1",
    "thumbs-up": f"{_BELOW_REPLY}:nth-of-type(2):not(:last-of-type)",
    "thumbs-down": f"{_BELOW_REPLY}:nth-of-type(3)",
    "regenerate": f"{_BELOW_REPLY}:is(:nth-of-type(4), :nth-of-type(2):last-of-type)",
    "detach": f"{_COMPOSER}:has([data-uploading]) button >> nth=0",
}


def told(step: Operate) -> str:
    """The subject of a step, in a few words."""
    match step:
        case Press(control=control):
            return control
        case Attach(files=files):
            return ", ".join(files)
        case Fill(field=field, text=text):
            return f"{field}: {text}"
        case Answer(answers=answers):
            return ", ".join(answer or "(skipped)" for answer in answers)
        case Choose(label=label):
            return label
        case Dictate(ms=ms):
            return f"{ms} ms"
        case Rename(thread=thread, title=title):
            return f"{thread} → {title}"
        case Delete(thread=thread):
            return thread


async def is_touched(observed: ObservedPage) -> bool:
    """Whether the component treats the screen as a touch screen, where Enter inserts a line break."""
    frame = component_frame(observed)
    if frame is None:
        return False
    return bool(await observed.evaluate('matchMedia("(pointer: coarse)").matches', frame))


class Controls:
    """The controls in a component's frame. Each wait takes up to ``limit_ms``.

    All methods raise Playwright's TimeoutError when a control is not there, or cannot be used, in time.
    """

    def __init__(self, frame: Frame | Page, limit_ms: float) -> None:
        self._frame = frame
        self._limit_ms = limit_ms

    async def use(self, step: Operate) -> None:
        """Carry out a step."""
        match step:
            case Press(control=control):
                await self._click(self._frame.locator(_PRESSED[control]))
            case Attach(files=files):
                await self._attach([static_dir() / "samples" / file for file in files])
            case Fill(field=field, text=text):
                named = self._frame.locator(f"article [name={_quoted(field)}]").last
                await named.fill(text, timeout=self._limit_ms)
            case Answer(answers=answers):
                for answer in answers:
                    await self._answer(answer)
            case Choose(label=label):
                await self._choose(label)
            case Dictate(ms=ms):
                await self._dictate(ms)
            case Rename(thread=thread, title=title):
                await self._open_menu(thread)
                await self._click(self._frame.get_by_role("menuitem").first)
                dialog = self._frame.get_by_role("dialog")
                await dialog.locator("input").fill(title, timeout=self._limit_ms)
                await self._click(dialog.locator("button[type=submit]"))
            case Delete(thread=thread):
                await self._open_menu(thread)
                await self._click(self._frame.get_by_role("menuitem").last)
                dialog = self._frame.get_by_role("dialog")
                await self._click(dialog.get_by_role("button").last)

    async def leave(self, step: Operate) -> None:
        """Return to the chat, if a step has left it. A dialog that shows a failure stays open."""
        if isinstance(step, Rename | Delete):
            dialog = self._frame.get_by_role("dialog")
            if await dialog.is_visible():
                await self._click(dialog.get_by_role("button").first)
                await dialog.wait_for(state="detached", timeout=self._limit_ms)
            await self._click(self._frame.locator("#chatkit-header button").first)

    async def _click(self, locator: Locator) -> None:
        await locator.click(timeout=self._limit_ms)

    async def _attach(self, files: list[Path]) -> None:
        chooser = self._frame.locator(f"{_COMPOSER} input[type=file]")
        await chooser.set_input_files(files, timeout=self._limit_ms)

    async def _answer(self, answer: str) -> None:
        """Answer the question that is shown, and wait for the next state."""
        composer = self._frame.locator(_COMPOSER)
        question = await composer.element_handle(timeout=self._limit_ms)
        before = await composer.inner_text(timeout=self._limit_ms)
        option = composer.locator(f"[value={_quoted(answer)}]")
        if answer and await option.count():
            await self._click(option.first)
        else:
            if answer:
                await composer.locator("textarea").last.fill(answer, timeout=self._limit_ms)
            await self._click(composer.get_by_role("button").last)
        await self._frame.wait_for_function(
            "([composer, before]) => !composer.isConnected || composer.innerText !== before",
            arg=[question, before],
            timeout=self._limit_ms,
        )

    async def _choose(self, label: str) -> None:
        """Choose from the tools menu or the models menu, whichever contains it."""
        composer = self._frame.locator(_COMPOSER)
        openers = composer.locator("button[aria-haspopup=menu], [role=button][aria-haspopup=dialog]")
        for opener in await openers.all():
            await self._click(opener)
            menu = self._frame.locator(":is([role=menu], [role=dialog], [role=listbox])").last
            await menu.wait_for(timeout=self._limit_ms)
            entry = menu.get_by_text(label, exact=True)
            if await entry.count():
                await self._click(entry.first)
                return
            await self._frame.locator("body").press("Escape", timeout=self._limit_ms)

    async def _dictate(self, ms: int) -> None:
        """Press the button that replaces the send button; while it records, there is no textbox."""
        composer = self._frame.locator(_COMPOSER)
        await self._click(composer.get_by_role("button").last)
        await composer.get_by_role("textbox").wait_for(state="detached", timeout=self._limit_ms)
        # Speaking takes time.
        await asyncio.sleep(ms / 1000)
        await self._click(composer.get_by_role("button").last)
        await composer.get_by_role("textbox").wait_for(timeout=self._limit_ms)

    async def _open_menu(self, thread: str) -> None:
        """Open the history, and the menu of a thread in it."""
        menu = self._frame.locator("[aria-haspopup=menu]")
        row = self._frame.get_by_role("button").filter(has=menu).filter(has_text=thread).first
        if not await row.is_visible():
            await self._click(self._frame.locator("#chatkit-header button").last)
        await self._click(row.locator("[aria-haspopup=menu]"))


def _quoted(text: str) -> str:
    """A text as a CSS string."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\a ") + '"'
