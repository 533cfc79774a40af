"""Whether a test's own function was entered and how it was left, where something of the project stands before it."""

import asyncio
import functools
import inspect
from pathlib import Path
from types import SimpleNamespace

import pytest

from devtools.runner.inside.startup.activation import Activation


class Holder:
    def test_plain(self, a, /, b, *rest, c=3, **more):
        return (a, b, rest, c, more)

    def test_bad(self):
        assert 1 == 2

    def test_equal(self, a):
        assert a == 2

    async def test_later(self, a=1):
        return a

    async def test_late_and_bad(self):
        raise ValueError("late")

    @staticmethod
    def test_static(*, a=1):
        return super, a

    def test_closed(self):
        return __class__

    def test_gives(self):
        yield 1

    test_given = len


@pytest.fixture
def begun(monkeypatch):
    """An item of Holder that hooks of the project may have changed, taken in hand; and its activation."""
    monkeypatch.chdir(Path(__file__).parents[4])  # so that this file counts as the project's own
    before = {name: value.__code__ for name, value in vars(Holder).items() if inspect.isfunction(value)}

    def begin(name, change=lambda item: None, hooks=()):
        none = SimpleNamespace(get_hookimpls=lambda: [SimpleNamespace(function=each) for each in hooks])
        ihook = SimpleNamespace(pytest_pyfunc_call=none, pytest_runtest_call=none, pytest_runtest_protocol=none)
        item = SimpleNamespace(name=name, parent=SimpleNamespace(obj=Holder), ihook=ihook)
        item.obj = getattr(Holder(), name)
        found = Activation()
        found.remember(item)
        change(item)
        found.begin(item)
        return item, found

    yield begin
    for name, code in before.items():
        getattr(Holder, name).__code__ = code


def taken(item):
    """Put a callable in the function's place that wraps it and swallows what it raises."""
    function = item.obj

    @functools.wraps(function)
    def calm(*arguments, **named):
        try:
            return function(*arguments, **named)
        except AssertionError:
            return None

    item.obj = calm


def test_a_function_that_nothing_stands_before_is_left_as_it_is(begun):
    code = Holder.test_bad.__code__
    item, found = begun("test_bad")
    assert (Holder.test_bad.__code__, found.why()) == (code, "")
    found.remember(item)
    assert Holder.test_bad.__code__ is code


def test_a_function_that_another_one_replaces_never_ran(begun):
    item, found = begun("test_bad", lambda item: setattr(item, "obj", lambda: None))
    item.obj()
    assert found.why() == "it never ran"


def test_what_a_wrapper_swallows_is_known(begun):
    item, found = begun("test_bad", taken)
    assert item.obj() is None
    assert found.why() == "it raised AssertionError: assert 1 == 2"


def test_a_hook_of_the_project_makes_every_function_tell(begun):
    item, found = begun("test_bad", hooks=[taken])
    with pytest.raises(AssertionError):
        item.obj()
    assert found.why().startswith("it raised AssertionError")


def test_the_last_of_several_runs_counts(begun):
    item, found = begun("test_equal", taken)
    item.obj(1)
    assert found.why().startswith("it raised")
    item.obj(2)
    assert found.why() == ""


def test_a_code_that_was_swapped_does_not_stand_for_the_function(begun):
    def swap(item):
        Holder.test_bad.__code__ = Holder.test_later.__code__

    item, found = begun("test_bad", swap)
    with pytest.raises(AssertionError):
        item.obj()
    assert found.why().startswith("it raised")


def test_arguments_and_defaults_arrive_as_they_are_given(begun):
    item, found = begun("test_plain", taken)
    assert item.obj(1, 2, 4, 5, c=6, d=7) == (1, 2, (4, 5), 6, {"d": 7})
    assert item.obj(1, b=2) == (1, 2, (), 3, {})
    assert str(inspect.signature(Holder.test_plain)) == "(self, a, /, b, *rest, c=3, **more)"
    assert begun("test_static", taken)[0].obj(a=2) == (super, 2)
    assert begun("test_closed", taken)[0].obj() is Holder
    assert found.why() == ""


def test_a_coroutine_tells_when_it_is_awaited(begun):
    item, found = begun("test_later", taken)
    assert inspect.iscoroutinefunction(Holder.test_later)
    waiting = item.obj()
    assert found.why() == "it never ran"
    assert asyncio.run(waiting) == 1
    assert found.why() == ""
    item, found = begun("test_late_and_bad", taken)
    with pytest.raises(ValueError, match="late"):
        asyncio.run(item.obj())
    assert found.why() == "it raised ValueError: late"


@pytest.mark.parametrize("name", ["test_gives", "test_given"])
def test_what_is_no_plain_function_is_not_judged(begun, name):
    _, found = begun(name, lambda item: setattr(item, "obj", None))
    assert found.why() == ""
