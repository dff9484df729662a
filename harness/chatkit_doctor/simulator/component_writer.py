"""What the simulated component shows and says, as entries of the journal."""

from __future__ import annotations

from chatkit_doctor.component.chat_state import Chat
from chatkit_doctor.recording.entries import ComponentConsole, ComponentEvent, DomState
from chatkit_doctor.recording.journal import Journal
from chatkit_doctor.simulator.screen import Screen


class ComponentWriter:
    """Listens to a chat. ``screen`` is what a user would look at."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self.screen = Screen(self._show)

    def changed(self, chat: Chat, t: float) -> None:
        """The chat may look different from now on (ms)."""
        self.screen.show(chat.picture(t), t)

    def said(self, name: str, detail: object, t: float) -> None:
        """A public event of the component."""
        self._journal.add(ComponentEvent(name=name, detail=detail), t=t)

    def complained(self, text: str, t: float) -> None:
        """An error in the console."""
        line = ComponentConsole(level="error", text=text, where="component", noise=False)
        self._journal.add(line, t=t)

    def _show(self, state: DomState, t: float) -> None:
        self._journal.add(state, t=t)
