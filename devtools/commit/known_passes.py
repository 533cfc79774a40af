"""Test files that need not run on a snapshot: what each executed when it last passed is there unchanged.

Those of which that is not known are run once, in a scratch folder where all that they do is seen, and kept for the next
time. Nobody's word is taken for a failure: a file that does not pass here is simply not known.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from devtools.project.project import Project
from devtools.proof.comparison import Comparison
from devtools.proof.green import run_on
from devtools.proof.record import footprints
from devtools.selection.footprint_record import Footprints
from devtools.system.store import Store

Counts = Mapping[str, int]  # passed, skipped, total
TOGETHER = 8  # files of one run: what a kill or a crash takes with it


def spared(project: Project, store: Store, tree: str) -> Callable[..., dict[str, Counts]]:
    """Asks which of these test files pass on the tree, and gives the counts of their tests.

    Those of which that is not known are run only where the caller wants it: who has never seen them run the usual way
    would pay for them twice.
    With options of the person's own for pytest nothing is known: the runs here do not heed them.
    """
    record = footprints(project, store)
    case = Comparison(project, tree, tree, record=record)

    def ask(files: Collection[str], look: bool = True) -> dict[str, Counts]:
        if os.environ.get("PYTEST_ADDOPTS"):
            return {}
        there = sorted(path for path in files if path in case.new.entries)
        known = record.known(case.new, there)
        # Looking cost a fresh clone one of its four starts of pytest, for tests that then ran the usual way as well.
        if not look:
            return known
        hopeless = record.unseen(case.new, there)
        left = [path for path in there if path not in known and path not in hopeless]
        parts = [left[start : start + TOGETHER] for start in range(0, len(left), TOGETHER)]
        with ThreadPoolExecutor(min(len(parts), os.cpu_count() or 1) or 1) as pool:
            list(pool.map(lambda part: _look(case, record, part), parts))
        return {**known, **record.known(case.new, left)}

    return ask


def _look(case: Comparison, record: Footprints, files: Sequence[str]) -> None:
    """Run the files and keep what was seen, unless the run is not one of the snapshot."""
    seen = run_on(case, case.new, files)
    if not (seen.fault or seen.foreign or seen.broken or seen.overdue):
        record.note(case.new, seen, files)
