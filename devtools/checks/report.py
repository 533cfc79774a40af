"""What hygiene says: results of checks into blocks of text and problems."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from devtools.budget import Block
from devtools.findings import CheckResult, Finding, Problem
from devtools.wording import counted

# Unlike failures shown with their messages; of the others the ids and places stand.
DETAILED = 10
# More findings than these of a check that is not alone in being red fold into one line, of so many codes or files.
HANDFUL = 3
CODES = 4
NO_PYTHON = "no Python files"  # why a check of Python had nothing to look at


def verdict(results: Sequence[CheckResult], tree: str, stored: bool, extra: Iterable[str] = ()) -> Block:
    """Return the one line that always stands: every check that failed, or that all hold, and where the tree stands."""
    bad = [f"{result.name} ({result.summary})" for result in results if not result.ok]
    tests = next((result for result in results if result.name == "tests" and result.counts), None)
    counts = tests.counts if tests and tests.counts and tests.counts["total"] else None
    said = {"tests", "debt"} if tests else {"debt"}
    held = [result.name for result in results if result.ok and not result.skipped and result.name not in said]
    parts = [f"red: {', '.join(bad)}"] if bad else [_held(held, counts, results, stored)]
    bare = not (held or counts) and any(result.skipped == NO_PYTHON for result in results)
    if tests and not (counts or bad or bare):
        parts.append("no tests")
    skipped = [result.name for result in results if result.skipped and result.skipped != NO_PYTHON]
    if skipped:
        parts.append(f"skipped {', '.join(skipped)}")
    if bare:
        parts.append("no Python files here: [tool.devtools.checks] takes command lines of your own")
    debts = [each.summary for each in results if each.name == "debt" and (each.counts or {}).get("markers") and not bad]
    return Block("; ".join([*parts, tree, *debts, *extra]), pinned=True)


def _held(names: list[str], counts: Mapping[str, int] | None, results: Sequence[CheckResult], stored: bool) -> str:
    """What holds; where no check looked at the code, the little that was looked at."""
    looked = [*names]
    if counts:
        told = [f"{counts['skipped']} skipped"] if counts["skipped"] else []
        told += [note for result in results if result.name == "tests" for note in result.notes]
        looked.append(passed(counts) + (f" ({', '.join(told)})" if told else ""))
    looked = looked or [*(result.name for result in results if result.name == "debt"), "git"]
    return f"green{' (unchanged)' if stored else ''}: {', '.join(looked)}"


def passed(counts: Mapping[str, int]) -> str:
    """Return how many tests passed, and of how many where only a part of them ran.

    Of none that ran, how many are known to.
    """
    total = counts.get("total", 0)
    if total and not counts.get("selected", total):
        # "proved, 0 of 4 tests" stood in the line of a commit whose tests had all passed.
        return f"{counted(total, 'test')} known to pass"
    part = total > counts.get("selected", total)
    return f"{counts['passed']} of {counted(total, 'test')}" if part else counted(counts["passed"], "test")


def blocks(results: Sequence[CheckResult]) -> list[Block]:
    """Failures of tests first, then the other findings; like ones stand together under one line."""
    order = sorted((result for result in results if not result.ok), key=lambda result: result.name != "tests")
    shown = []
    for result in order:
        if result.fault:
            shown.append(Block(result.fault, pinned=True))
        # Beside failing tests the places of lint and types cost hundreds of tokens that nobody reads first.
        if len(order) > 1 and result.name != "tests" and len(result.findings) > HANDFUL:
            shown.append(_counted(result))
            continue
        groups = _alike(result.findings)
        shown += [_block(result.name, group) for group in groups[:DETAILED]]
        # Their ids still stand: a test without its message is found again, one without its id is not.
        rest = [finding for group in groups[DETAILED:] for finding in group]
        if rest:
            places = "\n".join([f"{len(rest)} more of {result.name}, by place:", *_by_file(rest)])
            least = f"{len(rest)} more of {result.name}: {_numbers(rest)}"
            shown.append(Block(places, places, least=least, number=len(rest)))
    return shown


def _counted(result: CheckResult) -> Block:
    """One line for a check: its codes by number of findings, each with a first place; or its first files."""
    codes: dict[str, list[Finding]] = {}
    for finding in result.findings:
        codes.setdefault(finding.code or "other", []).append(finding)
    if [*codes] == [result.name]:
        files = [finding.place() for finding in result.findings]
        named = f"{', '.join(files[:HANDFUL])} and {len(files) - HANDFUL} more"
        return _line(f"{result.name}: {named}", len(result.findings))
    groups = sorted(codes.items(), key=lambda item: -len(item[1]))
    parts, path = [], ""
    for code, group in groups[:CODES]:
        first = group[0]
        # Without a line the file is named again: `:0` is a place that no editor finds.
        place = f":{first.line}" if first.path == path and first.line else first.place()
        number = f" {len(group)}" if len(group) > 1 else ""
        parts.append(f"{code}{number} ({place})")
        path = first.path
    rest = groups[CODES:]
    if rest:
        parts.append(f"{len(rest)} other codes {sum(len(group) for _, group in rest)}")
    return _line(f"{result.name}: {', '.join(parts)}", len(result.findings))


def _line(text: str, number: int) -> Block:
    """A line that stands for more than it says, and outlives the details of others."""
    return Block(text, text, partial=True, number=number)


def problems(results: Sequence[CheckResult]) -> list[Problem]:
    """Return one problem for each finding or fault; its code is the check's name."""
    found = []
    for result in results:
        if not result.ok:
            found += [Problem(result.name, _words(finding), finding.path, finding.line) for finding in result.findings]
            if result.fault or not result.findings:
                found.append(Problem(result.name, result.fault or result.summary))
    return found


