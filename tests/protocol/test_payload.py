"""What the data of one event holds."""

from __future__ import annotations

import pytest

from chatkit_doctor.protocol.payload import PayloadKind, read_payload


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        ('{"type": "x"}', PayloadKind.OBJECT),
        (' {"type": "x"} ', PayloadKind.OBJECT),
        ("[1]", PayloadKind.OTHER_JSON),
        ("null", PayloadKind.OTHER_JSON),
        ('"just text"', PayloadKind.OTHER_JSON),
        ("", PayloadKind.EMPTY),
        ("[DONE]", PayloadKind.DONE),
        ('"{\\"type\\": \\"x\\"}"', PayloadKind.DOUBLE_ENCODED),
        ('{"a": 1}\n{"b": 2}', PayloadKind.SEVERAL),
        ('data: {"a": 1}\n', PayloadKind.DOUBLE_FRAMED),
        ('{"type": ', PayloadKind.BROKEN),
        ("{'type': 'x'}", PayloadKind.BROKEN),
        ('{"a": NaN}', PayloadKind.BROKEN),
        ("[" * 100_000, PayloadKind.BROKEN),
        ("Hello", PayloadKind.TEXT),
        (" there", PayloadKind.TEXT),
        ('{"type": "x", "text": "aaa… [812 characters more]', PayloadKind.SHORTENED),
    ],
)
def test_the_kind_of_data_is_told(data: str, kind: PayloadKind) -> None:
    assert read_payload(data).kind is kind


def test_only_an_object_is_a_value_to_the_component() -> None:
    assert read_payload('{"a": 1}').value == {"a": 1}
    assert read_payload('"{\\"a\\": 1}"').value is None


def test_a_number_may_be_longer_than_python_likes() -> None:
    assert read_payload('{"n": ' + "9" * 5000 + "}").value == {"n": float("inf")}
    assert read_payload('{"n": -12345678901234567890}').value == {"n": -12345678901234567890}


def test_what_was_meant_is_kept() -> None:
    assert read_payload('{"a": 1}\n{"b": 2}').values == ({"a": 1}, {"b": 2})
    assert read_payload('"{\\"a\\": 1}"').values == ({"a": 1},)


def test_broken_json_says_where_it_breaks() -> None:
    assert "column 9" in read_payload('{"type": ').error


def test_what_comes_again_is_read_once() -> None:
    flooded = '{"nested": ' + "[" * 800 + "]" * 800 + "}"
    assert read_payload(flooded) is read_payload(flooded)


def test_what_is_long_is_not_kept() -> None:
    long = '{"a": "' + "x" * 5_000 + '"}'
    assert read_payload(long) is not read_payload(long)
    assert read_payload(long) == read_payload(long)
