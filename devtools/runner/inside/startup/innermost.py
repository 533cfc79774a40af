"""Sees at the innermost place whether a test's function was called and whether it raised, whatever is reported.

Loaded by path beside sitecustomize.py, in the process of pytest. Between a test and its report stand hooks of conftest
files, which may swallow what the test raised or answer in its place.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

Judge = Callable[[], str]


def watch(config: Any, entered: Judge = str) -> Judge:
    """Return a function that says of the test that has just run why it cannot have passed; empty where it can.

    `entered` says so of the test's own function, as activation.py knows it.
    """
    raised: dict[str, str] = {}
    phases: list[str] = []
    called: list[str] = []
    items: list[Any] = []

    def note(phase: str, error: BaseException | None) -> None:
        raised.pop(phase, None)
        phases.append(phase)
        if error is not None:
            raised[phase] = type(error).__name__

    _around_call(config, called, note)
    _around_report(config, items, note)

    def judge() -> str:
        errors, ran, ended = sorted(set(raised.values())), bool(called), bool(items) and "teardown" in phases
        plain = bool(items) and _is_plain(items[-1])
        for known in (raised, phases, called, items):
            known.clear()
        if getattr(config.option, "forked", False):  # pytest-forked: another process ran it
            return ""
        if errors:
            return f"it raised {', '.join(errors)} and was reported as passed"
        if not ended:
            return "it did not come to its end and was reported as passed"
        why = "it never ran" if plain and not ran else entered()
        return f"{why} and was reported as passed" if why else ""

    return judge


def _around_call(config: Any, called: list[str], note: Callable[[str, BaseException | None], None]) -> None:
    # A hook wrapper in a conftest turns any failure into a pass, and a plugin beside it sees only the pass.
    implementation = _default(config.hook.pytest_pyfunc_call, "_pytest.python")
    if implementation is None:
        return
    original = implementation.function

    def pytest_pyfunc_call(pyfuncitem: Any) -> Any:
        called.append(pyfuncitem.nodeid)
        note("body", None)
        try:
            return original(pyfuncitem)
        except BaseException as error:
            note("body", error)
            raise

    implementation.function = pytest_pyfunc_call


def _around_report(config: Any, items: list[Any], note: Callable[[str, BaseException | None], None]) -> None:
    implementation = _default(config.hook.pytest_runtest_makereport, "_pytest.runner")
    if implementation is None:
        return
    original = implementation.function

    def pytest_runtest_makereport(item: Any, call: Any) -> Any:
        items[:] = [item]
        note(call.when, call.excinfo.value if call.excinfo is not None else None)
        return original(item, call)

    implementation.function = pytest_runtest_makereport


def _default(hook: Any, module: str) -> Any:
    """Pytest's own implementation of a hook."""
    return next((each for each in hook.get_hookimpls() if each.function.__module__ == module), None)


def _is_plain(item: Any) -> bool:
    """Whether pytest itself calls the test's function: it is no coroutine and in no class of unittest."""
    function = getattr(item, "function", None)
    odd = (inspect.iscoroutinefunction, inspect.isasyncgenfunction, inspect.isgeneratorfunction)
    return function is not None and type(item).__name__ == "Function" and not any(each(function) for each in odd)