def _words(finding: Finding) -> str:
    words = f"{finding.test}: {finding.message}" if finding.test else finding.message
    return words.splitlines()[0]


def _alike(findings: Sequence[Finding]) -> list[list[Finding]]:
    """Groups of findings with the same message, and the same code for those that are not tests; of one test, all."""
    groups: dict[tuple[str, ...], list[Finding]] = {}
    several = {test for test, number in Counter(finding.test for finding in findings).items() if test and number > 1}
    for finding in findings:
        key = (finding.message, *finding.detail) if finding.test else (finding.code, finding.message)
        key = (finding.test,) if finding.test in several else key
        groups.setdefault(key, []).append(finding)
    return list(groups.values())


def _block(name: str, group: list[Finding]) -> Block:
    """One head with message and evidence, then the place of each. The brief keeps every id and place."""
    first = group[0]
    places = [_place(finding) for finding in group]
    code = f"{first.code} " if first.code and not first.test and first.code != name else ""
    message = f"{code}{first.message}"
    detail = [f"  {line}" for line in first.detail]
    if len(group) == 1:
        brief = f"{places[0]} {message}"
        least = places[0] if first.test else ""
        return Block("\n".join([brief, *detail]), brief, least=least, path=_file(first))
    if first.test and all(finding.test == first.test for finding in group):
        brief = f"{places[0]} {message} (and {len(group) - 1} more of its subtests)"
        least = f"{places[0]} ({len(group)} subtests)"
        return Block("\n".join([brief, *detail]), brief, least=least, number=len(group), path=_file(first))
    # 263 failures of one line said its path 263 times, or nothing at all where that did not fit.
    shared = _shared_place(group)
    head = f"{message}{shared and f' at {shared}'} ({len(group)} times)"
    files = _by_file(group, placed=bool(shared))
    least = f"{head}: {_numbers(group)}"
    return Block("\n".join([head, *detail, *files]), "\n".join([head, *files]), least=least, number=len(group))


def _file(finding: Finding) -> str:
    """The file that the finding's place begins with."""
    return finding.test.partition("::")[0] or finding.path


def _shared_place(group: Sequence[Finding]) -> str:
    """The one place where all these tests failed; empty where they failed in several."""
    places = {finding.place() for finding in group if finding.test}
    return places.pop() if len(places) == 1 and all(finding.test for finding in group) else ""


def _numbers(group: Iterable[Finding]) -> str:
    """The files of the tests, or of the other findings, with the number of each; the first of them."""
    files: dict[str, int] = {}
    for finding in group:
        file = _file(finding)
        files[file] = files.get(file, 0) + 1
    most = sorted(files.items(), key=lambda item: -item[1])
    said = ", ".join(f"{file} {number}" for file, number in most[:CODES])
    return f"{said} and {len(files) - CODES} more files" if len(files) > CODES else said


def _by_file(group: Iterable[Finding], placed: bool = False) -> list[str]:
    """Places of one file share a line, so that a path is paid for once; with `placed` they have been told."""
    files: dict[str, list[str]] = {}
    for finding in group:
        test_file, _, test = finding.test.partition("::")
        file = test_file or finding.path
        where = "" if placed else str(finding.line or "") if finding.path == file else finding.place()
        files.setdefault(file, []).append(":".join(filter(None, [test, where])))
    return [f"  {file} {' '.join(entries)}".rstrip() for file, entries in files.items()]


def _place(finding: Finding) -> str:
    """A test's id with the line where it failed; the path is not said twice."""
    if not finding.test:
        return finding.place() or "project"
    own = finding.test.split("::")[0] == finding.path
    return f"{finding.test}{f':{finding.line}' if own and finding.line else '' if own else f' at {finding.place()}'}"
