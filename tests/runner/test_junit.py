"""JUnit reports of several runners, and reports that nobody should read."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devtools.errors import ToolError
from devtools.runner import junit
from devtools.runner.junit import read

NODE = b"""<?xml version="1.0" encoding="utf-8"?>
<testsuites>
  <testcase name="adds" classname="test"/>
  <testcase name="wrong" classname="test" failure="3 == 4">
    <failure type="testCodeFailure" message="3 == 4">[Error] {
  cause: AssertionError [ERR_ASSERTION]: 3 == 4 }</failure>
  </testcase>
  <testcase name="later" classname="test"><skipped type="skipped" message="true"/></testcase>
  <testsuite name="group"><testcase name="in &lt;&amp;>" classname="test"/></testsuite>
  <!-- tests 4 -->
</testsuites>"""


def outcomes(text):
    return {case.id: case.outcome for case in read(text)}


def test_cases_are_known_by_the_names_around_them():
    assert outcomes(NODE) == {
        "test > adds": "passed",
        "test > wrong": "failed",
        "test > later": "skipped",
        "group > test > in <&>": "passed",
    }
    (failed,) = (case for case in read(NODE) if case.outcome == "failed")
    assert (failed.kind, failed.message) == ("testCodeFailure", "3 == 4")
    assert "AssertionError" in failed.text


def test_an_error_is_a_failure_and_outlives_what_follows_it():
    assert outcomes(b'<testsuite name="s"><testcase name="a"><error/><skipped/></testcase></testsuite>') == {
        "s > a": "failed"
    }
    assert outcomes(b'<testcase name="a" status="skipped"/>') == {"a": "skipped"}
    assert outcomes(b'<testcase name="a" file="x.py"><system-out>failure</system-out></testcase>') == {
        "x.py > a": "passed"
    }


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"<testsuite>",
        b"not xml",
        b'<!DOCTYPE x [<!ENTITY a "b">]><testsuite name="&a;"/>',
        b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><testsuite/>',
        b"<a>" * 300 + b"</a>" * 300,
    ],
)
def test_a_report_that_nobody_should_read_is_refused_in_one_line(text):
    with pytest.raises(ToolError, match="JUnit report"):
        read(text)


def test_a_report_is_read_within_bounds(monkeypatch):
    monkeypatch.setattr(junit, "LARGEST", 10)
    with pytest.raises(ToolError, match="has 12 bytes"):
        read(b"<testsuite/>")
    monkeypatch.undo()
    monkeypatch.setattr(junit, "TEXT", 10)
    (case,) = read(b'<testcase name="a"><failure>' + b"x" * 10_000 + b"</failure></testcase>")
    assert case.text == "x" * 10


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data):
    with contextlib.suppress(ToolError):  # and nothing else
        assert isinstance(read(b"<testsuite>" + data + b"</testsuite>"), list)
