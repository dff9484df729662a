"""What a browser keeps back is requested again, of the same backend without its fault."""

from __future__ import annotations

import pytest

from chatkit_doctor.repairs.registry import REPAIRS
from chatkit_doctor.repairs.repair import OwnBackend
from chatkit_doctor.scenario.backend import Answer, OtherOrigin, ScriptBackend, SdkBackend

CODING = "content-encoding"


def repaired(cause: str, backend: OwnBackend) -> OwnBackend:
    repair = REPAIRS[cause].backend
    assert repair is not None
    made = repair(backend)
    assert repair(made) == made
    return made


@pytest.mark.parametrize(
    "faulty",
    [
        OtherOrigin(allow_origin=""),
        OtherOrigin(allow_origin="https://other.example"),
        OtherOrigin(allow_headers="content-type, accept"),
        OtherOrigin(preflight_status=401),
        OtherOrigin(on_errors=False),
    ],
)
def test_a_backend_on_another_origin_allows_the_page_everything(faulty: OtherOrigin) -> None:
    backend = SdkBackend(reply="Good day.", other_origin=faulty)
    assert repaired("cors-blocked", backend) == SdkBackend(reply="Good day.", other_origin=OtherOrigin())


def test_a_backend_on_the_origin_of_the_page_stays_there() -> None:
    assert repaired("cors-blocked", SdkBackend()) == SdkBackend()


def test_no_answer_says_any_more_that_it_is_compressed() -> None:
    faulty = Answer(headers={"Content-Encoding": "gzip", "x-app": "demo"}, text="Good day.")
    right = Answer(headers={"x-app": "demo"}, text="Good day.")
    backend = ScriptBackend(store="reverses", answers={"threads.create": [faulty, right]})
    wanted = ScriptBackend(store="reverses", answers={"threads.create": [right, right]})
    assert repaired("content-encoding-mismatch", backend) == wanted


def test_every_repair_of_a_backend_is_tried_here() -> None:
    of_backends = {cause for cause, repair in REPAIRS.items() if repair.backend is not None}
    assert of_backends == {"cors-blocked", "content-encoding-mismatch"}
