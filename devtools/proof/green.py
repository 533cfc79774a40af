"""Steps 2 to 5 of the proof: the new snapshot's tests run, and what they say about its production code."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from devtools.findings import Problem
from devtools.git import snapshot
from devtools.project.path_kinds import is_production
from devtools.proof.comparison import Comparison, Key, Tree
from devtools.proof.examples import examples
from devtools.proof.mutant_trial import BUDGET, Mutants
from devtools.proof.overlay import kept, names
from devtools.proof.verdict import id_of, key_of
from devtools.runner.snapshot import SECONDS, Order, Seen, joined, run_proof
from devtools.syntax.annotations import same_but_types
from devtools.syntax.equivalence import unaltered
from devtools.syntax.layout import module_names
from devtools.syntax.module import function_at
from devtools.syntax.production import NewFunction, Place, Statement, changed_statements, definitions, new_functions
from devtools.syntax.tests import parse

RANGES = 6


class Changed:
    """The changed statements and new functions of production, numbered for the probes."""

    def __init__(self, case: Comparison) -> None:
        self.case = case
        self.statements: dict[int, tuple[str, Statement]] = {}
        self.functions: dict[int, tuple[str, NewFunction]] = {}
        self.gates: dict[int, tuple[str, Place]] = {}
        self.mutants: Mutants | None = None
        for path in case.production:
            if path.endswith(".py") and path in case.new.entries:
                self._add(path)

    def _add(self, path: str) -> None:
        tree = parse(self.case.new.read(path))
        if tree is None:
            return
        old_path = self.case.origin(path)
        root, parent, new = self.case.project.root, self.case.parent, self.case.new
        before = parent.links.get(old_path, old_path) if old_path else None
        lines = snapshot.changed_lines(root, parent.id, new.id, before, new.links.get(path, path))
        old = parse(self.case.parent.read(old_path)) if old_path else None
        lines -= unaltered(old, tree, lines, self.moved)  # a rename touches lines that nobody ever executed
        for statement in changed_statements(tree, lines, self.known):
            self.statements[self._next()] = (path, statement)
        self._gate(path)
        for function in new_functions(old, tree, self.known):
            self.functions[self._next()] = (path, function)

    def _gate(self, path: str) -> None:
        """Number the gates of the file's statements that are no changed statements themselves."""
        mine = [statement for where, statement in self.statements.values() if where == path]
        wanted = {place for each in mine for gate in each.gates for place in gate}
        for place in sorted(wanted - {(each.line, each.column) for each in mine if not each.is_branch}):
            self.gates[self._next()] = (path, place)

    def _next(self) -> int:
        return len(self.statements) + len(self.functions) + len(self.gates) + 1

    @cached_property
    def moved(self) -> frozenset[str]:
        """Names that production lost or gained: a line that differs by such a one alone is not changed."""
        gone, came, _ = names(self.case)
        return gone | came

    @cached_property
    def known(self) -> set[str]:
        """Definitions of the parent's changed files: what only moved from one to another is not new."""
        return {each for path in self.case.production for each in definitions(parse(self.case.parent.read(path)))}

    def probes(self) -> dict[str, dict[str, list[list[int]]]]:
        found: dict[str, dict[str, list[list[int]]]] = {}
        for path, _ in (*self.statements.values(), *self.functions.values()):
            found[path] = {"statements": [], "functions": [], "branches": []}
        for number, (path, each) in self.statements.items():
            if each.is_branch:
                found[path]["branches"].append([each.line, each.column, each.end, each.end_column, number])
            else:
                found[path]["statements"].append([each.line, each.column, number])
        for number, (path, function) in self.functions.items():
            found[path]["functions"].append([function.line, function.column, number])
        for number, (path, (line, column)) in self.gates.items():
            found[path]["statements"].append([line, column, number])
        return found

    def unexecuted(self, seen: Seen) -> list[int]:
        """Return the statements that no test has executed, those aside that cannot run with what is installed here."""
        executed = set(seen.imported).union(*(test["probes"] for test in seen.tests))  # imports execute lines too
        places = {
            number: (path, (each.line, each.column))
            for number, (path, each) in self.statements.items()
            if not each.is_branch
        }
        ran = {place for number, place in (*places.items(), *self.gates.items()) if number in executed}
        return [
            number
            for number, (path, each) in self.statements.items()
            if number not in executed
            and not any((path, tried) in ran and (path, block) not in ran for tried, block in each.gates)
        ]

    def places(self, numbers: Iterable[int]) -> set[tuple[str, str]]:
        """Return the file of each statement and the function that holds it; without a name where that is the module."""
        found = set()
        for number in numbers:
            path, statement = self.statements[number]
            found.add((path, function_at(parse(self.case.new.read(path)), statement.line)))
        return found

    def needs_no_test(self) -> bool:
        """Whether a test that fails on the parent's code cannot be asked for: code only went, or types changed."""
        return self._only_types() or self.only_removes()

    def _only_types(self) -> bool:
        before, after = (
            [parse(tree.read(path)) for path in self.case.production] for tree in (self.case.parent, self.case.new)
        )
        return all(map(same_but_types, before, after))  # nothing reads them, so no test can fail

    def only_removes(self) -> bool:
        """Return whether production lost definitions and gained nothing but lines that no longer mention them."""
        return not self.functions and bool(self.case.gone_definitions()) and self._all_known()

    def _all_known(self) -> bool:
        kinds = ("FunctionDef", "AsyncFunctionDef")
        every = {each for path in self.case.production for each in definitions(parse(self.case.new.read(path)))}
        return all(each in self.known for each in every if each.startswith(kinds))


