"""The proof of a project in a language of which nothing is known but its runner's report and coverage."""

import pytest

from devtools.git import snapshot
from devtools.project.project import load
from devtools.proof.prove import green, prove, red

# A runner for a small language: production is `src/*.rb` with lines `name=value`, a test is a line `title name value`.
RUNNER = r"""
import glob
values, cases, hits = {}, [], {}
for path in sorted(glob.glob('src/*.rb')):
    hits[path] = {}
    for number, line in enumerate(open(path), 1):
        name, _, value = line.strip().partition('=')
        values[name] = (value, path, number)
        hits[path][number] = 0
for path in sorted(glob.glob('test/*.rb')):
    for line in open(path):
        title, name, wanted = line.split()
        body = ''
        if wanted == 'skip':
            body = '<skipped/>'
        elif wanted == 'crash':
            body = '<failure message="TypeError: the test is broken"/>'
        elif name not in values:
            body = f'<failure message="ReferenceError: {name} is not defined"/>'
        else:
            value, source, number = values[name]
            hits[source][number] += 1
            if value != wanted:
                body = f'<failure type="AssertionError" message="expected {wanted}, got {value}"/>'
        cases.append((f'<testcase name="{title}">{body}</testcase>', 'failure' in body))
open('junit.xml', 'w').write(f"<testsuite>{''.join(text for text, _ in cases)}</testsuite>")
with open('lcov.info', 'w') as stream:
    for path, lines in hits.items():
        stream.write(f'SF:{path}\n' + ''.join(f'DA:{n},{h}\n' for n, h in lines.items()) + 'end_of_record\n')
raise SystemExit(any(failed for _, failed in cases))
"""
SETTINGS = '[tests]\ncommand = "python3 scripts/run.py"\nreport = "junit.xml"\ncoverage = "lcov.info"\n'


@pytest.fixture
def case(repository):
    """Make the parent's snapshot, and give one with other files in some places, and what the proof says of both."""
    repository.put("scripts/run.py", RUNNER)
    repository.put("devtools.toml", SETTINGS)
    repository.put(".gitignore", "junit.xml\nlcov.info\n")
    repository.put("src/a.rb", "one=1\n")
    repository.put("test/a.rb", "has_one one 1\n")
    repository.commit()
    root = str(repository.path)
    parent = snapshot.tree_of(root, "HEAD")

    def case(function, *more, **files):
        for name, text in files.items():
            repository.put(f"{name.replace('_', '/')}.rb", text)
        return function(load(root), parent, snapshot.worktree_tree(root), *more)

    return case


NEW = {"test_b": "has_two two 2\n"}
CODE = {"src_a": "one=1\ntwo=2\n"}


def codes(found):
    return [problem.code for problem in found.problems]


def test_a_test_that_misses_a_name_of_the_project_is_red_and_its_code_makes_it_green(case):
    seen = case(red, **NEW)
    assert (seen.witnessed, seen.holds) == (("test/b.rb::has_two",), True)
    proof = case(green, seen.witnessed, **CODE)
    assert (proof.verdict, proof.witnessed) == ("proved", ("test/b.rb::has_two",))
    assert proof.reds() == [("has_two", "two does not exist yet")]


def test_in_the_cycle_a_test_that_still_fails_is_told_from_the_others(case):
    case(red, **NEW)
    found = case(green, ("test/b.rb::has_two",), src_a="one=3\ntwo=4\n")
    assert codes(found)[:2] == ["other-tests-fail", "still-failing"]


def test_an_assertion_is_red_and_code_before_its_test_is_told(case):
    assert case(red, test_a="has_one one 3\n").witnessed == ("test/a.rb::has_one",)
    assert codes(case(red, test_b="x two 2\n", src_a="one=1\ntwo=2\n")) == ["production-changed"]


def test_a_broken_test_and_one_that_passes_are_no_red(case):
    assert codes(case(red, test_b="broken one crash\n")) == ["wrong-reason"]
    assert codes(case(red, test_b="again one 1\n")) == ["test-passes"]


def test_a_feature_without_its_test_is_unproved_and_its_lines_untested(case):
    proof = case(prove, "feat", **CODE)
    assert (proof.verdict, codes(proof)) == ("unproved", ["unproved", "untested-code"])
    assert proof.problems[1].message == "no test executes src/a.rb lines 2"


def test_a_name_that_no_new_code_brings_is_no_reason(case):
    proof = case(prove, "feat", test_b="has_two two 2\nodd other 1\n", **CODE)
    assert codes(proof) == ["unproved"]
    assert "odd fails" in proof.problems[0].message


@pytest.mark.parametrize(("tests", "words"), [("has_one one skip\n", "is skipped"), ("", "is gone")])
def test_a_test_that_is_gone_while_production_changes_is_tampering(case, tests, words):
    proof = case(prove, "feat", test_a=tests, **NEW, **CODE)
    assert "tests-tampered" in codes(proof)
    assert f"has_one passed on the parent and {words}" in [problem.message for problem in proof.problems]


def test_a_refactoring_keeps_what_the_parent_s_tests_expect(case):
    assert case(prove, "refactor", src_a="", src_b="one=1\n").verdict == "preserved"
    proof = case(prove, "refactor", src_a="one=3\n", src_b="", test_a="has_one one 3\n")
    assert proof.verdict == "unproved"
    assert "tests-tampered" in codes(proof)
    told = case(prove, "fix", src_a="one=3\n", test_a="has_one one 3\n")
    assert (told.verdict, told.expectations) == ("proved", ("has_one",))


def test_a_runner_that_writes_no_report_is_an_error_and_no_verdict(case, repository):
    repository.put("scripts/run.py", "raise SystemExit('no compiler')\n")
    proof = case(prove, "feat", **NEW, **CODE)
    assert (proof.verdict, "no compiler" in proof.fault) == ("error", True)


def test_tests_alone_are_test_only(case):
    assert case(prove, "test", **NEW, test_a="has_one one 1\nmore one 1\n").verdict == "test-only"
