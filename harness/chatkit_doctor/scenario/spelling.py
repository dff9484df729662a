"""What a user probably meant by an unknown word."""

from __future__ import annotations

from collections.abc import Collection


def nearest(word: str, known: Collection[str]) -> str | None:
    """The known word closest to this one; None if none is close."""
    wanted = _plain(word)
    ranked = sorted((edits(wanted, _plain(name)), name) for name in known)
    for distance, name in ranked:
        plain = _plain(name)
        inside = len(wanted) > 2 and len(plain) > 2 and (wanted in plain or plain in wanted)
        if inside or 2 * distance < max(len(wanted), len(plain)):
            return name
    return None


def suggestion(word: str, known: Collection[str]) -> str:
    """How an unknown word is answered: with the nearest one, or else with all of them."""
    near = nearest(word, known)
    return did_you_mean(near) if near is not None else f"known are: {', '.join(known)}"


def did_you_mean(word: str) -> str:
    """The question that offers one word."""
    return f"did you mean '{word}'?"


def edits(a: str, b: str) -> int:
    """How many letters to add, drop, replace, or swap with their neighbour to get from a to b."""
    rows: list[list[int]] = [list(range(len(b) + 1))]
    for i, x in enumerate(a, start=1):
        row = [i]
        for j, y in enumerate(b, start=1):
            cost = min(rows[-1][j] + 1, row[j - 1] + 1, rows[-1][j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and y == a[i - 2]:
                cost = min(cost, rows[-2][j - 2] + 1)
            row.append(cost)
        rows.append(row)
    return rows[-1][-1]


def _plain(word: str) -> str:
    """Without what is a matter of habit: case, and dashes or underscores."""
    return word[:100].lower().replace("-", "").replace("_", "")
