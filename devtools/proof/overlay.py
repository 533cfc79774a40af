"""Step 5 of the proof: the parent's tests, conftests and settings of pytest, laid over the new production code."""

from __future__ import annotations

import ast
import posixpath
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from devtools.findings import Problem
from devtools.git import snapshot
from devtools.project.pytest_settings import as_ini, options
from devtools.proof.comparison import Comparison, Key, Tree
from devtools.proof.reasons import Reason, World, reason
from devtools.proof.successors import FAILED, NAMELESS, PASSED, Fate, Succession
from devtools.proof.witness import conftest
from devtools.runner.snapshot import SECONDS, Order, Seen, run_proof
from devtools.syntax.layout import module_names
from devtools.syntax.production import offered, renamed
from devtools.syntax.tests import Function, parse

GOOD = "passed"
LOADED = re.compile(r"-p[ =]*([\w.]+)")
RUNNING = ("pytest_runtest", "pytest_pyfunc_call", "pytest_report_teststatus", "pytest_exception_interact")
BASES = ("object", "ABC", "TestCase", "IsolatedAsyncioTestCase")
NAMING = ("python_files", "python_classes", "python_functions")


@dataclass(frozen=True)
class Regressions:
    """What the parent's tests showed on the new code; `expectations` are tests that expect something else now."""

    problems: tuple[Problem, ...] = ()
    expectations: tuple[str, ...] = ()
    fault: str = ""
    log: str = ""


def kept(case: Comparison, seen: Seen, strict: bool) -> Regressions:
    """Judge the parent's tests that are not the same and passing in the run of the new snapshot that was `seen`.

    Where files beside the tests serve them alone, once more with the parent's version of those.
    """
    found = _Overlay(case, seen).judged(strict)
    serving = _serving(case)
    if not serving or found.problems or found.fault:
        return found
    more = _Overlay(case, seen, serving).judged(strict)
    return replace(more, expectations=tuple(sorted({*found.expectations, *more.expectations})))


def _serving(case: Comparison) -> set[str]:
    """Changed files that only tests name: data that they compare with, code that holds their assertions."""
    # A module at the root that holds the assertions counts as production: loosened there, every test passed.
    paths = [path for path in case.differing if path in case.parent.entries and not case.is_test(path)]
    using = {path for path in paths if any(not case.is_test(each) for each in case.parent.used.get(path, ()))}
    code = {path for path in using if _asserts(case.parent.read(path))}
    data = {path for path in case.assets if path in case.parent.entries}
    found = set()
    for path in {*code, *data}:
        name = posixpath.basename(path).removesuffix(".py").encode("utf-8", "surrogateescape")
        users = {each for each in case.parent.imports if each != path and _says(case.parent.read(each), name)}
        if users and all(case.is_test(each) for each in users):
            found.add(path)
    return found


def _asserts(source: bytes | None) -> bool:
    """Whether code asserts something of what it imports and calls: that of an argument is a condition of its own."""
    tree = parse(source)
    every = [node for node in ast.walk(tree) if isinstance(node, ast.Assert)] if tree else []
    return any(isinstance(inner, ast.Call) for node in every for inner in ast.walk(node.test))


def _says(source: bytes | None, name: bytes) -> bool:
    return re.search(rb"\b" + re.escape(name) + rb"\b", source or b"") is not None


def names(case: Comparison) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """Return the names that production lost, those that it gained, and those lost ones that were only renamed."""
    old, new, alive = set[str](), set[str](), set[str]()
    for path in case.production:
        before, after = (parse(tree.read(path)) for tree in (case.parent, case.new))
        old |= offered(before) | _named(path, case.parent)
        new |= offered(after) | _named(path, case.new)
        # A name under which nearly the same lives on has not gone, and its tests may not go.
        alive |= {name for name, _ in renamed(before, after)}
    return frozenset(old - new), frozenset(new - old), frozenset(alive & (old - new))