@dataclass(frozen=True)
class Confirmed:
    """What the new snapshot's run showed. `warnings` refuse nothing; `untried` mutants are those without time."""

    seen: Seen
    passed: frozenset[Key]
    problems: tuple[Problem, ...]
    fault: str = ""
    warnings: tuple[Problem, ...] = ()
    untried: int = 0
    expectations: tuple[str, ...] = ()

    @property
    def tampered(self) -> bool:
        return any(problem.code == "tests-tampered" for problem in self.problems)


def confirm(
    case: Comparison, witnessed: Sequence[Key], red_tree: Tree | None = None, lean: bool = False, strict: bool = False
) -> Confirmed:
    """Run the affected tests of the new snapshot; `red_tree` is where the witnesses were seen to fail.

    With `lean`, tests that did not change do not run beside the changed ones of a file that has just passed. With
    `strict` no test may expect something else than the parent's version of it.
    """
    changed = Changed(case)
    changed.mutants = mutants = Mutants(case, changed, proving=bool(witnessed))
    seen = run_affected(case, changed, witnessed, lean)
    fault = seen.fault or _foreign(seen) or _overdue(seen) or (f"conftest: {_last(seen.broken)}" if seen.broken else "")
    if fault:
        return Confirmed(seen, frozenset(), (), fault)  # tests that had not run were once called tampered
    if case.record:
        case.record.note(case.new, seen)
    outcomes = by_key(seen)
    passed = frozenset(key for key, kinds in outcomes.items() if kinds == {"passed"})
    old = _parent_outcomes(case, seen, outcomes)
    standing = kept(case, seen, strict)
    if standing.fault:
        return Confirmed(seen, frozenset(), (), standing.fault)
    problems = [
        *_unwitnessed(witnessed, outcomes, seen),
        *_failing(case, witnessed, seen, old),
        *standing.problems,
        *_changed_since(case, witnessed, red_tree),
        *_untested(changed, seen),
        *_pseudo_tested(changed, seen),
    ]
    if problems:
        return Confirmed(seen, passed, tuple(problems), _unrunnable(seen, old), expectations=standing.expectations)
    seen = _second_look(case, changed, mutants, seen)
    weak = tuple(mutants.problems(seen))
    refusing = case.config.mutants == "refuse"
    told, untried = () if refusing else weak, mutants.untried(seen)
    return Confirmed(seen, passed, weak if refusing else (), "", told, untried, standing.expectations)


def _second_look(case: Comparison, changed: Changed, mutants: Mutants, seen: Seen) -> Seen:
    """Show the survivors to the tests that did not run so far: what one of them notices is no weak test.

    By the record these are the tests that run the place of one. All is done in what the budget has left.
    """
    mutants.survivors = frozenset(mutants.surviving(seen))
    ran = {each["path"] for each in seen.items} - seen.partial
    files = [path for path in affected(case, case.new) if path not in ran]
    if case.record and files and mutants.survivors:
        files = case.record.reachers(files, mutants.reached(case.new))
    if not mutants.survivors or not files:
        return seen
    left = BUDGET - seen.spent  # without this bound it took up to 30 s
    then = run_on(case, case.new, files, changed, seconds=left) if left > 0 else None
    if then is None or then.fault or then.overdue or then.broken:
        return replace(seen, weak={**seen.weak, **dict.fromkeys(mutants.survivors)})
    return replace(seen, weak=joined(seen, then).weak)


def run_affected(case: Comparison, changed: Changed, witnessed: Sequence[Key], lean: bool = False) -> Seen:
    """Run the tests that the change can reach; those that have just passed only to find who executes a line."""
    due, near, far = _stages(case)
    first = due or _likely(case, changed, list(changed.statements), [*near, *far]) or near or far
    spared = case.unchanged(case.passed.intersection(first)) if lean and not case.settings else []
    seen = run_on(case, case.new, first, changed, witnessed, spared)
    ran = set(first) - seen.partial
    likely = _likely(case, changed, changed.unexecuted(seen), [path for path in (*near, *far) if path not in ran])
    for stage in (sorted(seen.partial), likely, near, far):  # far last: one change of a root module took 100 s
        files = [path for path in stage if path not in ran]
        if seen.fault or seen.overdue or seen.broken or not changed.unexecuted(seen):
            break
        if files:
            seen = joined(seen, run_on(case, case.new, files, changed))
            ran.update(files)
    return seen


