"""Comparing what is read with the Markdown it was made from."""

from __future__ import annotations

import pytest

from chatkit_doctor.component.rendered_text import is_beginning, is_comparable, is_shown_as, letters

# Left: what was sent; right: the text the real component showed for it (measured).
MEASURED = {
    "emphasis": (
        "Second *emph* and **bold** and ***both*** ~~struck~~ `code` text_with_underscores and __init__.",
        "Second emph and bold and both struck code text_with_underscores and init.",
    ),
    "lists": (
        "Intro:\n- one\n- two\n  - nested\n1. first\n2. second\n\n3) third\n- [ ] todo\n- [x] done",
        "Intro:\none\ntwo\nnested\nfirst\nsecond\nthird\ntodo\ndone",
    ),
    "headings": (
        "# Title\n## Sub ##\nSetext\n===\ntext\n\n---\nafter\n> quote",
        "Title\nSub\nSetext\ntext\nafter\nquote",
    ),
    "code": ("Look:\n```python\nprint('hi')\nx = 1*2*3\n```\nend", "Look:\nprint('hi')\nx = 1*2*3\nend"),
    "table": ("| A | B |\n|---|:-:|\n| 1 | 2 |\n\nafter", "A\tB\n1\t2\nafter"),
    "links": (
        "See [docs](https://e.com/a_b) and <https://e.org> and ![alt](https://e.com/i.png) [ref][1]\n\n[1]: https://r.e",
        "See docs and https://e.org and\nref",
    ),
    "a link at the end": ("See the [docs](https://e.com/a_b)", "See the docs"),
    "raw html": ("A <b>bold</b> <br> a < b && c &amp; &lt;x&gt;", "A <b>bold</b> <br> a < b && c & <x>"),
    "formulas": ("Inline $x^2$ and $$z=1$$ cost $5.", "Inline $x^2$ and $$z=1$$ cost $5."),
    "escapes": ("1\\. not list \\*star\\* a*b*c 2 * 3", "1. not list *star* abc 2 * 3"),
    "other scripts": ("Hi 👋🏽 ünïcödé 日本語 العربية", "Hi 👋🏽 ünïcödé 日本語 العربية"),
    "line breaks": ("line one\nline two  \nline three", "line one\nline two\nline three"),
}


@pytest.mark.parametrize(("sent", "shown"), MEASURED.values(), ids=list(MEASURED))
def test_markdown_is_recognised_as_the_component_renders_it(sent: str, shown: str) -> None:
    assert is_shown_as(sent, shown)
    assert not is_beginning(sent, shown)


@pytest.mark.parametrize("sent", [sent for sent, _ in MEASURED.values()], ids=list(MEASURED))
def test_markdown_shown_raw_is_no_difference_either(sent: str) -> None:
    assert is_shown_as(sent, sent)


@pytest.mark.parametrize("shown", ["You have", "You have *three*", "You have three"])
def test_a_beginning_is_one_whatever_its_markup(shown: str) -> None:
    assert is_beginning("You have **three** open tasks.", shown)


@pytest.mark.parametrize(
    "shown", ["You have three open tasks.", "You have four", "You have three open tasks. Yes."]
)
def test_the_whole_text_and_other_words_are_no_beginning_of_it(shown: str) -> None:
    assert not is_beginning("You have **three** open tasks.", shown)


def test_letters_do_not_depend_on_how_an_accent_is_written() -> None:
    assert letters("cafe\u0301 1") == letters("café\n\n1")


@pytest.mark.parametrize("sent", ["👍", "See the note[^1].\n\n[^1]: Here.", "long " * 20_000, ""])
def test_some_texts_cannot_be_compared(sent: str) -> None:
    assert not is_comparable(sent)
