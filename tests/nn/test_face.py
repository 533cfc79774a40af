"""The face of nn: what it exports, and docstrings that tell shapes."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

import nn

PACKAGE = Path(nn.__file__).parent
SHAPE = re.compile(r"shape|scalar|\([^()]*,[^()]*\)")


@pytest.mark.parametrize("name", nn.__all__)
def test_every_public_name_is_there_and_says_what_it_is(name):
    assert getattr(nn, name).__doc__
    assert name in dir(nn)


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="module 'nn' has no attribute 'nothing'"):
        nn.nothing  # noqa: B018


def test_nothing_is_loaded_before_it_is_asked_for():
    """The command sets the number of threads before numpy is there."""
    lines = "import sys, nn; print('numpy' in sys.modules); nn.Network; print('nn.transformer' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", lines], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]


def public(nodes, prefix=""):
    """The public functions among these nodes and in their public classes, by name."""
    for node in nodes:
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield from public(node.body, f"{prefix}{node.name}.")
        elif isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            yield f"{prefix}{node.name}", node


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_public_function_of_arrays_names_their_shape(path):
    """Else a reader has to run it to know what goes in and what comes out."""
    for name, function in public(ast.parse(path.read_text()).body):
        arguments = [*function.args.args, *function.args.kwonlyargs]
        types = [ast.unparse(each) for each in (*(one.annotation for one in arguments), function.returns) if each]
        if any(re.search(r"\bArray(Like)?\b", each) for each in types):
            assert SHAPE.search(ast.get_docstring(function) or ""), name
