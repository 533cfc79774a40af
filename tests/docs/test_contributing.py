"""The quiz of CONTRIBUTING.md leads to what it asks for."""

import ast
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
ANSWERS = re.findall(r"^\d+\. .*\? \[Answer\]\((\S+) \"(\w+)\"\)$", TEXT, re.M)


def defined(path):
    """Return the names that a module defines: functions, classes and constants."""
    body = ast.parse(path.read_text(encoding="utf-8")).body
    names = {node.name for node in body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    targets = [node.target for node in body if isinstance(node, ast.AnnAssign)]
    targets += [target for node in body if isinstance(node, ast.Assign) for target in node.targets]
    return names | {target.id for target in targets if isinstance(target, ast.Name)}


def test_the_quiz_has_fifteen_questions_with_an_answer_each():
    assert len(ANSWERS) == 15
    assert len(set(ANSWERS)) == 15


@pytest.mark.parametrize(("path", "name"), ANSWERS, ids=lambda word: word)
def test_the_file_of_an_answer_defines_the_name_that_it_gives(path, name):
    assert name in defined(ROOT / path)


def test_every_package_that_we_use_is_named_with_its_reason():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [
        *project["dependencies"],
        *(each for extra in project["optional-dependencies"].values() for each in extra),
    ]
    table = TEXT.partition("## Packages, and why")[2]
    named = {word for row in re.findall(r"^\| ([^|]+) \|", table, re.M) for word in row.split(", ")}
    assert {re.split(r"[<>=\[; ]", each)[0] for each in wanted} <= named
