"""A feature that is tested by its example alone is proved, where pytest is told to run examples."""

import pytest

from devtools.proof.prove import prove

OLD = {
    "calc.py": "def add(a, b):\n    return a + b\n",
    "pytest.ini": "[pytest]\naddopts = --doctest-modules --doctest-glob=*.md\n",
}
DOUBLE = (
    OLD["calc.py"] + '\n\ndef double(a):\n    """Double.\n\n    >>> double(2)\n    4\n    """\n    return add(a, a)\n'
)
TEXT = "Sums\n\n    >>> import calc\n    >>> calc.double(2)\n    4\n"


@pytest.fixture
def verdict(project):
    def run(files, before=OLD):
        old = project.commit(before)
        proof = prove(project.loaded(), old, project.commit(files), "feat")
        return proof.verdict, proof.witnessed, [problem.code for problem in proof.problems]

    return run


def test_an_example_in_a_docstring_or_a_document_is_a_witness(verdict):
    assert verdict({"calc.py": DOUBLE}) == ("proved", ("calc.py::calc.double",), [])
    plain = DOUBLE.replace('    """Double.\n\n    >>> double(2)\n    4\n    """\n', "")
    assert verdict({"calc.py": plain, "README.md": TEXT}, {**OLD, "calc.py": OLD["calc.py"] + "#\n"}) == (
        "proved",
        ("README.md::README.md",),
        [],
    )


def test_a_changed_result_in_an_example_is_one_too(verdict):
    other = DOUBLE.replace("    4\n", "    5\n").replace("add(a, a)", "add(a, a) + 1")
    assert verdict({"calc.py": other}, {**OLD, "calc.py": DOUBLE})[:2] == ("proved", ("calc.py::calc.double",))


@pytest.mark.parametrize(
    ("files", "before"),
    [
        ({"calc.py": DOUBLE}, {**OLD, "pytest.ini": "[pytest]\n"}),
        ({"calc.py": DOUBLE.replace("    4\n", "    5\n")}, OLD),
        ({"calc.py": DOUBLE.replace(">>> double(2)\n    4", ">>> add(2, 2)\n    4")}, OLD),
    ],
    ids=["not run", "fails now", "passed before"],
)
def test_an_example_that_shows_nothing_is_none(verdict, files, before):
    found, _, codes = verdict(files, before)
    assert (found, codes[0]) == ("unproved", "unproved")
