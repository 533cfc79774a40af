import json
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devtools.system.fast_json import decode, encode

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(VALUES, st.booleans())
def test_what_json_writes_is_read_back(value, ascii_only):
    assert decode(f" {json.dumps(value, ensure_ascii=ascii_only)}\n") == value


@pytest.mark.parametrize("text", ["", "{", "{} {}", "nonsense", '{"a": }', "[1,]", "'a'"])
def test_what_is_no_json_is_a_value_error(text):
    with pytest.raises(ValueError, match=r".+"):
        decode(text)


def test_an_interpreter_without_a_scanner_reads_it_by_json(monkeypatch):
    monkeypatch.setitem(sys.modules, "_json", None)
    assert decode('{"a": [1, "b"]}') == {"a": [1, "b"]}


TEXTS = st.text() | st.text('\udcff\x00"\\')  # bytes of file names are low surrogates


PLAIN = TEXTS | st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)


@given(st.recursive(PLAIN, lambda inner: st.dictionaries(TEXTS, inner) | st.lists(inner)))
def test_what_is_written_json_reads_back(value):
    assert json.loads(encode(value)) == value
    assert encode(value).isascii()


def test_what_is_no_json_is_not_written_and_json_serves_where_there_is_no_scanner(monkeypatch):
    with pytest.raises(TypeError, match="no JSON"):
        encode({"a": b"1"})
    monkeypatch.setitem(sys.modules, "_json", None)
    assert encode({"a": "é"}) == '{"a":"\\u00e9"}'
