"""``check URL`` as a user meets it before any browser is started."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.test_cli import doctor
from tests.own_pages import own_pages


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "no URL was given"),
        (["localhost:1/chat"], "cannot load it"),
    ],
)
def test_what_cannot_be_looked_at_is_one_sentence(arguments: list[str], said: str, tmp_path: Path) -> None:
    ended = doctor("check", *arguments, cwd=tmp_path)
    assert ended.returncode == 2
    assert said in ended.stderr
    assert list(tmp_path.iterdir()) == []


def test_what_was_found_out_is_told_and_what_does_not_fit_is_refused(tmp_path: Path) -> None:
    with own_pages() as pages:
        url = f"{pages.url}/plain"
        ended = doctor("check", url, "--domain-key", "key", cwd=tmp_path)
    assert ended.returncode == 2
    assert f"Treating {url} as your page: GET is answered 200 with text/html." in ended.stdout
    assert "--domain-key can only be used with a backend" in ended.stderr
