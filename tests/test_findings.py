from devtools.errors import DevtoolsError, ToolError, UsageError
from devtools.findings import CheckResult, Finding, Problem


def test_an_error_reads_as_one_line_even_with_a_newline_in_a_file_name():
    assert UsageError("no such file a\nb", "name another").line() == "no such file a\\nb: name another"
    assert DevtoolsError("plain").line() == "plain"


def test_each_kind_of_error_has_its_exit_code():
    assert (DevtoolsError.exit_code, UsageError.exit_code, ToolError.exit_code) == (1, 2, 3)


def test_a_finding_leaves_empty_fields_out_of_its_json():
    assert Finding("a.py", 3, "bad").to_json() == {"path": "a.py", "line": 3, "message": "bad"}


def test_a_finding_carries_its_evidence_in_the_message_of_its_json():
    finding = Finding("a.py", 3, "bad", column=7, code="E1", test="a.py::t", detail=("x = 1",))
    expected = {
        "path": "a.py",
        "line": 3,
        "column": 7,
        "code": "E1",
        "test": "a.py::t",
        "message": "bad\nx = 1",
    }
    assert finding.to_json() == expected


def test_a_place_without_a_line_is_the_file():
    assert Finding("a.py", 0, "bad").place() == "a.py"
    assert Finding("a.py", 9, "bad").place() == "a.py:9"


def test_a_check_result_names_its_counts_only_where_it_counts():
    result = CheckResult("lint", False, "1 finding", (Finding("a.py", 1, "bad"),), seconds=0.12345)
    entry = result.to_json()
    assert entry["seconds"] == 0.123
    assert entry["findings"] == [{"path": "a.py", "line": 1, "message": "bad"}]
    assert "counts" not in entry
    assert CheckResult("tests", True, "", counts={"passed": 2}).to_json()["counts"] == {"passed": 2}


def test_a_skipped_check_says_so_as_a_boolean():
    assert CheckResult("types", True, "", skipped="mypy is not installed").to_json()["skipped"] is True


def test_a_problem_has_a_place_only_where_it_knows_one():
    assert Problem("lint", "bad").to_json() == {"code": "lint", "message": "bad"}
    problem = Problem("lint", "bad", "a.py", 4)
    assert problem.to_json() == {"code": "lint", "message": "bad", "path": "a.py", "line": 4}