def _likely(case: Comparison, changed: Changed, statements: Sequence[int], known: Collection[str]) -> list[str]:
    """Of the files that have passed, those that by the record execute the statements in the least time."""
    return case.record.reaching(known, changed.places(statements)) if case.record and known and statements else []


def _stages(case: Comparison) -> tuple[list[str], list[str], list[str]]:
    """What has to run, then what has passed already: the files that name a changed module, and the rest."""
    files = affected(case, case.new)
    known: frozenset[str] = frozenset()
    if not case.settings:
        carried = frozenset(case.record.known(case.new, files) if case.record else ())
        known = (case.passed | carried).difference(case.test_files())
    names = {name for path in case.production for name in module_names(path, case.new.layout.roots)}
    due: list[str] = []
    near: list[str] = []
    far: list[str] = []
    for path in files:
        stage = due if path not in known else near if names & case.new.imports[path] else far
        stage.append(path)
    return due, near, far


def run_on(
    case: Comparison,
    tree: Tree,
    files: Sequence[str],
    changed: Changed | None = None,
    witnessed: Sequence[Key] = (),
    unneeded: Sequence[Key] = (),
    seconds: float | None = None,
) -> Seen:
    place = tree.layout
    mutants = changed.mutants if changed else None
    probes = changed.probes() if changed else {}
    with snapshot.materialised(case.project.root, tree.id) as folder:
        order = Order(
            folder,
            case.project.root,
            place.roots,
            sorted(place.names),
            sorted(place.tops),
            files,
            mutants.probes(probes) if mutants else probes,
            sorted(changed.functions) if changed else (),
            witnessed,
            seconds or SECONDS,
            footprints=case.record is not None,  # on both sides: then each file runs by itself on both
            codes=f"{folder}.codes",
            unneeded=unneeded,
            mutants=mutants.tables() if mutants else (),
            budget=BUDGET,
        )
        return run_proof(case.project.python, order)


def affected(case: Comparison, tree: Tree) -> list[str]:
    """Test files that what differs can reach; all of them where the settings of the tests differ."""
    if case.settings:
        return [path for path in tree.entries if path in tree.imports and case.is_test(path)]
    changed = [path for path in case.differing if path in tree.entries or path.endswith(".py")]
    files = set(tree.tests_reached([*changed, *tree.naming(case.assets)]))
    return sorted(files | {path for path in (*case.test_files(), *examples(case).files) if path in tree.entries})


def by_key(seen: Seen) -> dict[Key, set[str]]:
    found: dict[Key, set[str]] = {}
    for test in seen.tests:
        found.setdefault((test["path"], test["name"]), set()).add(test.get("outcome", "skipped"))
    return found


def read_by_production(case: Comparison) -> str:
    """Return the first changed data file that production reads while the tests of the new snapshot run; else empty."""
    seen = run_on(case, case.new, affected(case, case.new))
    marks = (json.loads(line) for lines in seen.footprints.values() for line in lines)
    read = {path for kind, path, who in marks if kind == "read" and who and is_production(who, case.config)}
    return next((path for path in case.assets if path in read), "")


def _foreign(seen: Seen) -> str:
    if not seen.foreign:
        return ""
    more = f" and {len(seen.foreign) - 1} more" if len(seen.foreign) > 1 else ""
    return f"the tests loaded {seen.foreign[0]}{more}, which is not the snapshot's"


def _overdue(seen: Seen) -> str:
    return f"the tests did not end within {SECONDS:.0f} s; {seen.running} was running" if seen.overdue else ""