class _Overlay:
    """The parent's tests over the new production code, and which of them have to run."""

    def __init__(self, case: Comparison, seen: Seen, serving: Collection[str] = ()) -> None:
        self.case, self.seen = case, seen
        self.before, self.after = options(case.parent.read), options(case.new.read)
        # A plugin that the settings load is no test file, and yet decides what a test means.
        self.plugins = {path for tree in (case.parent, case.new) for path in _plugins(tree)} | set(serving)
        self.outcomes = _by_key(seen.tests)
        counted = {key: kinds[GOOD] for key, kinds in self.outcomes.items() if kinds[GOOD] and not kinds["failed"]}
        self.passing = counted | dict.fromkeys(case.unchanged(seen.partial), 1)

    def judged(self, strict: bool) -> Regressions:
        files = self.files()
        # Only what is not the same and green already: the new snapshot's run has shown the rest, one run less.
        due = [key for path in files for key in self._tests(path) if self.everything or not self._holds(key)]
        whole = files if self._is_named_otherwise else [path for path in files if self._inherits(path)]
        if not due and not whole:
            return Regressions()
        spared = [key for path in files if path not in whole for key in self._tests(path)]
        ran = self._run(Tree(self.case.project, self.tree), sorted({*whole, *(path for path, _ in due)}), spared, due)
        if ran.fault or ran.overdue:
            return Regressions(fault=f"the parent's tests on the new code: {ran.fault or 'they did not end in time'}")
        fates = self._sure(self._fates(ran, due), spared)
        # Without this a refactor could loosen a format in production and its expected text in the test.
        problems, expecting = self._change(strict).judge(fates)
        # A revert may bring back the tests of its time, where it brings back production as well.
        told = [each for each in problems if not self.case.restores(each.path or "")]
        return Regressions(tuple(told), tuple(sorted(expecting)), log=ran.log)

    @cached_property
    def everything(self) -> bool:
        """Whether every test may have changed its meaning: other settings, or a plugin that is no test file."""
        differing = set(self.case.differing)
        return self.before != self.after or any(path in differing for path in self.plugins)

    @cached_property
    def _is_named_otherwise(self) -> bool:
        """Whether pytest is told which functions are tests, so that their names do not show it."""
        return any(name in (self.before or {}) for name in NAMING)

    def files(self) -> list[str]:
        """The parent's test files that may hold a test which is not the same now."""
        case, parent = self.case, self.case.parent
        if self.everything:
            changed = [path for path in case.differing if path in parent.entries or path.endswith(".py")]
            found = {*parent.tests_reached([*changed, *case.production]), *(path for path in case.tests)}
            return sorted(path for path in found if path in parent.imports)
        python = [path for path in case.tests if path.endswith(".py") and path in parent.entries]
        near = [path for path in case.test_files() if path in parent.imports]
        return sorted({*parent.tests_reached(python), *near})

    def _inherits(self, path: str) -> bool:
        """Whether a class of the file that has tests by another class is not the same now."""
        suite, now = self.case.parent.suite, self.case.new.suite
        file = suite.file(path)
        classes = file.classes.values() if file else ()
        heirs = [
            each.name for each in classes if any(ast.unparse(base).split(".")[-1] not in BASES for base in each.bases)
        ]
        return any(suite.fingerprint(path, name) != now.fingerprint(path, name) for name in heirs)

    def _tests(self, path: str) -> list[Key]:
        return [(path, name) for name in self.case.parent.suite.tests(path)]

    def _holds(self, key: Key) -> bool:
        """Whether the same test passes in the new snapshot, there or elsewhere; what fails there is told already."""
        now, case = self.case.new.suite.fingerprint(*key), self.case
        before = case.parent.suite.fingerprint(*key)
        if self.outcomes.get(key, Counter())["failed"]:
            return True
        if now == before:
            return key in self.passing and not case.data
        return before in self._moved

    @cached_property
    def _moved(self) -> frozenset[str | None]:
        """The fingerprints of passing tests in the test files that changed."""
        suite, changed = self.case.new.suite, set(self.case.tests)
        return frozenset(suite.fingerprint(*key) for key in self.passing if key[0] in changed)

    @cached_property
    def tree(self) -> str:
        """The new snapshot with all that says how it is tested as the parent had it."""
        case = self.case
        paths = [path for path in case.differing if case.is_test(path) or _is_conftest(path) or path in self.plugins]
        edits = {path: case.parent.entries.get(path) for path in paths}
        if self.before != self.after:
            edits["pytest.ini"] = ("100644", snapshot.blob(case.project.root, as_ini(self.before)))
        return case.composed(edits)

    def _run(self, tree: Tree, files: Sequence[str], tests: Iterable[Key], due: Collection[Key]) -> Seen:
        """Run these files on a tree, without those of the tests that are not due."""
        place, wanted, case = tree.layout, set(due), self.case
        with snapshot.materialised(case.project.root, tree.id) as folder:
            # The parent's tests run here, so a place in a traceback is one of the parent's files.
            self.world = case.world(folder, case.parent.suite)
            own, tops = sorted(place.names), sorted(place.tops)
            unneeded = [key for key in tests if key not in wanted]
            order = Order(folder, case.project.root, place.roots, own, tops, files, seconds=SECONDS, unneeded=unneeded)
            ran = run_proof(case.project.python, order)
            self.reasons = _reasons(ran, self.world)
        return ran

    def _fates(self, ran: Seen, due: Sequence[Key]) -> list[Fate]:
        """What became of each test that was due, and of others that ran and do not pass now."""
        outcomes, broken = _by_key(ran.tests), conftest(ran.broken, self.world) if ran.broken else None
        others = [key for key in outcomes if key not in set(due) and not self._holds(key)]
        found = []
        for key in [*due, *others]:
            kinds = outcomes.get(key, Counter())
            below = next((self.reasons[path, ""] for path in _above(key[0]) if (path, "") in self.reasons), None)
            why = self.reasons.get(key) or below or broken
            if kinds[GOOD] and not kinds["failed"]:
                found.append(Fate(key, PASSED, cases=kinds[GOOD]))
            elif ran.running.partition("[")[0] == "::".join((key[0], key[1].replace(".", "::"))):
                found.append(Fate(key, FAILED, "it never came to its end"))
            elif why and not why.name_missing:
                found.append(Fate(key, FAILED, why.words.strip().split("\n")[0][:200]))
            else:
                found.append(Fate(key, NAMELESS, why.words.split("\n")[0][:200] if why else "it does not run"))
        return found

    def _sure(self, fates: Sequence[Fate], tests: Iterable[Key]) -> list[Fate]:
        """Without those that do not pass as they are on the parent's own code either."""
        doubtful = [fate.key for fate in fates if fate.outcome != PASSED]
        if not doubtful:
            return list(fates)
        ran = self._run(self.case.parent, sorted({path for path, _ in doubtful}), tests, doubtful)
        well = {key for key, kinds in _by_key(ran.tests).items() if kinds[GOOD] and not kinds["failed"]}
        return [fate for fate in fates if fate.outcome == PASSED or fate.key in well]

    def _change(self, strict: bool) -> Succession:
        told = {key: "/".join(sorted(kinds)) for key, kinds in self.outcomes.items() if key not in self.passing}
        gone, came, alive = names(self.case)
        parent, now = self.case.parent.suite, self.case.new.suite
        return Succession(parent, now, self.passing, told, gone, came, alive, strict, forged=self._is_forged)

    @cached_property
    def _is_forged(self) -> bool:
        """Whether a hook by which pytest runs or reports a test is another one, or its settings are."""
        paths = [path for path in self.case.differing if _is_conftest(path) or path in self.plugins]
        return self.before != self.after or any(
            _hooks(self.case.parent.read(path)) != _hooks(self.case.new.read(path)) for path in paths
        )


