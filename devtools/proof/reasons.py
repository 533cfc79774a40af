"""Why a test failed on the parent's code: the reason that makes it a witness, or another one.

Right: an assertion; an expected exception or warning that did not come; an exception out of production code; a name of
the project's own that does not exist yet; a result of production that is not what the test takes it for. Wrong:
whatever the test, its fixtures or its configuration broke itself.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from devtools.proof.results import KINDS, Sources, is_result
from devtools.syntax.tests import File, functions_of, is_constant

# Where pytest itself says that an expected exception or warning did not come.
EXPECTING = ("_pytest/raises.py", "_pytest/python_api.py", "_pytest/recwarn.py", "_pytest/raises_group.py")


class Reason(NamedTuple):
    """`right` makes a witness; `name_missing` where nothing but a missing name was seen; `words` say it in a line."""

    right: bool
    words: str
    name_missing: bool = False


class World(NamedTuple):
    """What a reason is judged against. `kind` tells a file: test, production, other (of the project) or outside.

    `tops` are the first names of production's modules.
    """

    kind: Callable[[str], str]
    tests: Callable[[str], File | None]
    is_own: Callable[[str], bool]
    tops: frozenset[str] = frozenset()


Raised = Mapping[str, Any]


def reason(raised: Raised | None, when: str, world: World) -> Reason:
    """Return the reason of one failure; `when` is collect, setup, call or teardown."""
    if raised is None:
        return Reason(False, "it failed without an exception")
    if raised["within"]:
        inner = [reason(one, when, world) for one in raised["within"]]
        return next((one for one in inner if one.right), inner[0])
    # Ask this first: a missing name of the project is an ImportError as well, and still a right reason.
    missing = _missing_name(raised, world)
    if missing:
        return missing
    name = raised["type"].rpartition(".")[2]
    said = _said(name, raised)
    if "ImportError" in raised["bases"]:
        return Reason(False, f"an import failed that is not the project's own: {said}")
    # A test file that cannot be parsed fails with any code.
    if "SyntaxError" in raised["bases"] and raised.get("file") and world.kind(raised["file"]) != "outside":
        return Reason(False, f"{said}, in {raised['file']}")
    if raised["type"].startswith("_pytest.fixtures."):
        return Reason(False, f"a fixture is missing or broken: {said}")
    if "OutcomeException" in raised["bases"]:
        return _failed(raised, said)
    return _thrown(raised, when, said, world)


def _missing_name(raised: Raised, world: World) -> Reason | None:
    """A module, attribute, function or parameter of production that does not exist."""
    said = _said(raised["type"].rpartition(".")[2], raised)
    if "ImportError" in raised["bases"]:
        own = bool(raised.get("module")) and world.is_own(raised["module"])
    else:
        own = bool(raised.get("owner")) and world.kind(raised["owner"]) == "production"
    return Reason(True, said, name_missing=True) if own else None


def _failed(raised: Raised, said: str) -> Reason:
    places = [place.replace("\\", "/") for place, _, _ in raised["frames"]]
    if any(place.endswith(EXPECTING) for place in places):
        return Reason(True, raised["text"])
    # A test can always call pytest.fail itself, whatever the code does.
    return Reason(False, f"the test itself said pytest.fail: {said}")


def _thrown(raised: Raised, when: str, said: str, world: World) -> Reason:
    """By the last place of the traceback that is the project's: production's fault is a reason, the test's is none."""
    # Judge by the place, not by the text: a failure is evidence only where the parent's code made it.
    frames = [(world.kind(path), path, line) for path, line, _ in raised["frames"]]
    own = [frame for frame in frames if frame[0] != "outside"]
    kind, path, line = own[-1] if own else ("outside", "", 0)
    if kind == "production":
        return Reason(when != "collect", said if when != "collect" else f"the parent cannot be imported: {said}")
    asserted = {"AssertionError", "CalledProcessError"} & set(raised["bases"])  # check=True asserts the exit code
    # A changed return value mostly raises a KeyError or the like in the test, before anything is asserted.
    if kind == "test" and when == "call" and not asserted and _of_result(raised, world, path, line):
        return Reason(True, said)
    if not asserted or when not in ("call", "teardown"):
        where = {"collect": "importing the test", "setup": "its set-up"}.get(when, "the test itself")
        return Reason(False, f"{where} raised {said}")
    if _is_certain(world.tests(path), line):
        return Reason(False, "the assertion fails whatever the code does")
    return Reason(True, said)


def _of_result(raised: Raised, world: World, path: str, line: int) -> bool:
    """Whether the test failed on what production gave it; not where a function of its own was called wrongly."""
    if raised.get("owner") and world.kind(raised["owner"]) == "test":
        return False
    tests, file = Sources(world.tests, world.tops), world.tests(path)
    kinds = [kind for kind in raised["bases"] if kind in KINDS]
    return any(is_result(tests, file, line, kind, raised["text"]) for kind in kinds[:1])


def _is_certain(file: File | None, line: int) -> bool:
    """Whether the statement at this line fails always: of literals only, or a bare raise in the test's body."""
    if file is None:
        return False
    for node in ast.walk(file.tree):
        if isinstance(node, ast.Assert) and node.lineno <= line <= (node.end_lineno or node.lineno):
            # Otherwise `assert False` would prove any commit.
            return is_constant(node.test)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            call = node.value
            if node.lineno <= line <= (node.end_lineno or node.lineno) and isinstance(call.func, ast.Attribute):
                given = [*call.args, *(word.value for word in call.keywords)]
                return call.func.attr == "fail" or (bool(given) and all(is_constant(value) for value in given))
    bodies = [function.body for _, function in functions_of(file.tree)]
    return any(isinstance(node, ast.Raise) and node.lineno == line for body in bodies for node in body)


def _said(name: str, raised: Raised) -> str:
    text = raised["text"].strip().splitlines()
    return f"{name}: {text[0][:200]}" if text else name