def _last(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return next((line[1:].strip() for line in reversed(lines) if line.startswith("E ")), lines[-1] if lines else "")


def _parent_outcomes(case: Comparison, seen: Seen, outcomes: dict[Key, set[str]]) -> dict[Key, set[str]] | None:
    """The parent's own results, asked for only where a test fails or cannot be collected."""
    files = {path for (path, _), kinds in outcomes.items() if "failed" in kinds}
    files |= {each["path"] for each in seen.uncollected}
    if seen.running:
        files.add(key_of(seen.running)[0])
    if not files:
        return None
    before = run_on(case, case.parent, sorted(path for path in files if path in case.parent.entries))
    found = by_key(before)
    found.update({(each["path"], ""): {"uncollected"} for each in before.uncollected})
    return found


def _unrunnable(seen: Seen, old: dict[Key, set[str]] | None) -> str:
    """A test file that cannot be collected on either side: what is missing is missing here, not in the commit."""
    broken = next((each for each in seen.uncollected if (each["path"], "") in (old or {})), None)
    return f"{broken['id']} cannot be collected, nor on the parent{_evidence(broken)}" if broken else ""


def _unwitnessed(witnessed: Sequence[Key], outcomes: dict[Key, set[str]], seen: Seen) -> list[Problem]:
    """Witnesses that do not pass now: failing, skipped, deselected or gone."""
    found = []
    for key in witnessed:
        kinds = outcomes.get(key, set()) - {"passed"}
        if key in outcomes and not kinds:
            continue
        words = f"is {'/'.join(sorted(kinds))}" if kinds else "did not run"
        evidence = next(
            (
                _evidence(each)
                for each in seen.tests
                if (each["path"], each["name"]) == key and each.get("outcome") == "failed"
            ),
            "",
        )
        found.append(Problem("still-failing", f"{id_of(*key)} {words}{evidence}", path=key[0]))
    return found


def _evidence(event: dict[str, object]) -> str:
    raised = event.get("raised")
    text = str(raised.get("text") if isinstance(raised, dict) else event.get("text") or "").strip()
    return f": {text.splitlines()[0][:200]}" if text else ""


def _failing(case: Comparison, witnessed: Sequence[Key], seen: Seen, old: dict[Key, set[str]] | None) -> list[Problem]:
    """Other tests that fail now, but for those that failed on the parent already."""
    known = old or {}  # what failed on the parent is held against nobody
    found: dict[str, Problem] = {}
    for test in seen.tests:
        key = (test["path"], test["name"])
        if test.get("outcome") == "failed" and key not in witnessed and "failed" not in known.get(key, set()):
            found.setdefault(
                id_of(*key), Problem("other-tests-fail", f"{test['id']} fails{_evidence(test)}", path=key[0])
            )
    for each in seen.uncollected:
        if (each["path"], "") not in known:
            words = f"{each['id']} cannot be collected{_evidence(each)}"
            found.setdefault(each["id"], Problem("other-tests-fail", words, path=each["path"]))
    if seen.running:
        words = f"{seen.running} never came to its end"
        found.setdefault(seen.running, Problem("other-tests-fail", words, path=seen.running.partition("::")[0]))
    return list(found.values())


def _changed_since(case: Comparison, witnessed: Sequence[Key], red_tree: Tree | None) -> list[Problem]:
    """Witnesses that are not what they were when they were seen to fail."""
    seen = red_tree.suite if red_tree else case.new.suite
    changed = [key for key in witnessed if seen.fingerprint(*key) != case.new.suite.fingerprint(*key)]
    words = "changed since it was seen to fail"
    return [Problem("tests-tampered", f"{id_of(*key)} {words}", path=key[0]) for key in changed]


def _untested(changed: Changed, seen: Seen) -> list[Problem]:
    """Per file, the ranges of lines of changed statements that no test executed."""
    missing: dict[str, list[Statement]] = {}
    for path, statement in map(changed.statements.__getitem__, changed.unexecuted(seen)):
        missing.setdefault(path, []).append(statement)
    found = []
    for path, statements in missing.items():
        whole = [each for each in statements if not each.is_branch]
        inner = [each for each in statements if each.is_branch and not any(_covers(one, each) for one in whole)]
        ranges = [*_ranges((each.line, each.end) for each in whole), *_within(inner)]
        more = f" and {len(ranges) - RANGES} more ranges" if len(ranges) > RANGES else ""
        words = f"no test executes {path} lines {', '.join(ranges[:RANGES])}{more}"
        found.append(Problem("untested-code", words, path=path, line=statements[0].line))
    return found


def _covers(whole: Statement, part: Statement) -> bool:
    return whole.line <= part.line and part.end <= whole.end


def _within(branches: Iterable[Statement]) -> list[str]:
    """The branches of lines that are executed, each with the column where it begins."""
    return [
        f"{line} (from column {column + 1})" for line, column in sorted({(each.line, each.column) for each in branches})
    ]


def _ranges(spans: Iterable[tuple[int, int]]) -> list[str]:
    merged: list[list[int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1] + 1:
            merged[-1][1] = max(end, merged[-1][1])
        else:
            merged.append([start, end])
    return [str(start) if start == end else f"{start}-{end}" for start, end in merged]


def _pseudo_tested(changed: Changed, seen: Seen) -> list[Problem]:
    found = []
    for number, noticed in seen.mutants.items():
        if noticed is False:
            path, function = changed.functions[number]
            words = f"{function.name} can return None at once and no witnessed test notices"
            found.append(Problem("pseudo-tested", words, path=path, line=function.line))
    return found
