"""Where the component is stricter or more lenient than the schema, and what a violation does to the chat.

Every rule was measured against the real component (frame build ``qHsKwIyx09``): one thing changed in a good
stream, and the transcript, the console and the events of the component watched.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

TURN_CRASHES: Final = "the whole turn is replaced by “Something went wrong. Please try again later.”"
PANEL_CRASHES: Final = "the whole panel goes blank, for good"
NO_TEXT: Final = "the message is shown without its text"
IGNORED: Final = "the event is ignored without a word"
SKIPPED: Final = "the event is skipped, with an error in the console only"
NO_THREAD: Final = "the thread is never adopted, every other event is dropped, and the start screen returns"


@dataclass(frozen=True, slots=True)
class Rule:
    """What happens when a place holds something else than the schema allows.

    ``place`` matches ``<event or item type> <path>`` with ``[]`` for any index; ``found`` is ``missing``,
    ``null``, ``other`` or empty for any. A rule without ``effect`` says that the component does not mind.
    """

    place: re.Pattern[str]
    found: str
    effect: str

    def applies(self, place: str, found: str) -> bool:
        """Whether the rule speaks about this violation."""
        return self.found in {"", found} and self.place.fullmatch(place) is not None


def _rule(place: str, found: str, effect: str) -> Rule:
    return Rule(re.compile(place), found, effect)


RULES: Final[tuple[Rule, ...]] = (
    _rule(r"thread\.created thread", "", NO_THREAD),
    _rule(r"thread\.created thread\.id", "missing", NO_THREAD),
    _rule(r"thread\.created thread\.id", "null", NO_THREAD),
    _rule(r"thread\.(created|updated) thread(\..*)?", "", ""),
    _rule(r"\S+ item", "", SKIPPED),
    _rule(r"\S+ item\.type", "", "the item is ignored without a word"),
    _rule(r"\S+ item\.(id|thread_id|created_at|inference_options.*|quoted_text)", "", ""),
    _rule(r"assistant_message item\.content", "missing", TURN_CRASHES),
    _rule(r"assistant_message item\.content", "null", TURN_CRASHES),
    _rule(r"assistant_message item\.content", "other", PANEL_CRASHES),
    _rule(r"assistant_message item\.content\[\]\.text", "other", PANEL_CRASHES),
    _rule(r"assistant_message item\.content\[\]\.text", "", TURN_CRASHES),
    _rule(r"assistant_message item\.content\[\]\.annotations", "", TURN_CRASHES),
    _rule(r"assistant_message item\.content\[\]\.annotations\[\]\.source", "", TURN_CRASHES),
    _rule(r"assistant_message item\.content\[\]\.annotations\[\]\..*", "", ""),
    _rule(r"user_message item\.content", "missing", NO_TEXT),
    _rule(r"user_message item\.content\[\]\.text", "", TURN_CRASHES),
    _rule(r"user_message item\.content", "", TURN_CRASHES),
    _rule(r"(assistant|user)_message item\.content\[\]\.type", "", NO_TEXT),
    _rule(r"user_message item\.attachments", "", TURN_CRASHES),
    _rule(r"user_message item\.(attachments|content)\[\]\..*", "", ""),
    _rule(r"workflow item\.workflow(\.tasks)?", "", TURN_CRASHES),
    _rule(r"workflow item\.workflow\..*", "", ""),
    _rule(r"task item\.task", "", TURN_CRASHES),
    _rule(r"widget item\.widget(\.type)?", "", TURN_CRASHES),
    _rule(r"widget item\.(widget\..*|copy_text)", "", ""),
    _rule(r"generated_image item\.image.*", "", ""),
    _rule(r"structured_input item\.inputs", "", PANEL_CRASHES),
    _rule(r"thread\.item\.updated item_id", "", IGNORED),
    _rule(r"thread\.item\.updated update", "", SKIPPED),
    _rule(r"thread\.item\.updated update\.type", "", IGNORED),
    _rule(r"thread\.item\.updated update\.delta", "null", ""),
    _rule(r"thread\.item\.updated update\.content_index", "missing", SKIPPED),
    _rule(r"thread\.item\.updated update\.content_index", "other", ""),
    _rule(r"thread\.item\.updated update\.content", "", PANEL_CRASHES),
    _rule(r"thread\.item\.updated update\.content\.type", "", "text deltas for this part are refused"),
    _rule(r"thread\.item\.updated update\.content\.annotations", "", TURN_CRASHES),
    _rule(r"thread\.item\.removed item_id", "", IGNORED),
    _rule(r"(stream_options|progress_update|notice|error|client_effect) .*", "", ""),
)
"""The first rule that applies decides. A violation without a rule was not measured."""


def effect_of(place: str, found: str) -> str | None:
    """What the component does with a violation: words, empty when it does not mind, None when unmeasured."""
    return next((rule.effect for rule in RULES if rule.applies(place, found)), None)
