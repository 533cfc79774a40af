import pytest

from devtools.errors import UsageError
from devtools.project.config import Config, differences, parse


def test_nothing_configured_means_the_defaults():
    assert parse({}, "[tool.devtools]") == Config()
    assert (Config().max_files, Config().max_lines, Config().tdd_mode) == (3, 500, "strict")


def test_every_key_of_the_contract_is_read():
    table = {
        "max-files": 5,
        "max-lines": 9,
        "uncounted": ["a"],
        "tests": ["b"],
        "source": ["c"],
        "commit-types": ["d"],
        "python": "e",
        "tdd": {"mode": "warn", "mutants": "refuse"},
        "checks": {"lint": "make lint"},
        "rewrite": False,
        "always-run": ["f"],
        "scopes": ["g"],
        "ticket": "[A-Z]+-[0-9]+",
        "max-body-width": 72,
    }
    assert parse(table, "x") == Config(
        5,
        9,
        ("a",),
        ("b",),
        ("c",),
        ("d",),
        "e",
        "warn",
        {"lint": "make lint"},
        "refuse",
        False,
        ("f",),
        scopes=("g",),
        ticket="[A-Z]+-[0-9]+",
        max_body_width=72,
    )


def test_an_empty_tdd_table_is_strict():
    found = parse({"tdd": {}}, "x")
    assert (found.tdd_mode, found.mutants) == ("strict", "warn")


@pytest.mark.parametrize(
    ("table", "key"),
    [
        ({"nonsense": 1}, "unknown key x nonsense"),
        ({"max-files": "3"}, "x max-files is '3'"),
        ({"max-files": True}, "x max-files is True"),
        ({"max-lines": 0}, "x max-lines is 0"),
        ({"python": 3}, "x python is 3"),
        ({"tests": "tests"}, "x tests is 'tests'"),
        ({"tests": [1]}, r"x tests is \[1\]"),
        ({"tdd": "strict"}, "x tdd is 'strict'"),
        ({"tdd": {"mode": "lax"}}, "x tdd.mode is 'lax'"),
        ({"tdd": {"mood": "lax"}}, "unknown key x tdd.mood"),
        ({"tdd": {"mutants": "on"}}, "x tdd.mutants is 'on'"),
        ({"rewrite": "no"}, "x rewrite is 'no'"),
        ({"ticket": "("}, r"x ticket is '\('"),
        ({"max-body-width": 0}, "x max-body-width is 0"),
        ({"scopes": "a"}, "x scopes is 'a'"),
        ({"checks": []}, r"x checks is \[\]"),
        ({"checks": {"lint": ""}}, "x checks.lint is ''"),
    ],
)
def test_a_wrong_setting_is_a_usage_error_that_names_the_key(table, key):
    with pytest.raises(UsageError, match=key):
        parse(table, "x")


def test_settings_that_differ_are_told_by_the_names_that_a_person_writes():
    tables = (
        {"tests": ["a", "b"], "tdd": {"mutants": "off"}, "checks": {"lint": "true", "docs": "make"}},
        {"max-files": 9, "tdd": {"mode": "off"}, "checks": {"lint": "true"}},
    )
    old, new = (parse(table, "x") for table in tables)
    assert differences(old, new) == [
        "max-files 3 -> 9",
        "tests a, b -> test_*.py, *_test.py, tests/**, conftest.py",
        "tdd.mode strict -> off",
        "checks lint = true, docs = make -> lint = true",
        "tdd.mutants off -> warn",
    ]
    assert differences(parse({"tests": []}, "x"), parse({"tests": ["a"]}, "x")) == ["tests none -> a"]
    assert differences(parse({"checks": {"a": "b"}}, "x"), Config()) == ["checks a = b -> none"]
    assert differences(old, old) == []


def test_tests_of_another_language_have_a_command_and_a_report():
    found = parse({"tests": {"command": "npm test", "report": "j.xml", "coverage": "l.info", "files": ["x"]}}, "x")
    assert (found.tests_command, found.tests_report, found.tests_coverage) == ("npm test", "j.xml", "l.info")
    assert found.tests == ("x",)
    assert "*.test.*" in parse({"tests": {"command": "npm test", "report": "j.xml"}}, "x").tests
    assert differences(Config(), found)[1] == "tests.command  -> npm test"


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ({"command": "a"}, "x tests has no report"),
        ({"report": "a"}, "x tests has no command"),
        ({"command": 3, "report": "a"}, "x tests.command is 3"),
        ({"command": "a", "report": "b", "x": 1}, "unknown key x tests.x"),
    ],
)
def test_a_table_of_tests_that_is_not_whole_is_a_usage_error(table, words):
    with pytest.raises(UsageError, match=words):
        parse({"tests": table}, "x")
