"""Lines that ran, as an LCOV file has them."""

import pytest

from devtools.errors import ToolError
from devtools.runner import lcov


def test_hits_are_added_up_by_file_and_line():
    text = b"TN:\nSF:src/a.js\nFN:1,add\nDA:1,2\nDA:2,0,hash\nend_of_record\n"
    text += b"SF:/r/src/a.js\nDA:2,3\nend_of_record\nDA:9,9\n"
    assert lcov.read(text, "/r") == {"src/a.js": {1: 2, 2: 3}}


def test_what_is_malformed_or_lies_elsewhere_is_passed_over():
    text = b"SF:../x.js\nDA:1,1\nSF:b.js\nDA:\nDA:x,1\nDA:1,-1\nDA:2\n\xff\nDA:3,4\n"
    assert lcov.read(text, "/r") == {"b.js": {3: 4}}


def test_a_file_that_is_too_large_is_not_read(monkeypatch):
    monkeypatch.setattr(lcov, "LARGEST", 3)
    with pytest.raises(ToolError, match="has 4 bytes"):
        lcov.read(b"SF:a", "/r")
