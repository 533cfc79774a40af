"""JSON is edited as text: what an edit does not concern keeps its bytes, and a removal undoes an insertion."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devtools.setup import json_text

SCALARS = st.none() | st.booleans() | st.integers() | st.text(max_size=6)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=12,
)
OBJECTS = st.dictionaries(st.text(min_size=1, max_size=4), VALUES, max_size=4)
STYLES = st.sampled_from([None, 1, 2, 4, "\t"])


def written(value, style, newline="\n"):
    return json.dumps(value, indent=style, ensure_ascii=False).replace("\n", newline)


@settings(max_examples=40, deadline=None)
@given(OBJECTS, VALUES, STYLES, st.sampled_from(["\n", "\r\n"]), st.sampled_from(["", "\n", "\n\n"]))
def test_an_insertion_adds_its_key_last_and_a_removal_gives_the_same_bytes(document, value, style, newline, end):
    text = written(document, style, newline) + end
    key = "new key of ours"
    more = json_text.insert(text, [key], value)
    assert list(json.loads(more)) == [*document, key]
    assert json.loads(more) == {**document, key: value}
    assert json_text.remove(more, [key]) == text


@settings(max_examples=40, deadline=None)
@given(st.lists(VALUES, max_size=4), VALUES, STYLES)
def test_an_insertion_appends_to_an_array_and_a_removal_gives_the_same_bytes(items, value, style):
    text = written({"a": items, "b": 1}, style)
    more = json_text.insert(text, ["a", -1], value)
    assert json.loads(more) == {"a": [*items, value], "b": 1}
    assert json_text.remove(more, ["a", len(items)]) == text


@settings(max_examples=40, deadline=None)
@given(OBJECTS, STYLES)
def test_an_insertion_leaves_what_stood_before_it_and_after_it(document, style):
    text = written({**document, "last": {"x": 1}}, style)
    more = json_text.insert(text, ["last", "y"], 2)
    inner = json_text.remove(more, ["last", "y"])
    assert inner == text
    assert len(more) > len(text)
    assert more.startswith(text[: text.rindex("1") + 1])


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("{}\n", '{\n  "k": {\n    "a": 1\n  }\n}\n'),
        ("{\n}", '{\n  "k": {\n    "a": 1\n  }\n}'),
        ('{"a": 1}', '{"a": 1, "k": {"a": 1}}'),
        ('{\n\t"a": 1\n}', '{\n\t"a": 1,\n\t"k": {\n\t\t"a": 1\n\t}\n}'),
        ('\ufeff{\r\n    "a": 1\r\n}\r\n', '\ufeff{\r\n    "a": 1,\r\n    "k": {\r\n        "a": 1\r\n    }\r\n}\r\n'),
    ],
)
def test_what_is_new_is_laid_out_as_the_rest(text, after):
    assert json_text.insert(text, ["k"], {"a": 1}) == after
    assert json_text.value_of(json_text.remove(after, ["k"])) == json_text.value_of(text)


def test_the_first_member_goes_with_its_comma_and_the_only_one_leaves_an_empty_container():
    assert json_text.remove('{\n  "a": 1,\n  "b": 2\n}', ["a"]) == '{\n  "b": 2\n}'
    assert json_text.remove('{"a": [ {"x": "]}"} ]}', ["a", 0]) == '{"a": []}'


def test_a_value_is_replaced_where_it_stands():
    assert json_text.replace('{"a": [1, "x\\"y"], "b": 2}', ["a", 1], "é") == '{"a": [1, "é"], "b": 2}'


def test_of_two_equal_keys_the_last_counts():
    assert json_text.insert('{"a": [1], "a": []}', ["a", -1], 2) == '{"a": [1], "a": [2]}'
    assert json_text.remove('{"a": 1, "a": 2}', ["a"]) == '{"a": 1}'


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ('{\n  "a": 1,\n}', 3, "double quotes"),
        ('{\n  // why\n  "a": 1\n}', 2, "a comment"),
        ("", 1, "Expecting value"),
        ("[" * 100000, 1, "nested too deep"),
    ],
)
def test_what_is_no_json_is_named_with_its_line(text, line, reason):
    with pytest.raises(json_text.Malformed) as caught:
        json_text.value_of(text)
    assert caught.value.line == line
    assert reason in caught.value.reason


def test_a_path_that_leads_nowhere_is_an_error():
    with pytest.raises(KeyError):
        json_text.remove('{"a": {}}', ["b", "c"])
