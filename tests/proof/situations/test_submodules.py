"""A test that reads a submodule: proved where its commit is here, and named where it is not."""

import pytest

from devtools.proof.comparison import Tree
from devtools.proof.prove import prove
from devtools.selection.footprint_record import settings
from tests.conftest import Repository

CODE = "def load(text):\n    return text.strip()\n"
TEST = (
    "import pathlib, pytest, reader\n"
    "CASES = sorted((pathlib.Path(__file__).parent / 'suite' / 'cases').glob('*.txt'))\n\n\n"
    "@pytest.mark.parametrize('path', CASES)\n"
    "def test_case(path):\n"
    "    assert reader.load(path.read_text()) == path.stem\n"
)
FIXED = {"reader.py": CODE.replace("strip()", "strip().lower()")}


@pytest.fixture
def suite(project, tmp_path, monkeypatch):
    """The project's tests read cases that stand in a submodule; its second commit needs the fix."""
    for name, value in (("COUNT", "1"), ("KEY_0", "protocol.file.allow"), ("VALUE_0", "always")):
        monkeypatch.setenv(f"GIT_CONFIG_{name}", value)
    (tmp_path / "suite").mkdir()
    suite = Repository(tmp_path / "suite")
    suite.put("cases/a.txt", "a\n")
    suite.commit()
    project.repository.git("submodule", "add", "-q", "../suite", "tests/suite")
    project.old = project.commit({"reader.py": CODE, "tests/test_cases.py": TEST})
    suite.put("cases/b.txt", "B\n")
    suite.commit()
    project.repository.git("submodule", "update", "-q", "--remote")
    return project


def lose(project):
    """As in a clone that was never told of its submodules."""
    project.repository.git("submodule", "deinit", "-q", "--all", "--force")
    (project.repository.path / ".git" / "modules").rename(project.repository.path / ".git" / "away")


def test_new_cases_of_a_submodule_are_a_witness(suite):
    new = suite.commit(FIXED)
    proof = prove(suite.loaded(), suite.old, new, "fix")
    assert (proof.verdict, proof.witnessed) == ("proved", ("tests/test_cases.py::test_case",))


def test_without_its_commit_nothing_is_refuted_and_the_submodule_is_named(suite):
    new = suite.commit(FIXED)
    lose(suite)
    proof = prove(suite.loaded(), suite.old, new, "fix")
    assert (proof.verdict, proof.problems) == ("error", ())
    assert proof.fault.startswith(
        "submodule tests/suite is not here and tests may need it: git submodule update --init --recursive tests/suite ("
    )


SIZE = {
    "reader.py": f"{CODE}\n\ndef size(text):\n    return len(text)\n",
    "tests/test_size.py": "import reader\n\n\ndef test_size():\n    assert reader.size('ab') == 2\n",
}


def test_what_needs_no_submodule_is_judged_without_it(suite):
    proved = suite.commit(SIZE)
    code = SIZE["reader.py"] + "\n\ndef more():\n    return 1\n"
    tampered = suite.commit({"reader.py": code, "tests/test_size.py": "import reader\n"})
    unnamed = suite.commit({"tests/test_cases.py": None, **SIZE})
    smuggled = suite.commit({"reader.py": code})
    lose(suite)
    said = [
        (proof.verdict, {problem.code for problem in proof.problems})
        for old, new in ((suite.old, proved), (proved, tampered), (unnamed, smuggled))
        for proof in [prove(suite.loaded(), old, new, "feat")]
    ]
    assert said[0] == ("proved", set())
    assert said[1][0] == "unproved"
    assert "tests-tampered" in said[1][1]
    assert said[2] == ("unproved", {"unproved", "untested-code"})


def test_a_footprint_holds_with_the_same_submodules_only(suite):
    one, two = Tree(suite.loaded(), suite.old), Tree(suite.loaded(), suite.commit({}))
    assert len({settings(one), settings(two)}) == 2
    assert settings(one) == settings(Tree(suite.loaded(), suite.old))
    before = settings(two)
    lose(suite)
    assert settings(Tree(suite.loaded(), two.id)) != before
