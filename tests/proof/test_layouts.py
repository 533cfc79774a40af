# ruff: noqa: E501 -- whole files of small projects
"""Wherever a project keeps its code and its tests, its features are proved."""

import pytest

from devtools.adapters.proving import prove

UNIT = "import unittest\nfrom app.core import twice\n\n\nclass TestTwice(unittest.TestCase):\n    def test_twice(self):\n        self.assertEqual(twice(2), 4)\n"
CORE = "def twice(a):\n    return 2 * a\n"


@pytest.mark.parametrize(
    "files",
    [
        {"src/app/__init__.py": "", "src/app/core.py": CORE, "tests/test_core.py": UNIT},
        {"app/__init__.py": "", "app/core.py": CORE, "app/test_core.py": UNIT},
        {"app/__init__.py": "", "app/core.py": CORE, "app/tests/__init__.py": "", "app/tests/test_core.py": UNIT},
        {"src/app/core.py": CORE, "tests/unit/test_core.py": UNIT},
        {
            "lib/app/__init__.py": "from .core import twice as twice\n",
            "lib/app/core.py": CORE,
            "spec/core_test.py": UNIT,
        },
    ],
    ids=["src", "beside", "inside", "namespace", "lib"],
)
def test_every_layout_is_proved(project, files):
    old = project.commit({"README.md": "x\n"})
    proof = prove(project.loaded(), old, project.commit(files), "feat")
    assert (proof.verdict, proof.problems, proof.fault) == ("proved", (), "")
