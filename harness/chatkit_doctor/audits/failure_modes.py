"""What can follow from what: sets of symptoms by the way in which the component fails (measured).

A cause names the sets that apply to it, so that "what can this cause" is said once for each mechanism.
"""

from __future__ import annotations

from typing import Final

CHAT_NEVER_STARTS: Final = frozenset(
    {
        "no-component",
        "blank-panel",
        "send-ignored",
        "user-message-missing",
        "reply-missing",
        "history-lost",
    }
)
"""Nothing that could be typed into ever comes up."""

CHAT_GOES_AWAY: Final = CHAT_NEVER_STARTS | {
    "start-screen-returned",
    "user-message-vanished",
    "reply-vanished",
    "stuck-responding",
}
"""The chat was there and its frame, element or view is removed or restarts."""

NO_EVENTS: Final = frozenset(
    {
        "start-screen-returned",
        "blank-panel",
        "user-message-missing",
        "user-message-vanished",
        "reply-missing",
    }
)
"""A stream brings nothing the component understands: the optimistic message goes, the thread with it."""

REFUSED: Final = NO_EVENTS | {"error-shown"}
"""A request fails permanently: silently for most statuses, with a notice for 429, a banner without
network."""

RETRIED: Final = REFUSED | {"stuck-responding"}
"""The same request is sent again and again for half a minute, then dropped."""

EVENTS_LOST: Final = NO_EVENTS | {
    "reply-vanished",
    "reply-truncated",
    "reply-altered",
    "reply-not-live",
    "error-shown",
}
"""Some events arrive and some do not."""

TURN_CRASHES: Final = frozenset(
    {
        "turn-crashed",
        "blank-panel",
        "user-message-missing",
        "user-message-vanished",
        "reply-missing",
        "reply-vanished",
        "stuck-responding",
    }
)
"""The component throws while it renders: its fallback replaces the turn, or the panel is empty."""

HISTORY: Final = frozenset({"history-lost", "history-altered"})
"""A reload brings back less, or something else."""
