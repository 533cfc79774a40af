"""The settings of `[tool.devtools]`: known keys, checked types, an error that names the key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

from devtools.errors import UsageError

TDD_MODES = ("strict", "warn", "off")
MUTANTS = ("warn", "refuse", "off")
# Lock files and what programs write; binary files, pure renames and linguist-generated files never count.
UNCOUNTED = (
    *("*.lock", "*-lock.json", "*-lock.yaml", "*.lockb", "*.lock.json", "*.lock.hcl", "*.lockfile", "pylock*.toml"),
    *("npm-shrinkwrap.json", "go.sum", "go.work.sum", "Package.resolved", "LEARNINGS.md"),
    *("*.min.js", "*.min.css", "*.pb.go", "*_pb2.py", "*_pb2.pyi", "*_pb2_grpc.py"),
    # The slash commands that init writes: the commit of them is the first that a project makes under the limits.
    *(f".claude/commands/{name}.md" for name in ("commit", "history", "hygiene", "learn", "tdd", "tutor")),
)


# What is a test file in other languages, by the habits of their runners.
FOREIGN_TESTS = (
    *("*.test.*", "*.spec.*", "test/**", "tests/**", "__tests__/**", "spec/**", "*_test.go", "*_test.rs", "*Test.java"),
    *("*Tests.cs", "*_spec.rb", "*_test.rb", "test_*", "testdata/**"),
)


@dataclass(frozen=True)
class Config:
    """The settings, each with its default and, below it, what it means: docs/reference/settings.md shows that text."""

    max_files: int = 3
    """How many files one commit may change."""
    max_lines: int = 500
    """A commit must add and delete fewer lines than this."""
    uncounted: tuple[str, ...] = UNCOUNTED
    """Globs of the files that do not count toward either limit. Your list replaces the default. A glob without a slash
    fits a name in any folder. Binary files, pure renames and files that `.gitattributes` marks as
    `linguist-generated` never count."""
    tests: tuple[str, ...] = ("test_*.py", "*_test.py", "tests/**", "conftest.py")
    """Globs of your test files. Every other source file is production code."""
    source: tuple[str, ...] = ()
    """The folders of your production code. Without this setting they are the Python packages of the project."""
    commit_types: tuple[str, ...] = (
        *("feat", "fix", "docs", "style", "refactor", "perf", "test"),
        *("build", "ci", "chore", "revert"),
    )
    """The types that the subject of a commit may begin with."""
    python: str = ""
    """The interpreter that runs your tests. Without this setting it is the one of your virtual environment."""
    tdd_mode: str = "strict"
    """`strict` refuses what breaks the cycle or lacks a proof, `warn` only reports it, and `off` is silent."""
    checks: Mapping[str, str] = field(default_factory=dict)
    """A command line for each check. It replaces the check of that name, or adds one of yours."""
    mutants: str = "warn"
    """What a mutant of your changed lines means that no test notices: `warn` reports it as `weak-test`, `refuse`
    refuses the commit, and `off` tries no mutant."""
    rewrite: bool = True
    """Whether the hook makes a shell command of the model, such as `pytest`, through `devtools run`."""
    always_run: tuple[str, ...] = ()
    """Globs of test files that run in every check, because nobody can see what they depend on: the network, the time.
    The mark `pytest.mark.always_run` does the same for the file that it stands in."""
    tests_command: str = ""
    """In the table `[tool.devtools.tests]`: the command line that runs your tests, in a project that has no pytest."""
    tests_report: str = ""
    """In the same table: the JUnit XML file that this command writes."""
    tests_coverage: str = ""
    """In the same table: the LCOV file that this command writes. Without it nobody asks which lines ran."""
    scopes: tuple[str, ...] = ()
    """The scopes that a subject may name. A subject without a scope is fine. Without this setting any scope is."""
    ticket: str = ""
    """A regular expression that each commit message must hold, for example `[A-Z]+-[0-9]+`. A revert needs none."""
    max_body_width: int = 0
    """How many columns a line of the body may have. A line with a longer word, such as an address, may be longer.
    Without this setting the width does not matter."""


def parse(table: Mapping[str, Any], where: str) -> Config:
    """Return settings from a decoded TOML table; `where` names it in errors. UsageError names the key that is wrong."""
    config = Config()
    simple = {item.name.replace("_", "-") for item in fields(Config)} - {"tdd-mode", "checks", "mutants"}
    simple -= {"tests-command", "tests-report", "tests-coverage"}
    for key, value in table.items():
        name = f"{where} {key}"
        if key == "tdd":
            config = replace(config, **_tdd(value, name))
        elif key == "tests" and isinstance(value, dict):
            config = replace(config, **_foreign(value, name))
        elif key == "checks":
            config = replace(config, checks=_commands(value, name))
        elif key in simple:
            attribute = key.replace("-", "_")
            config = replace(config, **{attribute: _like(getattr(config, attribute), value, name)})
            if key == "ticket":
                _pattern(value, name)
        else:
            # A misspelt key that is ignored leaves a limit at its default while its author believes otherwise.
            raise UsageError(f"unknown key {name}", f"known are {', '.join(sorted({*simple, 'tdd', 'checks'}))}")
    return config


def differences(old: Config, new: Config) -> list[str]:
    """Say of each setting that differs what it was and what it is: `max-files 3 -> 5`."""
    names = {
        item.name: item.name.replace("_", "-").replace("tdd-", "tdd.").replace("tests-", "tests.")
        for item in fields(Config)
    }
    names["mutants"] = "tdd.mutants"
    pairs = [(word, getattr(old, name), getattr(new, name)) for name, word in names.items()]
    return [f"{word} {_shown(before)} -> {_shown(after)}" for word, before, after in pairs if before != after]


def _shown(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} = {line}" for name, line in value.items()) or "none"
    return (", ".join(value) or "none") if isinstance(value, tuple) else str(value)


def _like(default: Any, value: Any, name: str) -> Any:
    """`value` where it has the default's type: true or false, a positive number, a text, or a list of texts."""
    if isinstance(default, bool):
        if isinstance(value, bool):
            return value
        raise UsageError(f"{name} is {value!r}", "it must be true or false")
    if isinstance(default, int):
        if isinstance(value, int) and not isinstance(value, bool) and value > 0:
            return value
        raise UsageError(f"{name} is {value!r}", "it must be a whole number above 0")
    if isinstance(default, str):
        if isinstance(value, str):
            return value
        raise UsageError(f"{name} is {value!r}", "it must be a string")
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return tuple(value)
    raise UsageError(f"{name} is {value!r}", "it must be a list of strings")


