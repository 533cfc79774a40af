"""Step 1 of the proof for examples in docstrings and documents, where pytest is told to run them."""

from __future__ import annotations

from typing import NamedTuple

from devtools.git import snapshot
from devtools.project.pytest_settings import options
from devtools.proof.comparison import Comparison, Key
from devtools.proof.overlay import names
from devtools.runner.snapshot import Order, run_proof
from devtools.syntax.doctests import carried, fresh, matches, tells, wanted


class Examples(NamedTuple):
    """The changed files with examples; `modules` maps those of production to the examples that are new there."""

    modules: dict[str, dict[str, str]]
    documents: list[str]

    @property
    def files(self) -> list[str]:
        return sorted({*self.modules, *self.documents})


def examples(case: Comparison) -> Examples:
    """Return what in the step is an example that pytest runs; nothing where its settings do not say so."""
    in_modules, globs = wanted((options(case.new.read) or {}).get("addopts", ""))
    python = [path for path in case.production if path.endswith(".py") and path in case.new.entries]
    found = {path: fresh(case.parent.read(path), case.new.read(path)) for path in python if in_modules}
    documents = [path for path in case.differing if path in case.new.entries and matches(path, globs)]
    return Examples({path: each for path, each in found.items() if each}, documents)


def witnesses(case: Comparison) -> list[Key]:
    """Return the examples that fail on the parent's code by another result or a missing name of the project."""
    found = examples(case)
    if not found.files:
        return []
    root, came = case.project.root, names(case)[1]
    # A docstring comes with its function, so the parent's own module cannot hold the example.
    edits: dict[str, tuple[str, str] | None] = {
        path: ("100644", snapshot.blob(root, carried(case.parent.read(path), each)))
        for path, each in found.modules.items()
    }
    place = case.parent.layout
    with snapshot.materialised(root, snapshot.compose(root, case.overlay, edits)) as folder:
        order = Order(folder, root, place.roots, sorted(place.names), sorted(place.tops), found.files)
        seen = run_proof(case.project.python, order)
    failed = [test for test in seen.tests if test.get("outcome") == "failed" and tells(str(test.get("text")), came)]
    return [(test["path"], test["name"].replace(".__test__", "").rstrip(".")) for test in failed]
