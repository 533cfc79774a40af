"""Notes whether a test's own function was entered and how it was left, whoever calls it in whose place.

Standard library only, loaded by path in the process of pytest. A conftest can put another callable in the place of a
test's function, or call it and swallow what it raises. Where code of the project stands in between, the function gets
another code of the same signature, which notes and runs the original. No other test is touched.
"""

from __future__ import annotations

import contextlib
import inspect
import os
from collections.abc import Callable
from types import CodeType, FunctionType
from typing import Any

TEXT_LIMIT = 300
PLACE = 987654321  # stands in the compiled code for the function that notes
NEW = "def test({parameters}): __tracebackhide__ = True; __call__ = {place}; return {wait}__call__({arguments})"
BETWEEN = ("pytest_pyfunc_call", "pytest_runtest_call", "pytest_runtest_protocol")
# What unittest and pytest's part for it do between a class's method and its result.
OF_ITEM = ("runtest", "addError", "addFailure", "addSuccess", "addSkip")
OF_CLASS = ("run", "__call__", "debug", "_callTestMethod", "_callSetUp")


class Activation:
    """What is known of the test at work. `left` says how its function was left: "" for its end, else what it raised."""

    def __init__(self) -> None:
        self.root = os.path.join(os.path.realpath(os.getcwd()), "")
        self.found: dict[int, tuple[FunctionType, CodeType]] = {}
        self.noted: dict[int, CodeType] = {}
        self.expected = self.entered = False
        self.left = ""

    def remember(self, item: Any) -> None:
        """Take hold of the function that the test's file or class defines, before a hook can change it."""
        holder, name = getattr(item.parent, "obj", None), getattr(item, "originalname", None) or item.name
        value = inspect.getattr_static(holder, name, None) if holder is not None else None
        function = getattr(value, "__func__", value)
        if isinstance(function, FunctionType) and hasattr(item, "obj"):
            self.found[id(item)] = function, self.noted.get(id(function), function.__code__)

    def begin(self, item: Any) -> None:
        """Expect that the test's function is entered, where something of the project stands before it."""
        self.expected = self.entered = False
        self.left = ""
        function, code = self.found.get(id(item), (None, None))
        if function is None or code is None:
            return
        known = self.noted.get(id(function))
        # Where nothing of the project stands between, pytest itself calls the function, and there is nothing to doubt.
        if known is None and not self._is_between(item, function, code):
            return
        if function.__code__ is not known:
            changed = _noting(function, code, self._note)
            if changed is None:
                return
            function.__code__ = self.noted[id(function)] = changed
        self.expected = True

    def why(self) -> str:
        """Return why the test cannot have passed; empty where it can."""
        if not self.expected:
            return ""
        return f"it raised {self.left}" if self.left else "" if self.entered else "it never ran"

    def _note(self, error: BaseException | None = None) -> None:
        self.entered = True
        self.left = "" if error is None else _words(error)

    def _is_between(self, item: Any, function: FunctionType, code: CodeType) -> bool:
        called = item.obj
        # A hook can put another function in its place, or other code into it.
        if getattr(called, "__func__", called) is not function or function.__code__ is not code:
            return True
        hook = item.ihook
        hooks = (each.function for name in BETWEEN for each in getattr(hook, name).get_hookimpls())
        holder = item.parent.obj if hasattr(type(item), "addFailure") else None
        steps = [
            *(inspect.getattr_static(item, name, None) for name in OF_ITEM),
            *(inspect.getattr_static(holder, name, None) for name in OF_CLASS if holder is not None),
        ]
        return any(map(self.is_own, (*hooks, *steps)))

    def is_own(self, value: Any) -> bool:
        """Return whether a file of the project defines this function, and neither pytest nor an installed plugin."""
        code = getattr(inspect.unwrap(value) if callable(value) else value, "__code__", None)
        path = os.path.realpath(code.co_filename) if code is not None else ""
        return path.startswith(self.root) and not {"site-packages", "dist-packages"} & set(path.split(os.sep))


def _words(error: BaseException) -> str:
    with contextlib.suppress(Exception):
        return f"{type(error).__name__}: {error}"[:TEXT_LIMIT]
    return type(error).__name__


def _noting(function: FunctionType, code: CodeType, note: Callable[..., None]) -> CodeType | None:
    """A code of the function's own signature that notes how `code` is left; None for generators."""
    if code.co_flags & (inspect.CO_GENERATOR | inspect.CO_ASYNC_GENERATOR):
        return None
    original = FunctionType(code, function.__globals__, code.co_name, function.__defaults__, function.__closure__)
    original.__kwdefaults__ = function.__kwdefaults__
    waits = bool(code.co_flags & inspect.CO_COROUTINE)
    # Pytest reads from the parameters which fixtures the test wants, so the new code has the same ones.
    parameters, arguments = _signature(code)
    words = {"parameters": ", ".join(parameters), "arguments": ", ".join(arguments), "place": PLACE}
    text = NEW.format(**words, wait="await " if waits else "")
    compiled = compile(f"async {text}" if waits else text, code.co_filename, "exec", dont_inherit=True)
    new = next(each for each in compiled.co_consts if isinstance(each, CodeType))
    call = _awaiting(original, note) if waits else _calling(original, note)
    return new.replace(
        co_consts=tuple(call if each == PLACE else each for each in new.co_consts),
        co_name=code.co_name,
        co_qualname=code.co_qualname,
        co_firstlineno=code.co_firstlineno,
        co_freevars=code.co_freevars,
    )


def _signature(code: CodeType) -> tuple[list[str], list[str]]:
    """The parameters as a definition has them, and as a call hands them on; defaults are the function's own."""
    names = list(code.co_varnames)
    positional, named = names[: code.co_argcount], names[code.co_argcount :][: code.co_kwonlyargcount]
    rest = iter(names[code.co_argcount + code.co_kwonlyargcount :])
    parameters, arguments = list(positional), list(positional)
    if code.co_posonlyargcount:
        parameters.insert(code.co_posonlyargcount, "/")
    if code.co_flags & inspect.CO_VARARGS:
        parameters.append(star := f"*{next(rest)}")
        arguments.append(star)
    elif named:
        parameters.append("*")
    parameters += named
    arguments += [f"{name}={name}" for name in named]
    if code.co_flags & inspect.CO_VARKEYWORDS:
        parameters.append(star := f"**{next(rest)}")
        arguments.append(star)
    return parameters, arguments


def _calling(original: Callable[..., Any], note: Callable[..., None]) -> Callable[..., Any]:
    def call(*arguments: Any, **named: Any) -> Any:
        __tracebackhide__ = True
        note()
        try:
            value = original(*arguments, **named)
        except BaseException as error:
            note(error)
            raise
        note()
        return value

    return call


def _awaiting(original: Callable[..., Any], note: Callable[..., None]) -> Callable[..., Any]:
    async def call(*arguments: Any, **named: Any) -> Any:
        __tracebackhide__ = True
        note()
        try:
            value = await original(*arguments, **named)
        except BaseException as error:
            note(error)
            raise
        note()
        return value

    return call