def _pattern(value: str, name: str) -> None:
    import re  # only where a project sets one

    try:
        re.compile(value)
    except (re.error, OverflowError, RecursionError) as error:
        raise UsageError(f"{name} is {value!r}", f"it must be a regular expression: {error}") from error


def _table(value: Any, name: str) -> Mapping[str, Any]:
    if isinstance(value, dict):
        return value
    raise UsageError(f"{name} is {value!r}", "it must be a table")


def _tdd(value: Any, name: str) -> dict[str, Any]:
    """The attributes that the table of the cycle sets."""
    known = {"mode": ("tdd_mode", TDD_MODES), "mutants": ("mutants", MUTANTS)}
    found: dict[str, Any] = {}
    for key, word in _table(value, name).items():
        if key not in known:
            raise UsageError(f"unknown key {name}.{key}", f"known are {', '.join(sorted(known))}")
        attribute, words = known[key]
        if word not in words:
            raise UsageError(f"{name}.{key} is {word!r}", f"it must be one of {', '.join(words)}")
        found[attribute] = word
    return found


def _foreign(value: Mapping[str, Any], name: str) -> dict[str, Any]:
    """The attributes that the table of the tests of another language sets."""
    found: dict[str, Any] = {"tests": FOREIGN_TESTS}
    for key, item in value.items():
        if key not in ("command", "report", "coverage", "files"):
            raise UsageError(f"unknown key {name}.{key}", "known are command, coverage, files, report")
        attribute = "tests" if key == "files" else f"tests_{key}"
        found[attribute] = _like(() if key == "files" else "", item, f"{name}.{key}")
    for key in ("command", "report"):
        if not found.get(f"tests_{key}"):
            raise UsageError(f"{name} has no {key}", 'command = "npm test", report = "junit.xml"')
    return found


def _commands(value: Any, name: str) -> dict[str, str]:
    for key, line in _table(value, name).items():
        if not isinstance(line, str) or not line.strip():
            raise UsageError(f"{name}.{key} is {line!r}", "it must be a command line")
    return dict(value)
