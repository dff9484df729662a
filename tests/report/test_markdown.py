"""The report as Markdown: what an issue shows of it, and that it calls nobody."""

from __future__ import annotations

import html
import re
from typing import Final

import pytest
from markdown_it import MarkdownIt

from chatkit_doctor.report.markdown import LONGEST, run_markdown, session_markdown
from chatkit_doctor.report.markdown_text import code, fence, prose
from chatkit_doctor.report.model import CorrectionModel, ReportModel, RequestModel
from tests.report import examples
from tests.report.documents import Document

ELSEWHERE: Final = (
    "@octocat #17 GH-17 octocat/hello#17 https://github.com/o/r/issues/17 "
    "www.example.com me@example.com :tada: 67049d9 9fceb02d0ae598e95dc970b74767f19372d61af8"
)
"""What GitHub makes references and links of, and little pictures."""
MARKS: Final = r"""
# head
- item
+ item
1. item
2) item
> quote
---
===
*a* _b_ **c** `d`
[a](b)
![a](b)
~~a~~
a | b
<b>a</b>
<!-- a
&lt; &#64;octocat
\*a\*
[ ] task
```
$a$
thread_id is a_b_c""".splitlines()[1:]
_REFERENCE: Final = re.compile(
    r"@\w|#\w|\bGH-\d|\w://|\bwww\.\w|:[a-z_+-][\w+-]*:|\b[0-9a-f]{7}", re.IGNORECASE
)


def rendered(text: str) -> Document:
    """The text as a renderer shows it, tables and all."""
    return Document(
        f"<body>{MarkdownIt('commonmark').enable(['table', 'strikethrough']).render(text)}</body>"
    )


def words(document: Document) -> str:
    """All that is read, without the spaces that have no width."""
    return document.one("body").text.replace("\u200b", "")


def outside_code(document: Document) -> str:
    """What GitHub looks for references in."""
    codes = [element.text for element in document.all("code")]
    text = document.one("body").text
    for each in sorted(codes, key=len, reverse=True):
        text = text.replace(each, " ")
    return text


@pytest.mark.parametrize("text", [*MARKS, "a\n\n# b", ELSEWHERE, examples.HOSTILE])
@pytest.mark.parametrize("before", ["", "- ", "**Why**: "], ids=["line", "item", "label"])
def test_prose_is_read_as_it_was_written(text: str, before: str) -> None:
    document = rendered(before + prose(text, 1_000))
    assert {element.tag for element in document.elements} <= {"body", "p", "strong", "ul", "li", "span"}
    shown = words(rendered(before + "x")).replace("x", " ".join(printable_words(text)))
    assert words(document) == shown


def printable_words(text: str) -> list[str]:
    from chatkit_doctor.safe_text import printable

    return printable(text).split()


def test_no_name_number_or_address_in_prose_is_a_reference() -> None:
    shown = rendered(prose(ELSEWHERE, 1_000)).one("body").text
    assert not _REFERENCE.search(shown)


@pytest.mark.parametrize("text", ["`", "``", "a`b", "`a", "@octocat #1", "a | b"])
def test_code_is_one_element_with_the_text(text: str) -> None:
    document = rendered(f"- {code(text, 100)}")
    assert [element.text for element in document.all("code")] == [text]


def test_nothing_ends_a_fence_but_its_end() -> None:
    text = "a\n```\n# head\n~~~\n````\n</details>\n@octocat"
    document = rendered(f"<details>\n\n{fence(text, 100)}\n\n</details>\n\nbehind")
    assert ["".join(element.pieces) for element in document.all("code")] == [f"{text}\n"]
    assert document.all("h1") == []


def test_an_issue_says_what_was_seen_why_and_what_to_change() -> None:
    report = examples.checked()
    assert report.cause is not None
    document = rendered(session_markdown(report))
    text = words(document)
    assert document.one("h2").text == "FAIL: wrong-dialect (responses); blank-panel, user-message-vanished"
    for label, told in {
        "Symptoms": "blank-panel (turn 1, at 731 ms): The panel is empty",
        "Cause:": report.cause.title,
        "Why:": report.cause.why,
        "Fix:": report.cause.fix,
        "Evidence": "412 ms, entry 31: conversation.item.created belongs to the Responses API",
        "Layers:": "page to sse ok → protocol broken → component not reached",
        "Versions": "browser: chromium 156.0.1",
    }.items():
        assert f"{label} {told}" in text or (label in text and told in text), label


def test_the_request_can_be_copied_and_the_corrected_events_are_folded() -> None:
    report = examples.checked()
    document = rendered(session_markdown(report))
    blocks = ["".join(element.pieces) for element in document.all("code") if element.inside("pre")]
    assert blocks == [f"{report.reproduce[0].command}\n", f"{report.corrections[0].text.rstrip()}\n"]
    assert [summary.text for summary in document.all("summary")] == ["Instead, turn 1: 14 events"]


@pytest.mark.parametrize(
    "text", [session_markdown(examples.hostile()), run_markdown(examples.run(examples.hostile()))]
)
def test_hostile_text_is_neither_markup_nor_a_reference(text: str) -> None:
    document = rendered(text)
    assert not {element.tag for element in document.elements} & {"script", "img", "a", "b", "title", "style"}
    assert not _REFERENCE.search(outside_code(document))
    assert not [c for c in text if c not in "\n" and (ord(c) < 32 or 127 <= ord(c) < 160)]


def test_a_run_tells_first_of_what_did_not_lead_where_it_should() -> None:
    document = rendered(run_markdown(examples.run()))
    cells = [cell.text for cell in document.all("td")]
    assert cells[0::3] == ["drifted", "inconclusive", "as expected", "as expected"]
    assert [heading.text.split(":")[0] for heading in document.all("h3")] == ["DRIFTED", "INCONCLUSIVE"]


def long() -> ReportModel:
    """One with very much in it."""
    report = examples.checked()
    stream = CorrectionModel(turn=1, op="threads.create", file="a", events=1, text="data: {}\n\n" * 5_000)
    request = RequestModel(turn=1, op="threads.create", command="curl " + "x" * 50_000)
    return report.model_copy(update={"corrections": [stream] * 9, "reproduce": [request] * 9})


def test_it_fits_into_an_issue_and_ends_with_a_whole_block() -> None:
    text = session_markdown(long())
    assert len(text) <= LONGEST + 100
    assert text.endswith("The rest is in `index.html` and `report.json`.\n")
    assert text.count("```") % 2 == 0


def test_what_is_escaped_is_still_html_text() -> None:
    assert html.unescape(prose("a < b & c", 100)) == "a < b & c"
