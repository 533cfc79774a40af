"""Which examples of a step fail on the parent's code, by what pytest is told to run."""

import pytest

from devtools.git import snapshot
from devtools.project.project import load
from devtools.proof.comparison import Comparison
from devtools.proof.examples import examples, witnesses

ADD = "def add(a, b):\n    return a + b\n"
DOUBLE = f'{ADD}\n\ndef double(a):\n    """Double.\n\n    >>> double(2)\n    4\n    """\n    return a * 2\n'
TEXT = "    >>> import calc\n    >>> calc.double(2)\n    4\n"


@pytest.mark.parametrize(
    ("said", "files", "found"),
    [
        ("--doctest-modules", {"calc.py": DOUBLE}, [("calc.py", "calc.double")]),
        ("--doctest-modules", {"calc.py": DOUBLE.replace("double(2)\n    4", "add(2, 2)\n    4")}, []),
        ("--doctest-glob=*.md", {"calc.py": DOUBLE, "a.md": TEXT}, [("a.md", "a.md")]),
        ("-q", {"calc.py": DOUBLE, "a.md": TEXT}, []),
    ],
)
def test_an_example_that_fails_without_the_change_is_a_witness(repository, said, files, found):
    trees = []
    for step in ({"calc.py": ADD, "pytest.ini": f"[pytest]\naddopts = {said}\n"}, files):
        for name, text in step.items():
            repository.put(name, text)
        repository.commit()
        trees.append(snapshot.tree_of(str(repository.path), "HEAD"))
    case = Comparison(load(str(repository.path)), *trees)
    assert witnesses(case) == found
    assert bool(examples(case).files) is (said != "-q")
