"""A file's bytes become values with places, or one sentence that says why not."""

from __future__ import annotations

import pytest

from chatkit_doctor.scenario.document import MAX_BYTES, UnreadableError, read_document
from chatkit_doctor.scenario.node import Data, Node, Place


def values(text: str) -> Data:
    root, mistakes = read_document(text.encode())
    assert mistakes == []
    return root.data()


def at(root: Node, *keys: str | int) -> Node:
    for key in keys:
        child = root.child(key)
        assert child is not None
        root = child
    return root


def wrong(text: str) -> list[str]:
    _, mistakes = read_document(text.encode())
    return [f"{each.place.line}:{each.place.column}: {each}" for each in mistakes]


def refused(content: str | bytes) -> tuple[int, str]:
    with pytest.raises(UnreadableError) as caught:
        read_document(content if isinstance(content, bytes) else content.encode())
    return caught.value.mistake.place.line, caught.value.mistake.text


def test_values_are_those_of_json() -> None:
    text = "a: 1\nb: 1.5\nc: true\nd: null\ne: ~\nf:\ng: text\nh: [1, x]\n"
    expected = {"a": 1, "b": 1.5, "c": True, "d": None, "e": None, "f": None, "g": "text", "h": [1, "x"]}
    assert values(text) == expected


@pytest.mark.parametrize("written", ["2026-01-01", "2026-01-01T10:00:00", "12:30", "12:30:45", "="])
def test_what_only_yaml_takes_for_more_is_a_text(written: str) -> None:
    assert values(f"at: {written}") == {"at": written}


def test_a_key_is_taken_as_it_is_written() -> None:
    assert values("on: 1\n404: x\n") == {"on": 1, "404": "x"}


def test_a_value_knows_where_it_and_its_key_stand() -> None:
    root, _ = read_document(b"a:\n  - x\n  - b: y\n")
    found = at(root, "a", 1, "b")
    assert (found.key, found.place, found.name) == (Place(3, 5), Place(3, 8), "a.1.b")


def test_a_byte_order_mark_is_no_part_of_the_first_key() -> None:
    root, _ = read_document(b"\xef\xbb\xbftitle: x\n")
    assert root.data() == {"title": "x"}


def test_an_alias_is_what_its_anchor_is() -> None:
    assert values("a: &x {n: 1}\nb: *x\n") == {"a": {"n": 1}, "b": {"n": 1}}


def test_a_merged_mapping_is_laid_under_the_keys_that_are_written() -> None:
    text = "a: &a {n: 1, m: 1}\nb: &b {n: 2, o: 2}\nc: {<<: [*a, *b], m: 3}\n"
    assert values(text)["c"] == {"n": 1, "m": 3, "o": 2}  # type: ignore[index, call-overload]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: 1\nb: 2\na: 3\n", "3:1: a: duplicate key, first defined in line 1"),
        ("a:\n  b: 1\n  b: 2\n", "3:3: a.b: duplicate key, first defined in line 2"),
        ("a: !!binary aGk=\n", "1:4: a: the tag 'tag:yaml.org,2002:binary' is not supported here"),
        ("a: !own {}\n", "1:4: a: the tag '!own' is not supported here"),
        ("a: !!int x\n", "1:4: a: 'x' does not match its tag"),
        ("a: .nan\n", "1:4: a: JSON has no number .nan; put it in quotes"),
        ("a: {[1]: x}\n", "1:5: a: a key must be a string"),
        ("a: {<<: 1}\n", "1:5: a: `<<` can only merge mappings"),
    ],
)
def test_what_is_wrong_with_one_value_is_said_at_its_place(text: str, expected: str) -> None:
    assert wrong(text) == [expected]


def test_a_number_of_too_many_digits_is_a_mistake() -> None:
    (mistake,) = wrong(f"a: {'9' * 5000}\n")
    assert mistake.endswith("does not match its tag")


@pytest.mark.parametrize(
    ("text", "line", "expected"),
    [
        ("", 0, "the file is empty"),
        ("# only a comment\n", 0, "the file is empty"),
        ("a: 1\n---\nb: 2\n", 2, "another document starts here; a scenario file contains only one"),
        ("a:\n\t- b\n", 2, "a tab where YAML requires spaces"),
        ("a: 1\n\tb: 2\n", 2, "a tab where YAML requires spaces"),
        ("a: @b\n", 1, "not valid YAML: quote text that starts with @"),
        (
            "a: b: c\n",
            1,
            "not valid YAML: unexpected colon; is the line indented too far, or does a text need quotes?",
        ),
        (
            "a:\n  *: {}\n",
            2,
            'not valid YAML: text that starts with * is an alias; did you mean "*", in quotes?',
        ),
        ("a: *nobody\n", 1, "not valid YAML: found undefined alias"),
        ("a: \x01\n", 0, "the file contains a control character, which YAML does not allow"),
    ],
)
def test_a_file_that_is_no_yaml_is_refused_in_one_sentence(text: str, line: int, expected: str) -> None:
    assert refused(text) == (line, expected)


def test_an_unclosed_bracket_is_named_where_it_begins() -> None:
    assert refused("a: 1\nb: [1,\nc: 2\n")[0] == 2


def test_other_encodings_are_refused_with_the_line() -> None:
    assert refused(b"a: 1\nb: gr\xfc\xdfe\n") == (2, "the file is not UTF-8 text")


def test_a_file_that_is_too_large_is_refused_unread() -> None:
    assert refused(b"#" * (MAX_BYTES + 1)) == (0, "the file is larger than 4 MB")


def test_a_few_lines_do_not_grow_into_billions_of_values() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    assert "more than 200,000 values" in refused("\n".join(lines))[1]


def test_merging_nothing_again_and_again_ends_too() -> None:
    lines = ["a0: &a0 {}"]
    lines += [f"a{n}: &a{n} {{<<: [*a{n - 1}, *a{n - 1}]}}" for n in range(1, 40)]
    assert "more than 200,000 values" in refused("\n".join(lines))[1]


@pytest.mark.parametrize(
    "text", ["a: &a [*a]", "a: &a {b: *a}", "a: &a {<<: *a}", f"a: {'[' * 200}{']' * 200}"]
)
def test_values_that_lie_in_themselves_or_too_deep_are_refused(text: str) -> None:
    assert "more than 100 levels deep" in refused(text)[1]


def test_nesting_without_end_is_refused() -> None:
    assert refused("[" * 100_000)[1].startswith("not valid YAML: ")