def _by_key(tests: Iterable[Mapping[str, str]]) -> dict[Key, Counter[str]]:
    found: dict[Key, Counter[str]] = {}
    for test in tests:
        found.setdefault((test["path"], test["name"]), Counter())[test.get("outcome", "skipped")] += 1
    return found


def _reasons(ran: Seen, world: World) -> dict[Key, Reason]:
    """Why each test failed, a missing name last; of a file that cannot be collected under the empty name."""
    found: dict[Key, Reason] = {}
    for each in ran.uncollected:
        found[each["path"], ""] = reason(each["raised"], "collect", world)
    for test in ran.tests:
        if test.get("outcome") == "failed":
            why, key = reason(test.get("raised"), test.get("when", "call"), world), (test["path"], test["name"])
            if key not in found or found[key].name_missing:
                found[key] = why
    return found


def _plugins(tree: Tree) -> set[str]:
    """Files of the project that its settings or its conftests name as plugins of pytest."""
    names = set(LOADED.findall((options(tree.read) or {}).get("addopts", "")))
    for path in tree.imports:
        parsed = parse(tree.read(path)) if _is_conftest(path) else None
        for node in parsed.body if parsed else ():
            if isinstance(node, ast.Assign) and any(
                getattr(each, "id", "") == "pytest_plugins" for each in node.targets
            ):
                names |= {str(each.value) for each in ast.walk(node.value) if isinstance(each, ast.Constant)}
    return {path for path in tree.imports if names & set(module_names(path, tree.roots))} if names else set()


def _hooks(source: bytes | None) -> set[str]:
    tree = parse(source)
    every = [node for node in ast.walk(tree) if isinstance(node, Function)] if tree else []
    return {ast.dump(node) for node in every if node.name.startswith(RUNNING)}


def _named(path: str, tree: Tree) -> set[str]:
    return {posixpath.basename(path).removesuffix(".py")} if path in tree.entries else set()


def _is_conftest(path: str) -> bool:
    return posixpath.basename(path) == "conftest.py"


def _above(path: str) -> list[str]:
    """The path itself, the folders around it, and what stands for all of them."""
    found = [path]
    while path:
        path = posixpath.dirname(path)
        found.append(path)
    return found
