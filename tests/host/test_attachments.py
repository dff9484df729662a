"""Files go to the control backend over a real socket, and come back as they were."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from chatkit_doctor.host.server import Host
from chatkit_doctor.scenario.backend import Answer, ScriptBackend, SdkBackend
from chatkit_doctor.scenario.model import Scenario

NOTE = b"A note of one line.\n"


@pytest.fixture(scope="module")
def host() -> Iterator[Host]:
    with Host() as started:
        yield started


@pytest.fixture
def place(host: Host) -> Iterator[str]:
    """The address of a page whose backend is the control."""
    with host.site(Scenario(title="files", backend=SdkBackend()), "chatkit.js") as site:
        yield host.url(site)


def created(place: str, mime_type: str = "text/plain") -> dict[str, object]:
    params = {"name": "note.txt", "size": len(NOTE), "mime_type": mime_type}
    answer = httpx.post(f"{place}chatkit", json={"type": "attachments.create", "params": params})
    record: dict[str, object] = answer.raise_for_status().json()
    return record


def test_a_file_in_two_phases_comes_back(place: str) -> None:
    record = created(place)
    descriptor = record["upload_descriptor"]
    assert isinstance(descriptor, dict)
    httpx.request(descriptor["method"], descriptor["url"], content=NOTE).raise_for_status()
    back = httpx.get(f"{place}files/{record['id']}")
    assert (back.content, back.headers["content-type"].split(";")[0]) == (NOTE, "text/plain")


def test_a_picture_has_a_preview(place: str) -> None:
    record = created(place, "image/png")
    assert record["preview_url"] == f"{place}files/{record['id']}"


def test_a_file_that_comes_directly_is_answered_with_its_record(place: str) -> None:
    answer = httpx.post(f"{place}files", files={"file": ("note.txt", NOTE, "text/plain")})
    record = answer.raise_for_status().json()
    assert (record["name"], record["mime_type"], record["type"]) == ("note.txt", "text/plain", "file")
    assert httpx.get(f"{place}files/{record['id']}").content == NOTE


def test_a_deleted_file_is_gone(place: str) -> None:
    record = httpx.post(f"{place}files", files={"file": ("note.txt", NOTE, "text/plain")}).json()
    request = {"type": "attachments.delete", "params": {"attachment_id": record["id"]}}
    httpx.post(f"{place}chatkit", json=request).raise_for_status()
    assert httpx.get(f"{place}files/{record['id']}").status_code == 404


@pytest.mark.parametrize("path", ["files/atc_unknown", "files/..%2F..%2Fetc%2Fpasswd"])
def test_there_are_no_other_files(place: str, path: str) -> None:
    assert httpx.get(f"{place}{path}").status_code == 404
    assert httpx.put(f"{place}{path}", content=b"x").status_code in {404, 405}


def test_a_form_without_a_file_is_refused(place: str) -> None:
    assert httpx.post(f"{place}files", data={"file": "text"}).status_code == 400


def test_a_script_says_what_becomes_of_an_upload(host: Host) -> None:
    script = ScriptBackend(answers={}, upload=Answer(status=507, text="full"))
    with host.site(Scenario(title="files", backend=script), "chatkit.js") as site:
        answer = httpx.put(f"{host.url(site)}files/atc_1", content=NOTE)
    assert (answer.status_code, answer.text) == (507, "full")


def test_files_go_with_their_session(host: Host) -> None:
    with host.site(Scenario(title="files", backend=SdkBackend()), "chatkit.js") as site:
        place = host.url(site)
        record = httpx.post(f"{place}files", files={"file": ("note.txt", NOTE, "text/plain")}).json()
    answer = httpx.get(f"{place}files/{record['id']}")
    assert answer.status_code == 404
