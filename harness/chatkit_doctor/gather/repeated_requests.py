"""Whether the component asks the backend the same thing again and again, and so will not come to an end."""

from __future__ import annotations

import json
from collections import Counter
from typing import Final

from chatkit_doctor.recording.entries import AnyEntry, RequestSent
from chatkit_doctor.vocabulary import JSON_OPS

WITHOUT_END: Final = 40
"""Equal requests that are sent one after the other, from which on no end is waited for: well above the dozen
from which the audit calls them a storm, and a second or two of one."""


class RepeatedRequests:
    """Counts equal requests of one page load, entry by entry."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self.endless_op = ""
        """The operation of the first that was sent so often that no end is waited for, if there is one."""

    @property
    def are_endless(self) -> bool:
        """Whether one has been sent so often that waiting for what it is for leads nowhere."""
        return bool(self.endless_op)

    def on_entry(self, entry: AnyEntry) -> None:
        """Take notice of an entry of the journal."""
        if isinstance(entry, RequestSent) and entry.op in JSON_OPS:
            request = json.dumps([entry.url, entry.body], sort_keys=True, default=str)
            self._counts[request] += 1
            if self._counts[request] >= WITHOUT_END:
                self.endless_op = self.endless_op or entry.op
