"""What the page and the terminal tell of a proof."""

from __future__ import annotations

import io
from pathlib import Path

from rich.console import Console

from chatkit_doctor.report.html import write_html
from chatkit_doctor.report.model import (
    DiffModel,
    MessageModel,
    ProofModel,
    ReplayModel,
    ReportModel,
    ScreenshotModel,
)
from chatkit_doctor.report.terminal import print_report
from tests.report import examples

MARKUP = "<img src=x onerror=alert(1)>"


def replay(repaired: list[str], symptoms: list[str], said: str) -> ReplayModel:
    folder = f"proof/{len(repaired)}"
    message = MessageModel(
        role="assistant",
        kind="assistant-message",
        text=said,
        appeared_ms=1,
        vanished_ms=None,
        visible_ms=1,
    )
    shot = ScreenshotModel(name="end", why="at the end", t_ms=1, file=f"{folder}/end.png")
    verdict = "fail" if symptoms else "pass"
    return ReplayModel(
        repaired=repaired,
        verdict=verdict,
        symptoms=symptoms,
        folder=folder,
        messages=[message],
        screenshots=[shot],
    )


PROOF = ProofModel(
    outcome="proven",
    causes=["sse-double-encoded"],
    does=["decodes the data of each event a second time."],
    replays=[replay([], ["reply-missing"], MARKUP), replay(["sse-double-encoded"], [], "Good day")],
    diff=[DiffModel(op="threads.create", number=2, lines=[f"-{MARKUP}", "+data: {}"], left_out=7)],
)


def report(proof: ProofModel | None) -> ReportModel:
    return examples.attempt_3().model_copy(update={"proof": proof})


def page(proof: ProofModel | None, folder: Path) -> str:
    return write_html(report(proof), folder).read_text(encoding="utf-8")


def terminal(proof: ProofModel | None) -> str:
    console = Console(file=io.StringIO(), record=True, width=200, force_terminal=False)
    print_report(report(proof), console)
    return console.export_text(styles=False)


def test_the_page_shows_before_and_after_and_what_was_changed(tmp_path: Path) -> None:
    text = page(PROOF, tmp_path)
    assert "with the fault repaired, they are gone" in text
    assert text.index("<h3>As recorded</h3>") < text.index("<h3>Without <code>sse-double-encoded</code>")
    assert 'href="proof/0/end.png"' in text
    assert 'href="proof/1/end.png"' in text
    assert '<span class="added">+data: {}</span>' in text
    assert "7 more lines are not shown" in text


def test_how_the_cause_was_proven_is_said_before_it_is_explained(tmp_path: Path) -> None:
    text = page(PROOF, tmp_path)
    assert text.index("they are gone") < text.index("8 of 9 events are") < text.index('id="proof"')


def test_what_a_backend_wrote_is_escaped_on_the_page(tmp_path: Path) -> None:
    text = page(PROOF, tmp_path)
    assert MARKUP not in text
    assert text.count("&lt;img src=x") == 2


def test_the_terminal_says_what_was_proven_and_how() -> None:
    text = terminal(PROOF)
    assert "Proof" in text
    assert "sse-double-encoded: the repair decodes the data of each event a second time." in text


def test_what_is_not_proven_has_its_reason() -> None:
    text = terminal(ProofModel(outcome="not-reproducible", note="replayed as recorded there was no symptom"))
    assert "Not reproducible" in text
    assert "Replayed as recorded there was no symptom." in text


def test_without_a_proof_nothing_is_said_of_one(tmp_path: Path) -> None:
    assert "Proof" not in page(None, tmp_path)
    assert "Proof" not in terminal(None)
